"""An analyst's decisions on copies: kept, replaced by newer ones, and there after an upgrade."""

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from casereviews.archive import Archive
from casereviews.errors import UsageError
from tests.archive.conftest import Filler


def test_the_newest_decision_on_a_pair_counts_and_moves_the_archive_on(archive: Archive) -> None:
    filler = Filler(archive)
    filler.review()
    filler.review(key="child-r")
    before = archive.change
    archive.decide("example:child-r", "example:child-q", "split")
    archive.decide("example:child-q", "example:child-r", "confirmed", "same pseudonym, same pages")
    (link,) = archive.decisions()
    assert (link.first, link.second, link.verdict) == ("example:child-q", "example:child-r", "confirmed")
    assert link.note == "same pseudonym, same pages" and link.decided
    assert archive.change > before


def test_only_two_known_reviews_can_be_linked(archive: Archive) -> None:
    Filler(archive).review()
    with pytest.raises(UsageError, match="takes two"):
        archive.decide("example:child-q", "example:child-q", "split")
    with pytest.raises(UsageError, match="child-z"):
        archive.decide("example:child-q", "example:child-z", "confirmed")


def test_an_archive_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    db.executescript(files("casereviews.archive").joinpath("schema.sql").read_text(encoding="utf-8"))
    db.execute("PRAGMA user_version = 1")
    db.close()
    with pytest.raises(UsageError, match="older schema"):
        Archive.open(tmp_path)
    with Archive.open(tmp_path, write=True) as archive:
        Filler(archive).review()
        assert archive.decisions() == []
    with Archive.open(tmp_path) as archive:
        assert archive.review("example:child-q") is not None
