"""Sketches of texts: the smallest hashes of their runs of words, by which near-identical texts are found.

A bottom-k sketch (Broder 1997, MinHash with a single hash function): the share of hashes that two texts have in
common among the smallest of both estimates the Jaccard similarity of their runs of words, with an error of about
0.03. It is kept by the file's SHA-256 beside the texts and may be deleted at any time.
"""

import heapq
import re
import sqlite3
from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32

from casereviews.archive.faults import catalogue_errors, storage_errors
from casereviews.errors import DamagedError

SKETCH_VERSION = 1
"""Moves whenever the same text would give another sketch."""
SIZE = 256
"""Hashes kept of a text."""
RUN = 5
"""Words of a run."""
FEWEST_WORDS = 200
"""A shorter text, such as a form or a cover page, is too little to be told by."""

Sketch = tuple[int, ...]
"""The smallest hashes, ascending; empty for a text that is too short."""

_WORD = re.compile(r"[^\W_]+")


def sketch(pages: Iterable[str]) -> Sketch:
    """The sketch of a text."""
    words = [word.encode() for page in pages for word in _WORD.findall(page.casefold())]
    if len(words) < FEWEST_WORDS:
        return ()
    runs = {b" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    # The multiplication scatters what a CRC leaves regular; it is a permutation of 32 bits.
    hashes = {crc32(run) * 0x9E3779B1 & 0xFFFFFFFF for run in runs}
    return tuple(heapq.nsmallest(SIZE, hashes))


def similarity(one: Sketch, other: Sketch) -> float:
    """The estimated share, from 0 to 1, of runs of words that two texts have in common."""
    smallest = set(heapq.nsmallest(SIZE, {*one, *other}))
    return len(smallest & set(one) & set(other)) / len(smallest) if one and other else 0.0


class Sketches:
    """Sketches by file; a context manager. A damaged store is begun anew: it can be made again from the texts."""

    def __init__(self, folder: Path, version: str) -> None:
        self.path = folder / "sketches.sqlite3"
        self._version = f"{version}/{SKETCH_VERSION}"
        with storage_errors(self.path):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._db = self._open()
        except DamagedError:
            for leftover in folder.glob(f"{self.path.name}*"):
                leftover.unlink()
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        with storage_errors(self.path), catalogue_errors(self.path):
            db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(
                "CREATE TABLE IF NOT EXISTS sketch (sha256 TEXT NOT NULL, version TEXT NOT NULL, hashes BLOB NOT NULL,"
                " PRIMARY KEY (sha256, version)) WITHOUT ROWID"
            )
        return db

    def held(self) -> set[str]:
        """The SHA-256 of every file that has a sketch."""
        with storage_errors(self.path), catalogue_errors(self.path):
            return {row[0] for row in self._db.execute("SELECT sha256 FROM sketch WHERE version = ?", (self._version,))}

    def all(self) -> dict[str, Sketch]:
        """Every sketch by the SHA-256 of its file."""
        found = {}
        with storage_errors(self.path), catalogue_errors(self.path):
            for sha256, stored in self._db.execute(
                "SELECT sha256, hashes FROM sketch WHERE version = ?", (self._version,)
            ):
                hashes = array("I")
                hashes.frombytes(stored)
                found[sha256] = tuple(hashes)
        return found

    def forget(self, files: Iterable[str]) -> None:
        """Drop the sketches of files, leaving nothing of them in the store's own file."""
        with storage_errors(self.path), catalogue_errors(self.path):
            self._db.executemany("DELETE FROM sketch WHERE sha256 = ?", [(sha256,) for sha256 in files])
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def put(self, made: Iterable[tuple[str, Sketch]]) -> None:
        """Keep the sketches of files."""
        rows = [(sha256, self._version, array("I", each).tobytes()) for sha256, each in made]
        with storage_errors(self.path), catalogue_errors(self.path):
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO sketch VALUES (?, ?, ?)", rows)
            self._db.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
