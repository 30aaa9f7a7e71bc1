"""What one source's crawl counted, as it goes."""

import re
from collections import Counter
from dataclasses import dataclass, field, fields

from casereviews.model import Review
from casereviews.terminal import clean

_USER_DATA = re.compile(r"//[^/\s@]*@")
"""The user:password of an address, which no report shows."""
MAX_ERRORS = 200
"""Messages kept for one source; the rest is counted, so that a broken site cannot fill the report."""


@dataclass(slots=True)
class Tally:
    """Counts and messages of one source in one run; `verdict.judge` turns them into a result."""

    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    """Bytes of bodies that came over the network, as sent."""
    reviews: set[str] = field(default_factory=set)
    """Ids found."""
    listed: Counter[str] = field(default_factory=Counter)
    """Entries read, per listing: what a stated total is compared with."""
    stated: dict[str, int] = field(default_factory=dict)
    """Totals that the source states, per listing."""
    entries: int = 0
    """Entries met: reviews, repeats of them, those gone and those skipped."""
    skipped: int = 0
    """Entries that were wrong and skipped."""
    absent: int = 0
    """Reviews whose page is not there (404, 410)."""
    unanswered: int = 0
    """Pages of single reviews that could not be had, though they may be there."""
    filled: Counter[str] = field(default_factory=Counter)
    """Reviews that have a value, per field."""
    documents: Counter[str] = field(default_factory=Counter)
    """`fetched`, `unchanged`, `failed`."""
    undeclared: Counter[str] = field(default_factory=Counter)
    """Documents left alone because the source does not declare their host, per host."""
    listings: int = 0
    details: int = 0
    failures: list[str] = field(default_factory=list)
    """What makes the run `failed`."""
    shortfalls: list[str] = field(default_factory=list)
    """What makes the run `short`."""
    problems: list[str] = field(default_factory=list)
    """Single records or documents that are wrong; named, otherwise harmless."""
    unnamed: int = 0
    early: bool = False
    """Whether a listing was left where nothing was new."""
    stopped: str | None = None
    """Why the crawl ended early: `limit`, `deadline`, `budget`, `interrupted`; None when it ran to its end."""

    def fail(self, text: str) -> None:
        """Record something that fails the source."""
        self._add(self.failures, text)

    def fall_short(self, text: str) -> None:
        """Record something that makes the run short."""
        self._add(self.shortfalls, text)

    def note(self, text: str) -> None:
        """Record one bad record or document."""
        self._add(self.problems, text)

    def found(self, review: Review, *, listed: bool = True) -> None:
        """Count a review; one that was met before counts as an entry only, one that no listing named as none."""
        self.entries += listed
        if review.id in self.reviews:
            return
        self.reviews.add(review.id)
        for name in FIELDS:
            if getattr(review, name) not in (None, "", ()):
                self.filled[name] += 1

    @property
    def expected(self) -> int | None:
        """The total that the listings state, where their entries are the reviews themselves."""
        return sum(self.stated.values()) if self.stated and not self.listed else None

    def progress(self) -> dict[str, int | None]:
        """How far the source is."""
        documents = sum(self.documents.values())
        return {
            "requests": self.requests,
            "reviews": len(self.reviews),
            "documents": documents,
            "expected": self.expected,
        }

    def _add(self, messages: list[str], text: str) -> None:
        text = _USER_DATA.sub("//", clean(text))[:500]
        if text in messages:
            return
        if len(messages) < MAX_ERRORS:
            messages.append(text)
        else:
            self.unnamed += 1


FIELDS = tuple(each.name for each in fields(Review))
"""The names of a review's fields."""
