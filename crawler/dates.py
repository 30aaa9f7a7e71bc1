"""Dates as publishers write them, read into ISO strings as precise as they are: `2025`, `2025-03-04`."""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""A pattern for a month's English name or abbreviation; use it with `re.IGNORECASE`."""

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_SHAPES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ]\d\d:\d\d.*)?",
        rf"(?P<day>\d{{1,2}})\s*[/.-]\s*(?P<month>\d{{1,2}})\s*[/.-]\s*{_YEAR}",
        rf"(?P<month>\d{{1,2}})\s*/\s*{_YEAR}",
        rf"(?:[a-z]+day,?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<name>{MONTH})\.?,?[\s-]+{_YEAR}",
        rf"(?P<name>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?P<name>{MONTH})\.?,?[\s-]+{_YEAR}",
        _YEAR,
    )
]
_IN_PROSE = re.compile(
    rf"\b(?:\d{{1,2}}[/.]\d{{1,2}}[/.]|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{MONTH}\s+)?)(?:19|20)\d{{2}}\b(?![/-]\d)",
    re.IGNORECASE,
)


def read_date(text: str | None) -> str | None:
    r"""The date that `text` is, day before month; None when it is no date or one the calendar lacks.

    >>> read_date("12/02/2025\xa0"), read_date("2nd Sept 2025"), read_date("June 2023"), read_date("/0206/2023")
    ('2025-02-12', '2025-09-02', '2023-06', None)
    """
    plain = " ".join((text or "").split())
    for shape in _SHAPES:
        if match := shape.fullmatch(plain):
            return _iso(match.groupdict())
    return None


def dates_in(prose: str) -> list[str]:
    """Every date written out in a sentence, in order.

    >>> dates_in("Death of an 8-day-old baby in September 2021; born 29 August 2021, published 12/02/2022.")
    ['2021-09', '2021-08-29', '2022-02-12']
    """
    found = (read_date(match[0]) for match in _IN_PROSE.finditer(" ".join(prose.split())))
    return [each for each in found if each]


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = parts["year"] or "", parts.get("month"), parts.get("day")
    if name := parts.get("name"):
        month = str(MONTHS.index(name[:3].lower()) + 1)
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
