"""Reviews as references that Zotero and its like import: RIS and BibTeX, one entry for each review.

What was found in a review, page by page, stands in the notes of its entry. RIS by the tags that Zotero reads
for a report; BibTeX as `techreport`, which Zotero imports as one.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO

from casereviews.terminal import clean
from search.evidence import Evidence
from search.results import Hit, RecommendationHit

_NOTES = 50
"""Notes kept of one review: beyond these a reader is sent to its pages."""

Field = tuple[str, str]


class References(ABC):
    """Gathers what was found by review, so that a review of many hits is one reference."""

    def __init__(self, file: BinaryIO, evidence: Evidence) -> None:
        self._file, self._evidence = file, evidence
        self._found: dict[str, tuple[dict[str, Any], list[str]]] = {}

    def add(self, hit: Hit | RecommendationHit) -> int:
        """Take a hit in; how many entries it adds."""
        known = len(self._found)
        for row in self._evidence.rows(hit):
            _, notes = self._found.setdefault(row["review"], (row, []))
            if row["quote"] and len(notes) < _NOTES:
                number = f"Recommendation {row['number']}, " if row["number"] else ""
                place = f"p. {row['page']}" if row["page"] else "summary"
                notes.append(f"{number}{place}: “{row['quote']}” {row['document_url']}")
        return len(self._found) - known

    def close(self, log: dict[str, object]) -> None:
        """Write the entries."""
        for review, (row, notes) in self._found.items():
            facts = self._evidence.entry(review).facts
            self._file.write(self._entry(row, facts, [*notes, _rights(row)]).encode("utf-8", "replace"))

    @abstractmethod
    def _entry(self, row: dict[str, Any], facts: Any, notes: list[str]) -> str:
        """One entry as text."""


class Ris(References):
    """RIS."""

    def _entry(self, row: dict[str, Any], facts: Any, notes: list[str]) -> str:
        lines = "".join(f"{tag}  - {clean(value)}\r\n" for tag, value in self._fields(row, facts, notes) if value)
        return f"TY  - RPRT\r\n{lines}ER  - \r\n\r\n"

    @staticmethod
    def _fields(row: dict[str, Any], facts: Any, notes: list[str]) -> Iterator[Field]:
        year, month, day = [*(row["published"] or "").split("-"), "", ""][:3]
        publisher = row["publisher"] or row["source"]
        yield from (("ID", row["review"]), ("TI", row["title"]), ("AU", publisher.replace(",", " ")))
        yield from (("PB", publisher), ("CY", row["area"] or ""), ("M3", row["type"]), ("PY", year))
        yield "DA", f"{year}/{month}/{day}/" if year else ""
        yield from (("SN", facts["reference"] or ""), ("AB", facts["summary"] or ""), ("UR", row["url"]))
        yield "Y2", (row["retrieved_on"] or "").replace("-", "/")
        yield from (("DB", row["source"]), ("LA", "en"))
        yield from (("KW", theme) for theme in row["themes"])
        yield from (("N1", note) for note in notes)


class BibTeX(References):
    """BibTeX."""

    def __init__(self, file: BinaryIO, evidence: Evidence) -> None:
        super().__init__(file, evidence)
        self._keys: set[str] = set()

    def _entry(self, row: dict[str, Any], facts: Any, notes: list[str]) -> str:
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in self._fields(row, facts, notes) if value)
        return f"@techreport{{{self._key(row['review'])},\n{fields}}}\n\n"

    def _key(self, review: str) -> str:
        """A key of plain letters, once."""
        base = key = re.sub(r"[^A-Za-z0-9:_-]+", "-", review)[:100]
        number = 1
        while key.lower() in self._keys:
            number += 1
            key = f"{base}-{number}"
        self._keys.add(key.lower())
        return key

    @staticmethod
    def _fields(row: dict[str, Any], facts: Any, notes: list[str]) -> Iterator[Field]:
        year, month = [*(row["published"] or "").split("-"), ""][:2]
        publisher = _tex(row["publisher"] or row["source"])
        yield from (("title", f"{{{_tex(row['title'])}}}"), ("author", f"{{{publisher}}}"), ("institution", publisher))
        yield from (("type", _tex(row["type"])), ("number", _tex(facts["reference"])), ("year", year))
        yield from (("month", month.lstrip("0")), ("address", _tex(row["area"])), ("abstract", _tex(facts["summary"])))
        yield from (("url", _verbatim(row["url"])), ("urldate", row["retrieved_on"] or ""), ("language", "en"))
        yield from (("keywords", ", ".join(map(_tex, row["themes"]))), ("note", _tex(" ".join(notes))))


def _rights(row: dict[str, Any]) -> str:
    return f"Licence: {row['licence'] or 'not stated'}; rights holder: {row['rights_holder'] or 'not stated'}."


_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "{}&%$#_"},
}  # fmt: skip


def _tex(text: str | None) -> str:
    """Text whose marks TeX would act on are escaped; letters beyond ASCII stay."""
    return "".join(_SPECIAL.get(char, char) for char in clean(text or ""))


def _verbatim(url: str) -> str:
    """An address as BibTeX takes it: unescaped, without what would end the field."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url)
