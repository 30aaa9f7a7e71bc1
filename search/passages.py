"""Passages: the pages that prove a hit, each with a snippet in which the found words are marked."""

import html
import re
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from search.pages import page_id, unpack_text
from search.plans import Spot
from search.results import Passage
from search.words import spans

SNIPPET = 240
"""Characters of a snippet, about."""

_LEAD = 60
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)


def plain(text: str) -> str:
    """Text on one line without control and direction characters."""
    return " ".join(_CONTROL.sub(lambda found: " " if found[0].isspace() else "", text).split())


@dataclass(slots=True)
class Found:
    """What was found on one page of a record: how much it weighs, and the positions to mark."""

    weight: float = 0.0
    marks: set[int] = field(default_factory=set)


def by_page(
    located: Sequence[tuple[float, Sequence[Spot]]],
    starts: Sequence[int],
    allowed: Container[int] | None = None,
) -> dict[int, Found]:
    """The spots of each sought word or phrase, gathered by page; a page with more of them weighs more.

    A spot counts for the page on which it starts, and is marked on every page that it touches.
    """
    found: dict[int, Found] = {}
    for weight, spots in located:
        counts: dict[int, int] = {}
        for spot in spots:
            place = bisect_right(starts, spot[0]) - 1
            if allowed is None or place in allowed:
                counts[place] = counts.get(place, 0) + 1
                found.setdefault(place, Found()).marks.update(spot)
        for place, count in counts.items():
            found[place].weight += weight * count / (count + 1.0)
    return found


def merged(found: Iterable[tuple[int, Found]]) -> dict[int, Found]:
    """What was found on parts of pages, gathered by page."""
    pages: dict[int, Found] = {}
    for page, each in found:
        whole = pages.setdefault(page, Found())
        whole.weight += each.weight
        whole.marks |= each.marks
    return pages


def commonest(sections: Iterable[str | None]) -> str | None:
    """The section that most of the marks are in, the first of equals; None without marks."""
    counted = Counter(sections).most_common(1)
    return counted[0][0] if counted else None


def best(found: dict[int, Found], most: int) -> list[int]:
    """The pages to show, the weightiest first; the description only where no page holds anything."""
    pages = [place for place in found if place] or list(found)
    return sorted(pages, key=lambda place: (-found[place].weight, place))[:most]


def passage(
    connection: sqlite3.Connection,
    record: int,
    place: int,
    start: int,
    found: Found,
    review_url: str,
    section: str | None,
) -> Passage:
    """The passage for one page of a record, whose first word is at position `start`.

    `section` is the section of what was found there; the page's own where nothing was.
    """
    number, printed, opens_in, anchor, text, url, media = connection.execute(
        "SELECT page.number, page.printed, page.section, page.anchor, page.text, document.url,"
        " document.media_type FROM page LEFT JOIN document ON document.id = page.document WHERE page.id = ?",
        (page_id(record, place),),
    ).fetchone()
    return Passage(
        page=number,
        printed=plain(printed) if printed else None,
        section=section if found.marks else opens_in,
        snippet=snippet(unpack_text(text), {position - start for position in found.marks}),
        document_url=page_url(url, media, number, anchor) if url else review_url,
    )


def page_url(url: str, media_type: str | None, number: int | None, anchor: str | None) -> str:
    """Where a document opens at a page: `#page=N` of a PDF, the anchor of a web page."""
    bare = url.partition("#")[0]
    is_pdf = media_type == "application/pdf" or (not media_type and bare.lower().endswith(".pdf"))
    if is_pdf and number:
        return f"{bare}#page={number}"
    return f"{bare}#{anchor}" if anchor and not is_pdf else url


def snippet(text: str, marks: set[int]) -> str:
    """The part of a text with most of the marked words (by their place in it), marked; otherwise its start."""
    ahead = islice(spans(text), max(marks, default=-1) + 1)
    marked = [(start, end) for place, (_, start, end) in enumerate(ahead) if place in marks]
    first = _densest(marked)
    start = max(0, marked[first][0] - _LEAD) if marked else 0
    end = min(len(text), start + SNIPPET)
    if start:
        start = _word_break(text, start, marked[first][0])
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start) or end
        if marked:
            end = max(end, marked[first][1])
    pieces, at = ["… " if start else ""], start
    for begin, stop in marked:
        if begin >= start and stop <= end:
            pieces += (_safe(text[at:begin]), "<mark>", _safe(text[begin:stop]), "</mark>")
            at = stop
    pieces += (_safe(text[at:end]), " …" if end < len(text) else "")
    return " ".join("".join(pieces).split())


def _densest(marked: list[tuple[int, int]]) -> int:
    """Of the marked words the one from which on a snippet holds most."""
    best_place = most = 0
    for place, (start, _) in enumerate(marked):
        held = bisect_right(marked, (start - _LEAD + SNIPPET, 0)) - place
        if held > most:
            best_place, most = place, held
    return best_place


def _word_break(text: str, start: int, before: int) -> int:
    while start < before and not text[start - 1].isspace():
        start += 1
    return start


def _safe(text: str) -> str:
    return html.escape(_CONTROL.sub(lambda found: " " if found[0].isspace() else "", text), quote=False)
