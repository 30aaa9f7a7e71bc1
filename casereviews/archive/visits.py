"""When an address was last asked, a review last changed, a source last read to its end: little traffic rests on it."""

from datetime import datetime, timedelta

from casereviews.archive.captures import GOOD, Captures
from casereviews.clock import utc


class Visits(Captures):
    """What the crawler asks before it asks the web."""

    def last_asked(self, url: str) -> datetime | None:
        """When an address last gave an answer, a confirmation included."""
        row = self.db.execute(
            f"SELECT captured_at FROM capture WHERE url = ? AND error IS NULL AND status IN {GOOD} "  # noqa: S608
            "ORDER BY id DESC LIMIT 1",
            (url,),
        ).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def last_change(self, review_id: str) -> datetime | None:
        """When anything of a review was last new or other than before."""
        row = self.db.execute("SELECT max(at) FROM event WHERE review = ?", (review_id,)).fetchone()
        if row[0] is None:  # pruned: older than anything that is kept
            row = self.db.execute("SELECT first_seen FROM review WHERE id = ?", (review_id,)).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def may_stop_early(self, source: str, run: int, days: int) -> bool:
        """Whether a listing may be left where nothing is new: its last run was well, and a whole one not long ago.

        After a run that was killed, cut short or fell short, something new may stand behind what is known.
        """
        last = self.db.execute(
            "SELECT id FROM run WHERE id < ? AND EXISTS (SELECT 1 FROM json_each(run.sources) WHERE value = ?) "
            "ORDER BY id DESC LIMIT 1",
            (run, source),
        ).fetchone()
        own = self.db.execute("SELECT started FROM run WHERE id = ?", (run,)).fetchone()
        if last is None or own is None:
            return False
        ended = self.db.execute(
            "SELECT verdict FROM source_run WHERE run = ? AND source = ?", (last["id"], source)
        ).fetchone()
        whole = self.last_whole(source)
        well = ended is not None and ended["verdict"] == "ok"
        return well and whole is not None and timedelta(0) <= utc() - whole < timedelta(days=days)

    def last_whole(self, source: str) -> datetime | None:
        """When a source's listings were last read to their end, with a network."""
        row = self.db.execute(
            "SELECT s.finished FROM source_run s JOIN run r ON r.id = s.run WHERE s.source = ? AND s.verdict = 'ok' "
            "AND s.whole AND r.program NOT LIKE '% offline' ORDER BY s.run DESC LIMIT 1",
            (source,),
        ).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])
