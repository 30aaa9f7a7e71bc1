"""Little traffic: what was quiet for long is asked more rarely, and a listing ends where nothing is new."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from casereviews import clock
from casereviews.archive import SourceResult
from crawler.visits import PAUSES, pause
from tests.crawler.faultserver import Answer
from tests.crawler.toys import FILES, SITE, Lab, ToySpider, detail, furnish, listing


class Dated(ToySpider):
    """The toy source, newest first."""

    newest_first = True
    sweep_days = 7


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_shift", timedelta())


def on_day(lab: Lab, day: float, *spiders: type[ToySpider], **options: Any) -> tuple[SourceResult, list[str]]:
    """A run on a day, and what it asked for."""
    clock.shift(timedelta(days=day))
    before = len(lab.web.asked)
    result = lab.result(*(spiders or (Dated,)), **options)
    return result, [asked.url for asked in lab.web.asked[before:]]


def test_the_pause_grows_with_the_quiet_and_has_an_end() -> None:
    pauses = [pause(timedelta(days=days), "x").total_seconds() / 86400 for days in (0, 3, 4, 8, 16, 32, 64, 120, 2000)]
    assert pauses[:2] == [0, 0] and pauses == sorted(pauses)
    assert 22 <= pauses[-1] <= PAUSES[-1] == 30
    assert len({pause(timedelta(days=200), str(number)) for number in range(50)}) > 25, "visits are spread"


def test_a_document_is_asked_more_rarely_as_it_ages(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    file = f"{FILES}/a.pdf"
    assert file in on_day(lab, 0)[1] and file in on_day(lab, 0.01)[1] and file in on_day(lab, 3)[1]
    days = [day for day in range(4, 30) if file in on_day(lab, day)[1]]
    gaps = [later - earlier for earlier, later in pairwise(days)]
    assert gaps[:3] == [1, 1, 1] and gaps == sorted(gaps) and 3 <= gaps[-1] <= 4, gaps
    assert file in on_day(lab, 199)[1]
    result, asked = on_day(lab, 200)
    assert file not in asked and result.documents.unchanged == 2 and (result.verdict, result.missing) == ("ok", ())
    assert file in on_day(lab, 200.1, full=True)[1], "--full asks for everything"
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
        assert document.version is not None
        archive.blob_path(document.version.sha256).unlink()
    assert file in on_day(lab, 200.2)[1], "what is lost is asked for"
    clock.shift(timedelta(days=-100))
    assert file in on_day(lab, -100)[1], "a clock that was set back makes everything due"


def test_a_changed_review_is_asked_for_often_again(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    on_day(lab, 0)
    on_day(lab, 60)
    assert f"{SITE}/review/a" not in on_day(lab, 60.5)[1]
    lab.web.routes[f"{SITE}/review/a"] = detail("a", f"https://{FILES}/a.pdf", f"https://{FILES}/new.pdf")
    lab.web.routes[f"{FILES}/new.pdf"] = Answer(b"%PDF-1.4 new %%EOF", "application/pdf", validators=True)
    found = [day for day in range(61, 70) if "toy:a" in on_day(lab, day)[0].changed]
    assert len(found) == 1 and found[0] <= 68, "a page of a review is asked for once a week at least"
    asked = on_day(lab, found[0] + 1)[1]
    assert f"{FILES}/a.pdf" in asked and f"{SITE}/review/b" not in asked


@pytest.fixture
def pages(lab: Lab) -> Lab:
    """Three listing pages of two reviews each, gathered once."""
    furnish(lab.web, *"abcdef")
    turn(lab, "ab", "cd", "ef")
    assert on_day(lab, 0)[0].found == 6
    return lab


def turn(lab: Lab, *groups: str) -> None:
    for number, group in enumerate(groups):
        following = f"/list?page={number + 1}" if number + 1 < len(groups) else None
        here = f"{SITE}/list" + (f"?page={number}" if number else "")
        lab.web.routes[here] = listing(*group, after=following, total=sum(map(len, groups)))


def listings(asked: list[str]) -> int:
    return sum("/list" in each for each in asked)


def test_a_listing_ends_where_nothing_is_new(pages: Lab) -> None:
    result, asked = on_day(pages, 1)
    assert listings(asked) == 1
    assert (result.verdict, result.found, result.missing, result.whole) == ("ok", 6, (), False)
    furnish(pages.web, "n")
    turn(pages, "na", "bc", "de", "f")
    result, asked = on_day(pages, 2)
    assert (listings(asked), result.new, result.found) == (2, ("toy:n",), 7), "one page further than what is new"


def test_everything_is_read_every_so_many_days_and_when_asked(pages: Lab) -> None:
    on_day(pages, 1)
    pages.web.routes[f"{SITE}/review/e"] = Answer(status=404)
    turn(pages, "ab", "cd", "f")
    assert on_day(pages, 6)[0].missing == ()
    result, asked = on_day(pages, 7.1)
    assert (listings(asked), result.missing, result.whole) == (3, ("toy:e",), True)
    assert listings(on_day(pages, 8)[1]) == 1
    assert listings(on_day(pages, 8.1, full=True)[1]) == 3
    assert listings(on_day(pages, 8.2, ToySpider)[1]) == 3, "a source that is not sorted is always read whole"


def test_after_a_run_that_did_not_end_well_everything_is_read(pages: Lab) -> None:
    turn(pages, "ab", "cd", "ef")
    pages.web.routes[f"{SITE}/list?page=1"] = Answer(status=503)
    furnish(pages.web, "n")
    pages.web.routes[f"{SITE}/list"] = listing("n", "a", after="/list?page=1", total=6)
    assert on_day(pages, 1)[0].verdict == "failed"
    turn(pages, "na", "bc", "de", "f")
    result, asked = on_day(pages, 2)
    assert (result.verdict, listings(asked)) == ("ok", 4)
