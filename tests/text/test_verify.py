"""`casereviews verify`: what is whole is said to be, and each kind of damage is found and named, with exit code 6."""

import json
import sqlite3
import zlib
from pathlib import Path

import pytest

from casereviews.archive import Archive
from casereviews.cli import main
from casereviews.config import load
from indexer.build import build_index
from indexer.textcache import TextCache
from indexer.verify import VerifyReport, verify
from tests.archive.conftest import Filler
from tests.extract.made import written

LINES = ["1. Introduction", "", "The police and the school met twice in May about the family.", "It was not enough."]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one review, one report of two pages, indexed."""
    with Archive.open(tmp_path / "archive", write=True, replica=True) as archive:
        filler = Filler(archive)
        filler.review()
        filler.file(written(LINES, ["A second page, in which more is said of what happened then."]))
        filler.finish()
        build_index(archive, load({"data": tmp_path}))
    return tmp_path


def run(data: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["verify", *flags, "--data", str(data), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def blob(data: Path) -> Path:
    return max((data / "archive" / "blobs").glob("??/*"), key=lambda path: path.stat().st_size)


def test_all_is_well(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(data, capsys)
    assert (code, found["ok"], found["files"], found["texts"], found["pages"]) == (0, True, 1, 1, 2)


def test_a_changed_file_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob(data).write_bytes(b"%PDF-1.4 something else")
    code, found = run(data, capsys)
    assert code == 6
    assert "report.pdf" in str(found["damaged_files"])


def test_a_lost_file_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob(data).unlink()
    code, found = run(data, capsys)
    assert code == 6
    assert "report.pdf" in str(found["damaged_files"])


def test_a_text_that_is_not_what_the_file_says(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "cache" / "text.sqlite3"
    with sqlite3.connect(path) as db:
        (held,) = db.execute("SELECT extraction FROM text").fetchone()
        db.execute(
            "UPDATE text SET extraction = ?", (zlib.compress(zlib.decompress(held).replace(b"twice", b"never")),)
        )
    code, found = run(data, capsys, "--all")
    assert code == 6
    assert "report.pdf" in str(found["differing_texts"])
    assert "page 1" in str(found["missing_pages"])


def test_an_indexed_page_that_no_document_has(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with TextCache(data / "cache") as cache:
        (sha256,) = (path.name for path in [blob(data)])
        held = cache.get(sha256)
        assert held is not None
        cache.put(sha256, type(held)(pages=held.pages[:1], engine=held.engine))
    _, found = run(data, capsys)
    assert [line.partition(" of ")[0] for line in found["missing_pages"]] == ["example:child-q: page 2"]  # type: ignore[attr-defined]


def test_an_interrupted_check_of_all_goes_on_where_it_was(data: Path) -> None:
    class Stop(Exception):
        pass

    with Archive.open(data / "archive", write=True, replica=True) as archive:
        filler = Filler(archive)
        filler.review(key="child-r", links=())
        settings = load({"data": data})
        build_index(archive, settings)

        def stop(step: str, done: int, of: int) -> None:
            if step == "read":
                raise Stop

        with pytest.raises(Stop):
            verify(archive, settings, every=True, progress=stop)
        resumed = verify(archive, settings, every=True, progress=lambda *_: None)
        assert (resumed.texts, resumed.texts_of) == (0, 1)
        again: VerifyReport = verify(archive, settings, every=True, progress=lambda *_: None)
        assert again.texts == 1
        assert not again.faults
