"""The end of a source's run, and the digest: what is new, changed, missing, gone or back."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casereviews.archive.catalogue import now
from casereviews.archive.rows import DocumentCounts, SourceResult
from casereviews.archive.takedowns import Takedowns
from casereviews.clock import utc

GONE_AFTER = timedelta(days=14)
GONE_HEALTHY_RUNS = 3
"""A review is gone when it stayed missing this long while this many runs of its source were healthy."""

_LISTED = ("new", "changed", "resaved", "missing", "gone", "returned", "withdrawn")
_KINDS = {"replaced": "changed", "document": "changed"}


class Digest(Takedowns):
    """Verdicts and what they let the archive conclude."""

    def finish_source(self, run: int, result: SourceResult) -> SourceResult:
        """Note a source's verdict; only `ok` lets reviews that it no longer lists become missing, then gone.

        A run without a network proves nothing of the kind.
        Returns `result` with its lists of review ids filled in.
        """
        with self.transaction():
            if result.verdict == "ok" and result.whole and not self._offline(run):
                self._mark_missing(run, result.source)
            d = result.documents
            self.db.execute(
                "INSERT OR REPLACE INTO source_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (run, result.source, result.verdict, now(), result.found, result.expected, result.requests,
                 result.not_modified, result.bytes, d.fetched, d.unchanged, d.failed, json.dumps(result.errors),
                 result.whole),
            )  # fmt: skip
            self.moved()
        return self._with_ids(result, run, run)

    def withdraw(self, run: int, review_id: str, notice: str) -> None:
        """The source itself says that it took the review down: withdrawn at once, kept here with what it says."""
        with self.transaction():
            row = self.db.execute("SELECT state FROM review WHERE id = ?", (review_id,)).fetchone()
            if row is None:
                return
            self.db.execute("UPDATE review SET last_run = ?, withdrawn = ? WHERE id = ?", (run, notice, review_id))
            if row["state"] != "withdrawn":
                self._set_state(run, review_id, "withdrawn", {"notice": notice})

    def source_results(self, run: int) -> list[SourceResult]:
        """What each source gave in one run, by name."""
        rows = self.db.execute("SELECT * FROM source_run WHERE run = ? ORDER BY source", (run,)).fetchall()
        return [self._with_ids(_result(row), run, run) for row in rows]

    def last_result(self, source: str) -> SourceResult | None:
        """What a source gave when it last ran."""
        row = self.db.execute(
            "SELECT * FROM source_run WHERE source = ? ORDER BY run DESC LIMIT 1", (source,)
        ).fetchone()
        return None if row is None else self._with_ids(_result(row), row["run"], row["run"])

    def sources_run(self) -> list[str]:
        """Every source that ever ended a run, by name."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT source FROM source_run ORDER BY source")]

    def last_success(self, source: str) -> str | None:
        """When a source was last asked and gave all that it promises, in UTC."""
        row = self.db.execute(
            "SELECT max(s.finished) FROM source_run s JOIN run r ON r.id = s.run "
            "WHERE s.source = ? AND s.verdict = 'ok' AND r.program NOT LIKE '% offline'",
            (source,),
        ).fetchone()
        return None if row[0] is None else str(row[0])

    def last_found(self, source: str) -> int | None:
        """How many reviews the last healthy run of a source found."""
        row = self.db.execute(
            "SELECT found FROM source_run WHERE source = ? AND verdict = 'ok' ORDER BY run DESC LIMIT 1",
            (source,),
        ).fetchone()
        return None if row is None else int(row[0])

    def digest(self, since_run: int | None = None, since: str | None = None) -> dict[str, Any]:
        """The JSON of `refresh` and `changes`: the newest run, or all from run `since_run` or date `since` on."""
        rows = self.db.execute("SELECT * FROM run ORDER BY id DESC").fetchall()
        if since_run is not None:
            rows = [row for row in rows if row["id"] >= since_run]
        elif since is not None:
            rows = [row for row in rows if row["started"] >= since]
        else:
            rows = rows[:1]
        if not rows:
            return {"run": None, "started": None, "finished": None, "verdict": None, "sources": [], "themes": [],
                    "saved": []}  # fmt: skip
        newest, oldest = rows[0], rows[-1]
        return {
            "run": newest["id"],
            "started": oldest["started"],
            "finished": newest["finished"],
            "verdict": newest["verdict"],
            "sources": [r.to_dict() for r in self._span(oldest["id"], newest["id"])],
            "themes": self.themes_moved(oldest["id"], newest["id"]),
            "saved": self.told(oldest["id"], newest["id"]),
        }

    def _span(self, first: int, last: int) -> list[SourceResult]:
        """One result a source for a span of runs: the last verdict, the sums, all events."""
        results: dict[str, SourceResult] = {}
        rows = self.db.execute("SELECT * FROM source_run WHERE run BETWEEN ? AND ? ORDER BY run", (first, last))
        for row in rows.fetchall():
            now_, before = _result(row), results.get(row["source"])
            if before is not None:
                d, b = now_.documents, before.documents
                now_ = replace(
                    now_,
                    requests=now_.requests + before.requests,
                    not_modified=now_.not_modified + before.not_modified,
                    bytes=now_.bytes + before.bytes,
                    documents=DocumentCounts(d.fetched + b.fetched, d.unchanged + b.unchanged, d.failed),
                )
            results[row["source"]] = now_
        return [self._with_ids(results[name], first, last) for name in sorted(results)]

    def _offline(self, run: int) -> bool:
        row = self.db.execute("SELECT program FROM run WHERE id = ?", (run,)).fetchone()
        return bool(row["program"].endswith(" offline"))

    def _mark_missing(self, run: int, source: str) -> None:
        rows = self.db.execute(
            "SELECT id, state, missing_since, healthy_misses FROM review "
            "WHERE source = ? AND last_run <> ? AND state NOT IN ('gone', 'withdrawn')",
            (source, run),
        ).fetchall()
        for row in rows:
            since = row["missing_since"] or now()
            misses = row["healthy_misses"] + 1
            self.db.execute(
                "UPDATE review SET missing_since = ?, healthy_misses = ? WHERE id = ?",
                (since, misses, row["id"]),
            )
            long = utc() - datetime.fromisoformat(since) >= GONE_AFTER
            if long and misses >= GONE_HEALTHY_RUNS:
                self._set_state(run, row["id"], "gone", {"missing_since": since})
            elif row["state"] != "missing":
                self._set_state(run, row["id"], "missing", None)

    def _set_state(self, run: int, review_id: str, state: str, detail: dict[str, Any] | None) -> None:
        self.db.execute("UPDATE review SET state = ?, revision = ? WHERE id = ?", (state, self.moved(), review_id))
        self._event(run, review_id, state, detail)

    def _with_ids(self, result: SourceResult, first: int, last: int) -> SourceResult:
        rows = self.db.execute(
            "SELECT DISTINCT CASE WHEN e.kind = 'replaced' AND json_extract(e.detail, '$.same_text') THEN 'resaved' "
            "ELSE e.kind END AS kind, e.review FROM event e JOIN review r ON r.id = e.review "
            "WHERE e.run BETWEEN ? AND ? AND r.source = ? ORDER BY e.review",
            (first, last, result.source),
        ).fetchall()
        ids: dict[str, set[str]] = {kind: set() for kind in _LISTED}
        for row in rows:
            if (kind := _KINDS.get(row["kind"], row["kind"])) in ids:
                ids[kind].add(row["review"])
        ids["changed"] -= ids["new"]
        ids["resaved"] -= ids["changed"] | ids["new"]
        counts = replace(result.documents, without_text=self._without_text(result.source, first, last))
        lists: dict[str, Any] = {kind: tuple(sorted(found)) for kind, found in ids.items()}
        return replace(result, documents=counts, replaced=self.replaced(result.source, first, last), **lists)

    def _without_text(self, source: str, first: int, last: int) -> int:
        """Files that came in these runs and hold no text that could be read."""
        row = self.db.execute(
            "SELECT count(DISTINCT v.document) FROM version v JOIN document d ON d.id = v.document "
            "JOIN review r ON r.id = d.review JOIN reading x ON x.sha256 = v.sha256 "
            "WHERE v.run BETWEEN ? AND ? AND r.source = ? AND x.state = 'without_text'",
            (first, last, source),
        ).fetchone()
        return int(row[0])


def _result(row: sqlite3.Row) -> SourceResult:
    return SourceResult(
        source=row["source"],
        verdict=row["verdict"],
        found=row["found"],
        expected=row["expected"],
        requests=row["requests"],
        not_modified=row["not_modified"],
        bytes=row["bytes"],
        documents=DocumentCounts(row["fetched"], row["unchanged"], row["failed"]),
        errors=tuple(json.loads(row["errors"])),
        whole=bool(row["whole"]),
    )
