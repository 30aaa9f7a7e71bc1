"""Reviews or pages like a given one: by the words that tell it from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from math import log
from typing import TYPE_CHECKING

from casereviews.errors import UsageError
from search.pages import PAGE_BITS, page_id, unpack_text
from search.query_tree import Node, Term, any_of
from search.words import words

if TYPE_CHECKING:
    from search.engine import Paging
    from search.index import Index
    from search.plans import Plan

TERMS = 30
"""Words by which others are found."""

FLOOR = 0.2
"""What is listed scores at least this share of what the given one scores itself."""

_SHORTEST = 3
_SPREAD = 0.5
"""What more than this share of reviews say tells none from the others."""

_SHOWN = 12


class Likeness:
    """One review, or one page of it, that others shall be like."""

    def __init__(self, index: Index, target: str) -> None:
        self._index = index
        self.record, self.review, self._place = _found(index, target)
        self._chosen = self._terms()
        self.tree: Node = any_of([Term(word) for word in self._chosen])

    @property
    def notice(self) -> str:
        """By which words others are found."""
        shown = ", ".join(self._chosen[:_SHOWN])
        more = len(self._chosen) - _SHOWN
        return f"like {self.review}, by these words: {shown}" + (f" and {more} others" if more > 0 else "")

    def _terms(self) -> list[str]:
        """The words of the given text that weigh most: often in it, seldom elsewhere, in one form each."""
        first, last = (page_id(self.record + each, 0) for each in (0, 1))
        if self._place is not None:
            first, last = page_id(self.record, self._place), page_id(self.record, self._place + 1)
        query = "SELECT text FROM page WHERE id >= ? AND id < ?"
        counts: Counter[str] = Counter()
        for (stored,) in self._index.connection.execute(query, (first, last)):
            counts.update(words(unpack_text(stored)))
        total, reader = self._index.searched.reviews, self._index.reader
        weights: dict[str, tuple[float, str]] = {}
        for word, count in counts.items():
            held = reader.frequency(word)
            if len(word) < _SHORTEST or not word.isalpha() or not 2 <= held <= max(2, _SPREAD * total):
                continue
            weight = (1 + log(count)) * log(1 + (total - held + 0.5) / (held + 0.5))
            stem = self._index.stem(word)
            weights[stem] = max(weights.get(stem, (0.0, "")), (weight, word))
        chosen = sorted(weights.values(), reverse=True)[:TERMS]
        if not chosen:
            raise UsageError(f"{self.review} shares no words with other reviews, so none is like it")
        return [word for _, word in chosen]

    def narrowed(
        self, scores: Mapping[tuple[int, int], float], plan: Plan, paging: Paging, *, pages: bool
    ) -> dict[tuple[int, int], float]:
        """The hits that are like enough, without the given review and its copies."""
        families = self._index.families.of
        family = families.get(self.record)
        least = FLOOR * self._own(plan, paging, pages=pages)
        return {
            place: score
            for place, score in scores.items()
            if score >= least and place[0] != self.record and (family is None or families.get(place[0]) != family)
        }

    def _own(self, plan: Plan, paging: Paging, *, pages: bool) -> float:
        """What the given text scores itself."""
        reader = self._index.reader
        if not pages:
            return reader.score(plan, [self.record])[self.record]
        every: AbstractSet[int] = frozenset(range(1, len(paging.starts(self.record))))
        found = reader.match_pages(plan, paging, {self.record: every}).get(self.record, {})
        own = self._place if paging is self._index else None
        return found.get(own, 0.0) if own else max(found.values(), default=0.0)


def _found(index: Index, target: str) -> tuple[int, str, int | None]:
    """A record, its review, and the place of a page where one is named."""
    review, colon, page = target.rpartition(":")
    if colon and page.isascii() and page.isdigit():
        try:
            record, name = index.find(target)
        except UsageError:
            record, name = index.find(review)
            query = "SELECT id FROM page WHERE id >= ? AND id < ? AND number = ? ORDER BY id LIMIT 1"
            span = page_id(record, 0), page_id(record + 1, 0)
            row = index.connection.execute(query, (*span, int(page[:9]))).fetchone()
            if row is None:
                raise UsageError(f"{name} has no page {page[:9]}") from None
            return record, name, int(row[0]) & ((1 << PAGE_BITS) - 1)
        return record, name, None
    return *index.find(target), None
