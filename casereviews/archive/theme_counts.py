"""How many reviews have each theme, as the last digest knew it, and how that moved run by run."""

import json
from collections.abc import Mapping
from typing import Any

from casereviews.archive.catalogue import Catalogue

_KEY = "theme_counts"


class ThemeCounts(Catalogue):
    """Counts that come from the index; kept here because the index is disposable and a digest is not."""

    def note_themes(self, run: int, counts: Mapping[str, int]) -> None:
        """Note how many reviews have each theme at the end of a run, and which moved since the run before."""
        with self.transaction():
            before: dict[str, int] = json.loads(self.meta(_KEY) or "{}")
            moved = [
                (run, theme, before.get(theme, 0), counts.get(theme, 0))
                for theme in sorted(before.keys() | counts.keys())
                if before.get(theme, 0) != counts.get(theme, 0)
            ]
            if moved:
                self.db.executemany("INSERT OR REPLACE INTO theme_moved VALUES (?, ?, ?, ?)", moved)
                self.set_meta(_KEY, json.dumps(counts, sort_keys=True))

    def themes_moved(self, first: int, last: int) -> list[dict[str, Any]]:
        """The JSON of `themes` in the digest of a span of runs: the greatest moves first."""
        rows = self.db.execute(
            "SELECT theme, before, after FROM theme_moved WHERE run BETWEEN ? AND ? ORDER BY run", (first, last)
        )
        found: dict[str, dict[str, Any]] = {}
        for row in rows:
            known = found.setdefault(row["theme"], {"theme": row["theme"], "before": row["before"]})
            known["after"] = row["after"]
        moved = [each for each in found.values() if each["before"] != each["after"]]
        return sorted(moved, key=lambda each: (-abs(each["after"] - each["before"]), each["theme"]))
