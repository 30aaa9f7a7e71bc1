"""robots.txt is asked for first, obeyed, and bounded."""

import socket
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from crawler import gate, robots
from tests.crawler.faultserver import Answer, Asked
from tests.crawler.toys import FILES, SITE, Lab, furnish

ROBOTS = f"{SITE}/robots.txt"


@pytest.fixture(autouse=True)
def collection(lab: Lab) -> Iterator[None]:
    furnish(lab.web, "a", "b")
    yield


def rules(*lines: str) -> Answer:
    return Answer("\n".join(lines).encode(), "text/plain")


def test_robots_is_asked_for_once_per_host_and_first(lab: Lab) -> None:
    lab.web.routes[ROBOTS] = rules("User-agent: *", "Disallow: /private")
    assert lab.result().verdict == "ok"
    assert lab.web.asked[0].url == ROBOTS
    assert lab.web.times(ROBOTS) == lab.web.times(f"{FILES}/robots.txt") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_robots_everything_is_allowed(lab: Lab, status: int) -> None:
    lab.web.routes[ROBOTS] = Answer(b"User-agent: *\nDisallow: /", status=status)
    assert lab.result().verdict == "ok"


def test_a_disallowed_listing_fails_the_source_and_is_not_asked_for(lab: Lab) -> None:
    lab.web.routes[ROBOTS] = rules("User-agent: casereviews", "Disallow: /list", "", "User-agent: *", "Allow: /")
    result = lab.result()
    assert result.verdict == "failed"
    assert any("robots.txt of www.toy.example does not allow it" in error for error in result.errors)
    assert lab.web.times(f"{SITE}/list") == 0


def test_a_disallowed_document_fails_alone(lab: Lab) -> None:
    lab.web.routes[f"{FILES}/robots.txt"] = rules("User-agent: *", "Disallow: /a.pdf")
    result = lab.result()
    assert (result.found, result.documents.failed, result.documents.fetched) == (2, 1, 1)
    assert lab.web.times(f"{FILES}/a.pdf") == 0


def test_rules_hold_for_redirects_too(lab: Lab) -> None:
    lab.web.routes[f"{FILES}/robots.txt"] = rules("User-agent: *", "Disallow: /secret")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=302, headers={"Location": "/secret/a.pdf"})
    assert lab.result().documents.failed == 1
    assert lab.web.times(f"{FILES}/secret/a.pdf") == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>down</html>", status=503),
        Answer(b"", status=500),
        b"",
        Answer(status=302, headers={"Location": "https://login.example/"}),
    ],
    ids=["503", "500", "dropped", "redirected away"],
)
def test_an_unreachable_robots_means_nothing_is_asked_of_the_host(lab: Lab, answer: Answer | bytes) -> None:
    lab.web.routes[ROBOTS] = answer
    result = lab.result()
    assert result.verdict == "failed"
    assert any(f"robots.txt of {SITE}" in error for error in result.errors)
    assert set(lab.web.paths(robots=True)) == {ROBOTS}


def test_a_robots_that_hangs_means_the_same_within_the_time_limit(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler import settings

    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 0.3)
    lab.web.routes[ROBOTS] = lambda sock, asked: time.sleep(2)
    result = lab.result()
    assert result.verdict == "failed"
    assert set(lab.web.paths(robots=True)) == {ROBOTS}


def test_a_known_robots_is_not_replayed_when_it_cannot_be_had(lab: Lab) -> None:
    lab.web.routes[ROBOTS] = Answer(b"User-agent: *\nAllow: /", "text/plain", validators=True)
    assert lab.result().verdict == "ok"
    lab.web.routes[ROBOTS] = Answer(status=503)
    assert lab.result().verdict == "failed"


def test_a_huge_robots_is_read_to_the_limit_and_no_further(lab: Lab) -> None:
    sent = [0]

    def flood(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
        sock.sendall(b"User-agent: *\nDisallow: /list\n")
        for number in range(400):
            sent[0] += sock.send(b"".join(b"Disallow: /%d/%d\n" % (number, each) for each in range(2000)))

    lab.web.routes[ROBOTS] = flood
    started = time.monotonic()
    result = lab.result()
    assert time.monotonic() - started < 8
    assert result.verdict == "failed" and any("does not allow" in error for error in result.errors)
    with lab.archive() as archive:
        capture = archive.latest(f"https://{ROBOTS}")
        assert capture is not None and capture.bytes == robots.LARGEST


def test_a_cut_robots_loses_its_partial_line() -> None:
    body = b"User-agent: *\nDisallow: /x\nAllow: /" + b"y" * robots.LARGEST
    assert not robots.parse(body[: robots.LARGEST]).can_fetch("https://www.toy.example/x", "casereviews")


def test_crawl_delay_is_honoured(lab: Lab) -> None:
    lab.web.routes[ROBOTS] = rules("User-agent: *", "Crawl-delay: 0.4")
    lab.result()
    times = [asked.at for asked in lab.web.asked if asked.host == SITE and asked.url != ROBOTS]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps and min(gaps) > 0.38


def test_crawl_delay_has_a_cap() -> None:
    held = gate.Gate(1.0)
    held.slow_down("www.toy.example", 86_400)
    assert held._host("www.toy.example").delay == gate.LONGEST_CRAWL_DELAY
