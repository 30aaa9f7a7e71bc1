"""Every source against the answers recorded for it, offline.

A case is a folder `tests/spiders/<source>/<case>/` with `body`, `meta.json` (see crawler/fixtures.py) and
`expected.json`. Nothing here writes an expectation: it is read, judged and written by a person.
"""

import json
from pathlib import Path

import pytest

from casereviews.areas import find_in
from crawler.fixtures import play, read_case, spiders
from crawler.platforms.boards import BoardsSpider

HERE = Path(__file__).parent
SOURCES = spiders()
CASES = sorted(path.parent for path in HERE.glob("*/*/meta.json"))


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_a_fixture(source: str) -> None:
    cases = [case.name for case in CASES if case.parent.name == source]
    assert cases, f"{source} has no recorded answer: add tests/spiders/{source}/<case>/{{body,meta.json,expected.json}}"


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_the_file_of_its_name(source: str) -> None:
    # A Python file cannot have the hyphen of a name such as cspr-panel; a folder of cases can.
    assert SOURCES[source].__module__ == f"crawler.spiders.{source.replace('-', '_')}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_answer_parses_as_a_person_said(case: Path) -> None:
    assert case.parent.name in SOURCES, f"{case.parent.name} is no source"
    actual = play(SOURCES[case.parent.name], read_case(case))
    shown = json.dumps(actual, indent=2, ensure_ascii=False)
    assert (case / "expected.json").exists(), f"the parse, to be judged and kept as expected.json:\n{shown}"
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert actual == expected, f"the parse is now:\n{shown}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_invented_case_is_told_of_no_real_place(case: Path) -> None:
    own = find_in(SOURCES[case.parent.name].publisher or "")
    for outcome in json.loads((case / "expected.json").read_text("utf-8")):
        review = outcome.get("review", {})
        told = [review.get(name, "") for name in ("title", "area", "publisher", "summary")]
        assert {find_in(text) for text in told} <= {None, own}


def test_an_invented_case_is_on_no_real_board_s_site() -> None:
    boards = [site for source in SOURCES.values() if issubclass(source, BoardsSpider) for site in source.sites]
    hosts = {host.encode() for site in boards if site.area for host in site.all_hosts}
    assert len(hosts) > 50
    files = [path for case in CASES for path in case.iterdir()]
    assert not [str(path) for path in files if any(b"//" + host in path.read_bytes() for host in hosts)]
