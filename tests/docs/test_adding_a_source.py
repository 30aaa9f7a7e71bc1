"""The page on adding a source is true: its spider runs on its page, its commands exist, its rules hold."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from casereviews.cli import COMMANDS, arguments
from casereviews.model import Link, Review
from crawler.spider import ReviewSpider
from tests.crawler.faultserver import Answer, Web, pdf
from tests.crawler.toys import Lab

TEXT = (Path(__file__).parents[2] / "docs" / "adding-a-source.md").read_text("utf-8")
ROUTE = "www.safeguardingboard.im/reviews/"
FILES = ("child-heron-report", "child-heron-response", "child-sandpiper-report")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def spider() -> type[ReviewSpider]:
    """The spider that the page shows, compiled as it stands there."""
    module = ModuleType("isle_of_man")
    exec(compile(block("python"), "docs/adding-a-source.md", "exec"), module.__dict__)
    found: type[ReviewSpider] = module.__dict__["IsleOfManSpider"]
    return found


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """The site that the page shows."""
    with Web() as web:
        web.routes[ROUTE] = Answer(block("html").encode())
        for name in FILES:
            web.routes[f"www.safeguardingboard.im/media/{name}.pdf"] = Answer(pdf(name), "application/pdf")
        yield Lab(web, tmp_path)


def reviews(lab: Lab) -> list[Review]:
    with lab.archive() as archive:
        return [stored.review for stored in archive.reviews()]


def test_the_spider_gathers_the_page_whole(lab: Lab, spider: type[ReviewSpider]) -> None:
    result = lab.result(spider)
    assert (result.verdict, result.errors, result.documents.fetched) == ("ok", (), 3)
    heron, sandpiper = reviews(lab)
    assert (heron.id, heron.title, heron.published) == ("isle-of-man:child-heron", "Child Heron", "2025-03-04")
    assert (heron.publisher, heron.nation, heron.area, heron.licence) == (spider.publisher, None, None, None)
    media = "https://www.safeguardingboard.im/media"
    assert heron.links == (
        Link(f"{media}/child-heron-report.pdf", "report", "Child Heron: overview report"),
        Link(f"{media}/child-heron-response.pdf", "response", "Response of the board"),
    )
    assert sandpiper.published == "2023-06-12"


@pytest.mark.parametrize("lost", [' class="count"', ' class="review"', "Published: ", "<h2>Child Heron</h2>"])
def test_what_the_page_promises_of_a_changed_site_holds(lab: Lab, spider: type[ReviewSpider], lost: str) -> None:
    lab.result(spider)
    body = block("html")
    assert lost in body
    lab.web.routes[ROUTE] = Answer(body.replace(lost, "").encode())
    result = lab.result(spider)
    assert result.verdict in ("short", "failed") and result.missing == ()
    assert len(reviews(lab)) == 2


def test_it_takes_under_thirty_lines_and_says_what_every_source_must() -> None:
    lines = [line for line in block("python").splitlines() if line.strip()]
    assert len(lines) < 30
    assert max(map(len, lines)) <= 120


def test_every_command_exists_as_it_is_written() -> None:
    commands = [shlex.split(line) for line in TEXT.splitlines() if line.startswith("casereviews ")]
    assert {words[1] for words in commands} >= {"crawl", "fixture", "sources"}
    for _, *words in commands:
        name, rest = arguments.find_command(words, COMMANDS)
        assert name is not None
        arguments.read(name, import_module(f"casereviews.cli.{name}"), rest)
