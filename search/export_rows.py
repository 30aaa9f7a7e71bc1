"""Hits as CSV and as JSON Lines, one at a time."""

import csv
import io
import json
from typing import BinaryIO

from casereviews.spreadsheet import cell
from search.evidence import COLUMNS, Evidence
from search.results import Hit, RecommendationHit


class CsvSheet:
    """UTF-8 with a byte order mark, since spreadsheets guess wrong without one; a row for each passage."""

    def __init__(self, file: BinaryIO, evidence: Evidence) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        self._evidence = evidence
        self._rows = csv.writer(self._text)
        self._rows.writerow(COLUMNS)

    def add(self, hit: Hit | RecommendationHit) -> int:
        """Write a hit; how many rows it took."""
        rows = list(self._evidence.rows(hit))
        self._rows.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
        return len(rows)

    def close(self, log: dict[str, object]) -> None:
        """End the table; CSV has no place for the log."""
        self._text.flush()
        self._text.detach()


class JsonLines:
    """The hits of `search --format json`, each on a line, with what a citation of it needs."""

    def __init__(self, file: BinaryIO, evidence: Evidence) -> None:
        self._file, self._evidence = file, evidence

    def add(self, hit: Hit | RecommendationHit) -> int:
        """Write a hit; it takes one line."""
        names = ("citation", "file_sha256", "retrieved_on", "licence", "rights_holder")
        rows = list(self._evidence.rows(hit))
        made = hit.to_dict()
        for passage, row in zip(made.get("passages", ()), rows, strict=False):
            passage |= {name: row[name] for name in names[:3]}
        line = json.dumps(made | {name: rows[0][name] for name in names}, ensure_ascii=False)
        self._file.write(line.encode("utf-8", "replace") + b"\n")
        return 1

    def close(self, log: dict[str, object]) -> None:
        """Nothing is left to write."""
