"""What a report says of itself on its first pages: board, type, date, author, ages, date of the incident.

Each fact comes with its page. They stand beside what the source lists, never in its place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from casereviews.model import Page, ReadDocument, TextFact
from indexer.bodies import bodies_in
from indexer.page_body import body_of

FIELDS = ("board", "type", "reported", "author", "ages", "incident")
"""What is looked for, in the order in which it is shown."""

_FIRST_PAGES = 3
_STORY_PAGES = 8
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_MONTH = "|".join(_MONTHS)
_DATE = (
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{_MONTH}),? (?P<year>(?:19|20)\d\d)"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d\d)"
)
_DATED = tuple(
    re.compile(rf"\b(?:{label})\s*[:–-]?\s+(?:{_DATE})", re.IGNORECASE)
    for label in (
        r"date of (?:this |the )?(?:report|publication)|publication date|report (?:published|completed|date)"
        r"|date published|date completed",
        r"published(?: on| in)?|completed(?: on| in)",
        r"(?<!inspection )(?<!meeting )date",
    )
)
"""Labels of the date, the surest first."""
_ALONE = re.compile(rf"^(?:{_DATE})$", re.IGNORECASE)
_NAME = (
    r"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Miss|Professor|Prof|Dame|Sir|Rev)\.? )?"
    r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|[A-Z]\.?|de|van|von)){1,3})"
)
_ROLE = (
    r"(?:report |overview (?:report )?|independent |lead |joint )*(?:author|reviewer|writer)s?"
    r"|(?:written|prepared|authored|produced) by|reporting inspector|lead inspector"
)
_AUTHOR = re.compile(rf"\b(?i:{_ROLE})(?: and chair)?\s*(?::|–|-|,|\n)?\s+{_NAME}")
_CORONER = re.compile(rf"\bI am,? {_NAME}[^.\n]{{0,40}}?(?i:coroner)")
_NO_NAME = re.compile(
    r"\b(?:The|This|Report|Review|Board|Partnership|Council|Children|Safeguarding|Independent|Date)\b"
)
_NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_AGED = re.compile(
    rf"\b(?:aged|age of|age:?) (?P<a>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})(?:[ -](?P<ua>year|month|week|day)s?)?\b"
    rf"|\b(?P<b>\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})[ -](?P<ub>year|month|week|day)s?[ -]olds?\b",
    re.IGNORECASE,
)
_INCIDENT = tuple(
    re.compile(rf"\b{harm}(?: (?:on|in|of))(?: the)? (?:{_DATE})", re.IGNORECASE)
    for harm in (
        r"(?:died|was (?:killed|murdered|stabbed|found dead)|collapsed)(?: [^.;\s]+){0,3}?",
        r"(?:death|murder|injur\w+|incident|suicide)(?: [^.;\s]+){0,6}?",
    )
)
_NO_INCIDENT = re.compile(r"\b(?:inquest|opened|review|report|investigation|commenced)\b", re.IGNORECASE)
_OF_MANY = re.compile(
    r"\b(?:children|people|those|carers|leavers|parents|pupils|all|under|over|the age of|between|population"
    r"|year-olds?)\b[^.]{0,25}$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:to|and (?:over|above|under)|or (?:over|under)|[–-]\s?\d|and \d)")
_TYPES = (
    ("pfd", r"regulation 28|prevent(?:ion of)? future deaths"),
    ("mental-health-homicide", r"mental health homicide|independent investigation into the care and treatment"),
    ("national-review", r"national (?:child safeguarding practice )?review"),
    ("cspr", r"(?:local )?child safeguarding practice review|\bL?CSPR\b"),
    ("thematic-review", r"thematic (?:safeguarding adults? )?review"),
    ("scr", r"serious case review|\bSCR\b"),
    ("dhr", r"domestic (?:homicide|abuse related death) review|\bDHR\b"),
    ("sar", r"safeguarding adults? review|\bSAR\b"),
    ("cpr", r"(?:concise |extended )?child practice review"),
    ("learning-review", r"learning review"),
    ("cmr", r"case management review"),
    ("annual-report", r"annual report"),
)
_MOST_AGES = 4
_POST = re.compile(
    r"^(?:Dear |(?:Independent )?(?:Chair|Members?|Director|Manager|Report|On behalf) (?:of|for) (?:the )?)",
    re.IGNORECASE,
)
_PLACELESS = re.compile(
    r"(?:the )?(?:local |safeguarding |community |health |partnership|board|children)", re.IGNORECASE
)


def facts_in(documents: Sequence[ReadDocument]) -> tuple[TextFact, ...]:
    """What the first readable report says of itself; of each field the first, of ages each."""
    readable = [(place, document) for place, document in enumerate(documents, 1) if document.pages]
    chosen = next((pair for pair in readable if pair[1].kind == "report"), readable[0] if readable else None)
    if chosen is None:
        return ()
    place, document = chosen
    return tuple(TextFact(field, value, place, page) for field, value, page in _facts(document.pages))


def _facts(pages: Sequence[Page]) -> Iterator[tuple[str, str, int]]:
    texts = [(page.number, body_of(page)) for page in pages[:_STORY_PAGES]]
    front = texts[:_FIRST_PAGES]
    finders = (("board", _board, 3), ("type", _type, 1), ("reported", _reported, 3), ("author", _author, 3))
    for field, find, most in finders:
        found = next(((value, number) for number, text in front[:most] if (value := find(text))), None)
        if found:
            yield field, *found
    yield from (("ages", value, number) for value, number in _ages(texts))
    dated = (
        (iso, number)
        for pattern in _INCIDENT
        for number, text in texts
        for match in pattern.finditer(_flat(text))
        if not _NO_INCIDENT.search(match[0]) and (iso := _iso(match))
    )
    yield from (("incident", *found) for found in islice(dated, 1))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _board(text: str) -> str | None:
    """The board or partnership that is named with its place, on a line of its own words if there is one."""
    for part in (*text.splitlines(), text):
        for name, kind in bodies_in(part):
            bare = _POST.sub("", name)
            if kind == "partnership" and re.search(r"Board|Partnership", bare) and not _PLACELESS.match(bare):
                return bare
    return None


def _type(text: str) -> str | None:
    """The type that is named first; of two at the same place the one that stands first in the list."""
    found = [
        (match.start(), key) for key, pattern in _TYPES if (match := re.search(pattern, _flat(text), re.IGNORECASE))
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _reported(text: str) -> str | None:
    labelled = (pattern.search(_flat(text)) for pattern in _DATED)
    if iso := next((iso for match in labelled if match and (iso := _iso(match))), None):
        return iso
    alone = (_ALONE.match(line.strip()) for line in text.splitlines())
    return next((iso for match in alone if match and (iso := _iso(match))), None)


def _author(text: str) -> str | None:
    for pattern in (_CORONER, _AUTHOR):
        for match in pattern.finditer(text):
            if not _NO_NAME.search(match["name"]):
                return " ".join(match["name"].split())
    return None


def _ages(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for number, text in texts:
        flat = _flat(text)
        for match in _AGED.finditer(flat):
            if _OF_MANY.search(flat[: match.start()][-60:]) or _RANGE.match(flat, match.end()):
                continue
            many = (match["a"] or match["b"]).lower()
            many = str(_NUMBER_WORDS.index(many) + 1) if many in _NUMBER_WORDS else many
            unit = (match["ua"] or match["ub"] or "year").lower()
            age = f"{many} {unit}{'' if many == '1' else 's'}"
            if age not in seen and len(seen) < _MOST_AGES:
                seen.add(age)
                yield age, number


def _iso(match: re.Match[str]) -> str | None:
    """The date of a match, as precise as it is; None where there is no such day."""
    if match["year"]:
        month = _MONTHS.index(match["month"].capitalize()) + 1
        day = int(match["day"]) if match["day"] else None
        year = match["year"]
    else:
        day, month, year = int(match["d"]), int(match["m"]), match["y"]
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")
