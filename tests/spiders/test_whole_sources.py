"""Whole crawls of the sources, over a loopback web made of their fixtures: healthy, offline, and with lost markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from casereviews.model import Review
from crawler.fixtures import play, read_case, spiders
from crawler.spiders.dhr import DhrSpider
from tests.crawler.faultserver import Answer, Web, pdf
from tests.crawler.toys import Lab

HERE = Path(__file__).parent
PFD = "https://www.judiciary.uk/wp-json/wp/v2/pfd?per_page=100&page={}&orderby=date&order=desc"
SITES: dict[str, dict[str, str | None]] = {
    # the cases that together are a site, each with another address than its own where the site needs one
    "nspcc": {"year-list": None, "monthly-update": None},
    "dhr": {"listing": None, "last-page": None},
    "pfd": {
        "listing": None,
        "last-page": PFD.format(2),
        "detail": None,
        "detail-older": None,
        "detail-in-a-table": None,
    },
    "sar": {"listing": None, "scie-library": None},
    "sthelens": {"listing": None},
}
READ = {
    "dhr": {"govuk-heading-s", "dhrr-results-card--detail-value"},
    "pfd": {"single__title", "flow", "related-content__link", "related-content__item"},
    "sar": {"collapsible"},
}
"""Classes without which a source can give nothing or not enough: their loss must be said."""


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def lab(web: Web, tmp_path: Path) -> Lab:
    return Lab(web, tmp_path)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Review]]:
    """What each source's undamaged site gives."""
    given = {}
    for source in SITES:
        with Web() as web:
            furnish(web, source)
            lab = Lab(web, tmp_path_factory.mktemp(source))
            lab.result(spiders()[source])
            given[source] = reviews(lab, source)
    return given


def furnish(web: Web, source: str, *, without: str | None = None) -> None:
    """Put a source's site into the web, files included; `without` takes a CSS class out of all its pages."""
    for name, address in SITES[source].items():
        case = read_case(HERE / source / name)
        parts = urlsplit(address or case.url)
        body = strip_class(case.body.decode(), without).encode() if without else case.body
        route = f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        headers = {k: v for k, v in case.headers.items() if k != "Content-Type"}
        web.routes[route] = Answer(body, case.headers["Content-Type"], case.status, headers)
        for outcome in play(spiders()[source], case):
            for link in outcome.get("review", {}).get("links", ()):
                file = urlsplit(link["url"])
                web.routes[f"{file.netloc}{file.path}"] = Answer(pdf(file.path), "application/pdf")


def strip_class(html: str, name: str) -> str:
    def without(match: re.Match[str]) -> str:
        return f'class="{" ".join(each for each in match[1].split() if each != name)}"'

    return re.sub(r'class="([^"]*)"', without, html)


def same_without(source: str, name: str, lost: str) -> bool:
    """Whether a case parses the same when a class is taken out of it."""
    case = read_case(HERE / source / name)
    damaged = replace(case, body=strip_class(case.body.decode(), lost).encode())
    return play(spiders()[source], damaged) == play(spiders()[source], case)


def classes(source: str) -> set[str]:
    bodies = [(HERE / source / name / "body").read_text("utf-8") for name in SITES[source]]
    return {each for body in bodies for names in re.findall(r'class="([^"]*)"', body) for each in names.split()}


def reviews(lab: Lab, source: str) -> dict[str, Review]:
    with lab.archive() as archive:
        return {stored.review.id: stored.review for stored in archive.reviews(source)}


CLASSES = [(source, name) for source in SITES for name in sorted(classes(source))]


def listed(source: str) -> set[str]:
    """The ids that the cases of a site expect."""
    cases = (play(spiders()[source], read_case(HERE / source / name)) for name in SITES[source])
    return {f"{source}:{each['review']['key']}" for outcomes in cases for each in outcomes if "review" in each}


@pytest.mark.parametrize("source", SITES)
def test_a_healthy_site_is_gathered_whole_and_can_be_read_again_offline(web: Web, lab: Lab, source: str) -> None:
    furnish(web, source)
    result = lab.result(spiders()[source])
    assert (result.verdict, [e for e in result.errors if "does not declare" not in e]) == ("ok", [])
    assert set(reviews(lab, source)) == listed(source)
    asked = len(web.asked)
    again = lab.result(spiders()[source], offline=True)
    assert (again.verdict, again.changed, again.missing) == ("ok", (), ())
    assert len(web.asked) == asked


@pytest.mark.parametrize(("source", "name"), CLASSES)
def test_a_lost_class_is_said_or_loses_nothing(
    web: Web, lab: Lab, healthy: dict[str, dict[str, Review]], source: str, name: str
) -> None:
    if name not in READ.get(source, ()) and all(same_without(source, case, name) for case in SITES[source]):
        return
    furnish(web, source, without=name)
    result = lab.result(spiders()[source])
    assert result.verdict in ("short", "failed") or (
        name not in READ.get(source, ()) and reviews(lab, source) == healthy[source]
    )


@pytest.mark.parametrize("source", SITES)
def test_an_empty_listing_is_never_quiet(web: Web, lab: Lab, source: str) -> None:
    furnish(web, source)
    lab.result(spiders()[source])
    known = reviews(lab, source)
    empty = read_case(HERE / source / "empty")
    for route in list(web.routes):
        if isinstance(answer := web.routes[route], Answer) and "pdf" not in answer.type:
            web.routes[route] = Answer(empty.body, empty.headers["Content-Type"])
    result = lab.result(spiders()[source])
    if source == "sthelens":  # an empty list is valid there
        assert (result.verdict, len(result.missing)) == ("ok", len(known))
    else:
        assert result.verdict in ("short", "failed")
        assert not result.missing
    assert reviews(lab, source) == known


def test_theme_labels_are_one_query_each_and_off_by_default(web: Web, lab: Lab) -> None:
    furnish(web, "dhr")
    site = "homicide-review.homeoffice.gov.uk/?pagination%5BpageNumber%5D=0&pagination%5BpageSize%5D=50"
    one = read_case(HERE / "dhr" / "theme").body
    web.routes[f"{site}&Keywords%5B%5D=Victim+-+alcohol+misuse"] = Answer(one)
    web.routes[f"{site}&Keywords%5B%5D=Victim+-+depression"] = Answer(read_case(HERE / "dhr" / "empty").body)
    lab.result(DhrSpider)
    assert not any("Keywords" in path for path in web.paths())
    assert all(not review.keywords for review in reviews(lab, "dhr").values())

    lab.options["sources"] = {"dhr": {"theme_labels": True}}
    result = lab.result(DhrSpider)
    assert result.verdict == "ok"
    assert sum("Keywords" in path for path in web.paths()) == 2
    assert {review.title: review.keywords for review in reviews(lab, "dhr").values()} == {
        "Rosalind": ("Victim - alcohol misuse",),
        "Gwenllian": ("Victim - alcohol misuse",),
        "Adult & child “Wren”": (),
        "Idris - overview": (),
    }


def test_an_entry_of_both_lists_is_told_by_the_year_list(web: Web, lab: Lab) -> None:
    furnish(web, "nspcc")
    update = web.routes["learning.nspcc.org.uk/case-reviews/monthly-case-reviews-update"]
    assert isinstance(update, Answer)
    wren = "<h2>2025 - Northmoor - Child Wren</h2><p>Death of a 17-year-old boy in November 2022. Wren died"
    web.routes["learning.nspcc.org.uk/case-reviews/monthly-case-reviews-update"] = Answer(
        update.body.replace(b"<h2>New", f"{wren} after leaving a placement in another area.</p><h2>New".encode())
    )
    assert lab.result(spiders()["nspcc"]).verdict == "ok"
    told = [review for id, review in reviews(lab, "nspcc").items() if "wren" in id]
    assert len(told) == 1
    assert told[0].url.endswith("/recently-published-case-reviews")
    assert told[0].keywords


def test_a_reference_at_two_addresses_is_kept_twice_and_named(web: Web, lab: Lab) -> None:
    furnish(web, "pfd")
    route = "www.judiciary.uk/prevention-of-future-death-reports/ansel-reed-prevention-of-future-deaths-report/"
    web.routes[route] = Answer(read_case(HERE / "pfd" / "detail-older").body)
    result = lab.result(spiders()["pfd"])
    assert sum("2017-0142" in (review.reference or "") for review in reviews(lab, "pfd").values()) == 2
    assert any("reference 2017-0142 is also at" in error for error in result.errors)


def test_a_report_on_a_host_of_its_board_is_named_in_the_result(web: Web, lab: Lab) -> None:
    furnish(web, "nspcc")
    result = lab.result(spiders()["nspcc"])
    assert any("www.eastvalesafeguarding.example (2)" in error for error in result.errors)
