"""From a PDF in the archive to the command line: a review's recommendations are shown, found and counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive
from casereviews.cli import main
from casereviews.config import load
from indexer.build import build_index
from tests.archive.conftest import Filler
from tests.extract.made import written

FRONT = ["Westfold Safeguarding Children Partnership", "", "Independent Author: Ann Example", "", "14 March 2016"]
REPORT = [
    "1. Introduction",
    "The police and the school met twice about the family.",
    "2. Recommendations",
    "Recommendation 1: Westfold Police should record what children say.",
    "Recommendation 2: Schools should share what they know.",
    "3. Conclusions",
    "Much was known by the police, and it was not shared.",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", write=True, replica=True) as archive:
        filler = Filler(archive)
        filler.review()
        filler.file(written(FRONT, REPORT))
        filler.finish()
        build_index(archive, load({"data": tmp_path}))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--data", str(data), "--format", "json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_show(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, data, "show", "example:child-q", "--recommendations")
    items = found["recommendations"]
    assert [(item["number"], item["addressee"], item["page"], item["text"]) for item in items] == [
        ("1", "Westfold Police", 2, "Westfold Police should record what children say."),
        ("2", "Schools", 2, "Schools should share what they know."),
    ]
    stated = told(capsys, data, "show", "example:child-q")["from_text"]
    assert {(fact["field"], fact["value"], fact["page"]) for fact in stated} >= {
        ("author", "Ann Example", 1),
        ("reported", "2016-03-14", 1),
    }


def test_search(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, data, "search", "police", "--in", "recommendations")
    assert (found["in"], found["total"]) == ("recommendations", 1)
    (hit,) = found["hits"]
    assert (hit["number"], hit["page"], hit["review"]) == ("1", 2, "example:child-q")
    assert hit["document_url"].endswith("report.pdf#page=2")
    for section, total in (("recommendations", 1), ("conclusions", 1), ("introduction", 1), ("glossary", 0)):
        assert told(capsys, data, "search", "police", "--section", section)["total"] == total


def test_status_and_a_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, data, "status")["recommendations"] == 2
    assert main(["show", "example:child-q", "--recommendations", "--data", str(data)]) == 0
    shown = capsys.readouterr().out
    assert "Recommendation 1 to Westfold Police (p. 2)" in shown
    assert main(["show", "example:child-q", "--recommendations", "--page", "1", "--data", str(data)]) == 2
