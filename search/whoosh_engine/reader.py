"""Matching, scoring and locating: set operations on the arrays of the segments."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from math import log
from pathlib import Path
from typing import Any

from search.locating import K1, TITLE_WEIGHT, B, LocatingReader
from search.plans import TEXT, TITLE, Near, Plan, Spot, Words, sought
from search.whoosh_engine.leaves import FormPostings, Leaf, Together
from search.whoosh_engine.segments import SegmentReader


class WhooshReader(LocatingReader):
    """See `search.engine.EngineReader`."""

    def __init__(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> None:
        super().__init__(lengths, check)
        segments = state.get("segments", [])
        self._segments = [SegmentReader(folder, segment["name"]) for segment in segments]
        self._dead = {record for segment in segments for record in segment["records"]} - lengths.keys()
        self._norms: dict[int, float] | None = None
        self._leaves: dict[Words, Leaf] = {}
        self._nears: dict[Near, Together] = {}

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

    def _holding(self, words: Words) -> AbstractSet[int]:
        return self._leaf(words).counts.keys()

    def _near(self, near: Near) -> Together:
        found = self._nears.get(near)
        if found is None:
            found = self._nears[near] = Together(near, [self._leaf(part) for part in near.parts], self._check)
        return found

    def _together(self, near: Near, among: AbstractSet[int] | None) -> AbstractSet[int]:
        return self._near(near).match(among)

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

    def _spots(self, leaf: Words | Near, record: int) -> list[Spot]:
        if isinstance(leaf, Near):
            return self._near(leaf).spots(record)
        return [(position,) for position in self._leaf(leaf).positions(record)]
