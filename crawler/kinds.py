"""What a title or a link says it is: the type of a review, the kind of a document."""

import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from casereviews.model import DocumentKind

Name = TypeVar("Name", bound=str)

_TYPES = {
    "national-review": r"national (?:child safeguarding practice )?review",
    "thematic-review": r"thematic (?:\w+ ){0,4}review",
    "cspr": r"safeguarding (?:child(?:ren)? )?practice review|L?CSPR",
    "scr": r"serious case review|SCR",
    "cpr": r"child practice review|CPR",
    "learning-review": r"significant case review",
    "cmr": r"case management review|CMR",
    "dhr": r"domestic homicide review|domestic abuse[- ]related death review|DHR|DARDR",
    "sar": r"safeguarding adults? review|SAR",
    "pfd": r"prevention of future deaths? report|report to prevent future deaths|regulation 28 report",
}
_KINDS: dict[DocumentKind, str] = {
    "response": r"responses?|reply",
    "action-plan": r"action plan",
    "briefing": r"briefing|(?:7|seven)[- ]minute|learning (?:summary|brief)|practitioner (?:guide|summary)|one page",
    "summary": r"executive summary|summary",
    "report": r"report|review|L?CSPR|SCR|SAR|DHR",
}
_SAYS_NOTHING = re.compile(r"(?:(?:please )?click )?(?:here|download|view|read|open|link|pdf)?\W*", re.IGNORECASE)


def review_type(text: str) -> str | None:
    """The type of review that `text` names, None when it names none.

    >>> review_type("Local Child Safeguarding Practice Review: Child A"), review_type("Child A")
    ('cspr', None)
    """
    return _first(_TYPES, text)


def document_kind(text: str, default: DocumentKind = "other") -> DocumentKind:
    """The kind of document that a link's text or address names, else `default`.

    >>> document_kind("2024-0001-Response-from-Anytown-NHS-Trust.pdf"), document_kind("> Read the overview report")
    ('response', 'report')
    """
    return _first(_KINDS, text) or default


def document_title(text: str, url: str) -> str:
    """A link's text where it tells anything, else the name of its file.

    >>> document_title("> Read the overview report", "x.pdf"), document_title("here", "/a/Child%20A.pdf?v=1")
    ('Read the overview report', 'Child A.pdf')
    """
    told = text.lstrip(">›» ")
    return unquote(urlsplit(url).path.rpartition("/")[2]) if _SAYS_NOTHING.fullmatch(told) else told


def _first(patterns: Mapping[Name, str], text: str) -> Name | None:
    spaced = re.sub(r"[_\W]+|%20", " ", text)
    return next((name for name, p in patterns.items() if re.search(rf"\b(?:{p})\b", spaced, re.IGNORECASE)), None)
