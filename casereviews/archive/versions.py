"""Replaced files: which wait to be compared, and how each differs from the one before."""

import json
from typing import Any

from casereviews.archive.reviews import Reviews
from casereviews.archive.rows import Replacement

_DIFFERENCE = ("same_text", "pages", "share")


class Versions(Reviews):
    """What is noted of a file that took another's place; the texts themselves are compared elsewhere."""

    def uncompared(self) -> list[Replacement]:
        """Every replacement of which no difference is noted yet, oldest first."""
        rows = self.db.execute(
            "SELECT id, review, json_extract(detail, '$.url'), json_extract(detail, '$.before'), "
            "json_extract(detail, '$.after') FROM event WHERE kind = 'replaced' "
            "AND json_extract(detail, '$.after') NOT NULL AND json_type(detail, '$.same_text') IS NULL ORDER BY id"
        )
        return [Replacement(*row) for row in rows]

    def note_difference(self, replacement: Replacement, difference: dict[str, Any]) -> None:
        """Note how a replaced file differs (same_text, pages, share), for the digest."""
        with self.transaction():
            self.db.execute(
                "UPDATE event SET detail = json_set(detail, '$.same_text', json(?), '$.pages', json(?), "
                "'$.share', json(?)) WHERE id = ?",
                (*(json.dumps(difference[name]) for name in _DIFFERENCE), replacement.event),
            )

    def media_type(self, sha256: str) -> str:
        """As what a file was taken when it came."""
        row = self.db.execute("SELECT media_type FROM version WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
        return "" if row is None else str(row[0])

    def replaced(self, source: str, first: int, last: int) -> tuple[dict[str, Any], ...]:
        """The JSON of `replaced` in the digest: each replaced file of a source in a span of runs."""
        rows = self.db.execute(
            "SELECT e.review, e.detail FROM event e JOIN review r ON r.id = e.review "
            "WHERE e.kind = 'replaced' AND e.run BETWEEN ? AND ? AND r.source = ? ORDER BY e.id",
            (first, last, source),
        )
        found = []
        for row in rows.fetchall():
            detail = json.loads(row["detail"])
            found.append({"review": row["review"], "url": detail["url"], **{k: detail.get(k) for k in _DIFFERENCE}})
        return tuple(found)
