"""Copies of a review, from the command line: candidates listed, decisions kept, hits shown once."""

import json
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive
from casereviews.config import Settings
from indexer.build import build_index
from tests.indexer.test_copies import fill, text

from .conftest import Run

WORD = text(1, 900)[0].split()[0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three listings: two have the same file, the third nearly the same text."""
    settings = Settings(tmp_path / "data", workers=1)
    whole = text(1, 900)
    with Archive.open(settings.archive_folder, write=True) as archive:
        fill(archive, "wren", whole)
        fill(archive, "wren-2024", whole, source="two")
        fill(archive, "child-wren", [*whole[:-1], f"{whole[-1]} and one sentence more"], source="three")
        build_index(archive, settings)
    return settings.data


def test_an_analyst_lists_decides_and_finds(casereviews: Run, data: Path) -> None:
    def ask(*words: str) -> Any:
        done = casereviews(*words, "--data", data, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    links = ask("link", "--list")["links"]
    assert [(each["first"], each["second"], each["kind"], each["same"]) for each in links] == [
        ("one:wren", "three:child-wren", "text", False),
        ("three:child-wren", "two:wren-2024", "text", False),
        ("one:wren", "two:wren-2024", "file", True),
    ]
    assert (ask("search", WORD)["total"], ask("search", WORD, "--no-collapse")["total"]) == (2, 3)
    (link,) = ask("link", "three:child-wren", "one:wren", "--confirm", "--note", "same pages")["links"]
    assert (link["verdict"], link["note"], link["same"]) == ("confirmed", "same pages", True)
    found = ask("search", WORD)
    assert (found["total"], found["collapsed"]) == (1, 2)
    assert len(found["hits"][0]["copies"]) == 2
    ask("link", "one:wren", "three:child-wren", "--split")
    assert ask("search", WORD)["total"] == 2
    assert ask("status")["index"]["in_step"]
    copies = ask("show", "one:wren")["copies"]
    assert [(each["review"], each["verdict"], each["same"]) for each in copies] == [
        ("two:wren-2024", None, True),
        ("three:child-wren", "split", False),
    ]


def test_people_are_told_in_words(casereviews: Run, data: Path) -> None:
    listed = casereviews("link", "--list", "--data", data).stdout
    assert "May be the same (near-identical text, score " in listed
    assert "The same (identical file)" in listed
    shown = casereviews("show", "one:wren", "--data", data).stdout
    assert "Other listings" in shown and "casereviews show two:wren-2024" in shown
    found = casereviews("search", WORD, "--data", data).stdout
    assert "1 hit in a copy of the same review not repeated" in found and "the same review: " in found


@pytest.mark.parametrize(
    "words",
    [
        ("link",),
        ("link", "one:wren"),
        ("link", "one:wren", "one:wren", "--confirm"),
        ("link", "one:wren", "two:wren-2024", "--confirm", "--split"),
        ("link", "one:wren", "two:wren-2024", "--note", "x"),
        ("link", "one:wren", "nobody", "--split"),
        ("link", "--list", "--split"),
    ],
)
def test_what_makes_no_sense_is_refused(casereviews: Run, data: Path, words: tuple[str, ...]) -> None:
    done = casereviews(*words, "--data", data)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
