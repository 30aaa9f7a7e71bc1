"""Contents pages: where they are, and what they promise; their entries are evidence for the headings of the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.model import Page
from indexer.section_names import folded

_HEADING = re.compile(r"\s*(?:table of |list of )?contents(?: page)?\s*:?\s*", re.IGNORECASE)
_INDEX = re.compile(r"\s*index\s*", re.IGNORECASE)
_ENTRY = re.compile(r"(?P<title>.*?\S)(?:\s*[.…·_]{3,}\s*|\t+|\s{2,}|\s)(?P<page>\d{1,3}|[ivxlc]{1,6})$")
_LEADER = re.compile(r"\s*(?:\.\s?){3,}.*$|\s*…+.*$")
_LEAST_ENTRIES = 3
_FIRST_PAGES = 12
"""Contents stand within so many pages of the start."""
_LONG = 100


@dataclass(frozen=True, slots=True)
class Contents:
    """The span of a document's contents, and the titles in them as `folded`."""

    page: int
    """Index of the page where they start."""
    offset: int
    last: int
    """Index of the page where they end; the text after `end` there is text again."""
    end: int
    titles: frozenset[str]

    def covers(self, page: int, offset: int) -> bool:
        """Whether a place is within the contents, their heading included."""
        return (self.page, self.offset) <= (page, offset) and (page, offset) < (self.last, self.end)


def find_contents(pages: Sequence[Page]) -> Contents | None:
    """The contents of a document, or None; a list of page numbers is known without a heading too."""
    for index, page in enumerate(pages[:_FIRST_PAGES]):
        start = 0
        for line in page.text.splitlines(keepends=True):
            if _HEADING.fullmatch(line.rstrip()) or (index < 4 and _INDEX.fullmatch(line.rstrip())):
                return _from(pages, index, start, start + len(line))
            start += len(line)
        entries = [line for line in page.text.splitlines() if _numbered(line)]
        lines = sum(bool(line.strip()) for line in page.text.splitlines())
        if len(entries) >= 6 and len(entries) > 0.6 * lines and any(map(_LEADER.search, entries)):
            return _from(pages, index, 0, 0)
    return None


def _numbered(line: str) -> bool:
    return len(line) < 2 * _LONG and bool(_ENTRY.match(line.strip()))


def _from(pages: Sequence[Page], first: int, start: int, after: int) -> Contents | None:
    titles: list[str] = []
    seen = numbered = 0
    last, end = first, after
    for index in range(first, min(first + 4, len(pages))):
        text = pages[index].text
        begin = after if index == first else 0
        found, stop, prose = _entries(text, begin, set(titles))
        if index > first and sum(_numbered(line) for line in text.splitlines()) < _LEAST_ENTRIES:
            break
        titles += found
        numbered += sum(_numbered(line) for line in text[begin:stop].splitlines())
        seen += len(found)
        last, end = index, stop
        if prose:
            break
    if seen < _LEAST_ENTRIES and not numbered:
        return None
    return Contents(
        first, start, last, end if end < len(pages[last].text) else len(pages[last].text) + 1, frozenset(titles)
    )


def _entries(text: str, begin: int, known: set[str]) -> tuple[list[str], int, bool]:
    """The titles listed from `begin`, where the list ends, and whether it is followed by prose."""
    titles: list[str] = []
    at = begin
    for line in text[begin:].splitlines(keepends=True):
        bare = line.strip()
        match = _ENTRY.match(_LEADER.sub(" ", bare) if not bare[-1:].isdigit() else bare)
        title = folded(_LEADER.sub("", match["title"] if match else bare).strip())
        prose = len(bare) > _LONG or (bare.endswith(".") and not _LEADER.search(bare) and len(bare) > 40)
        if prose and not match:
            return titles, at, True
        if title and not match and (title in known or title in titles) and len(titles) >= _LEAST_ENTRIES:
            return titles, at, True
        if title and not title.isdigit():
            titles.append(title)
        at += len(line)
    return titles, at, False
