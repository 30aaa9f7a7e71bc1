"""Matching, scoring and locating: set operations on the arrays of the segments."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import log
from pathlib import Path
from typing import Any

from search.engine import Paging
from search.plans import (
    TEXT,
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
from search.whoosh_engine.leaves import FormPostings, Leaf, Together
from search.whoosh_engine.segments import SegmentReader

K1, B = 1.2, 0.75
"""The usual constants of BM25."""

TITLE_WEIGHT = 2.0
"""How much of a word's weight its standing in the title adds."""


class WhooshReader:
    """See `search.engine.EngineReader`."""

    def __init__(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> None:
        segments = state.get("segments", [])
        self._segments = [SegmentReader(folder, segment["name"]) for segment in segments]
        self._dead = {record for segment in segments for record in segment["records"]} - lengths.keys()
        self._lengths = lengths
        self._norms: dict[int, float] | None = None
        self._leaves: dict[Words, Leaf] = {}
        self._nears: dict[Near, Together] = {}
        self._check = check

    def close(self) -> None:
        """Let go of the files."""
        self._leaves.clear()
        for segment in self._segments:
            segment.close()

    def begin(self) -> None:
        """Forget what the last search looked up."""
        self._leaves.clear()
        self._nears.clear()

    def frequency(self, form: str) -> int:
        """How many records hold a form."""
        return sum(segment.count(TEXT, form.encode()) for segment in self._segments)

    def _leaf(self, words: Words) -> Leaf:
        leaf = self._leaves.get(words)
        if leaf is None:
            postings = []
            for form in words.forms:
                self._check()
                views = [segment.posting(words.field, form.encode()) for segment in self._segments]
                postings.append([FormPostings(view) for view in views if view])
            leaf = self._leaves[words] = Leaf(postings, self._dead)
        return leaf

    def match(self, plan: Plan, among: AbstractSet[int] | None = None) -> AbstractSet[int]:
        """The records that match, of `among` where given."""
        self._check()
        match plan:
            case Words():
                held = self._leaf(plan).counts.keys()
                return held if among is None else held & among
            case Near():
                return self._near(plan).match(among)
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
                return len(self._leaf(plan).counts)
            case Among(records):
                return len(records)
            case Near(parts):
                return 1e9 + min(len(self._leaf(part).counts) for part in parts)
            case Without():
                return 4e9
            case _:
                return 2e9

    def _near(self, near: Near) -> Together:
        found = self._nears.get(near)
        if found is None:
            found = self._nears[near] = Together(near, [self._leaf(part) for part in near.parts], self._check)
        return found

    def score(self, plan: Plan, records: Iterable[int]) -> dict[int, float]:
        """BM25 over the words and phrases that are sought, with a word's standing in the title added."""
        scores = dict.fromkeys(records, 0.0)
        norms = self._norm()
        for leaf in sought(plan):
            if isinstance(leaf, Words):
                self._add_words(leaf, scores, norms)
            else:
                weight = self._weight(leaf)
                together = self._near(leaf)
                for record in scores:
                    if count := len(together.spots(record)):
                        scores[record] += weight * count * (K1 + 1) / (count + norms[record])
        return scores

    def _add_words(self, leaf: Words, scores: dict[int, float], norms: Mapping[int, float]) -> None:
        counts, weight = self._leaf(leaf).counts, self._weight(leaf)
        top = weight * (K1 + 1)
        if len(counts) <= len(scores):
            for record, count in counts.items():
                if record in scores:
                    scores[record] += top * count / (count + norms[record])
        else:
            for record in scores:
                if record in counts:
                    count = counts[record]
                    scores[record] += top * count / (count + norms[record])
        if leaf.field == TEXT:
            for record in self._leaf(Words(leaf.forms, TITLE)).counts:
                if record in scores:
                    scores[record] += TITLE_WEIGHT * weight

    def _norm(self) -> dict[int, float]:
        if self._norms is None:
            mean = (sum(self._lengths.values()) / len(self._lengths) if self._lengths else 0) or 1.0
            fixed, each = K1 * (1 - B), K1 * B / mean
            self._norms = {record: fixed + each * length for record, length in self._lengths.items()}
        return self._norms

    def _weight(self, leaf: Words | Near) -> float:
        if isinstance(leaf, Near):
            return sum(self._weight(part) for part in leaf.parts)
        held, total = len(self._leaf(leaf).counts), len(self._lengths)
        return log(1 + (total - held + 0.5) / (held + 0.5))

    def locate(self, plan: Plan, record: int) -> list[tuple[float, list[Spot]]]:
        """For each word or phrase of the plan its weight, and where it stands in a record."""
        return [(self._weight(leaf), self._leaf_spots(leaf, record)) for leaf in sought(plan)]

    def _leaf_spots(self, leaf: Words | Near, record: int) -> list[Spot]:
        if isinstance(leaf, Near):
            return self._near(leaf).spots(record)
        return [(position,) for position in self._leaf(leaf).positions(record)]

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
        spots = self._leaf_spots(leaf, record)
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
