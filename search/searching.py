"""One search, step by step: understand, match, order, cut, prove with passages, count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING

from casereviews.errors import QueryError
from search import passages
from search.copies import NO_FAMILIES
from search.facets import checked_date, checked_field
from search.planner import plan, sections_apart
from search.plans import AllOf, Among, Plan
from search.query_tree import FieldFilter, Node, YearRange, leaves
from search.recommendations import recommendation_hit
from search.results import Hit, Passage, RecommendationHit, SearchRequest, SearchResult
from search.tags import narrower, theme_evidence
from search.understanding import suggestion, understand

if TYPE_CHECKING:
    from search.index import Index
    from search.stretches import Parts, Recommendations

INSIDES = ("reviews", "pages", "recommendations")
SORTS = ("relevance", "newest", "oldest")
_LAST = "\U0010ffff"

Place = tuple[int, int]
"""A hit's record and page, or recommendation (0 where the hit is the review)."""


class Search:
    """The search of one request in one index."""

    def __init__(self, index: Index, request: SearchRequest) -> None:
        self._index, self._request = index, request
        self._notices: list[str] = []
        _check(request)
        self._understood = understand(index, request)
        self._tree, self._like = self._understood.tree, self._understood.like
        self._notices += self._understood.notices
        tree, demanded = sections_apart(self._tree)
        self._sections = request.sections or demanded or ()
        asked = tree if not request.sections else self._tree
        self._plan = self._planned(asked)
        self._note_unknown()
        self._note_dates()

    def _planned(self, node: Node) -> Plan:
        """What the engine is asked for a query or a part of it."""
        index = self._index
        return plan(node, index.vocabulary, index.facets, None if self._paging is index else self._places)

    def records(self) -> frozenset[int]:
        """The records of all hits, copies of one review once."""
        self._index.reader.begin()
        found = self._found()
        scores, _ = self._index.families.collapse(found, self._index.order) if self._request.collapse else (found, [])
        return frozenset(record for record, _ in scores)

    def result(self) -> SearchResult:
        """The answer."""
        found, hits = self.stream()
        return replace(found, hits=tuple(hits))

    def stream(self) -> tuple[SearchResult, Iterator[Hit | RecommendationHit]]:
        """The answer without its hits, and these one by one."""
        self._index.reader.begin()
        found = self._found()
        families = self._index.families if self._request.collapse else NO_FAMILIES
        scores, together = families.collapse(found, self._index.order)
        shown = self._cut(scores)
        answer = SearchResult(
            query=self._understood.text,
            total=len(scores),
            inside=self._request.inside,
            searched=self._index.searched,
            hits=(),
            suggestion=None if scores else suggestion(self._index, self._understood),
            notices=tuple(dict.fromkeys(self._notices)),
            facets={field: self._facet(field, scores, together) for field in self._request.facets},
            collapsed=len(found) - len(scores),
            explanation=self._explanation(shown, scores) if self._request.explain else None,
        )
        return answer, (self._hit(place, scores[place]) for place in shown)

    def _explanation(self, shown: Sequence[Place], scores: Mapping[Place, float]) -> dict[str, object]:
        """Why the first hits rank as they do."""
        from search.explaining import SHOWN, explained

        parts = self._index.parts
        hits = []
        for record, page in shown[:SHOWN]:
            places: AbstractSet[int] = {page}
            if self._paging is parts:
                places = {place for place in (self._allowed or {})[record] if parts.page_of(record, place) == page}
            review, _ = self._index.order[record]
            facts = {"review": review, "score": round(scores[record, page], 4)}
            hits.append((record, places, facts))
        paging = None if self._request.inside == "reviews" else self._paging
        return explained(self._tree, self._planned, self._index.reader, paging, hits)

    @cached_property
    def _among(self) -> frozenset[int] | None:
        """The records that the filters let through; None for all."""
        request, facets = self._request, self._index.facets
        sets = []
        for field, values in request.filters.items():
            if values:
                sets.append(facets.records(checked_field(field), values))
        since, until = checked_date(request.since), checked_date(request.until)
        if since or until:
            sets.append(facets.published(since, until))
        if not sets:
            return None
        smallest, *others = sorted(sets, key=len)
        return smallest.intersection(*others)

    @cached_property
    def _paging(self) -> Index | Parts | Recommendations:
        """What the places are that are looked at: pages, their parts by section, or recommendations."""
        if self._request.inside == "recommendations":
            return self._index.recommendations
        return self._index.parts if self._sections else self._index

    def _places(self, sections: Sequence[str]) -> Mapping[int, AbstractSet[int]]:
        """The places in these sections by record."""
        index, known = self._index, self._index.facets.known
        stretches = index.recommendations if self._request.inside == "recommendations" else index.parts
        return stretches.places([found for section in sections if (found := known("section", section))])

    @cached_property
    def _allowed(self) -> Mapping[int, AbstractSet[int]] | None:
        """The places in the wanted sections, or of recommendations, by record; None for all."""
        if self._paging is self._index:
            return None
        found = self._places(self._sections) if self._sections else self._index.recommendations.places()
        return found if self._among is None else {r: found[r] for r in self._among & found.keys()}

    def _found(self) -> dict[Place, float]:
        """The hits and their scores."""
        pages = self._request.inside != "reviews"
        found = self._pages() if pages else self._reviews()
        return self._like.narrowed(found, self._plan, self._paging, pages=pages) if self._like else found

    def _reviews(self) -> dict[Place, float]:
        reader = self._index.reader
        if self._allowed is None:
            records = reader.match(self._plan, self._among)
        else:
            records = reader.match_within(self._plan, self._paging, self._allowed)
        if self._request.sort == "relevance" or self._like:
            return {(record, 0): score for record, score in reader.score(self._plan, records).items()}
        return {(record, 0): 0.0 for record in records}

    def _pages(self) -> dict[Place, float]:
        wanted = self._plan if self._among is None else AllOf((self._plan, Among(self._among)))
        hits = self._index.reader.match_pages(wanted, self._paging, self._allowed)
        scores: dict[Place, float] = {}
        for record, found in hits.items():
            for place, score in found.items():
                hit = record, self._page_of(record, place)
                scores[hit] = scores.get(hit, 0.0) + score
        return scores

    def _page_of(self, record: int, place: int) -> int:
        return self._index.parts.page_of(record, place) if self._paging is self._index.parts else place

    def _cut(self, scores: Mapping[Place, float]) -> list[Place]:
        """The hits to show: sorted, ties by review id and page, so that one page of hits follows the other."""
        request, order = self._request, self._index.order
        most = len(scores) if request.limit is None else request.offset + request.limit

        def relevance(place: Place) -> tuple[float, str, int]:
            return -scores[place], order[place[0]][0], place[1]

        def newest(place: Place) -> tuple[str, str, int]:
            review, published = order[place[0]]
            return "".join(chr(0x10FFFE - ord(letter)) for letter in published) + _LAST, review, place[1]

        def oldest(place: Place) -> tuple[str, str, int]:
            review, published = order[place[0]]
            return published or _LAST, review, place[1]

        candidates: Iterable[Place] = scores
        if request.sort == "relevance" and 0 < most < len(scores):
            least = nlargest(most, scores.values())[-1]
            candidates = [place for place, score in scores.items() if score >= least]
        key = {"relevance": relevance, "newest": newest, "oldest": oldest}[request.sort]
        return nsmallest(most, candidates, key=key)[request.offset :]

    def _hit(self, place: Place, score: float) -> Hit | RecommendationHit:
        record, page = place
        connection = self._index.connection
        (stored,) = connection.execute("SELECT value FROM description WHERE record = ?", (record,)).fetchone()
        facts = {
            name: passages.plain(value) if isinstance(value, str) else value
            for name, value in json.loads(stored).items()
        }
        if self._request.inside == "recommendations":
            row = self._index.recommendations.row(record, page)
            hit = recommendation_hit(self._index.order[record][0], facts, row, round(score, 4), self._plan)
            return replace(hit, copies=self._index.families.others(record))
        starts = self._index.starts(record)
        allowed = self._allowed[record] if self._allowed is not None else None
        located = self._index.reader.locate(self._plan, record)
        by_place = passages.by_page(located, self._paging.starts(record), allowed)
        found = passages.merged((self._page_of(record, place), each) for place, each in by_place.items())
        chosen = [page] if page else passages.best(found, self._request.passages)
        if not found and facts.get("summary"):
            chosen = [0]
        return Hit(
            review=self._index.order[record][0],
            **{
                name: facts[name]
                for name in ("title", "source", "publisher", "type", "area", "nation", "published", "url", "state")
            },
            score=round(score, 4),
            themes=tuple(facts["themes"]),
            pages_matched=sum(1 for place in found if place),
            passages=tuple(self._passage(record, p, starts, found, facts["url"]) for p in chosen),
            page_hit=bool(page),
            evidence=self._proof(record) if self._themes else (),
            copies=self._index.families.others(record),
        )

    @cached_property
    def _themes(self) -> frozenset[str]:
        """The themes that are asked for, with all narrower ones."""
        asked = set(self._request.filters.get("theme", ()))
        asked |= {leaf.value for leaf in leaves(self._tree) if isinstance(leaf, FieldFilter) and leaf.field == "theme"}
        wanted = {found for value in asked if (found := self._index.facets.known("theme", value))}
        return narrower(self._index.ledger.get("themes") or {}, wanted)

    def _proof(self, record: int) -> tuple[dict[str, object], ...]:
        """Why a record has the themes that are asked for."""
        found = theme_evidence(self._index.connection, record, self._themes)
        return tuple({"label": self._index.facets.label("theme", each["theme"]), **each} for each in found)

    def _passage(
        self, record: int, place: int, starts: Sequence[int], found: Mapping[int, passages.Found], url: str
    ) -> Passage:
        held = found.get(place) or passages.Found()
        section = passages.commonest(self._index.parts.section_at(record, mark) for mark in sorted(held.marks))
        return passages.passage(self._index.connection, record, place, starts[place], held, url, section)

    def _facet(
        self, field: str, scores: Mapping[Place, float], together: Sequence[Mapping[int, int]]
    ) -> list[dict[str, str | int]]:
        facets = self._index.facets
        if field == "section" and self._request.inside == "pages":
            totals: dict[str, int] = {}
            for section in facets.values(field).values():
                found = facets.pages_in((section,))
                count = sum(page in found.get(record, ()) for record, page in scores)
                if count:
                    totals[section] = count
            return facets.rows(field, totals)
        one = {record for members in together for record in members}
        return facets.count(field, (record for record, _ in scores if record not in one), together)

    def _note_unknown(self) -> None:
        """Say of each value that is filtered by, and that no review has, which one is near."""
        asked = [(field, value) for field, values in self._request.filters.items() for value in values]
        asked += [("section", section) for section in self._request.sections]
        asked += [(leaf.field, leaf.value) for leaf in leaves(self._tree) if isinstance(leaf, FieldFilter)]
        for field, value in asked:
            if self._index.facets.known(checked_field(field), value) is None:
                self._notices.append(self._index.facets.unknown(field, value))

    def _note_dates(self) -> None:
        """Say that a span of dates is empty, and how many reviews none finds because theirs is not known."""
        since, until = self._request.since or "", self._request.until or ""
        if since and until and since[: len(until)] > until[: len(since)]:
            self._notices.append(f"no date is from {since} on and until {until}: give the earlier one first")
        dated = since or until or any(isinstance(leaf, YearRange) for leaf in leaves(self._tree))
        if dated and (undated := self._index.facets.undated):
            self._notices.append(f"reviews without a date of publication, which no year or date finds: {undated:,}")


def _check(request: SearchRequest) -> None:
    for name, value, known in (("inside", request.inside, INSIDES), ("sort", request.sort, SORTS)):
        if value not in known:
            raise QueryError(f"{name} is one of {', '.join(known)}, not {value!r}")
    if request.offset < 0 or (request.limit is not None and request.limit < 0):
        raise QueryError("limit and offset are numbers from 0")
    for field in request.facets:
        checked_field(field)
