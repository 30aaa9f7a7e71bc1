"""Runs and captures: what was asked of the web, when, and what came back."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from casereviews.archive.blobs import Blobs
from casereviews.archive.blocked import Blocked
from casereviews.archive.catalogue import now
from casereviews.archive.rows import Capture, Run
from casereviews.clock import utc

RESUME_WITHIN = timedelta(hours=24)
"""A killed run that began longer ago is closed as interrupted instead of resumed: its listings are stale."""

KEPT_HEADERS = (
    "content-type", "content-length", "content-disposition", "content-encoding", "date", "etag",
    "last-modified", "location", "link", "retry-after", "cache-control", "server", "x-wp-total", "x-wp-totalpages",
)  # fmt: skip
"""Response headers that matter later; the rest, cookies included, is not kept."""

GOOD = (200, 301, 302, 303, 304, 307, 308)


class Captures(Blocked):
    """The part of the archive that crawlers write first: every attempt, with its body."""

    blobs: Blobs

    def begin_run(self, sources: Sequence[str], *, program: str) -> Run:
        """Start a run, or go on with one of the same sources that was killed less than a day ago."""
        wanted = json.dumps(sorted(sources))
        with self.transaction():
            for row in self.db.execute("SELECT * FROM run WHERE finished IS NULL ORDER BY id DESC").fetchall():
                age = abs(utc() - datetime.fromisoformat(row["started"]))
                if row["sources"] == wanted and row["program"] == program and age < RESUME_WITHIN:
                    return replace(_run(row), resumed=True)
                self.end_run(row["id"], "interrupted")
            run = self.db.execute(
                "INSERT INTO run (started, program, sources) VALUES (?, ?, ?) RETURNING *",
                (now(), program, wanted),
            ).fetchone()
        return _run(run)

    def end_run(self, run: int, verdict: str) -> None:
        """Close a run with its verdict."""
        with self.transaction():
            self.db.execute("UPDATE run SET finished = ?, verdict = ? WHERE id = ?", (now(), verdict, run))

    def runs(self, limit: int = 20) -> list[Run]:
        """The newest runs first."""
        rows = self.db.execute("SELECT * FROM run ORDER BY id DESC LIMIT ?", (limit,))
        return [_run(row) for row in rows]

    def run(self, run: int) -> Run | None:
        """One run."""
        row = self.db.execute("SELECT * FROM run WHERE id = ?", (run,)).fetchone()
        return None if row is None else _run(row)

    def add_capture(
        self,
        run: int,
        source: str,
        url: str,
        *,
        status: int | None,
        headers: Mapping[str, str],
        body: bytes | None,
        redirected_from: str | None = None,
        error: str | None = None,
    ) -> Capture:
        """Note one attempt; the body is on disk before the row that names it.

        A body that was taken down is not kept. A 304 takes the hash of the body that it confirms. Header names are
        compared without case.
        """
        if body is not None and self.is_blocked("file", hashlib.sha256(body).hexdigest()):
            body, error = None, "was taken down on request"
        kept = {name.lower(): value for name, value in headers.items() if name.lower() in KEPT_HEADERS}
        sha256 = self.blobs.put(body) if body is not None else None
        if status == 304:
            before = self.latest(url)
            sha256 = before.sha256 if before else None
        with self.transaction():
            row = self.db.execute(
                "INSERT INTO capture (run, source, url, redirected_from, captured_at, status, headers, etag, "
                "last_modified, sha256, bytes, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (run, source, url, redirected_from, now(), status, json.dumps(kept), kept.get("etag"),
                 kept.get("last-modified"), sha256, len(body or b""), error),
            ).fetchone()  # fmt: skip
        return _capture(row)

    def captured_in(self, run: int, url: str) -> Capture | None:
        """The newest good capture of `url` in this run: a resumed run replays it instead of asking again."""
        row = self.db.execute(
            f"SELECT * FROM capture WHERE run = ? AND url = ? AND error IS NULL AND status IN {GOOD} "  # noqa: S608
            "ORDER BY id DESC LIMIT 1",
            (run, url),
        ).fetchone()
        return None if row is None else _capture(row)

    def latest(self, url: str) -> Capture | None:
        """The newest capture of `url` that brought a body with status 200: for validators and replay."""
        row = self.db.execute(
            "SELECT * FROM capture WHERE url = ? AND status = 200 AND error IS NULL AND sha256 IS NOT NULL "
            "ORDER BY id DESC LIMIT 1",
            (url,),
        ).fetchone()
        return None if row is None else _capture(row)

    def answer(self, url: str) -> Capture | None:
        """The newest answer of `url`, or of where it redirects to, that brought a body; an error's only without any."""
        for column in ("url", "redirected_from"):
            row = self.db.execute(
                f"SELECT * FROM capture WHERE {column} = ? AND (status = 200 OR status >= 400) AND error IS NULL "  # noqa: S608
                "AND sha256 IS NOT NULL ORDER BY status = 200 DESC, id DESC LIMIT 1",
                (url,),
            ).fetchone()
            if row is not None:
                return _capture(row)
        return None

    def captures(self, source: str | None = None) -> Iterator[Capture]:
        """Every capture (of one source), oldest first, as they are at the moment of the first."""
        where = " WHERE source = ?" if source else ""
        rows = self.db.execute(f"SELECT * FROM capture{where} ORDER BY id", (source,) if source else ())  # noqa: S608
        for row in rows:
            yield _capture(row)

    def body(self, capture: Capture) -> bytes:
        """The captured body; DamagedError when it is not what was stored."""
        return self.read_blob(capture.sha256 or "")

    def read_blob(self, sha256: str) -> bytes:
        """A stored body by its hash; DamagedError when it is not what was stored."""
        return self.blobs.read(sha256)

    def holds(self, sha256: str) -> bool:
        """Whether a stored body is there, unread."""
        return self.blobs.path(sha256).is_file()

    def blob_path(self, sha256: str) -> Path:
        """Where a stored body is, for a worker that reads it."""
        return self.blobs.path(sha256)


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        started=row["started"],
        finished=row["finished"],
        verdict=row["verdict"],
        program=row["program"],
        sources=tuple(json.loads(row["sources"])),
    )


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{**dict(row), "headers": json.loads(row["headers"])})
