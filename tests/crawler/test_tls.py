"""Without a replica: real TLS to a server on loopback, whose name resolves and whose certificate is checked."""

import datetime
import socket
import ssl
from pathlib import Path

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from casereviews.archive import Archive, SourceResult
from casereviews.config import Settings
from crawler import guard, network
from crawler.run import crawl_spiders
from tests.crawler.faultserver import Web, page
from tests.crawler.toys import SITE, ToySpider


def certificate(folder: Path, name: str) -> Path:
    """A certificate that its own authority signed, with its key, for a host name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


class Loopback(ThreadedResolver):
    """Every name is this machine, as the tests' own DNS."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return await super().resolve("127.0.0.1", port, socket.AF_INET)


@pytest.mark.parametrize(
    ("name", "trusted", "verdict"),
    [(SITE, True, "ok"), (SITE, False, "failed"), ("other.toy.example", True, "failed")],
    ids=["trusted", "unknown authority", "another name"],
)
def test_certificates_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool, verdict: str
) -> None:
    path = certificate(tmp_path, name)
    with Web() as web:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        web.socket = context.wrap_socket(web.socket, server_side=True, do_handshake_on_connect=False)
        port = web.server_address[1]
        result = _crawl(tmp_path, monkeypatch, port, path if trusted else None, web)
    assert result.verdict == verdict
    if verdict == "failed":
        assert "the certificate is not valid" in result.errors[0]
        assert web.asked == []


def _crawl(folder: Path, monkeypatch: pytest.MonkeyPatch, port: int, authority: Path | None, web: Web) -> SourceResult:
    class Secure(ToySpider):
        start_urls = (f"https://{SITE}:{port}/list",)

    host = f"{SITE}:{port}"
    web.routes[f"{host}/list"] = web.routes[f"{SITE}/list"] = page(
        '<h1>x</h1><a class="review" href="/review/a"></a><a class="review" href="/review/b"></a>'
    )
    for key in "ab":
        web.routes[f"{host}/review/{key}"] = web.routes[f"{SITE}/review/{key}"] = page(
            f"<h1>{key}</h1><time>2025</time>"
        )
    monkeypatch.setitem(guard.PORTS, "https", port)
    monkeypatch.setattr(network, "PublicResolver", Loopback)
    context = ssl.create_default_context(cafile=authority)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    with Archive.open(folder / "archive", write=True, replica=False) as archive:
        run = archive.begin_run(["toy"], program="test")
        (result,) = crawl_spiders(Settings(data=folder, delay=0), [Secure], archive, run)
    return result
