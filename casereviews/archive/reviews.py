"""Reviews, their documents and versions: what the sources list, and how it changed."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from casereviews.archive.captures import Captures
from casereviews.archive.catalogue import now
from casereviews.archive.rows import Capture, StoredReview
from casereviews.model import Document, Link, Review, Version

_TEXTS = (
    "title", "url", "type", "publisher", "area", "nation", "incident", "reported", "published", "updated",
    "reference", "summary", "licence", "withdrawn",
)  # fmt: skip
_LISTS = ("keywords", "addressees")


class Reviews(Captures):
    """What the sources say there is, and the files behind it."""

    def save_review(self, run: int, review: Review) -> str:
        """Note a review as its source gives it now: `new`, `changed`, `returned` or `unchanged`.

        Its links become documents. A document that left the page stays, as `missing`; one whose file merely
        moved (same title or file name at a new address) keeps its identity and so its versions.
        """
        values = _columns(review)
        state = "withdrawn" if review.withdrawn is not None else "present"
        with self.transaction():
            before = self.db.execute("SELECT * FROM review WHERE id = ?", (review.id,)).fetchone()
            if before is None:
                self._insert(run, review, values, state)
                self._save_links(review)
                self._event(run, review.id, "new")
                if state == "withdrawn":
                    self._event(run, review.id, "withdrawn", {"notice": review.withdrawn})
                return "new"
            changes: dict[str, Any] = {k: [before[k], v] for k, v in values.items() if before[k] != v}
            if links := self._save_links(review):
                changes["links"] = links
            back = before["state"] in ("missing", "gone") and state == "present"
            self.db.execute(
                "UPDATE review SET last_seen = ?, last_run = ?, missing_since = NULL, healthy_misses = 0 WHERE id = ?",
                (now(), run, review.id),
            )
            if not changes and not back and before["state"] in (state, "returned"):
                return "unchanged"
            new_state = "returned" if back else state
            assignments = "".join(f"{k} = ?, " for k in values)
            self.db.execute(
                f"UPDATE review SET {assignments} state = ?, revision = ? WHERE id = ?",  # noqa: S608
                (*values.values(), new_state, self.moved(), review.id),
            )
            if state == "withdrawn" != before["state"]:
                self._event(run, review.id, "withdrawn", {"notice": review.withdrawn})
            elif back:
                self._event(run, review.id, "returned")
            if changes:
                self._event(run, review.id, "changed", changes)
            return "returned" if back else "changed"

    def save_version(self, run: int, review_id: str, url: str, capture: Capture, media_type: str) -> str:
        """Note the file that `url` gives now: `new`, `replaced` or `unchanged`; older versions stay."""
        with self.transaction():
            document = self._document(review_id, url)
            before = self.db.execute(
                "SELECT sha256 FROM version WHERE document = ? ORDER BY id DESC LIMIT 1", (document,)
            ).fetchone()
            same = before is not None and before["sha256"] == capture.sha256
            cleared = self.db.execute(
                "UPDATE document SET failure = NULL WHERE id = ? AND failure IS NOT NULL", (document,)
            ).rowcount
            if not same:
                self.db.execute(
                    "INSERT INTO version (document, run, capture, captured_at, sha256, bytes, media_type, url) "
                    "VALUES (?, ?, ?, ?, ?, (SELECT max(bytes) FROM capture WHERE sha256 = ?), ?, ?)",
                    (document, run, capture.id, capture.captured_at, capture.sha256, capture.sha256, media_type,
                     capture.url),
                )  # fmt: skip
                files = {"url": url} if before is None else {"url": url, "before": before[0], "after": capture.sha256}
                self._event(run, review_id, "document" if before is None else "replaced", files)
            if not same or cleared:
                self._touch(review_id)
        return "unchanged" if same else "new" if before is None else "replaced"

    def fail_document(self, run: int, review_id: str, url: str, reason: str) -> None:
        """Note why `url` gave no file this time; versions that were archived stay."""
        with self.transaction():
            changed = self.db.execute(
                "UPDATE document SET failure = ? WHERE id = ? AND failure IS NOT ?",
                (reason, self._document(review_id, url), reason),
            ).rowcount
            if changed:
                self._event(run, review_id, "document-failed", {"url": url, "reason": reason})
                self._touch(review_id)

    def record_reading(self, sha256: str, extractor: str, state: str, reason: str | None, pages: int) -> None:
        """Note what became of a file when it was read, for the ledger and the digest."""
        with self.transaction():
            self.db.execute(
                "INSERT INTO reading VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET extractor = "
                "excluded.extractor, state = excluded.state, reason = excluded.reason, pages = excluded.pages",
                (sha256, extractor, state, reason, pages),
            )

    def reviews(self, source: str | None = None) -> Iterator[StoredReview]:
        """All reviews ever seen, by id."""
        where = " WHERE source = ?" if source else ""
        rows = self.db.execute(f"SELECT * FROM review{where} ORDER BY id", (source,) if source else ())  # noqa: S608
        for row in rows.fetchall():
            yield self._stored(row)

    def review(self, review_id: str) -> StoredReview | None:
        """One review by its id."""
        row = self.db.execute("SELECT * FROM review WHERE id = ?", (review_id,)).fetchone()
        return None if row is None else self._stored(row)

    def unseen(self, run: int, source: str) -> list[StoredReview]:
        """Reviews of `source` that this run has not met: to ask for one by one before they count as missing."""
        rows = self.db.execute("SELECT * FROM review WHERE source = ? AND last_run <> ? ORDER BY id", (source, run))
        return [self._stored(row) for row in rows.fetchall()]

    def documents(self, review_id: str) -> list[Document]:
        """A review's documents in its source's order, each with its newest version."""
        rows = self.db.execute(
            "SELECT d.*, v.sha256, v.bytes, v.media_type AS type, v.captured_at, v.url AS fetched FROM document d "
            "LEFT JOIN version v ON v.id = (SELECT max(id) FROM version WHERE document = d.id) "
            "WHERE d.review = ? ORDER BY d.position, d.id",
            (review_id,),
        )
        return [_document(row) for row in rows]

    def versions(self, document_id: int) -> list[Version]:
        """Every version of a document, oldest first."""
        rows = self.db.execute("SELECT * FROM version WHERE document = ? ORDER BY id", (document_id,))
        return [Version(r["sha256"], r["bytes"], r["media_type"], r["captured_at"], r["url"]) for r in rows]

    def _insert(self, run: int, review: Review, values: dict[str, Any], state: str) -> None:
        rest = {"id": review.id, "source": review.source, "key": review.key, "state": state, "first_seen": now(),
                "last_seen": now(), "last_run": run, "revision": self.moved()}  # fmt: skip
        row = values | rest
        marks = ", ".join("?" * len(row))
        self.db.execute(f"INSERT INTO review ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608

    def _save_links(self, review: Review) -> dict[str, list[str]]:
        """Bring the documents in step with the links; what changed, as added, moved and removed addresses."""
        rows = self.db.execute("SELECT * FROM document WHERE review = ?", (review.id,)).fetchall()
        known: dict[str, sqlite3.Row] = {row["url"]: row for row in rows}
        wanted = {link.url: link for link in review.links}
        left = [row for row in rows if row["url"] not in wanted and row["state"] == "present"]
        changes: dict[str, list[str]] = {}
        for position, link in enumerate(wanted.values()):
            values = (position, link.kind, link.title, link.media_type, "present")
            row = known.get(link.url)
            if row is None:
                row = next((r for r in left if _moved(r, link)), None)
                if row is not None:
                    left.remove(row)
                    changes.setdefault("moved", []).append(link.url)
                    self.db.execute("UPDATE document SET url = ? WHERE id = ?", (link.url, row["id"]))
            if row is None:
                changes.setdefault("added", []).append(link.url)
                self.db.execute(
                    "INSERT INTO document (review, url, position, kind, title, media_type, state) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (review.id, link.url, *values),
                )
            elif tuple(row[k] for k in ("position", "kind", "title", "media_type", "state")) != values:
                changes.setdefault("described", []).append(link.url)
                self.db.execute(
                    "UPDATE document SET position = ?, kind = ?, title = ?, media_type = ?, state = ? WHERE id = ?",
                    (*values, row["id"]),
                )
        for row in left:
            changes.setdefault("removed", []).append(row["url"])
            self.db.execute("UPDATE document SET state = 'missing' WHERE id = ?", (row["id"],))
        return changes

    def _document(self, review_id: str, url: str) -> int:
        row = self.db.execute("SELECT id FROM document WHERE review = ? AND url = ?", (review_id, url)).fetchone()
        if row is None:
            raise KeyError(f"{review_id} lists no document {url}")
        return int(row["id"])

    def _touch(self, review_id: str) -> None:
        self.db.execute("UPDATE review SET revision = ? WHERE id = ?", (self.moved(), review_id))

    def _event(self, run: int, review_id: str, kind: str, detail: dict[str, Any] | None = None) -> None:
        self.db.execute(
            "INSERT INTO event (run, at, review, kind, detail) VALUES (?, ?, ?, ?, ?)",
            (run, now(), review_id, kind, None if detail is None else json.dumps(detail, ensure_ascii=False)),
        )

    def _stored(self, row: sqlite3.Row) -> StoredReview:
        links = self.db.execute(
            "SELECT url, kind, title, media_type FROM document WHERE review = ? AND state = 'present' "
            "ORDER BY position, id",
            (row["id"],),
        )
        values: dict[str, Any] = {k: row[k] for k in ("source", "key", *_TEXTS)}
        values |= {k: tuple(json.loads(row[k])) for k in _LISTS}
        review = Review(**values, links=tuple(Link(*link) for link in links))
        return StoredReview(review, row["state"], row["first_seen"], row["last_seen"], row["revision"])


def _columns(review: Review) -> dict[str, Any]:
    texts = {name: getattr(review, name) for name in _TEXTS}
    return texts | {name: json.dumps(getattr(review, name), ensure_ascii=False) for name in _LISTS}


def _moved(row: sqlite3.Row, link: Link) -> bool:
    """Whether a new link is the document of `row` at another address."""
    if row["kind"] != link.kind:
        return False
    if row["title"] and link.title:
        return bool(row["title"].casefold() == link.title.casefold())
    return _file_name(row["url"]) == _file_name(link.url) != ""


def _file_name(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name.casefold()


def _document(row: sqlite3.Row) -> Document:
    version = (
        None
        if row["sha256"] is None
        else Version(row["sha256"], row["bytes"], row["type"], row["captured_at"], row["fetched"])
    )
    return Document(
        id=row["id"],
        review=row["review"],
        url=row["url"],
        kind=row["kind"],
        title=row["title"],
        media_type=row["media_type"],
        version=version,
        state=row["state"],
        failure=row["failure"],
    )
