"""What a word or a phrase holds: in which records, how often, and where; the rest is set operations on these."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate

from search.phrases import spots_of
from search.plans import Near, Spot
from search.whoosh_engine.segments import PostingView

_CHECK_EVERY = 256


class FormPostings:
    """One form in one segment, with quick access to a record's positions."""

    __slots__ = ("_ends", "_positions", "records", "view")

    def __init__(self, view: PostingView) -> None:
        self.view = view
        self.records = view.records()
        self._ends: list[int] | None = None

    def positions(self, record: int) -> Sequence[int]:
        """The positions in a record, ascending; none where the record does not hold the form."""
        place = bisect_left(self.records, record)
        if place == len(self.records) or self.records[place] != record:
            return []
        if self._ends is None:
            self._ends = list(accumulate(self.view.counts(), initial=0))
            self._positions = self.view.positions()
        return self._positions[self._ends[place] : self._ends[place + 1]]


class Leaf:
    """Words in any of their forms: the records that hold them with how often, and where."""

    __slots__ = ("_postings", "counts")

    def __init__(self, postings: list[list[FormPostings]], dead: AbstractSet[int]) -> None:
        self._postings = [posting for form in postings for posting in form]
        self.counts: dict[int, int] = {}
        for form in sorted(postings, key=lambda form: -sum(p.view.size for p in form)):
            held: dict[int, int] = {}
            for posting in form:
                held.update(zip(posting.records, posting.view.counts(), strict=True))
            if self.counts:
                counts = self.counts
                for record, count in held.items():
                    counts[record] = counts.get(record, 0) + count
            else:
                self.counts = held
        for record in dead & self.counts.keys():
            del self.counts[record]

    def positions(self, record: int) -> Sequence[int]:
        """The positions in a record, ascending."""
        found = [places for posting in self._postings if (places := posting.positions(record))]
        if len(found) == 1:
            return found[0]
        return sorted(position for places in found for position in places)


class Together:
    """Words side by side or near each other: the records that hold them so, and where."""

    __slots__ = ("_check", "_found", "_leaves", "_near")

    def __init__(self, near: Near, leaves: list[Leaf], check: Callable[[], None]) -> None:
        self._near, self._leaves, self._check = near, leaves, check
        self._found: dict[int, list[Spot]] = {}

    def match(self, among: AbstractSet[int] | None) -> AbstractSet[int]:
        """The records that hold the words so, of `among` where given."""
        for leaf in sorted(self._leaves, key=lambda leaf: len(leaf.counts)):
            among = leaf.counts.keys() if among is None else leaf.counts.keys() & among
        matched = set()
        for place, record in enumerate(among or ()):
            if place % _CHECK_EVERY == 0:
                self._check()
            if self.spots(record):
                matched.add(record)
        return matched

    def spots(self, record: int) -> list[Spot]:
        """Where the words stand so in a record."""
        found = self._found.get(record)
        if found is None:
            found = spots_of(self._near, [leaf.positions(record) for leaf in self._leaves])
            self._found[record] = found
        return found
