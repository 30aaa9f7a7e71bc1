"""Sections of a report: which stretch of it is findings, which recommendations, which only a list of contents.

Headings come from the layout; where a file has none, from lines that stand alone and read like one. The contents
page says which headings are chapters. A chapter with a heading of its own making (`Professional curiosity`) is
analysis; a heading within a section that no name fits belongs to that section.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casereviews.model import Page, Section
from indexer.bodies import bodies_in
from indexer.contents import Contents, find_contents
from indexer.page_body import body_of
from indexer.section_names import SectionNames, depth, folded, section_names

_FORM = re.compile(r"regulation\s+28\b|prevent(?:ion of)?\s+future\s+deaths", re.IGNORECASE)
_LEAST_BOXES = 4
_MOST_WORDS_ALONE = 9
_MOST_WORDS_ON_COVER = 130
"""A first page with fewer is a cover: what is set large there is the title."""
_SIGNED = re.compile(r"\s*yours (?:sincerely|faithfully)\b", re.IGNORECASE)
_ITEM = re.compile(
    r"\s*(?:key\s+)?(?:recommendations?|rec|finding|question|learning point|lesson|theme|case example|example|action"
    r"|priority|r|f)"
    r"\s*\.?\s*(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|[ivx]+\b)",
    re.IGNORECASE,
)
"""A heading of one item within a section, never of a section."""
_MENTION = re.compile(r"\b(?:should|must|was|were|is|are|has|have|had|will|would)\b", re.IGNORECASE)
_STILL_ASKS = frozenset({"does", "need", "needs", "what", "how", "why", "who", "is", "being"})
_CLOSED = frozenset({"appendices", "glossary", "references"})
"""What follows these is more of the same kind, not another chapter."""
_ADDRESSED = frozenset({"recommendations", "action_plan"})
_CHAPTER = "analysis"


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    offset: int
    text: str
    level: int
    laid_out: bool
    goes_on: bool = False
    """Follows another heading at once: the rest of its title, unless it has a name of its own."""


def sections_of(pages: Sequence[Page], names: SectionNames | None = None) -> tuple[Section, ...]:
    """The sections of a document, in order; what stands before the first belongs to none."""
    names = names or section_names()
    form = _form_boxes(pages, names)
    if form:
        return form
    contents = find_contents(pages)
    found: list[Section] = []
    if contents:
        start = pages[contents.page]
        found.append(Section(start.number, contents.offset, "contents", "Contents"))
    found += _chapters(pages, contents, names)
    return tuple(sorted(found, key=lambda section: (section.page, section.offset)))


def with_sections(pages: Sequence[Page], sections: Sequence[Section]) -> tuple[Page, ...]:
    """The pages, each with the section that it opens in."""
    return tuple(replace(page, section=section_at(sections, page.number, _first_letter(page.text))) for page in pages)


def section_at(sections: Sequence[Section], page: int, offset: int) -> str | None:
    """The canonical section of a place in a document; None before the first."""
    place = bisect_right(sections, (page, offset), key=lambda section: (section.page, section.offset))
    return sections[place - 1].canonical if place else None


def _first_letter(text: str) -> int:
    return len(text) - len(text.lstrip())


def _form_boxes(pages: Sequence[Page], names: SectionNames) -> tuple[Section, ...]:
    """The boxes of a coroner's report; empty for any other document."""
    if not any(_FORM.search(page.text) for page in pages[:2]):
        return ()
    found: dict[str, Section] = {}
    for page in pages:
        for offset, line in _lines(page):
            box = names.form_box(line)
            if box and box not in found and len(line) < 120:
                found[box] = Section(page.number, offset, box, line.strip())
    ordered = sorted(found.values(), key=lambda section: (section.page, section.offset))
    return tuple(ordered) if len(ordered) >= _LEAST_BOXES else ()


def _lines(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of a page with their offsets, without its footnotes."""
    offset = 0
    for line in body_of(page).splitlines(keepends=True):
        yield offset, line.rstrip("\n")
        offset += len(line)


def _chapters(pages: Sequence[Page], contents: Contents | None, names: SectionNames) -> list[Section]:
    found: list[Section] = []
    open_: list[tuple[int, str]] = []  # levels and sections within which the text stands
    current: str | None = None
    met: set[str] = set()
    for candidate in _candidates(pages, contents, names):
        known = None if _ITEM.match(candidate.text) or _sentence(candidate.text) else names.section(candidate.text)
        promised = _promised(candidate.text, contents, met)
        if contents is not None and candidate.page < contents.page and known is None:
            continue
        if candidate.page == 0 and len(pages) > 2 and len(pages[0].text.split()) < _MOST_WORDS_ON_COVER:
            promised = False
            known = known if known and known[1].words == len(folded(candidate.text).split()) else None
        if known is None and not _is_chapter(candidate, promised, open_, current):
            continue
        if promised and contents is not None and folded(candidate.text) in contents.titles:
            met.add(folded(candidate.text))
        while open_ and open_[-1][0] >= candidate.level:
            open_.pop()
        if known is not None:
            section = known[0]
        elif open_ and not promised:
            section = open_[-1][1]
        elif (promised or (contents is None and found)) and current not in _CLOSED:
            section = _CHAPTER
        else:
            continue
        if known is not None or not open_ or promised:
            open_.append((candidate.level, section))
        if section != current or known is not None or promised or len(open_) == 1:
            found.append(Section(pages[candidate.page].number, candidate.offset, section, candidate.text))
        current = section
    return found


def _is_chapter(candidate: _Candidate, promised: bool, open_: list[tuple[int, str]], current: str | None) -> bool:
    """Whether a heading that no name fits ends the section before it."""
    if not candidate.laid_out or candidate.goes_on or (not open_ and not promised):
        return False
    if promised:
        return True
    words = len(folded(candidate.text).split())
    if (
        _ITEM.match(candidate.text)
        or words < (6 if candidate.text.rstrip().endswith(":") else 3)
        or candidate.text.endswith("because:")
    ):
        return False
    if current in _ADDRESSED and candidate.level >= open_[-1][0] and bodies_in(candidate.text):
        return False
    return candidate.level <= open_[-1][0] and depth(candidate.text) <= 1


def _promised(heading: str, contents: Contents | None, met: set[str]) -> bool:
    """Whether the contents name a heading, whole or as far as a line goes, and it was not met before."""
    text = folded(heading)
    if contents is None or len(text) <= 3 or text in met:
        return False
    if text in contents.titles:
        return True
    begun = (title for title in contents.titles if text.startswith(title) or title.startswith(text))
    return any(min(text, title, key=len).count(" ") >= 2 for title in begun)


def _sentence(text: str) -> bool:
    """Whether a line says something, rather than head something."""
    if text.rstrip().endswith((".", ";", ",")) and not re.search(r"\b\w\.$", text):
        return True
    words = set(text.casefold().split())
    return bool(_MENTION.search(text)) and not words & _STILL_ASKS


def _candidates(pages: Sequence[Page], contents: Contents | None, names: SectionNames) -> Iterator[_Candidate]:
    """Every line that may be a heading, in order; those of the layout, and those that stand alone and are named."""
    laid_out = sum(len(page.headings) for page in pages)
    for index, page in enumerate(pages):
        heads = {heading.offset: heading for heading in page.headings}
        inside = [(h.offset, h.offset + len(h.text)) for h in page.headings]
        lines = list(_lines(page))
        for number, (offset, line) in enumerate(lines):
            if contents and contents.covers(index, offset):
                continue
            if _SIGNED.match(line):  # a letter is at its end: names and posts follow
                return
            if offset in heads:
                heading = heads[offset]
                before = max((h for h in page.headings if h.offset < offset), key=lambda h: h.offset, default=None)
                goes_on = before is not None and not page.text[before.offset + len(before.text) : offset].strip()
                yield _Candidate(index, offset, heading.text, heading.level, True, goes_on)
            elif any(start <= offset < end for start, end in inside):
                continue
            elif _stands_alone(lines, number, laid_out) and _reads_like_heading(line, names, laid_out):
                yield _Candidate(index, offset, line.strip(), max(depth(line), 1) if not laid_out else 2, False)


def _stands_alone(lines: list[tuple[int, str]], number: int, laid_out: int) -> bool:
    before = lines[number - 1][1].strip() if number else ""
    after = lines[number + 1][1].strip() if number + 1 < len(lines) else ""
    return (not laid_out or not before or before.endswith((".", "?", "!", ":"))) and (
        not after or not after[:1].islower()
    )


def _reads_like_heading(line: str, names: SectionNames, laid_out: int) -> bool:
    """Whether a line without a heading's looks is one by its words: the more of the document is laid out, the less."""
    text = line.strip()
    if not text or not (text[0].isupper() or text[0].isdigit() or text[0] == "(") or "\t" in text or _sentence(text):
        return False
    if (
        len(folded(text).split()) > _MOST_WORDS_ALONE
        or _ITEM.match(text)
        or text.endswith((":", "-"))
        or depth(text) > 1
    ):
        return False
    known = names.section(text)
    if known is None:
        return False
    exact = not known[1].open or known[1].words == len(folded(text).split())
    return exact and (
        known[1].words >= 2 or known[0] == folded(text) or not laid_out or text.isupper() or bool(depth(text))
    )
