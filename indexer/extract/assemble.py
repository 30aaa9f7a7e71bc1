"""Lines of pages to pages of text: running lines set aside, broken words mended, headings and notes marked."""

import re
from collections import Counter
from itertools import pairwise

from casereviews.model import Heading, Page
from indexer.clean import SOFT_HYPHEN, clean_line
from indexer.extract.columns import reading_order
from indexer.extract.headings import HeadingRule
from indexer.extract.hyphens import Words, mended
from indexer.extract.lines import Line, PageLines
from indexer.extract.running import printed_numbers, set_aside

_NOTE_SIZE = 0.93
"""Footnotes are set smaller than this share of the body's size."""
_NOTE_OPENING = re.compile(r"(?:\d{1,3}|[*†‡§]|[ivx]{1,5})[\s.)]?\s?[^\W\d_(‘“]|\d{1,3}\s+\S")
_PARAGRAPH = 1.3
"""A step between lines larger than this share of the usual one parts paragraphs."""
_NUMBERED = re.compile(r"\(?\d")
_FULL_LINE = 0.6
"""A heading goes on in the next line only when this share of the page's width was not enough for it."""
_LABEL = re.compile(r"\(?(?:\d+(?:\.\d+)*|[A-Za-z]|[ivx]+)[.):]?|[•·●○▪–—*-]")


def assembled(pages: list[PageLines]) -> tuple[Page, ...]:
    """The pages of a document as text."""
    for page in pages:
        for line in page.lines:
            line.text = clean_line(line.text)
        page.lines = reading_order([line for line in page.lines if line.text], page.width)
    aside = set_aside(pages)
    printed = printed_numbers(aside)
    rule = HeadingRule(pages)
    notes = [_first_note(page, rule.body) for page in pages]
    _mend(pages, notes, Words([line.text for page in pages for line in page.lines]))
    return tuple(
        _page(page, rule, note, running, number)
        for page, note, running, number in zip(pages, notes, aside, printed, strict=True)
    )


def _first_note(page: PageLines, body: float) -> int | None:
    """Index of the line at which the page's footnotes begin: small lines at the foot, the first numbered."""
    first = None
    for index in range(len(page.lines) - 1, -1, -1):
        line = page.lines[index]
        if line.size >= _NOTE_SIZE * body or line.y > 0.6 * page.height:
            break
        if _NOTE_OPENING.match(line.text):
            first = index
    return first or None


def _mend(pages: list[PageLines], notes: list[int | None], words: Words) -> None:
    """Make words whole that are broken between two lines, or between the bodies of two pages."""
    last: Line | None = None
    for page, note in zip(pages, notes, strict=True):
        end: Line | None = None
        for index, line in enumerate(page.lines):
            above = last if index == 0 else page.lines[index - 1]
            if index == note:
                end, above = page.lines[index - 1], None
            if above is not None and above.text[-1:] in {"-", SOFT_HYPHEN} and not line.joined:
                whole = mended(above.text, line.text, words)
                if whole is not None:
                    above.text, line.text = whole
        last = end or (page.lines[-1] if page.lines else None)


def _page(page: PageLines, rule: HeadingRule, note: int | None, aside: tuple[str, ...], printed: str | None) -> Page:
    usual = _usual_step(page.lines)
    parts: list[str] = []
    length = 0
    headings: list[Heading] = []
    footnotes: int | None = None
    before: Line | None = None
    level_before = 0
    for index, line in enumerate(page.lines):
        text = line.text.replace(SOFT_HYPHEN, "")
        if not text:
            continue
        level = 0 if note is not None and index >= note else rule.level(line)
        if not level and level_before and before is not None and _carries_on(before, line):
            level = level_before
        goes_on = (
            before is not None and level == level_before > 0
            and before.x1 > _FULL_LINE * page.width and not _NUMBERED.match(text)
        )  # fmt: skip
        gap = _gap(before, line, 1.5 * line.size if goes_on else usual, level != level_before or index == note)
        parts += [gap, text]
        length += len(gap)
        if index == note:
            footnotes = length
        if goes_on and gap == "\n":
            start = headings.pop()
            headings.append(Heading(start.offset, level, f"{start.text} {text}"))
        elif level:
            headings.append(Heading(length, level, text))
        length += len(text)
        before, level_before = line, level
    return Page(
        page.number, "".join(parts), printed, headings=tuple(headings), footnotes=footnotes, aside=aside, ocr=page.ocr
    )


def _carries_on(heading: Line, line: Line) -> bool:
    """Whether a line that cannot open a heading is the rest of the one above it."""
    return line.text[0].islower() and line.size == heading.size and line.bold == heading.bold and not line.joined


def _gap(before: Line | None, line: Line, usual: float, apart: bool) -> str:
    """What stands between two lines: a tab between cells, a blank line between paragraphs."""
    if before is None:
        return ""
    if line.joined:
        return " " if _LABEL.fullmatch(before.text) else "\t"
    step = before.y - line.y
    return "\n\n" if apart or step > _PARAGRAPH * usual or step < -usual else "\n"


def _usual_step(lines: list[Line]) -> float:
    """The most usual step from a line to the next, in points."""
    steps = Counter(
        round(above.y - below.y, 0) for above, below in pairwise(lines)
        if 0.7 * below.size < above.y - below.y < 2.2 * below.size
    )  # fmt: skip
    return steps.most_common(1)[0][0] if steps else 1e9
