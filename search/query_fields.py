"""The fields that a query may name, the values of those with a closed list, and help with misspelt ones."""

import re
from difflib import get_close_matches
from typing import get_args

from casereviews.model import NATIONS, REVIEW_TYPES, State
from search.query_tree import YearRange

TEXT_FIELDS = ("title",)
"""Fields that are searched as text."""

FILTER_FIELDS = ("theme", "source", "type", "area", "nation", "agency", "age", "section", "state")
"""Fields that a review's facts are compared with, as a whole value."""

FIELDS = (*TEXT_FIELDS, *FILTER_FIELDS, "year")
"""Every field of the query language, in the order in which help names them."""

YEAR_HELP = "write year:2019, year:2019..2023, year:2019.. or year:..2020"

_OTHER_NAMES = {
    "authority": "area", "board": "area", "category": "theme", "council": "area", "country": "nation",
    "date": "year", "headline": "title", "keyword": "theme", "kind": "type", "label": "theme", "name": "title",
    "place": "area", "published": "year", "publisher": "source", "region": "area", "site": "source",
    "status": "state", "subject": "theme", "tag": "theme", "topic": "theme",
}  # fmt: skip

_LONGEST_NAME = 20

_YEARS = re.compile(r"([0-9]{4})?\s*(\.{2,3}|…|[-–—/]|\bto\b)\s*([0-9]{4})?|([0-9]{4})")


def _label_key(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.lower()).strip()


_VALUES: dict[str, dict[str, str]] = {
    "type": {
        **{_label_key(name): key for key, label in REVIEW_TYPES.items() for name in (label, label.split(" (")[0])},
        **{_label_key(key): key for key in REVIEW_TYPES},
    },
    "nation": {_label_key(nation): nation for nation in NATIONS},
    "state": {_label_key(state): state for state in get_args(State)},
}


def nearest_field(name: str) -> str | None:
    """The field that a name which is no field most likely means, if any is near."""
    name = name.lower()[:_LONGEST_NAME]
    other = _OTHER_NAMES.get(name) or _OTHER_NAMES.get(name.removesuffix("s"))
    return other or next(iter(get_close_matches(name, FIELDS, n=1, cutoff=0.7)), None)


def closed_value(field: str, typed: str) -> tuple[str, str | None]:
    """A filter's value as it is stored, and a notice where the field has a closed list without it."""
    values = _VALUES.get(field)
    if values is None:
        return typed, None
    key = _label_key(typed)
    if key in values:
        return values[key], None
    near = get_close_matches(key, values, n=1, cutoff=0.6)
    known = sorted(set(values.values()))
    help_ = f"did you mean {field}:{values[near[0]]}?" if near else f"it is one of {', '.join(known)}"
    return typed, f"no {field} is called “{typed[:40]}”, so nothing has it: {help_}"


def years(typed: str) -> YearRange | None:
    """A year or a range of years, the earlier one first; None where the text is neither."""
    match = _YEARS.fullmatch(typed.strip())
    if not match or not any(match.group(1, 3, 4)):
        return None
    if match[4]:
        return YearRange(int(match[4]), int(match[4]))
    first, last = (int(year) if year else None for year in match.group(1, 3))
    if first and last and first > last:
        first, last = last, first
    return YearRange(first, last)
