"""What the operating system and SQLite say, as one clear line with the right exit code."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casereviews.errors import DamagedError, LockedError, StorageError

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EIO}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn a full, read-only or failing disk into a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        if error.errno in _STORAGE:
            raise StorageError(f"cannot use {path}: {error.strerror}; free space or check its permissions") from error
        raise


@contextmanager
def catalogue_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CANTOPEN,
        ):
            raise StorageError(f"cannot use {path}: {error}; free space or check its permissions") from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LockedError(f"another program holds {path}: {error}; close it and try again") from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA):
            raise DamagedError(f"the catalogue {path} is damaged: {error}; restore it from a backup") from error
        raise
