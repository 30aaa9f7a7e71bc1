"""An item of a section as it is read off the page, and what its words show of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.item_markers import marker

ENDED = re.compile(r"[.;!?][\"'”’)\]]*(?:\s?\d{1,2})?$")
INTRODUCES = re.compile(
    r"\bfollowing (?:recommendations?|actions?|areas|findings|matters|concerns)\b"
    r"|\brecommendations? (?:below|that follow|are (?:as follows|set out)|as follows)|\btake the following\b"
    r"|^(?:the|this) (?:review|report|section|panel|author|chapter)s?"
    r" (?:makes?|sets? out|has made|contains|identified|identifies)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\b(?:should|must|shall|needs? to|(?:is|are) recommended|recommends? that|seek assurance)\b|^(?:To|That) [a-z]+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Item:
    """One item: what it says and how it is marked. `under` are the headings within the section that it stands under."""

    text: str
    page: int
    section: str | None
    form: str
    start: tuple[int, int]
    """Page and offset at which it begins; `end` likewise."""
    end: tuple[int, int]
    number: str | None = None
    nature: str = "recommendation"
    label_note: str | None = None
    lead: str | None = None
    """What a table gives beside it, up to a date: who leads."""
    under: tuple[str, ...] = ()
    finding: str | None = None


def run_together(lines: Sequence[str]) -> str:
    """Lines as one text, word for word: the page's line ends go, those before parts with marks of their own stay."""
    text = ""
    for line in lines:
        text += ("\n" if text and marker(line) else " " if text else "") + line
    return text.strip()
