"""Reviews that no listing names any more are asked for before they count as missing."""

import pytest
from scrapy.http import Request

from casereviews.archive import StoredReview
from tests.crawler.faultserver import Answer, page
from tests.crawler.toys import SITE, Lab, ToySpider, detail, furnish, listing


class Asking(ToySpider):
    """The toy source, whose reviews can be asked for."""

    def recheck(self, stored: StoredReview) -> Request | None:
        return self.detail(stored.review.url, self.parse_review, key=stored.review.key)


@pytest.fixture
def unlisted(lab: Lab) -> Lab:
    """A collection of four of which the listing names three, from the second run on."""
    furnish(lab.web, "a", "b", "c", "d")
    assert lab.result(Asking).verdict == "ok"
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", "c")
    return lab


def state(lab: Lab) -> tuple[str, str | None]:
    with lab.archive() as archive:
        stored = archive.review("toy:d")
        assert stored is not None
        return stored.state, stored.review.withdrawn


def test_one_that_fell_out_of_the_listing_stays(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/list"] = listing("a", "b", "c", total=3)
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing, result.changed, result.errors) == ("ok", (), (), ())
    assert state(unlisted) == ("present", None)


def test_one_that_changed_is_read_again_with_its_documents(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = detail("d", f"https://{SITE}/new.pdf", published="2026-01-02")
    result = unlisted.result(Asking)
    assert (result.verdict, result.changed) == ("short", ("toy:d",)), "its one new document is not there"


def test_one_whose_source_says_why_it_went_is_gone_at_once(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = page('<p class="gone">Published in error</p>')
    result = unlisted.result(Asking)
    assert (result.verdict, result.gone, result.missing) == ("ok", ("toy:d",), ())
    assert state(unlisted) == ("gone", "Published in error")
    asked = unlisted.web.times(f"{SITE}/review/d")
    assert unlisted.result(Asking).gone == ()
    assert unlisted.web.times(f"{SITE}/review/d") == asked, "what is gone is not asked for again"


def test_one_that_answers_410_is_gone_and_404_is_missing(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=404)
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing, result.gone) == ("ok", ("toy:d",), ())
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=410)
    assert unlisted.result(Asking).gone == ("toy:d",)


def test_one_that_is_another_page_now_is_missing_and_harms_nothing(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=301, headers={"Location": f"https://{SITE}/review/a"})
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing) == ("ok", ("toy:d",))


def test_without_an_answer_nothing_goes_missing_and_the_run_is_short(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=503)
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing) == ("short", ())
    assert any("toy:d is listed no more" in error for error in result.errors)
    assert state(unlisted) == ("present", None)


def test_more_than_can_be_asked_for_is_said_and_nothing_goes_missing(unlisted: Lab) -> None:
    class Few(Asking):
        max_rechecks = 0

    result = unlisted.result(Few)
    assert (result.verdict, result.missing) == ("short", ())
    assert "1 reviews are listed no more, at most 0 are asked for one by one" in result.errors


def test_it_comes_back_when_its_page_does(unlisted: Lab) -> None:
    there = unlisted.web.routes[f"{SITE}/review/d"]
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=404)
    assert unlisted.result(Asking).missing == ("toy:d",)
    unlisted.web.routes[f"{SITE}/review/d"] = there
    assert unlisted.result(Asking).returned == ("toy:d",)


def test_a_run_that_is_short_or_offline_asks_for_nothing(unlisted: Lab) -> None:
    asked = unlisted.web.times(f"{SITE}/review/d")
    assert unlisted.result(Asking, offline=True).missing == ()
    unlisted.web.routes[f"{SITE}/list"] = listing("a", "b", "c", total=9)
    assert unlisted.result(Asking).verdict == "short"
    assert unlisted.web.times(f"{SITE}/review/d") == asked
