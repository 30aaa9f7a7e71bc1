"""The page store, `index/pages.sqlite3`: what the index holds beside the engine's own files.

Records, their documents and page texts, facts to filter and count by, the words there are, the ledger, and
which of the engine's files belong to this generation. A commit is one transaction here, so a reader sees a
whole generation or the one before it.
"""

import json
import os
import sqlite3
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casereviews.errors import DamagedError, LockedError, NoIndexError, OutdatedError, StorageError

STORE = "pages.sqlite3"
FORMAT = 5
"""Moves on whenever an index must be rebuilt to be understood."""

APPLICATION_ID = 0x43525658
PAGE_BITS = 20
"""A page's id is its record's number shifted by this, and its place in the record."""

BUSY_SECONDS = 5.0
"""How long a writer waits for another one."""

REBUILD = "run: casereviews index --rebuild"
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the system say about the index folder into our own errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LockedError(f"the search index in {folder} is being written; try again later") from error
        if code in _FULL:
            raise StorageError(f"cannot use the search index in {folder}: {error}") from error
        raise DamagedError(f"the search index in {folder} is damaged ({error}); {REBUILD}") from error
    except zlib.error as error:
        raise DamagedError(f"the search index in {folder} is damaged ({error}); {REBUILD}") from error
    except OSError as error:
        raise StorageError(f"cannot use the search index in {folder}: {error.strerror or error}") from error


def connect(folder: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open the store of an index folder.

    NoIndexError where there is none, OutdatedError if it is of an older format, DamagedError if it is not ours.
    """
    path = folder / STORE
    if not path.exists():
        raise NoIndexError(f"there is no search index in {folder} yet; run: casereviews refresh")
    refuse_foreign(path)
    connection = _open(path, "rw" if write else "ro")
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        found = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if found == APPLICATION_ID and version == FORMAT:
        return connection
    connection.close()
    if found != APPLICATION_ID:
        raise DamagedError(f"{path} is no search index of this program; {REBUILD}")
    if version > FORMAT:
        raise DamagedError(f"the search index in {folder} was built by a newer version of this program; {REBUILD}")
    raise OutdatedError(
        f"the search index in {folder} was built by an older version of this program; run: casereviews index"
    )


def _open(path: Path, mode: str) -> sqlite3.Connection:
    def opened(options: str) -> sqlite3.Connection:
        uri = f"{path.resolve().as_uri()}?{options}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    try:
        return opened(f"mode={mode}")
    except sqlite3.OperationalError:
        if mode == "rw" or os.access(path.parent, os.W_OK):
            raise
        return opened("mode=ro&immutable=1")  # a folder that cannot be written: nobody else writes it either


def refuse_foreign(path: Path) -> None:
    """DamagedError for a file that belongs to somebody else: an index is opened by who wrote it."""
    if sys.platform != "win32" and path.lstat().st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        raise DamagedError(f"{path} belongs to another user and is not opened; {REBUILD}")


def create(folder: Path) -> None:
    """Make an empty store; it appears whole or not at all."""
    path = folder / STORE
    draft = folder / f"{STORE}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    draft.replace(path)


def read_state(connection: sqlite3.Connection, table: str = "state") -> dict[str, Any]:
    """The values of the `state` or the `ledger` table."""
    return {key: json.loads(value) for key, value in connection.execute(f"SELECT key, value FROM {table}")}  # noqa: S608


def write_state(connection: sqlite3.Connection, values: dict[str, Any], table: str = "state") -> None:
    """Set values of the `state` or the `ledger` table."""
    connection.executemany(
        f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608
        [(key, json.dumps(value)) for key, value in values.items()],
    )


def pack_text(text: str) -> bytes:
    """A page's text as it is stored; the checksum within tells a damaged one."""
    return zlib.compress(text.encode("utf-8", "replace"), 3)


def unpack_text(stored: bytes) -> str:
    """A stored page's text."""
    return zlib.decompress(stored).decode()


def pack_starts(starts: Sequence[int]) -> bytes:
    """The position at which each page starts, the description's first."""
    return array("I", starts).tobytes()


def unpack_starts(stored: bytes) -> "array[int]":
    """What `pack_starts` packed."""
    starts = array("I")
    starts.frombytes(stored)
    return starts


def page_id(record: int, place: int) -> int:
    """The id of a record's page by its place."""
    return record << PAGE_BITS | place
