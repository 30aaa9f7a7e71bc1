"""What the network does to us: lies about length, bombs, floods and slowness; and the replica that stands for it."""

import gzip
import resource
import socket
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer

import psutil
import pytest

from crawler import settings
from tests.crawler.faultserver import Answer, Asked, Raw, head, page, pdf
from tests.crawler.toys import FILES, SITE, Lab, detail, furnish, listing

FILE = f"{FILES}/a.pdf"


def sends(*pieces: bytes, pause: float = 0.0, reset: bool = False) -> Raw:
    def route(sock: socket.socket, asked: Asked) -> None:
        for piece in pieces:
            sock.sendall(piece)
            time.sleep(pause)
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()

    return route


def encoded(body: bytes, encoding: str) -> bytes:
    headers = {"Content-Type": "application/pdf", "Content-Encoding": encoding, "Content-Length": str(len(body))}
    return head(200, headers) + body


PLAIN = {"Content-Type": "application/pdf"}
CHUNKED = {**PLAIN, "Transfer-Encoding": "chunked"}
BOMB = gzip.compress(b"\0" * (200 << 20))


@pytest.mark.parametrize(
    "route",
    [
        head(200, {**PLAIN, "Content-Length": "5000"}) + pdf("a"),
        head(200, CHUNKED) + b"20\r\n%PDF-1.4 and then",
        sends(head(200, {**PLAIN, "Content-Length": "5000"}), pdf("a"), reset=True),
        head(200, PLAIN) + pdf("a")[:-20],
        encoded(gzip.compress(pdf("a") * 50)[:-30], "gzip"),
        encoded(gzip.compress(pdf("a"))[:6], "gzip"),
        encoded(zlib.compress(pdf("a") * 50)[:-8], "deflate"),
        encoded(b"\x1f\x8b\x08\x00 nothing of the kind", "gzip"),
        encoded(pdf("a"), "br"),
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    ],
    ids=["short", "cut chunk", "reset", "no length", "cut gzip", "gzip head", "cut deflate", "no gzip", "brotli",
         "no http", "bad length"],
)  # fmt: skip
def test_a_broken_answer_is_a_failed_document_and_never_a_version(lab: Lab, route: Raw | bytes) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[FILE] = route
    result = lab.result()
    assert (result.documents.fetched, result.documents.failed) == (1, 1)
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
    assert document.version is None and document.failure


@pytest.mark.parametrize(
    "route",
    [
        head(200, PLAIN) + pdf("a"),
        head(200, CHUNKED) + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (pdf("a"), b"\n")) + b"0\r\n\r\n",
        encoded(gzip.compress(pdf("a")), "gzip"),
        encoded(gzip.compress(pdf("a")), "x-gzip"),
        encoded(zlib.compress(pdf("a")), "deflate"),
        encoded(zlib.compress(pdf("a"), wbits=-15), "deflate"),
        b"HTTP/1.0 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + pdf("a"),
    ],
    ids=["no length", "chunked", "gzip", "x-gzip", "zlib", "raw deflate", "http 1.0"],
)
def test_every_honest_way_to_send_a_file_is_understood(lab: Lab, route: bytes) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[FILE] = route
    assert lab.result().documents.fetched == 2
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
        assert document.version is not None
        assert archive.read_blob(document.version.sha256).strip() == pdf("a").strip()


def flood(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(head(200, CHUNKED))
    block = b"%x\r\n%s\r\n" % (1 << 20, b"%PDF-1.4 " + b"x" * ((1 << 20) - 9))
    for _ in range(400):
        sock.sendall(block)


def endless_headers(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(2_000_000):
        sock.sendall(b"X-%d: %s\r\n" % (number, b"y" * 1000))


def endless_line(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(2_000_000):
        sock.sendall(b"y" * 1000)


@pytest.mark.parametrize(
    "route",
    [
        head(200, {**PLAIN, "Content-Length": str(400 << 20)}) + b"%PDF-",
        flood,
        encoded(BOMB, "gzip"),
        endless_headers,
        endless_line,
    ],
    ids=["announced", "flood", "gzip bomb", "endless headers", "endless header line"],
)
def test_what_is_too_large_is_refused_in_bounded_memory(lab: Lab, route: Raw | bytes) -> None:
    furnish(lab.web, "a", "b")
    lab.options["max_download_megabytes"] = 8
    lab.web.routes[FILE] = route
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    result = lab.result()
    assert time.monotonic() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert (result.documents.fetched, result.documents.failed) == (1, 1)


def test_a_page_that_is_too_large_fails_the_source_in_one_line(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = page("<h1>x</h1>" + "x" * (30 << 20))
    result = lab.result()
    assert (result.verdict, len(result.errors)) == ("failed", 1)
    assert result.errors[0] == f"larger than the limit of 16 MiB: https://{SITE}/list"
    assert lab.web.times(f"{SITE}/list") == 1


@pytest.mark.parametrize(
    "route",
    [
        sends(b"HTTP/1.1 200 OK\r\n", *[b"X-%d: y\r\n" % n for n in range(50)], pause=0.1),
        sends(head(200, {**PLAIN, "Content-Length": "100"}), *[b"%"] * 50, pause=0.1),
    ],
    ids=["headers", "body"],
)
def test_slow_bytes_end_at_the_time_limit(lab: Lab, route: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 0.5)
    monkeypatch.setattr(settings, "RETRY_TIMES", 1)
    furnish(lab.web, "a", "b")
    lab.web.routes[FILE] = route
    started = time.monotonic()
    result = lab.result()
    assert time.monotonic() - started < 4
    assert result.documents.failed == 1
    assert any("no complete answer within" in error for error in result.errors)


def test_a_replica_sees_the_real_host_path_and_query(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    odd = f"https://{FILES}/report%20%281%29.pdf?x=a%2Fb&y=%C3%A9#page=2"
    lab.web.routes[f"{SITE}/review/a"] = detail("a", odd)
    lab.web.routes[f"{FILES}/report%20%281%29.pdf?x=a%2Fb&y=%C3%A9"] = Answer(pdf("a"), "application/pdf")
    assert lab.result().documents.fetched == 2
    assert {asked.host for asked in lab.web.asked} == {SITE, FILES}
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
    assert document.url == odd


def test_the_contact_is_in_the_user_agent_and_nothing_that_identifies_is_sent(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = Answer(
        lab.web.routes[f"{SITE}/list"].body,  # type: ignore[union-attr]
        headers={"Set-Cookie": "session=1; Path=/"},
    )
    lab.options["contact"] = "research@council.example"
    lab.result()
    for asked in lab.web.asked:
        assert asked.headers["user-agent"].startswith("casereviews/")
        assert asked.headers["user-agent"].endswith(" (+research@council.example)")
        assert not asked.headers.keys() & {"cookie", "referer"}


def test_escape_bytes_in_a_header_do_no_harm(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[FILE] = head(200, {**PLAIN, "ETag": '"\x1b]0;owned\x07"', "Content-Length": "3"}) + b"abc"
    result = lab.result()
    assert result.documents.failed == 1
    assert not any("\x1b" in error for error in result.errors)


def test_nothing_listens_while_a_crawl_runs(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    process = psutil.Process()
    before = {c.laddr for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    during: set[object] = set()

    def watch(source: str, counts: object) -> None:
        during.update(c.laddr for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN)

    lab.result(progress=watch)
    assert during and during == before


class OneAtATime(BaseHTTPRequestHandler):
    """Python's own server with connections kept alive, as a replica that anybody may write."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = {f"{SITE}/list": listing("a", "b")}
        site |= {f"{SITE}/review/{key}": detail(key, f"https://{FILES}/{key}.pdf") for key in "ab"}
        site |= {f"{FILES}/{key}.pdf": Answer(pdf(key), "application/pdf") for key in "ab"}
        answer = site.get(f"{self.headers['Host']}{self.path}", Answer(status=404))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


def test_a_replica_may_serve_one_connection_at_a_time(lab: Lab) -> None:
    with HTTPServer(("127.0.0.1", 0), OneAtATime) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        started = time.monotonic()
        lab.options["replica"] = f"http://127.0.0.1:{server.server_port}"
        assert lab.result().documents.fetched == 2
        assert time.monotonic() - started < 8
        server.shutdown()


def test_a_host_that_is_not_there_is_one_clear_line(lab: Lab) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        lab.options["replica"] = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = lab.result()
    assert (result.verdict, result.requests) == ("failed", 3)
    assert result.errors == (
        f"robots.txt of {SITE} cannot be had (cannot connect: Connection refused); nothing is asked of the host",
    )
