"""Running headers, footers and page numbers: found by their marks and by repetition, and set aside."""

import re
from collections import Counter

from indexer.extract.drawn import ARTIFACT
from indexer.extract.lines import Line, PageLines

_EDGE = 0.12
"""Share of the page's height from either edge within which a running line stands."""
_MARKED_EDGE = 0.18
"""The same for lines that the file itself marks as artifacts."""
_LINES_DEEP = 3
_REPEATED = 0.4
"""A line at the edge of this share of the pages is a running line."""
_REPEATED_IN_PLACE = 0.05
"""The same line at the same height on this share of the pages is a running line too: a chapter's."""
_RUNNING_MOST = 0.5
_MARKED_MOST = 0.4
"""A file that marks more of its text than this as artifacts marks it wrongly."""

_THIN = 2
"""On so few pages a running line stands at one height, and nothing else parts it from its edge: text repeats too."""

_DIGITS = re.compile(r"\d+")
_ITEM = re.compile(
    r"(?:(?:key|national|local) )?(?:recommendation|rec|finding|learning point|learning|lesson|question|theme|priority"
    r"|action|chapter|section|appendix|annex|part|r)\b\.?\s*(?:no\.?\s*)?(?:\d|[ivx]+\b|[a-h]\b|one|two|three|four|five|six)",
    re.IGNORECASE,
)
"""What a page may open with: its number tells it apart from the others, so that it does not repeat."""
_ROMAN_LINE = re.compile(r"\W*[ivxlc]{1,7}\W*")
_ROMAN = re.compile(r"(?=[ivxlc])(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SAID = re.compile(r"\bpage\s*(\d{1,4}|[ivxlc]{1,7})\b", re.IGNORECASE)
_ALONE = re.compile(r"\W*(\d{1,4}|[ivxlc]{1,7})\W*", re.IGNORECASE)
_AT_AN_END = re.compile(r"(\d{1,4})\b.*|.*\b(\d{1,4})", re.DOTALL)


def set_aside(pages: list[PageLines]) -> list[tuple[str, ...]]:
    """Take the running lines out of `pages`; gives each page's, as printed, from top to bottom."""
    marked = _marks_are_sound(pages)
    edges = [_edge_lines(page) for page in pages]
    counted = Counter(shape for page in edges for shape in {_shape(line.text) for line in page})
    in_place = Counter(key for page in edges for key in {key for line in page for key in _places(line)})
    needed, needed_in_place = max(2, _REPEATED * len(pages)), max(3, _REPEATED_IN_PLACE * len(pages))
    repeated = [
        {
            id(line) for line in edge
            if counted[_shape(line.text)] >= needed or max(in_place[key] for key in _places(line)) >= needed_in_place
        }
        for edge in edges
    ]  # fmt: skip
    for page, edge, found in zip(pages, edges, repeated, strict=True):
        thin = [line for line in edge if id(line) in found and counted[_shape(line.text)] <= _THIN]
        found.difference_update([id(line) for line in thin if max(in_place[key] for key in _places(line)) < _THIN])
        found.difference_update([id(line) for line in thin if not _is_outermost(line, page, found)])
    if not _is_a_part(pages, repeated):
        repeated = [set() for _ in pages]
    aside: list[tuple[str, ...]] = []
    for page, running in zip(pages, repeated, strict=True):
        if marked:
            running |= {id(line) for line in page.lines if _is_marked(line, page)}
        aside.append(tuple(line.text for line in page.lines if id(line) in running))
        page.lines = [line for line in page.lines if id(line) not in running]
    return aside


def _is_outermost(line: Line, page: PageLines, running: set[int]) -> bool:
    """Whether nothing but running lines stands between a line and its edge of the page."""
    top = line.y > page.height / 2
    beyond = (other for other in page.lines if (other.y > line.y + 1 if top else other.y < line.y - 1))
    return all(id(other) in running for other in beyond)


def _is_a_part(pages: list[PageLines], running: list[set[int]]) -> bool:
    """Whether so much is left without the running lines that they can be nothing but that."""
    total = sum(len(line.text) for page in pages for line in page.lines)
    taken = sum(
        len(line.text) for page, found in zip(pages, running, strict=True) for line in page.lines if id(line) in found
    )
    return taken <= _RUNNING_MOST * total


def _marks_are_sound(pages: list[PageLines]) -> bool:
    total = sum(len(line.text) for page in pages for line in page.lines)
    marked = sum(len(line.text) for page in pages for line in page.lines if line.kind == ARTIFACT)
    return marked < _MARKED_MOST * total


def _is_marked(line: Line, page: PageLines) -> bool:
    if line.kind != ARTIFACT:
        return False
    edge = _MARKED_EDGE * page.height
    return line.slanted or line.y < edge or line.y > page.height - edge


def _edge_lines(page: PageLines) -> list[Line]:
    edge = _EDGE * page.height
    heights = sorted({round(line.y) for line in page.lines})
    deep = {*heights[:_LINES_DEEP], *heights[-_LINES_DEEP:]}
    return [
        line for line in page.lines
        if round(line.y) in deep and (line.y < edge or line.y > page.height - edge)
    ]  # fmt: skip


def _shape(text: str) -> str:
    """What stays the same of a running line from page to page."""
    lowered = text.lower()
    if _ROMAN_LINE.fullmatch(lowered):
        return "#"
    return lowered if _ITEM.match(lowered) else _DIGITS.sub("#", lowered)


def _places(line: Line) -> list[tuple[str, float]]:
    """The line's shape at its height, rounded in two ways so that none falls between two stools."""
    shape = _shape(line.text)
    return [(shape, line.y // 3), (shape, (line.y + 1.5) // 3 + 0.5)]


def printed_numbers(aside: list[tuple[str, ...]]) -> list[str | None]:
    """The page number printed on each page; one that does not run with the pages is not taken for one."""
    candidates = [list(_candidates(lines)) for lines in aside]
    votes = Counter(
        (value - position, roman) for position, page in enumerate(candidates) for _, value, roman, _ in set(page)
    )
    printed: list[str | None] = []
    for position, page in enumerate(candidates):
        best: tuple[int, str] | None = None
        for text, value, roman, said in page:
            count = votes[value - position, roman]
            if (count > 1 or said) and (best is None or count > best[0]):
                best = (count, text)
        printed.append(best[1] if best else None)
    return printed


def _candidates(lines: tuple[str, ...]) -> list[tuple[str, int, bool, bool]]:
    """Numbers that may be a page's: as printed, value, whether roman, whether the line says that it is one."""
    found: list[tuple[str, int, bool, bool]] = []
    for line in lines:
        said = _SAID.search(line)
        match = said or _ALONE.fullmatch(line) or _AT_AN_END.fullmatch(line)
        if match is None:
            continue
        text = next(group for group in match.groups() if group)
        if text.isdigit():
            found.append((text, int(text), False, bool(said)))
        elif _ROMAN.fullmatch(text):
            found.append((text, _roman_value(text.lower()), True, bool(said)))
    return found


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
