"""Facts of records: sets of records to filter by, and counts over all hits."""

import datetime
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from casereviews.errors import QueryError
from casereviews.model import REVIEW_TYPES
from search.passages import plain

FIELDS = ("theme", "source", "type", "year", "area", "nation", "agency", "age", "section", "state")
"""What hits are filtered and counted by, in the order in which it is shown."""

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_NAMES = {"nhs": "NHS", "gp": "GP", "cafcass": "Cafcass", "camhs": "CAMHS"}


class Facets:
    """The facts of one generation; each is read when first asked for and then kept."""

    def __init__(self, connection: sqlite3.Connection, labels: Mapping[str, Mapping[str, str]]) -> None:
        self._connection, self._labels = connection, labels
        self._columns: dict[str, tuple[dict[int, int], list[tuple[str, ...]]]] = {}
        self._sets: dict[tuple[str, tuple[str, ...]], frozenset[int]] = {}
        self._values: dict[str, dict[str, str]] = {}

    def values(self, field: str) -> dict[str, str]:
        """The values of a field there are, by their spelling in lower case."""
        if field not in self._values:
            found = self._connection.execute("SELECT DISTINCT value FROM facet WHERE field = ?", (field,))
            self._values[field] = {value.casefold(): value for (value,) in found}
        return self._values[field]

    def known(self, field: str, value: str) -> str | None:
        """The value as the index spells it; None where no record has it."""
        wanted = value.strip().casefold()
        values = self.values(field)
        found = values.get(wanted) or values.get(wanted.replace(" ", "-")) or values.get(re.sub("[ -]", "_", wanted))
        if found is None:
            named = {self.label(field, value).casefold(): value for value in values.values()}
            found = named.get(wanted)
        return found or self._by_last_part(wanted, values)

    @staticmethod
    def _by_last_part(wanted: str, values: Mapping[str, str]) -> str | None:
        """`neglect` for `harm.neglect`, as long as no other value ends so."""
        ending = "." + wanted.replace(" ", "_").replace("-", "_")
        found = [value for key, value in values.items() if key.endswith(ending)]
        return found[0] if len(found) == 1 else None

    def unknown(self, field: str, value: str) -> str:
        """What to say of a value that no record has."""
        names = {value: value for value in self.values(field)}
        near = get_close_matches(value.strip().casefold().replace(" ", "-"), names, 1)
        return f"no review has the {field} {value!r}" + (f"; the nearest is {near[0]!r}" if near else "")

    def records(self, field: str, values: Sequence[str]) -> frozenset[int]:
        """The records that have any of the values."""
        key = field, tuple(sorted(values))
        if key not in self._sets:
            found: set[int] = set()
            for value in values:
                if (known := self.known(field, value)) is not None:
                    rows = self._connection.execute(
                        "SELECT record FROM facet WHERE field = ? AND value = ?", (field, known)
                    )
                    found.update(record for (record,) in rows)
            self._sets[key] = frozenset(found)
        return self._sets[key]

    def published(self, since: str | None, until: str | None) -> frozenset[int]:
        """The records published in a span of dates, both included and compared as far as both are precise."""
        key = "published", (since or "", until or "")
        if key not in self._sets:
            self._sets[key] = frozenset(
                number
                for number, date in self._dates
                if (since is None or date[: len(since)] >= since[: len(date)])
                and (until is None or date[: len(until)] <= until[: len(date)])
            )
        return self._sets[key]

    @cached_property
    def _dates(self) -> list[tuple[int, str]]:
        rows = self._connection.execute("SELECT number, published FROM record WHERE published IS NOT NULL")
        return rows.fetchall()

    @cached_property
    def undated(self) -> int:
        """How many records have no date of publication."""
        (count,) = self._connection.execute("SELECT count(*) FROM record WHERE published IS NULL").fetchone()
        return int(count)

    def pages_in(self, sections: Sequence[str]) -> dict[int, set[int]]:
        """Record to its pages, by place, that are in any of the sections with any part."""
        found: dict[int, set[int]] = {}
        for section in sections:
            known = self.known("section", section)
            for record, page in self._connection.execute("SELECT record, page FROM part WHERE section = ?", (known,)):
                found.setdefault(record, set()).add(page)
        return found

    def count(
        self, field: str, records: Iterable[int], together: Iterable[Mapping[int, int]] = ()
    ) -> list[dict[str, str | int]]:
        """How many of the records (given once for each hit) have each value, most first.

        `together` are records that are shown as one, each with its hits: a value counts as if it were filtered by.
        """
        codes, combinations = self._column(field)
        totals: Counter[str] = Counter()
        for code, count in Counter(map(codes.get, records)).items():
            for value in combinations[code] if code is not None else ():
                totals[value] += count
        for members in together:
            most: dict[str, int] = {}
            for record, hits in members.items():
                for value in combinations[codes[record]] if record in codes else ():
                    most[value] = max(hits, most.get(value, 0))
            totals.update(most)
        return self.rows(field, totals)

    def rows(self, field: str, totals: Mapping[str, int]) -> list[dict[str, str | int]]:
        """Counted values as they are shown."""
        ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        return [{"value": value, "label": self.label(field, value), "count": count} for value, count in ranked]

    def _column(self, field: str) -> tuple[dict[int, int], list[tuple[str, ...]]]:
        """For each record a code, and for each code the values that it stands for."""
        if field not in self._columns:
            held: dict[int, list[str]] = {}
            rows = self._connection.execute("SELECT record, value FROM facet WHERE field = ?", (field,))
            for record, value in rows:
                held.setdefault(record, []).append(value)
            known: dict[tuple[str, ...], int] = {}
            codes = {record: known.setdefault(tuple(values), len(known)) for record, values in held.items()}
            self._columns[field] = codes, list(known)
        return self._columns[field]

    def label(self, field: str, value: str) -> str:
        """A value as a person reads it."""
        if given := self._labels.get(field, {}).get(value):
            return given
        if field == "type":
            return REVIEW_TYPES.get(value, value)
        if field in ("area", "year", "source"):
            return value
        words = value.replace("-", " ").replace("_", " ")
        if field == "nation":
            return words.title()
        return " ".join(_NAMES.get(word, word) for word in (words[:1].upper() + words[1:]).split(" "))


def checked_field(field: str) -> str:
    """The name of a facet; QueryError naming the nearest where there is none of this name."""
    if field in FIELDS:
        return field
    near = get_close_matches(field, FIELDS, 1)
    raise QueryError(
        f"no field {field!r} to filter or count by; "
        + (f"did you mean {near[0]!r}?" if near else f"there is {', '.join(FIELDS)}")
    )


def checked_date(date: str | None) -> str | None:
    """A year, month or day; QueryError for anything else, also for a day that no calendar has."""
    if not date:
        return None
    date = date.strip()
    try:
        if not _DATE.fullmatch(date):
            raise ValueError
        datetime.date.fromisoformat(date + "0001-01-01"[len(date) :])
    except ValueError:
        raise QueryError(
            f"{plain(date)[:40]!r} is no date; write a year, 2019, a month, 2019-05, or a day, 2019-05-31"
        ) from None
    return date
