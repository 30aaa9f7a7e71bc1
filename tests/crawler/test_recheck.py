"""Reviews that no listing names any more are asked for before they count as missing."""

import pytest
from scrapy.http import Request

from casereviews.archive import StoredReview
from tests.crawler.faultserver import Answer, page
from tests.crawler.toys import SITE, Lab, ToySpider, furnish, listing


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


def test_one_that_left_its_listing_is_missing_though_its_page_answers(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/list"] = listing("a", "b", "c", total=3)
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing, result.changed, result.errors) == ("ok", ("toy:d",), (), ())


def test_one_whose_source_says_why_it_went_is_withdrawn_at_once(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = page('<p class="gone">Published in error</p>')
    result = unlisted.result(Asking)
    assert (result.verdict, result.withdrawn, result.missing) == ("ok", ("toy:d",), ())
    assert state(unlisted) == ("withdrawn", "Published in error")
    asked = unlisted.web.times(f"{SITE}/review/d")
    assert unlisted.result(Asking).withdrawn == ()
    assert unlisted.web.times(f"{SITE}/review/d") == asked, "what is withdrawn is not asked for again"


@pytest.mark.parametrize("status", [404, 410])
def test_one_whose_page_is_not_there_is_missing(unlisted: Lab, status: int) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=status)
    result = unlisted.result(Asking)
    assert (result.verdict, result.missing, result.gone) == ("ok", ("toy:d",), ())


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


def test_it_comes_back_when_it_is_listed_again(unlisted: Lab) -> None:
    unlisted.web.routes[f"{SITE}/review/d"] = Answer(status=404)
    assert unlisted.result(Asking).missing == ("toy:d",)
    furnish(unlisted.web, "a", "b", "c", "d")
    assert unlisted.result(Asking).returned == ("toy:d",)


def test_a_run_that_is_short_or_offline_asks_for_nothing(unlisted: Lab) -> None:
    asked = unlisted.web.times(f"{SITE}/review/d")
    assert unlisted.result(Asking, offline=True).missing == ()
    unlisted.web.routes[f"{SITE}/list"] = listing("a", "b", "c", total=9)
    assert unlisted.result(Asking).verdict == "short"
    assert unlisted.web.times(f"{SITE}/review/d") == asked
