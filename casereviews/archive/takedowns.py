"""Takedowns: a review and all that is its own leaves the archive; a tombstone without title or text stays.

One transaction forgets and notes what is never to be gathered again, by hash alone, since an id or an address may
hold a name. What follows (files, caches, index) may be killed at any point and is taken up by the next run.
"""

import json
import sqlite3
from collections.abc import Iterable
from urllib.parse import urlsplit

from casereviews.archive.blocked import hashed
from casereviews.archive.catalogue import now
from casereviews.archive.faults import catalogue_errors, storage_errors
from casereviews.archive.mentions import mentions, needles
from casereviews.archive.rows import Takedown
from casereviews.archive.saved import Saved
from casereviews.errors import DamagedError, UsageError

TAKEN_DOWN = "was taken down on request and is not gathered again"


class Takedowns(Saved):
    """Forgetting for good."""

    def forget(self, review_id: str, reason: str) -> Takedown:
        """Take a review out of the catalogue; its files go with `erase_files`. UsageError for an unknown review.

        A file that other reviews hold too leaves them as well: they are named in the result.
        """
        stored = self.review(review_id)
        if stored is None:
            raise UsageError(f"no review {review_id!r} in the archive")
        documents = self._addresses(review_id)
        versions = "SELECT v.sha256 FROM version v JOIN document d ON d.id = v.document WHERE d.review = ?"
        files = {row[0] for row in self.db.execute(versions, (review_id,))}
        shared = self.db.execute("SELECT 1 FROM review WHERE url = ? AND id <> ?", (stored.review.url, review_id))
        addresses = documents if shared.fetchone() else documents | {stored.review.url}
        paths = [urlsplit(each).path for each in addresses]
        wanted = needles([stored.review.title, stored.review.key, review_id, *addresses, *paths])
        with self.transaction():
            takedown = self.db.execute(
                "INSERT INTO takedown (source, reason, at, files) VALUES (?, ?, ?, ?) RETURNING *",
                (stored.review.source, reason, now(), len(files)),
            ).fetchone()
            self._block(takedown["id"], "review", [review_id])
            self._block(takedown["id"], "url", addresses)
            self._block(takedown["id"], "file", files)
            others = self._take_from_others(review_id, files)
            self._delete_review(review_id)
            self.db.executemany("DELETE FROM reading WHERE sha256 = ?", [(each,) for each in files])
            pages = self._drop_captures(addresses, files, wanted)
            self._block(takedown["id"], "page", pages - files)
            self._clear_messages(wanted)
            self.moved()
        return _takedown(takedown, tuple(others))

    def takedowns(self, *, unfinished: bool = False) -> list[Takedown]:
        """Every takedown, or those that something still holds parts of."""
        where = " WHERE finished IS NULL" if unfinished else ""
        return [_takedown(row) for row in self.db.execute(f"SELECT * FROM takedown{where} ORDER BY id")]  # noqa: S608

    def erase_files(self, takedown: Takedown) -> frozenset[str]:
        """Delete what a takedown names from the disk, the catalogue's own leftovers included; the hashes of it."""
        rows = self.db.execute(
            "SELECT hash FROM takedown_hash WHERE takedown = ? AND kind IN ('file', 'page')", (takedown.id,)
        )
        hashes = frozenset(row[0] for row in rows)
        for each in hashes:
            path = self.blob_path(each)
            with storage_errors(path):
                path.unlink(missing_ok=True)
        self.scrub()
        return hashes

    def scrub(self) -> None:
        """Write the catalogue anew, so that nothing that was deleted is left in its file or its log."""
        with storage_errors(self.path), catalogue_errors(self.path):
            self.db.execute("PRAGMA secure_delete = ON")
            self.db.execute("VACUUM")
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def finish_takedown(self, takedown: Takedown) -> None:
        """Note that nothing holds any part of it any more."""
        with self.transaction():
            self.db.execute("UPDATE takedown SET finished = ? WHERE id = ?", (now(), takedown.id))

    def drop_body(self, capture: int) -> None:
        """Do not keep the body of a page that still names what was taken down."""
        with self.transaction():
            row = self.db.execute("SELECT sha256 FROM capture WHERE id = ?", (capture,)).fetchone()
            if row is None or row["sha256"] is None:
                return
            if self.db.execute("SELECT 1 FROM version WHERE sha256 = ?", (row["sha256"],)).fetchone():
                return  # it is the document of another review
            self.db.execute(
                "UPDATE capture SET sha256 = NULL, etag = NULL, last_modified = NULL, error = ? WHERE sha256 = ?",
                ("not kept: it names what was taken down", row["sha256"]),
            )
        path = self.blob_path(row["sha256"])
        with storage_errors(path):
            path.unlink(missing_ok=True)

    def _addresses(self, review_id: str) -> set[str]:
        """The addresses of a review's documents, those behind redirects included."""
        rows = self.db.execute(
            "SELECT d.url, v.url FROM document d LEFT JOIN version v ON v.document = d.id WHERE d.review = ?",
            (review_id,),
        )
        return {url for row in rows for url in row if url}

    def _block(self, takedown: int, kind: str, values: Iterable[str]) -> None:
        rows = [(kind, hashed(kind, value), takedown) for value in values]
        self.db.executemany("INSERT OR REPLACE INTO takedown_hash VALUES (?, ?, ?)", rows)

    def _take_from_others(self, review_id: str, files: set[str]) -> list[str]:
        """The reviews that held one of the files too, and hold it no more."""
        found = set()
        for each in files:
            rows = self.db.execute(
                "SELECT v.id, d.id AS document, d.review FROM version v JOIN document d ON d.id = v.document "
                "WHERE v.sha256 = ? AND d.review <> ?",
                (each, review_id),
            ).fetchall()
            for row in rows:
                found.add(row["review"])
                self.db.execute("DELETE FROM version WHERE id = ?", (row["id"],))
                self.db.execute("UPDATE document SET failure = ? WHERE id = ?", (TAKEN_DOWN, row["document"]))
                self._touch(row["review"])
        return sorted(found)

    def _delete_review(self, review_id: str) -> None:
        documents = "(SELECT id FROM document WHERE review = ?)"
        for query in (
            f"DELETE FROM version WHERE document IN {documents}",  # noqa: S608
            "DELETE FROM document WHERE review = ?",
            "DELETE FROM event WHERE review = ?",
            "DELETE FROM saved_hit WHERE review = ?",
            "DELETE FROM link WHERE ? IN (first, second)",
            "DELETE FROM review WHERE id = ?",
        ):
            self.db.execute(query, (review_id,))

    def _drop_captures(self, addresses: set[str], files: set[str], wanted: frozenset[bytes]) -> set[str]:
        """Delete every capture of the addresses and files, and of any page that names the review; the hashes."""
        named = {each.decode() for each in wanted}
        pages: set[str] = set()
        kept = {row[0] for row in self.db.execute("SELECT DISTINCT sha256 FROM version")}
        for row in self.db.execute("SELECT DISTINCT sha256 FROM capture WHERE sha256 NOT NULL").fetchall():
            if row[0] not in kept and row[0] not in files and self._names(row[0], wanted):
                pages.add(row[0])
        for row in self.db.execute("SELECT id, url, redirected_from, headers, sha256 FROM capture").fetchall():
            texts = (row["url"], row["redirected_from"] or "", row["headers"])
            ours = row["url"] in addresses or row["sha256"] in files | pages
            if ours or any(each in text for each in named for text in texts):
                if row["sha256"] is not None and row["sha256"] not in kept:
                    pages.add(row["sha256"])
                self.db.execute(
                    "DELETE FROM capture WHERE id = ? AND id NOT IN (SELECT capture FROM version)", (row["id"],)
                )
        return pages

    def _names(self, page: str, wanted: frozenset[bytes]) -> bool:
        try:
            return mentions(self.read_blob(page), wanted)
        except DamagedError:
            return False  # what cannot be read names nobody; the next refresh fetches it again

    def _clear_messages(self, wanted: frozenset[bytes]) -> None:
        """Leave out the messages of runs that name the review."""
        for row in self.db.execute("SELECT run, source, errors FROM source_run").fetchall():
            told = json.loads(row["errors"])
            kept = [each for each in told if not mentions(each.encode(), wanted)]
            if kept != told:
                self.db.execute(
                    "UPDATE source_run SET errors = ? WHERE run = ? AND source = ?",
                    (json.dumps(kept), row["run"], row["source"]),
                )


def _takedown(row: sqlite3.Row, others: tuple[str, ...] = ()) -> Takedown:
    return Takedown(**dict(row), others=others)
