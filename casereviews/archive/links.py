"""What an analyst decided of reviews that several listings may share: the same, or not."""

from casereviews.archive.catalogue import now
from casereviews.archive.digest import Digest
from casereviews.archive.rows import LinkVerdict, ReviewLink
from casereviews.errors import UsageError


class Links(Digest):
    """Decisions on pairs of reviews; the newest on a pair counts."""

    def decide(self, one: str, other: str, verdict: LinkVerdict, note: str | None = None) -> ReviewLink:
        """Note that two reviews are the same (`confirmed`) or are not (`split`); UsageError where one is unknown."""
        first, second = sorted((one, other))
        if first == second:
            raise UsageError(f"{first} is one review; a link takes two")
        for each in (first, second):
            if self.review(each) is None:
                raise UsageError(f"no review {each!r} in the archive")
        link = ReviewLink(first, second, verdict, note, now())
        with self.transaction():
            self.db.execute(
                "INSERT OR REPLACE INTO link (first, second, verdict, note, decided) VALUES (?, ?, ?, ?, ?)",
                (link.first, link.second, link.verdict, link.note, link.decided),
            )
            self.moved()
        return link

    def decisions(self) -> list[ReviewLink]:
        """Every decision, by the ids of its reviews."""
        rows = self.db.execute("SELECT first, second, verdict, note, decided FROM link ORDER BY first, second")
        return [ReviewLink(*row) for row in rows]
