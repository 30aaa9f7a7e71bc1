"""The lines of a document with all that telling its recommendations apart needs to know of each."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.model import Page, Section
from indexer.page_body import body_of

_BULLETS = re.compile(r"^\ufffd(?=\s)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, its page, where it stands, and whether it is a heading or starts a paragraph."""

    text: str
    page: int
    offset: int
    """Where it begins in the page's text, and where it ends."""
    end: int
    section: str | None
    heading: str
    """The heading of its section as printed."""
    block: int
    """Counts the sections: lines with the same number stand under the same heading."""
    is_heading: bool
    is_section_heading: bool
    starts_paragraph: bool
    starts_page: bool


def lines_of(pages: Sequence[Page], sections: Sequence[Section]) -> list[Line]:
    """Every line of text that is not blank and not a footnote."""
    found: list[Line] = []
    keys = [(section.page, section.offset) for section in sections]
    for page in pages:
        text = body_of(page)
        spans = [(heading.offset, heading.offset + len(heading.text)) for heading in page.headings]
        offset, blank, first = 0, True, True
        for raw in text.splitlines(keepends=True):
            line = _BULLETS.sub("•", raw.strip())
            if line:
                place = bisect_right(keys, (page.number, offset)) - 1
                within = sections[place] if place >= 0 else None
                opens = (
                    within is not None
                    and within.page == page.number
                    and (within.offset <= offset < within.offset + max(len(within.heading), 1))
                )
                found.append(
                    Line(
                        text=line,
                        page=page.number,
                        offset=offset,
                        end=offset + len(raw.rstrip()),
                        section=within.canonical if within else None,
                        heading=within.heading if within else "",
                        block=place,
                        is_heading=opens or any(start <= offset < end for start, end in spans),
                        is_section_heading=opens,
                        starts_paragraph=blank,
                        starts_page=first,
                    )
                )
                first = False
            blank = not line
            offset += len(raw)
    return found
