"""Reviews like one, and what was recommended before."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.cli import main
from casereviews.errors import UsageError
from casereviews.model import Recommendation, Record
from search import Index, SearchRequest, open_index, open_writer
from search.copies import CopyLink
from search.precedents import precedents
from tests.search.records import record

SLEEP = "Midwives should give every parent advice on safer sleep before the baby goes home."
SLEEP_TOO = "All parents must be given safer sleep advice by the midwife before a baby leaves for home."
GP = "GPs should follow up every child who is not brought to an appointment."
POLICE = "The police should share information on safer sleep arrangements after each visit to a home with a baby."
OTHERS = (
    "The council should review how it plans for winter weather on the roads.",
    "Schools should record bruising and tell the nurse.",
    "The trust should train staff in the use of alarms.",
    "The board should publish an action plan.",
    "Prison staff should check cells at night.",
)


def recommends(key: str, *asked: tuple[str, str], published: str | None, **options: str) -> Record:
    """A record whose only page is its recommendations, each to a kind of body."""
    text = "\n".join(said for said, _ in asked)
    made = record(key, text, published=published, **options)  # type: ignore[arg-type]
    items = tuple(
        Recommendation(
            str(number), said, (kind.title(),), (kind,), 1, (1,), form="coded",
            start=(1, text.index(said)), end=(1, text.index(said) + len(said)),
        )
        for number, (said, kind) in enumerate(asked, 1)
    )  # fmt: skip
    return replace(made, recommendations=items)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("like") / "index"
    rest = [(said, "council") for said in OTHERS]
    drowned = "The canal was deep and the canal lock stood open. The boat had drifted from the canal lock at dusk."
    with open_writer(made) as writer:
        writer.add(recommends("new", (SLEEP, "health"), rest[0], published="2024-02-01"))
        writer.add(recommends("old", rest[1], (SLEEP_TOO, "health"), published="2015"))
        writer.add(recommends("mid", (POLICE, "police"), (GP, "health"), published="2019-05-05"))
        writer.add(recommends("copy", rest[1], (SLEEP_TOO, "health"), published="2016", source="nspcc"))
        writer.add(recommends("later", (SLEEP, "health"), rest[2], published="2025-01-01"))
        writer.add(recommends("undated", (SLEEP_TOO, "health"), rest[3], rest[4], published=None))
        writer.add(record("canal", drowned, "The weather was fair."))
        writer.add(record("boat", "A boat by the canal lock, and a second boat in the same canal lock."))
        writer.add(record("twin", drowned, "The weather was fair."))
        for number in range(6):
            writer.add(record(f"z{number}", "The weather was fair and the roads were dry. A boat passed."))
        links = [CopyLink("govuk:old", "nspcc:copy", "file", 1.0), CopyLink("govuk:canal", "govuk:twin", "file", 1.0)]
        writer.set_copies(links, [["govuk:old", "nspcc:copy"], ["govuk:canal", "govuk:twin"]])
        writer.commit()
    return made


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_index(folder) as opened:
        yield opened


def said(index: Index, text: str = "", **options: str) -> list[str]:
    return [each.hit.review.partition(":")[2] for each in precedents(index, text, **options).found]


def test_what_was_said_before_oldest_first(index: Index) -> None:
    assert said(index, of="govuk:new:1") == ["old", "undated"]
    assert said(index, of="govuk:old:2") == ["undated"], "nothing later, and not its own copy"
    assert said(index, of="govuk:mid:2") == []


def test_a_text_meets_all_who_said_it_to_that_body(index: Index) -> None:
    assert said(index, SLEEP) == ["old", "new", "later", "undated"], "and not who shares some words"
    assert said(index, SLEEP, to="Health") == ["old", "new", "later", "undated"]
    assert said(index, SLEEP, to="police") == []
    assert said(index, "safer sleep in a home with a baby", to="police") == ["mid"]
    assert said(index, "cells at night") == ["undated"]
    assert said(index, "quantum chromodynamics") == []


def test_each_is_proved_by_its_page(index: Index) -> None:
    (first, *_) = precedents(index, of="govuk:new:1").to_dict()["hits"]
    assert (first["number"], first["page"], first["text"]) == ("2", 1, SLEEP_TOO)
    assert first["document_url"].endswith("old.pdf#page=1") and 0.3 <= first["likeness"] < 1
    assert "<mark>sleep</mark>" in first["marked"]


@pytest.mark.parametrize("wrong", ["new", "govuk:new", "govuk:new:9", "govuk:zzz:1", "govuk:canal:1", ":", "1"])
def test_a_recommendation_that_is_not_there(index: Index, wrong: str) -> None:
    with pytest.raises(UsageError):
        precedents(index, of=wrong)


@pytest.mark.parametrize(
    ("like", "inside", "found"),
    [
        ("govuk:canal", "reviews", ["boat"]),
        ("govuk:canal:1", "reviews", ["boat"]),
        ("boat", "reviews", ["canal"]),
        ("govuk:canal:1", "pages", ["boat"]),
        ("govuk:new", "recommendations", ["later", "mid", "old", "undated"]),
    ],
)
def test_like(index: Index, like: str, inside: str, found: list[str]) -> None:
    result = index.search(SearchRequest(like=like, inside=inside, limit=None))
    assert sorted({hit.review.partition(":")[2] for hit in result.hits}) == found
    assert result.total == len(result.hits) > 0
    assert any(notice.startswith("like govuk:") for notice in result.notices)


def test_like_and_a_query(index: Index) -> None:
    assert index.search(SearchRequest("second", like="govuk:canal")).total == 1
    assert index.search(SearchRequest("-boat", like="govuk:canal")).total == 0
    for wrong in ("govuk:nothing", "govuk:canal:9", "canal:2", ":", "::1"):
        with pytest.raises(UsageError):
            index.search(SearchRequest(like=wrong))


def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(folder.parent))
    assert main(["precedents", "--of", "govuk:new:1", *data]) == 0
    out = capsys.readouterr().out
    assert "Said 2 times before to health" in out and "p. 1" in out and out.index("2015") < out.index("no date")
    assert main(["precedents", SLEEP, "--to", "police", "--format", "json", *data]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["searched"]["recommendations"]) == (0, 13)
    assert main(["precedents", "nothing like this at all", *data]) == 0
    assert main(["precedents", *data]) == 2
    assert main(["precedents", SLEEP, "--of", "govuk:new:1", *data]) == 2
    assert main(["search", "--like", "govuk:canal", *data]) == 0
    assert "canal" in capsys.readouterr().out
