"""What a reader meets while an index is built, and what is built anew by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.archive import Archive
from casereviews.cli import main
from casereviews.config import Settings, load
from casereviews.errors import NoIndexError, OutdatedError
from indexer.build import build_index
from search import open_index
from search.pages import STORE
from tests.archive.conftest import Filler

REVIEWS = 5


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of some reviews."""
    with Archive.open(tmp_path / "archive", write=True, replica=True) as opened:
        filler = Filler(opened)
        for number in range(REVIEWS):
            filler.review(key=f"child-{number}")
        filler.finish()
        yield opened


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings under which every second review is committed."""
    monkeypatch.setattr("indexer.build.REVIEWS_PER_COMMIT", 2)
    return load({"data": tmp_path})


def seen_while_building(archive: Archive, settings: Settings, *, rebuild: bool = False) -> set[int]:
    """How many reviews readers found meanwhile."""
    counts = set()

    def look(step: str, done: int, of: int) -> None:
        try:
            with open_index(settings.index_folder) as index:
                counts.add(index.searched.reviews)
        except (NoIndexError, OutdatedError):
            counts.add(0)

    build_index(archive, settings, rebuild=rebuild, progress=look)
    return counts


def test_a_first_build_can_be_searched_as_it_grows(archive: Archive, settings: Settings) -> None:
    assert seen_while_building(archive, settings) == {0, 2, 4}


def test_a_rebuild_never_shows_half_an_index(archive: Archive, settings: Settings) -> None:
    build_index(archive, settings)
    assert seen_while_building(archive, settings, rebuild=True) == {REVIEWS}


def test_an_index_of_an_older_version_is_built_anew(
    archive: Archive, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    build_index(archive, settings)
    store = settings.index_folder / STORE
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 1")
    archive.close()
    data = ["--data", str(settings.data)]
    assert main(["search", "child", *data]) == 6
    assert "run: casereviews index" in capsys.readouterr().err
    assert main(["index", *data]) == 0
    assert "older version" in capsys.readouterr().err
    assert main(["search", "", *data]) == 0
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert main(["index", *data]) == 6
