"""What every engine does alike once it can say which records hold a word, and where in a record it stands."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from search.engine import Paging
from search.plans import (
    TITLE,
    AllOf,
    Among,
    AnyOf,
    Everything,
    Near,
    Plan,
    Spot,
    Without,
    Words,
    holds,
    leaf_field,
    pages_matching,
    relaxed,
    sought,
)

K1, B = 1.2, 0.75
"""The usual constants of BM25."""

TITLE_WEIGHT = 2.0
"""How much of a word's weight its standing in the title adds."""


class LocatingReader(ABC):
    """Matches, locates and pages by set operations; see `search.engine.EngineReader`."""

    def __init__(self, lengths: Mapping[int, int], check: Callable[[], None]) -> None:
        self._lengths = lengths
        self._check = check

    @abstractmethod
    def _holding(self, words: Words) -> AbstractSet[int]:
        """The live records that hold any of the forms."""

    @abstractmethod
    def _together(self, near: Near, among: AbstractSet[int] | None) -> AbstractSet[int]:
        """The live records that hold the words so, of `among` where given."""

    @abstractmethod
    def _spots(self, leaf: Words | Near, record: int) -> list[Spot]:
        """Where a word or phrase stands in a record."""

    @abstractmethod
    def _weight(self, leaf: Words | Near) -> float:
        """How much a word or phrase tells."""

    def match(self, plan: Plan, among: AbstractSet[int] | None = None) -> AbstractSet[int]:
        """The records that match, of `among` where given."""
        self._check()
        match plan:
            case Words():
                held = self._holding(plan)
                return held if among is None else held & among
            case Near():
                return self._together(plan, among)
            case Among(records):
                live = self._lengths.keys() & records
                return live if among is None else live & among
            case Everything():
                return self._lengths.keys() if among is None else among
            case AllOf(children):
                for child in sorted(children, key=self._cost):
                    among = self.match(child, among)
                    if not among:
                        break
                return among or frozenset()
            case AnyOf(children):
                return frozenset().union(*(self.match(child, among) for child in children))
            case Without(child):
                rest = self._lengths.keys() if among is None else among
                return rest - self.match(child, rest)

    def _cost(self, plan: Plan) -> float:
        match plan:
            case Words():
                return len(self._holding(plan))
            case Among(records):
                return len(records)
            case Near(parts):
                return 1e9 + min(len(self._holding(part)) for part in parts)
            case Without():
                return 4e9
            case _:
                return 2e9

    def locate(self, plan: Plan, record: int) -> list[tuple[float, list[Spot]]]:
        """For each word or phrase of the plan its weight, and where it stands in a record."""
        return [(self._weight(leaf), self._spots(leaf, record)) for leaf in sought(plan)]

    def match_pages(
        self, plan: Plan, paging: Paging, allowed: Mapping[int, AbstractSet[int]] | None = None
    ) -> dict[int, dict[int, float]]:
        """Record to its matching pages (by their place) and scores; of `allowed` pages where given."""
        hits: dict[int, dict[int, float]] = {}
        among = None if allowed is None else self._lengths.keys() & allowed.keys()
        weights = {leaf: self._weight(leaf) for leaf in sought(plan)}
        for record in self.match(relaxed(plan), among):
            self._check()
            starts = paging.starts(record)
            found = {leaf: self._pages_with(leaf, record, starts) for leaf in sought(plan, excluded=True)}
            every = frozenset(range(1, len(starts)))
            if allowed is not None:
                every &= allowed[record]
            pages = pages_matching(plan, record, found, every)
            if pages:
                hits[record] = {
                    page: sum(
                        weight * count * (K1 + 1) / (count + K1)
                        for leaf, weight in weights.items()
                        if (count := found[leaf][page])
                    )
                    for page in pages
                }
        return hits

    def _pages_with(self, leaf: Words | Near, record: int, starts: Sequence[int]) -> Counter[int]:
        """How often a leaf stands on each page, by its place; what the title says holds for every page."""
        spots = self._spots(leaf, record)
        if leaf_field(leaf) == TITLE:
            return Counter(range(len(starts)) if spots else ())
        return Counter(bisect_right(starts, spot[0]) - 1 for spot in spots)

    def match_within(self, plan: Plan, paging: Paging, allowed: Mapping[int, AbstractSet[int]]) -> AbstractSet[int]:
        """The records that match by what stands on their `allowed` pages."""
        matched = set()
        for record in self.match(relaxed(plan), self._lengths.keys() & allowed.keys()):
            self._check()
            starts = paging.starts(record)
            held = {
                leaf
                for leaf in sought(plan, excluded=True)
                if not allowed[record].isdisjoint(self._pages_with(leaf, record, starts))
            }
            if holds(plan, record, held):
                matched.add(record)
        return matched
