"""Who a recommendation is addressed to: the bodies that it makes its subject, or that its label or heading names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.bodies import bodies_in, kinds_of

_VERBS = "ensure|review|develop|consider|seek|provide|undertake|assure|commission|establish|agree|work|promote|publish"
_MODAL = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|will|could|may wish to"
    r"|(?:is|are) (?:asked|invited|recommended|advised|requested|required|urged)"
    rf"|to (?:{_VERBS}|report|monitor))\b"
)
_RECOMMENDED = re.compile(
    r"^(?:it is )?(?:recommended|(?:the|this) (?:review|panel|author|report) recommends?)(?: that)?[:,]?\s+",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:In order to [^,]{1,160},|(?:To|As|When|Where)\b[^,]{1,120},|Within [^,]{1,40},)\s*", re.IGNORECASE
)
_IMPERATIVE = re.compile(
    r"(?:Ensure|Improve|Review|Strengthen|Develop|Establish|Increase|Consider|Undertake|Provide|Agree)\b"
)
_OPENING = re.compile(r"(?:that )?(?:the )?", re.IGNORECASE)
_SECTOR = re.compile(
    r"(?:(?:[\d.]+ )?recommendations? (?:for|to) (?:the )?)?(?P<name>health|education)"
    r"(?: (?:services|partners|sector))?:?",
    re.IGNORECASE,
)
_SECTORS = {"health": "health", "education": "school"}
"""Named by one word, which is no body's name unless it stands alone, in a heading or as who should act."""
_MOST_BEFORE_MODAL = 260
_BRACKETED = re.compile(r"^\(([^)]{2,80})\)")


@dataclass(frozen=True, slots=True)
class Addressed:
    """The bodies named, and what they are."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]


def addressed(text: str, *, hint: str | None, headings: Sequence[str]) -> Addressed:
    """The addressees of a text: its subject's bodies; else those of `hint` (a label's note, a table's lead);

    else those of the nearest heading that names any.
    """
    for where in (_subject(text), hint or "", *headings):
        found = bodies_in(where) if where else []
        if found:
            return Addressed(tuple(name for name, _ in found), kinds_of(found))
        if sector := _SECTOR.fullmatch(where.strip()):
            return Addressed((sector["name"],), (_SECTORS[sector["name"].casefold()],))
    if hint and hint.strip():
        return Addressed((hint.strip(),), ("other",))
    return Addressed((), ())


def _subject(text: str) -> str:
    """What stands before the verb that asks; empty where a text begins with the verb itself (`Ensure that`)."""
    plain = _RECOMMENDED.sub("", " ".join(text.split()))
    bracketed = _BRACKETED.match(plain)
    if bracketed:
        return bracketed[1]
    plain = _LEADING.sub("", plain)
    modal = _MODAL.search(plain)
    if modal is None or modal.start() > _MOST_BEFORE_MODAL or modal.start() == 0:
        return _opening_body(plain)
    before = plain[: modal.start()]
    if _IMPERATIVE.match(before):
        return ""
    return before


def _opening_body(plain: str) -> str:
    """The body with which a text begins (`That the LSCB reviews …`, `GP practices to code …`)."""
    start = _OPENING.match(plain)
    rest = plain[start.end() :] if start else plain
    named = bodies_in(rest[:_MOST_BEFORE_MODAL])
    return named[0][0] if named and rest.startswith(named[0][0]) else ""
