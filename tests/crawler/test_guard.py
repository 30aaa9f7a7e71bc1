"""No request goes where its source did not say it would."""

import asyncio

import pytest
import yarl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy.http import Request

from casereviews.archive import Archive
from casereviews.config import Settings
from crawler.guard import PublicResolver, Refused, check, is_public
from crawler.run import crawl_spiders
from tests.crawler.faultserver import Answer
from tests.crawler.toys import FILES, SITE, Lab, ToySpider, detail, furnish

HOSTS = ("www.toy.example", "2130706433", "127.0.0.1", "localhost")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.toy.example/",
        "https://www.toy.example:443/a?b=c",
        "http://www.toy.example:80/",
        "https://WWW.TOY.example/",
    ],
)
def test_declared_hosts_are_let_through(url: str) -> None:
    check(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://www.toy.example/",
        "javascript:alert(1)",
        "//www.toy.example/",
        "https://evil.example/",
        "https://www.toy.example.evil.example/",
        "https://toy.example/",
        "https://user:secret@www.toy.example/",
        "https://www.toy.example@evil.example/",
        "https://www.toy.example:8080/",
        "http://www.toy.example:443/",
        "https://www.toy.example:99999/",
        "https://[www.toy.example]/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        check(url, HOSTS)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::1", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_points_inside_is_refused_when_it_is_resolved() -> None:
    async def resolve() -> None:
        await PublicResolver().resolve("localhost", 80)

    with pytest.raises(Refused, match="no public address"):
        asyncio.run(resolve())


def test_without_a_replica_a_declared_name_that_points_inside_is_not_connected_to(lab: Lab) -> None:
    """DNS rebinding: the name is allowed, its address is not."""

    class Rebound(ToySpider):
        hosts = ("localhost", FILES)
        start_urls = ("http://localhost/list",)

    with Archive.open(lab.folder / "archive", write=True, replica=False) as archive:
        run = archive.begin_run(["toy"], program="test")
        (result,) = crawl_spiders(Settings(data=lab.folder, delay=0), [Rebound], archive, run)
    assert result.verdict == "failed" and result.requests == 0
    assert any("no public address" in error for error in result.errors)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/a.pdf", "http://2130706433/a.pdf", "file:///etc/passwd", "data:application/pdf,x"],
)
def test_a_redirect_off_the_declared_hosts_is_refused(lab: Lab, target: str) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=302, headers={"Location": target})
    lab.web.routes["evil.example/a.pdf"] = Answer(b"%PDF-1.4 %%EOF", "application/pdf")
    result = lab.result()
    assert result.documents.failed == 1
    assert f"{FILES}/b.pdf" in lab.web.paths()
    assert not [path for path in lab.web.paths() if path.startswith(("evil", "2130706433"))]


def test_a_link_to_a_local_file_is_left_alone_and_named(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/review/a"] = detail("a", "file:///etc/passwd", f"https://{FILES}/a.pdf")
    result = lab.result()
    assert (result.verdict, result.documents.fetched) == ("ok", 2)
    assert any("file:///etc/passwd" in error for error in result.errors)
    with lab.archive() as archive:
        failures = [document.failure for document in archive.documents("toy:a")]
    assert failures == ["not fetched: file: is not fetched, only http and https", None]


def test_a_password_in_a_link_is_never_shown(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/review/a"] = detail("a", f"https://clerk:secret@{FILES}/a.pdf")
    result = lab.result()
    assert any("user data" in error and f"//{FILES}/a.pdf" in error for error in result.errors)
    assert "secret" not in "".join(result.errors)


def test_documents_on_undeclared_hosts_are_named_and_not_fetched(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    elsewhere = [f"https://council.example/{number}.pdf" for number in range(3)]
    lab.web.routes[f"{SITE}/review/a"] = detail("a", *elsewhere)
    result = lab.result()
    assert result.verdict == "ok" and result.documents.failed == 0
    assert "3 links lead to hosts that the source does not declare: council.example (3)" in result.errors
    assert not [path for path in lab.web.paths(robots=True) if path.startswith("council")]


def test_a_redirect_loop_stops_and_is_reported(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=302, headers={"Location": f"https://{FILES}/b/a.pdf"})
    lab.web.routes[f"{FILES}/b/a.pdf"] = Answer(status=302, headers={"Location": f"https://{FILES}/a.pdf"})
    result = lab.result()
    assert result.documents.failed == 1
    assert any("redirect" in error and "a.pdf" in error for error in result.errors)
    assert lab.web.times(f"{FILES}/a.pdf") <= 11


PIECES = st.sampled_from(
    ["https", "http", "file", ":", "//", "/", "\\", "@", "#", "?", "[", "]", "%", "%40", "%2f", ".", "www.toy.example",
     "evil.example", "127.0.0.1", "::1", "443", "80", " ", "\t", "\n", "\x00", "é", "。", "user", ";", "&", "=", "a"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
@example("https://www.toy.example\\@evil.example/")
@example("https://www.toy.example#@evil.example/")
@example("https://evil.example\\.www.toy.example/")
@example("https://www.toy.example%2f@evil.example/")
@settings(max_examples=400, deadline=None)
def test_what_is_let_through_goes_to_the_host_that_was_checked(text: str) -> None:
    """The guard and the network read addresses with different libraries; they must agree on the host."""
    try:
        url = Request(text).url
        check(url, ("www.toy.example",))
    except (Refused, ValueError):
        return
    assert yarl.URL(url.partition("#")[0], encoded=True).host == "www.toy.example"
