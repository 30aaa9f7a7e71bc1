"""The SQLite catalogue: opening, schema steps, transactions and the change counter."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from casereviews.archive.faults import catalogue_errors, storage_errors
from casereviews.clock import utc
from casereviews.errors import DamagedError, UsageError

BUSY_SECONDS = 20
"""How long a transaction waits for another program's; runs themselves never overlap (the run lock)."""


def now() -> str:
    """The time in UTC to the second, as ISO 8601."""
    return utc().strftime("%Y-%m-%dT%H:%M:%SZ")


def schema_steps() -> list[str]:
    """The SQL that leads from an empty file to today's schema; step n makes version n + 1."""
    here = files("casereviews.archive")
    steps = [here.joinpath("schema.sql")]
    later = here.joinpath("migrations")
    if later.is_dir():
        steps += sorted((f for f in later.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [step.read_text(encoding="utf-8") for step in steps]


class Catalogue:
    """A connection to the catalogue, with what all its tables share."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self.path = path
        self.write = write
        with storage_errors(path), catalogue_errors(path):
            self.db = self._connect()
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA foreign_keys = ON")
            if write:
                self.db.execute("PRAGMA journal_mode = WAL")
                self.db.execute("PRAGMA synchronous = FULL")
            self._bring_up_to_date()

    def _connect(self) -> sqlite3.Connection:
        if self.write:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        if not self.path.is_file():
            raise UsageError(f"no archive at {self.path.parent}; run casereviews refresh, or check --data")
        uri = self.path.resolve().as_uri()
        try:
            db = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
            db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            # A read-only folder cannot hold the shared memory of WAL; nobody writes there either.
            db = sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
        return db

    def _bring_up_to_date(self) -> None:
        steps = schema_steps()
        found: int = self.db.execute("PRAGMA user_version").fetchone()[0]
        if found > len(steps):
            raise DamagedError(
                f"the archive {self.path.parent} was written by a newer casereviews (schema {found}, "
                f"this one knows {len(steps)}); upgrade casereviews"
            )
        if found == len(steps):
            return
        if not self.write:
            raise UsageError(f"the archive {self.path.parent} has an older schema; run casereviews refresh once")
        for number in range(found, len(steps)):
            # One transaction a step, so that a kill leaves one whole version or the other.
            self.db.executescript(f"BEGIN IMMEDIATE;\n{steps[number]}\nPRAGMA user_version = {number + 1};\nCOMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also across a kill; may be nested."""
        if self.db.in_transaction:
            yield
            return
        with storage_errors(self.path), catalogue_errors(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def meta(self, key: str) -> str | None:
        """A fact about the archive as a whole."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Note a fact about the archive as a whole."""
        with self.transaction():
            self.db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    @property
    def change(self) -> int:
        """A counter that moves with every change that the index must know of."""
        return int(self.meta("change") or 0)

    def moved(self) -> int:
        """Move the change counter on and return its new value."""
        value = self.change + 1
        self.set_meta("change", str(value))
        return value

    def check(self) -> None:
        """Read the whole catalogue; DamagedError when SQLite finds it broken."""
        with catalogue_errors(self.path):
            answer = self.db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if answer != "ok":
            raise DamagedError(f"the catalogue {self.path} is damaged: {answer}; restore it from a backup")

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()
