"""Stretches of a record's words: what stands in each section of a document, and each of its recommendations.

A stretch is sought as a page is: the engine is told where stretches start in place of where pages do. So a search
within a section, or among recommendations, needs no index of its own, and counts and ranks as one of pages does.
"""

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from casereviews.model import Page, Recommendation, Record
from search.pages import page_id
from search.words import words

_NOWHERE = 2**31 - 1
"""The position of a recommendation that no page holds: no word is found in it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A page as it is indexed: its place in its record, its document's (0: the description), its first position."""

    place: int
    document: int
    page: Page
    start: int

    def position(self, offset: int) -> int:
        """The position of the first word at or after an offset in the page's text."""
        return self.start + len(words(self.page.text[:offset]))


def part_rows(number: int, record: Record, placed: Sequence[Placed]) -> Iterator[tuple[Any, ...]]:
    """Rows of `part`: each page, cut where a section begins."""
    rows: list[tuple[int, int, str | None]] = []
    for each in placed:
        starts = {each.start: each.page.section}
        if each.document:
            for section in record.documents[each.document - 1].sections:
                if section.page == each.page.number:
                    starts[each.position(section.offset)] = section.canonical
        rows += [(start, each.place, section) for start, section in sorted(starts.items())]
    return ((number, place, *row) for place, row in enumerate(rows))


def recommendation_rows(
    number: int, record: Record, placed: Sequence[Placed], document_ids: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """Rows of `recommendation`, in the order in which they stand."""
    by_page = {(each.document, each.page.number): each for each in placed}
    found = [(*_span(one, by_page), one) for one in record.recommendations]
    last = 0
    for place, (first, end, one) in enumerate(sorted(found, key=lambda row: row[:2])):
        begin = max(first, last)  # what two lists share counts for the first
        last = max(begin, end)
        document = document_ids[one.document - 1] if one.document else None
        page = one.pages[0] if one.pages else None
        yield number, place, begin, last, document, page, json.dumps(_facts(one), ensure_ascii=False)


def _facts(one: Recommendation) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "addressees": one.addressees,
        "kinds": one.kinds,
        "pages": one.pages,
        "elsewhere": one.elsewhere,
        "section": one.section,
        "finding": one.finding,
        "form": one.form,
        "nature": one.nature,
    }


def _span(one: Recommendation, by_page: dict[tuple[int, int], Placed]) -> tuple[int, int]:
    """The positions from which on and before which a recommendation stands."""
    if one.start is None or one.end is None:
        description = by_page.get((0, 0))
        offset = description.page.text.find(one.text) if description and not one.document else -1
        if description is None or offset < 0:
            return _NOWHERE, _NOWHERE
        return description.position(offset), description.position(offset + len(one.text))
    first, last = by_page.get((one.document, one.start[0])), by_page.get((one.document, one.end[0]))
    if first is None or last is None:
        return _NOWHERE, _NOWHERE
    return first.position(one.start[1]), last.position(one.end[1])


class Parts:
    """The parts of records by section, as a paging."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._read: dict[int, tuple[list[int], list[int], list[str | None]]] = {}

    def starts(self, record: int) -> Sequence[int]:
        """The position at which each part starts."""
        return self._of(record)[0]

    def page_of(self, record: int, place: int) -> int:
        """The place of the page that a part is of."""
        return self._of(record)[1][place]

    def section_at(self, record: int, position: int) -> str | None:
        """The section of a position."""
        starts, _, sections = self._of(record)
        return sections[max(bisect_right(starts, position) - 1, 0)]

    def places(self, sections: Iterable[str]) -> dict[int, set[int]]:
        """Record to its parts, by place, that are in any of the sections."""
        found: dict[int, set[int]] = {}
        for section in sections:
            query = "SELECT record, place FROM part WHERE section = ?"
            for record, place in self._connection.execute(query, (section,)):
                found.setdefault(record, set()).add(place)
        return found

    def _of(self, record: int) -> tuple[list[int], list[int], list[str | None]]:
        if record not in self._read:
            query = "SELECT start, page, section FROM part WHERE record = ? ORDER BY place"
            rows = self._connection.execute(query, (record,)).fetchall()
            self._read[record] = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
        return self._read[record]


class Recommendations:
    """The recommendations of records, as a paging: between each two of them lies a place that is none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._starts: dict[int, list[int]] = {}

    def starts(self, record: int) -> Sequence[int]:
        """The position at which each recommendation, and what follows it, starts."""
        if record not in self._starts:
            query = "SELECT first, last FROM recommendation WHERE record = ? ORDER BY place"
            self._starts[record] = [0, *chain.from_iterable(self._connection.execute(query, (record,)))]
        return self._starts[record]

    def places(self, sections: Iterable[str] | None = None) -> dict[int, set[int]]:
        """Record to the places of its recommendations; of those in any of the sections, where given."""
        found: dict[int, set[int]] = {}
        wanted = None if sections is None else set(sections)
        query = "SELECT record, place, json_extract(value, '$.section') FROM recommendation"
        for record, place, section in self._connection.execute(query):
            if wanted is None or section in wanted:
                found.setdefault(record, set()).add(2 * place + 1)
        return found

    def row(self, record: int, place: int) -> dict[str, Any]:
        """What there is to say of the recommendation at a place of the paging: its facts, its document and page."""
        return next(_rows(self._connection, record, " AND recommendation.place = ?", place // 2))

    def all_of(self, record: int) -> list[dict[str, Any]]:
        """Every recommendation of a record, in order."""
        return list(_rows(self._connection, record))


def _rows(connection: sqlite3.Connection, record: int, where: str = "", *values: int) -> Iterator[dict[str, Any]]:
    query = (
        "SELECT recommendation.value, page.number, page.printed, page.anchor, document.url, document.media_type"
        " FROM recommendation LEFT JOIN document ON document.id = recommendation.document"
        " LEFT JOIN page ON page.document = recommendation.document AND page.number = recommendation.page"
        " AND page.id BETWEEN ? AND ? WHERE recommendation.record = ?"
    )
    span = page_id(record, 0), page_id(record + 1, 0)
    rows = connection.execute(f"{query}{where} ORDER BY recommendation.place", (*span, record, *values))
    for value, number, printed, anchor, url, media_type in rows:
        yield {
            **json.loads(value), "page": number, "printed": printed, "anchor": anchor,
            "url": url, "media_type": media_type,
        }  # fmt: skip
