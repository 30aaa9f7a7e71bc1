"""A host that asks for time gets it; one that asks for too much is left for the next run."""

import time
from email.utils import formatdate

import pytest
from scrapy.http import Response

from crawler import gate
from crawler.patience import retry_after
from tests.crawler.faultserver import Answer, Asked
from tests.crawler.toys import FILES, SITE, Lab, ToySpider, furnish


def busy_once(lab: Lab, url: str, busy: Answer) -> None:
    """Put `busy` before the answer that the web has for `url`, once."""
    healthy = lab.web.routes[url]
    answers = iter([busy])

    def route(sock: object, asked: Asked) -> None:
        assert isinstance(healthy, Answer)
        sock.sendall(next(answers, healthy).bytes(asked))  # type: ignore[attr-defined]

    lab.web.routes[url] = route


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for_by_all_requests_to_the_host(lab: Lab, status: int) -> None:
    furnish(lab.web, "a", "b", "c")
    busy_once(lab, f"{SITE}/review/a", Answer(status=status, headers={"Retry-After": "1"}))
    result = lab.result()
    assert (result.verdict, result.found) == ("ok", 3)
    at = [asked.at for asked in lab.web.asked if asked.host == SITE]
    refused = next(i for i, asked in enumerate(a for a in lab.web.asked if a.host == SITE) if "/review/a" in asked.path)
    assert at[refused + 1] - at[refused] > 0.95


def test_a_host_that_asks_for_too_much_is_left_for_the_next_run(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    for key in "abc":
        lab.web.routes[f"{FILES}/{key}.pdf"] = Answer(status=429, headers={"Retry-After": "86400"})
    started = time.monotonic()
    result = lab.result()
    assert time.monotonic() - started < 10
    assert result.found == 3 and result.documents.failed == 3
    assert any(f"{FILES} asked to wait 86400 s: left for the next run" in error for error in result.errors)
    assert len([path for path in lab.web.paths() if path.startswith(FILES)]) == 1


def test_a_deferred_listing_fails_the_source_and_withdraws_nothing(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    lab.web.routes[f"{SITE}/list"] = Answer(status=503, headers={"Retry-After": "3600"})
    result = lab.result()
    assert (result.verdict, result.missing) == ("failed", ())
    assert result.errors[0] == f"{SITE} asked to wait 3600 s: left for the next run"


@pytest.mark.parametrize("busy", [Answer(status=500), Answer(status=429), b""], ids=["500", "429", "dropped"])
def test_a_hiccup_is_tried_again(lab: Lab, busy: Answer | bytes) -> None:
    furnish(lab.web, "a", "b")
    if isinstance(busy, bytes):
        busy = Answer(status=200, headers={"Content-Length": "999"})
    busy_once(lab, f"{SITE}/list", busy)
    assert lab.result().verdict == "ok"


def test_tries_are_counted(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = Answer(status=502)
    assert lab.result().verdict == "failed"
    assert lab.web.times(f"{SITE}/list") == 3


@pytest.mark.parametrize(("value", "seconds"), [("30", 30), ("soon", None), ("", None), ("-5", None), ("²", None)])
def test_retry_after_is_read_as_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(Response(f"https://{SITE}/", headers={"Retry-After": value})) == seconds


@pytest.mark.parametrize(("ahead", "seconds"), [(100, 100), (-100, 0)])
def test_retry_after_is_read_as_a_date(ahead: int, seconds: int) -> None:
    date = formatdate(time.time() + ahead, usegmt=True)
    found = retry_after(Response(f"https://{SITE}/", headers={"Retry-After": date}))
    assert found == pytest.approx(seconds, abs=3)


def test_two_sources_share_the_polite_slot_of_a_host(lab: Lab) -> None:
    class Twin(ToySpider):
        name = "twin"
        start_urls = (f"https://{SITE}/twins",)

    furnish(lab.web, "a", "b", "c")
    lab.web.routes[f"{SITE}/twins"] = lab.web.routes[f"{SITE}/list"]
    lab.options["delay"] = 0.15
    outcome = lab.crawl(ToySpider, Twin)
    assert [result.verdict for result in outcome] == ["ok", "ok"]
    at = sorted(asked.at for asked in lab.web.asked if asked.host == SITE)
    assert at[-1] - at[0] > 0.15 * (len(at) - 1) - 0.1


def test_the_longest_wait_is_a_matter_of_minutes() -> None:
    assert gate.LONGEST_WAIT <= 300
