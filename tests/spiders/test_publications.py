"""Whole crawls of the collections with a page for each publication, healthy and with lost markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from casereviews.archive import SourceResult
from crawler.fixtures import play, read_case, spiders
from crawler.platforms.publications import PublicationsSpider
from crawler.spider import ReviewSpider
from tests.crawler.faultserver import Answer, Web, page, pdf
from tests.crawler.toys import Lab

HERE = Path(__file__).parent
SITES: dict[str, dict[str, str | None]] = {
    # the cases that together are a site, each with another address than its own where the site needs one
    "cspr-panel": {"home": None, "listing": None, "last-page": None, "detail": None, "page-without-a-file": None},
    "hssib": {"listing": None, "last-page": None, "detail": None, "in-progress": None},
    "ppo": {"listing": None, "last-page": None, "detail": None},
    "nspcc-library": {"listing": spiders()["nspcc-library"].start_urls[0], "last-page": None},
}
MORE = {
    # pages like the recorded detail page
    "cspr-panel": (
        "https://childsafeguarding.independent-panel.uk/publications/babies-and-lighthouses-practice-briefing/",
        "https://childsafeguarding.independent-panel.uk/publications/annual-report-2025/",
    ),
    "hssib": ("https://www.hssib.org.uk/patient-safety-investigations/mislabelled-jars/",),
    "ppo": ("https://ppo.gov.uk/document/ms-ivy-marl/", "https://ppo.gov.uk/document/mr-silas-reeve/"),
    "nspcc-library": (),
}
FOUND = {"cspr-panel": 4, "hssib": 2, "ppo": 3, "nspcc-library": 2}


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def lab(web: Web, tmp_path: Path) -> Lab:
    return Lab(web, tmp_path)


def route(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def furnish(web: Web, source: str, pattern: str = "", becomes: str = "") -> None:
    """Put a source's site into the web, files included, what matches `pattern` in its pages replaced."""
    bodies = {}
    for name, address in SITES[source].items():
        case = read_case(HERE / source / name)
        bodies[address or case.url] = case.body.decode()
        for outcome in play(spiders()[source], case):
            for link in outcome.get("review", {}).get("links", ()):
                web.routes[route(link["url"])] = Answer(pdf(link["url"]), "application/pdf")
    if source == "cspr-panel":
        bodies["https://childsafeguarding.independent-panel.uk/national-reviews/"] = bodies[
            "https://childsafeguarding.independent-panel.uk/publications/"
        ]
    detail = read_case(HERE / source / "detail").body.decode() if MORE[source] else ""
    for url in MORE[source]:
        bodies[url] = detail
    for url, body in bodies.items():
        web.routes[route(url)] = Answer(re.sub(pattern, becomes, body).encode() if pattern else body.encode())


def source(name: str) -> type[ReviewSpider]:
    """The spider with a minimum that suits a small site."""
    spider = spiders()[name]
    return type(spider.__name__, (spider,), {"expect": replace(spider.expect, minimum=FOUND[name])})


def told(result: SourceResult) -> list[str]:
    return [error for error in result.errors if "does not declare" not in error]


@pytest.mark.parametrize("name", SITES)
def test_a_healthy_site_is_gathered_whole(web: Web, lab: Lab, name: str) -> None:
    furnish(web, name)
    result = lab.result(source(name))
    assert (result.verdict, result.found, told(result)) == ("ok", FOUND[name], [])


CLASSES = [
    (name, each)
    for name in SITES
    for each in sorted(
        {
            word
            for case in SITES[name]
            for found in re.findall(r'class="([^"]*)"', (HERE / name / case / "body").read_text("utf-8"))
            for word in found.split()
        }
    )
]


@pytest.mark.parametrize(("name", "lost"), CLASSES)
def test_a_lost_class_is_said_or_loses_nothing(web: Web, lab: Lab, name: str, lost: str) -> None:
    furnish(web, name, rf'(?<=["\s]){re.escape(lost)}(?=["\s])', "")
    result = lab.result(source(name))
    assert result.verdict in ("short", "failed") or result.found == FOUND[name]


@pytest.mark.parametrize("name", ["cspr-panel", "hssib", "ppo"])
def test_a_lost_heading_or_listing_is_said(web: Web, lab: Lab, tmp_path: Path, name: str) -> None:
    furnish(web, name, r"(</?)h1\b", r"\1div")
    result = lab.result(source(name))
    assert result.verdict in ("short", "failed")
    web.routes = {url: page("<h1>Moved</h1><p>We have a new site.</p>") for url in web.routes}
    gone = Lab(web, tmp_path / "gone").result(source(name))
    assert gone.verdict == "failed"


def test_a_catalogue_without_records_fails(web: Web, lab: Lab) -> None:
    web.routes[route(spiders()["nspcc-library"].start_urls[0])] = page("<h1>Your session has expired</h1>")
    assert lab.result(spiders()["nspcc-library"]).verdict == "failed"


def test_a_listing_that_states_another_total_is_short(web: Web, lab: Lab) -> None:
    furnish(web, "ppo", "3 fatal incident reports", "30 fatal incident reports")
    result = lab.result(source("ppo"))
    assert result.verdict == "short"
    assert any("states 30 entries, 3 were read" in error for error in result.errors)


def test_a_further_page_without_an_entry_is_short(web: Web, lab: Lab) -> None:
    furnish(web, "hssib")
    web.routes["www.hssib.org.uk/patient-safety-investigations/?page=2"] = page("<h1>Nothing here</h1>")
    assert lab.result(source("hssib")).verdict == "short"


def test_unproven_sources_wait_to_be_named() -> None:
    names = {name for name, spider in spiders().items() if not spider.enabled}
    assert names == {"nspcc-library", "ppo", "nhs-homicide", "hssib"}
    assert not any(spider.proven for spider in spiders().values() if issubclass(spider, PublicationsSpider))
