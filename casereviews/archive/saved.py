"""Saved searches: what was typed, what each has told of, and the end of a run that tells of the rest.

What a search finds is for others to say; here it is noted, by review id and in the transaction that closes the run,
so that a kill before it tells all in the next run and one after it tells nothing twice.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from casereviews.archive.catalogue import now
from casereviews.archive.rows import Answer, SavedSearch
from casereviews.archive.theme_counts import ThemeCounts
from casereviews.archive.versions import Versions
from casereviews.errors import UsageError


class Saved(Versions, ThemeCounts):
    """The searches that every refresh asks again."""

    def save_search(
        self, name: str, query: str, narrowing: Mapping[str, Any], note: str | None, known: Iterable[str]
    ) -> SavedSearch:
        """Keep a search; the reviews `known` to it now are never told as new. UsageError where the name is taken."""
        with self.transaction():
            if self._row(name) is not None:
                raise UsageError(f"there is a saved search {name!r} already; remove it first, or choose another name")
            row = self.db.execute(
                "INSERT INTO saved (name, query, narrowing, note, created) VALUES (?, ?, ?, ?, ?) RETURNING *",
                (name, query, json.dumps(narrowing, ensure_ascii=False), note, now()),
            ).fetchone()
            self._note(row["id"], known, None)
        return _saved(row)

    def saved_searches(self) -> list[SavedSearch]:
        """Every saved search, by name."""
        return [_saved(row) for row in self.db.execute("SELECT * FROM saved ORDER BY name")]

    def saved_search(self, name: str) -> SavedSearch:
        """One saved search; UsageError for a name that there is not."""
        row = self._row(name)
        if row is None:
            there = ", ".join(each.name for each in self.saved_searches()) or "none yet"
            raise UsageError(f"no saved search {name!r}; there are: {there}")
        return _saved(row)

    def remove_search(self, name: str) -> None:
        """Forget a saved search and what it told of."""
        with self.transaction():
            self.db.execute("DELETE FROM saved WHERE id = ?", (self.saved_search(name).id,))

    def close_run(
        self, run: int, verdict: str, answers: Mapping[int, Answer], themes: Mapping[str, int] | None = None
    ) -> None:
        """End a run, and in the same transaction note what its digest tells of the saved searches by their ids.

        Of the families of copies that a search found, those count as new of which it knew no member. `themes` says
        how many reviews have each theme now; None where the index was left alone.
        """
        with self.transaction():
            for saved, answer in answers.items():
                error_run = run if answer.error is not None else None
                self.db.execute(
                    "UPDATE saved SET error = ?, error_run = ? WHERE id = ?", (answer.error, error_run, saved)
                )
                rows = self.db.execute("SELECT review FROM saved_hit WHERE saved = ?", (saved,))
                known = {row["review"] for row in rows}
                for first, *copies in answer.families:
                    told = None if known & {first, *copies} else run
                    self._note(saved, [first], told)
                    self._note(saved, copies, None)
            if themes is not None:
                self.note_themes(run, themes)
            self.end_run(run, verdict)

    def told(self, first: int, last: int) -> list[dict[str, Any]]:
        """The JSON of `saved` in the digest of a span of runs: each search with its new hits, and what is wrong."""
        found = []
        for row in self.db.execute("SELECT * FROM saved ORDER BY name").fetchall():
            hits = self.db.execute(
                "SELECT review FROM saved_hit WHERE saved = ? AND run BETWEEN ? AND ? ORDER BY review",
                (row["id"], first, last),
            )
            failed = row["error_run"] is not None and first <= row["error_run"] <= last
            error = row["error"] if failed else None
            found.append({"name": row["name"], "new": [hit["review"] for hit in hits], "error": error})
        return found

    def _row(self, name: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.db.execute("SELECT * FROM saved WHERE name = ?", (name,)).fetchone()
        return row

    def _note(self, saved: int, reviews: Iterable[str], run: int | None) -> None:
        rows = [(saved, review, run) for review in reviews]
        self.db.executemany("INSERT OR IGNORE INTO saved_hit (saved, review, run) VALUES (?, ?, ?)", rows)


def _saved(row: sqlite3.Row) -> SavedSearch:
    return SavedSearch(
        id=row["id"],
        name=row["name"],
        query=row["query"],
        narrowing=json.loads(row["narrowing"]),
        note=row["note"],
        created=row["created"],
        error=row["error"],
    )
