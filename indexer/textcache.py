"""Text that was read, kept by the file's SHA-256 and the extractor's version: no file is read twice.

What OCR read of a file is kept beside what was read without it. A SQLite file that may be deleted at any
time; what is in it can be made again from the archive.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from casereviews.archive.faults import catalogue_errors, storage_errors
from casereviews.errors import DamagedError
from casereviews.model import Heading, Page
from indexer.extract import EXTRACTOR_VERSION, Extraction

_SCHEMA = """
CREATE TABLE IF NOT EXISTS text (
    sha256 TEXT NOT NULL, extractor TEXT NOT NULL, extraction BLOB NOT NULL, PRIMARY KEY (sha256, extractor)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scanned (
    sha256 TEXT NOT NULL, extractor TEXT NOT NULL, pages INTEGER NOT NULL, read INTEGER NOT NULL,
    PRIMARY KEY (sha256, extractor)
) WITHOUT ROWID
"""


class TextCache:
    """Extractions by file; a context manager. A damaged cache is begun anew: it holds nothing of its own.

    With `ocr`, what OCR read of a file is given where there is such a reading.
    """

    def __init__(self, folder: Path, *, ocr: bool = False) -> None:
        self.path = folder / "text.sqlite3"
        self._plain, self._ocr = EXTRACTOR_VERSION, f"{EXTRACTOR_VERSION}+ocr"
        self._with_ocr = ocr
        with storage_errors(self.path):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._db = self._open()
        except DamagedError:
            for leftover in folder.glob("text.sqlite3*"):
                leftover.unlink()
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        with storage_errors(self.path), catalogue_errors(self.path):
            db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_SCHEMA)
        return db

    def holds(self, sha256: str) -> bool:
        """Whether a file has been read by this version of the extractor."""
        row = self._db.execute("SELECT 1 FROM text WHERE sha256 = ? AND extractor = ?", (sha256, self._plain))
        return row.fetchone() is not None

    def get(self, sha256: str) -> Extraction | None:
        """What was read of a file, or None when it was not, or the stored text is damaged."""
        row = self._db.execute(
            "SELECT extraction FROM text WHERE sha256 = ? AND extractor IN (?, ?) ORDER BY length(extractor) DESC",
            (sha256, self._plain, self._ocr if self._with_ocr else None),
        ).fetchone()
        if row is None:
            return None
        try:
            return _loaded(json.loads(zlib.decompress(row[0])))
        except (zlib.error, ValueError, KeyError, TypeError):
            return None

    def put(self, sha256: str, extraction: Extraction, *, ocr: bool = False) -> None:
        """Keep what was read of a file, without OCR or with it."""
        packed = zlib.compress(json.dumps(asdict(extraction), ensure_ascii=False).encode(), 6)
        with storage_errors(self.path), catalogue_errors(self.path):
            row = (sha256, self._ocr if ocr else self._plain, packed)
            self._db.execute("INSERT OR REPLACE INTO text VALUES (?, ?, ?)", row)
            if ocr:
                self._db.execute(
                    "UPDATE scanned SET read = 1 WHERE sha256 = ? AND extractor = ?", (sha256, self._plain)
                )
            elif extraction.scans:
                scanned = (sha256, self._plain, len(extraction.scans))
                self._db.execute("INSERT OR REPLACE INTO scanned VALUES (?, ?, ?, 0)", scanned)

    def forget(self, files: Iterable[str]) -> None:
        """Drop what was read of files, leaving nothing of it in the cache's own file."""
        rows = [(sha256,) for sha256 in files]
        with storage_errors(self.path), catalogue_errors(self.path):
            for table in ("text", "scanned"):
                self._db.executemany(f"DELETE FROM {table} WHERE sha256 = ?", rows)  # noqa: S608
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def scanned(self) -> dict[str, int]:
        """How many scanned pages each file has that was read without OCR only."""
        query = "SELECT sha256, pages FROM scanned WHERE extractor = ? AND NOT read"
        return dict(self._db.execute(query, (self._plain,)))

    def recognised(self) -> frozenset[str]:
        """The files of which a reading by OCR is given."""
        if not self._with_ocr:
            return frozenset()
        rows = self._db.execute("SELECT sha256 FROM scanned WHERE extractor = ? AND read", (self._plain,))
        return frozenset(sha256 for (sha256,) in rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()


def _loaded(values: dict[str, object]) -> Extraction:
    pages = values.pop("pages")
    assert isinstance(pages, list)
    return Extraction(pages=tuple(_page(page) for page in pages), **_tuples(values))  # type: ignore[arg-type]


def _page(values: dict[str, object]) -> Page:
    headings = values.pop("headings")
    assert isinstance(headings, list)
    return Page(headings=tuple(Heading(**h) for h in headings), **_tuples(values))  # type: ignore[arg-type]


def _tuples(values: dict[str, object]) -> dict[str, object]:
    """JSON has lists where the model has tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
