"""How a query was understood, why hits rank, and what acronyms stand for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.cli import main
from indexer.acronyms import acronyms
from indexer.themes import load
from search import Index, SearchRequest, open_index, open_writer
from search.query import parse
from search.query_expand import Acronyms
from tests.search.records import record

KNOWN = {"MASH": ["multi-agency safeguarding hub"], "A&E": ["accident and emergency"], "CSA": ["child sexual abuse"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("explain") / "index"
    with open_writer(made) as writer:
        writer.add(record("short", "The MASH met and neglect was named.", title="Neglect in a family"))
        writer.add(record("long", "The Multi-Agency Safeguarding Hub met.", "Neglect, neglected, neglect."))
        writer.add(record("both", "MASH is the multi-agency safeguarding hub.", sections=("findings",)))
        for number in range(12):
            writer.add(record(f"z{number}", "The school met."))
        writer.set_ledger({"acronyms": KNOWN})
        writer.commit()
    return made


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_index(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("mash", 'mash OR "multi agency safeguarding hub"'),
        ('"multi-agency safeguarding hub"', '"multi agency safeguarding hub" OR mash'),
        ("neglect -mash", 'neglect -(mash OR "multi agency safeguarding hub")'),
        ("A&E OR csa", 'a&e OR "accident and emergency" OR csa OR "child sexual abuse"'),
        ("title:csa met", '(title:csa OR title:"child sexual abuse") met'),
        ("mas* mash~ theme:mash", "mas* mash~1 theme:mash"),
    ],
)
def test_acronyms_are_a_rewrite_of_the_tree(typed: str, expanded: str) -> None:
    rewriter = Acronyms(KNOWN)
    tree = rewriter.expand(parse(typed).tree)
    assert str(tree) == expanded
    assert bool(rewriter.notices) == (str(tree) != str(parse(typed).tree))


def test_an_expanded_search_finds_both_and_says_so(index: Index) -> None:
    assert index.search("mash").total == 2
    found = index.search(SearchRequest("mash", expand=True))
    assert found.total == 3
    assert found.notices == ("also looked for: “mash” or “multi-agency safeguarding hub”",)
    assert found.query == "mash"


def test_the_acronyms_of_the_themes_file() -> None:
    known = acronyms(load(None))
    assert known["MASH"] == ["multi-agency safeguarding hub"]
    assert known["A&E"] == ["accident and emergency"]
    assert "did not attend" in known["DNA"]
    for short, meanings in known.items():
        assert meanings and all(len(meaning) > len(short) for meaning in meanings)


@pytest.mark.parametrize("inside", ["reviews", "pages"])
@pytest.mark.parametrize(
    "query", ["neglect met", '"the mash" OR neglect', "negl* family", "met section:findings mash~"]
)
def test_the_parts_of_a_score_add_up(index: Index, query: str, inside: str) -> None:
    found = index.search(SearchRequest(query, inside=inside, explain=True))
    told = found.to_dict()["explain"]
    assert told["canonical"] == str(parse(query).tree)
    for hit, shown in zip(told["hits"], found.hits, strict=False):
        assert hit["review"] == shown.review
        if inside == "pages" or "section" not in query:
            assert sum(part["adds"] for part in hit["parts"]) == pytest.approx(hit["score"], abs=0.001)


def test_nothing_is_explained_unasked(index: Index) -> None:
    assert "explain" not in index.search("neglect").to_dict()


def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(folder.parent))
    assert main(["search", "neglect", "mash", "--expand", "--explain", *data]) == 0
    out = capsys.readouterr().out
    assert "Looks for: “neglect” in any form AND (" in out and "also looked for" in out
    assert " = " in out and "in any form, in 2 reviews: neglect, neglected" in out
    assert main(["search", "met", "--all", "--format", "json", *data]) == 0
    assert len(json.loads(capsys.readouterr().out)["hits"]) == 14
    assert main(["search", "met", "--format", "json", *data]) == 0
    assert len(json.loads(capsys.readouterr().out)["hits"]) == 10
