"""Hits as a workbook: a sheet of evidence to read and filter, a sheet that records the search as made.

Rows are written as they come and never held. Every text is stored as text, so that no cell is a formula.
"""

from typing import Any, BinaryIO

import xlsxwriter

from casereviews.terminal import clean
from search.evidence import COLUMNS, Evidence
from search.results import Hit, RecommendationHit

_WIDTHS = {"title": 40, "quote": 80, "citation": 50, "themes": 30, "document_url": 40, "url": 30, "file_sha256": 20}
_LINKS = ("document_url", "url")
_MOST_LINKS = 60_000
"""Excel opens no sheet with more than 65,530 links."""
_MOST_ROWS = 1_000_000
_LONGEST, _LONGEST_LINK = 32_767, 2_000
"""Characters of a cell, and of a link."""


class Workbook:
    """Two sheets, `evidence` and `log`; further ones where a sheet is full."""

    def __init__(self, file: BinaryIO, evidence: Evidence) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, options)
        self._evidence = evidence
        self._bold = self._book.add_format({"bold": True})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._sheets = 0
        self._next_sheet()

    def _next_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("evidence" if self._sheets == 1 else f"evidence {self._sheets}")
        for place, name in enumerate(COLUMNS):
            self._sheet.set_column(place, place, _WIDTHS.get(name, 16), self._wrapped)
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(COLUMNS):
            self._sheet.write_string(0, place, name.replace("_", " "), self._bold)
        self._row, self._links = 1, 0

    def add(self, hit: Hit | RecommendationHit) -> int:
        """Write a hit; how many rows it took."""
        written = 0
        for row in self._evidence.rows(hit):
            if self._row >= _MOST_ROWS:
                self._next_sheet()
            for place, name in enumerate(COLUMNS):
                self._write(place, name, row[name])
            self._row += 1
            written += 1
        return written

    def _write(self, place: int, name: str, value: Any) -> None:
        if isinstance(value, (int, float)):
            self._sheet.write_number(self._row, place, value)
            return
        text = _text(value)
        link = name in _LINKS and text.startswith(("https://", "http://")) and len(text) <= _LONGEST_LINK
        if link and self._links < _MOST_LINKS and self._sheet.write_url(self._row, place, text, string=text) == 0:
            self._links += 1
        elif text:
            self._sheet.write_string(self._row, place, text)

    def close(self, log: dict[str, object]) -> None:
        """Write the log and finish the file."""
        if self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, len(COLUMNS) - 1)
        sheet = self._book.add_worksheet("log")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100, self._wrapped)
        for place, (name, value) in enumerate(log.items()):
            sheet.write_string(place, 0, name.replace("_", " "), self._bold)
            if isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(place, 1, value)
            else:
                sheet.write_string(place, 1, _text(value))
        self._book.close()


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = [f"{name}: {_text(held)}" for name, held in value.items()]
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    text = "" if value is None else clean(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
