"""Runs as a table: durations and what their sources counted."""

from datetime import datetime
from typing import Any

from casereviews.archive.catalogue import Catalogue

_SUMS = ("requests", "not_modified", "bytes", "found", "fetched", "unchanged", "failed")
_EVENTS = ("new", "changed", "replaced", "document", "missing", "gone", "returned", "withdrawn")


class History(Catalogue):
    """The runs that the catalogue keeps."""

    def history(self, most: int) -> list[dict[str, Any]]:
        """The newest runs first: run, started, finished, seconds, verdict, program, counts; events by their kind."""
        sums = ", ".join(f"coalesce(sum(s.{name}), 0) AS {name}" for name in _SUMS)
        rows = self.db.execute(
            f"SELECT r.id, r.started, r.finished, r.verdict, r.program, count(s.source) AS sources, {sums} "  # noqa: S608
            "FROM run r LEFT JOIN source_run s ON s.run = r.id GROUP BY r.id ORDER BY r.id DESC LIMIT ?",
            (most,),
        ).fetchall()
        found = []
        for row in rows:
            counted = self.db.execute("SELECT kind, count(*) FROM event WHERE run = ? GROUP BY kind", (row["id"],))
            events = dict(tuple(each) for each in counted)
            seconds = None
            if row["finished"]:
                took = datetime.fromisoformat(row["finished"]) - datetime.fromisoformat(row["started"])
                seconds = max(took.total_seconds(), 0.0)  # a clock may have been set back
            facts = {name: row[name] for name in ("started", "finished", "verdict", "program", "sources", *_SUMS)}
            found.append({"run": row["id"], **facts, "seconds": seconds} | {k: events.get(k, 0) for k in _EVENTS})
        return found
