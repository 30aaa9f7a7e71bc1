"""Every hit of a search in a file: CSV, JSON Lines, XLSX, RIS or BibTeX."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from casereviews import __version__
from casereviews.errors import UsageError
from search.evidence import Evidence
from search.export_files import whole_file
from search.index import Index
from search.query import explain, parse
from search.results import Hit, RecommendationHit, SearchRequest, SearchResult

FORMATS = {
    "csv": "search.export_rows.CsvSheet",
    "jsonl": "search.export_rows.JsonLines",
    "ris": "search.export_references.Ris",
    "bib": "search.export_references.BibTeX",
    "xlsx": "search.export_xlsx.Workbook",
}
"""Each format and what writes it; imported when it is asked for."""

_TABLES = ("csv", "xlsx")


class Writer(Protocol):
    """Writes hits in one format."""

    def add(self, hit: Hit | RecommendationHit) -> int:
        """Write a hit; how many rows, lines or entries it added."""

    def close(self, log: dict[str, object]) -> None:
        """End the file; `log` tells how the search was made."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and the record of the search that a PRISMA report asks for."""

    path: Path
    total: int
    rows: int
    log: Mapping[str, Any]
    notices: tuple[str, ...]


def format_of(path: Path, named: str | None = None) -> str:
    """The format that is named, or that the file's ending stands for; UsageError where there is none."""
    ending = {"ndjson": "jsonl", "bibtex": "bib"}.get(ending := path.suffix.lower().removeprefix("."), ending)
    if (chosen := named or ending) in FORMATS:
        return chosen
    raise UsageError(f"{path.name} ends in no format that is known; say --as {', '.join(FORMATS)}")


def export(
    index: Index, request: SearchRequest, path: Path, format: str | None = None, passages: int | None = None
) -> Exported:
    """Write every hit of a search to a file, which appears whole or not at all.

    A row, line or entry is one hit; with more `passages` a table has a row for each passage of a review.
    UsageError for a file that cannot be named so, StorageError where the disk refuses it.
    """
    chosen = format_of(path, format)
    most = passages or (1 if chosen in _TABLES else 3)
    found, hits = index.stream(replace(request, limit=None, offset=0, facets=(), passages=most))
    with whole_file(path) as file:
        writer = _writer(chosen)(file, Evidence(index))
        rows = sum(map(writer.add, hits))
        log = search_log(index, request, found, rows)
        writer.close(log)
    return Exported(path, found.total, rows, log, found.notices)


def _writer(format: str) -> "type[_Opened]":
    module, _, name = FORMATS[format].rpartition(".")
    return cast("type[_Opened]", getattr(import_module(module), name))


class _Opened(Writer):
    def __init__(self, file: BinaryIO, evidence: Evidence) -> None: ...


def search_log(index: Index, request: SearchRequest, found: SearchResult, rows: int) -> dict[str, object]:
    """How a search was made, as PRISMA-S asks: where, when, the whole strategy, its limits, what it found."""
    searched = found.searched
    span = {"from": request.since, "to": request.until}
    understood = explain(parse(request.query)) if isinstance(request.query, str) else str(request.query)
    return {
        "program": f"casereviews {__version__}",
        "searched_on": datetime.now(UTC).isoformat(timespec="seconds"),
        "index_generation": index.generation,
        "index_built": index.built,
        "themes_version": index.ledger.get("themes_version"),
        "query": found.query,
        "understood_as": understood.replace("\n", " | "),
        "searched_in": request.inside,
        "filters": {name: list(values) for name, values in request.filters.items()},
        "published": {name: date for name, date in span.items() if date},
        "sections": list(request.sections),
        "like": request.like,
        "acronyms_expanded": request.expand,
        "sorted_by": request.sort,
        "copies_shown_once": request.collapse,
        "hits": found.total,
        "hits_in_copies_not_repeated": found.collapsed,
        "rows_written": rows,
        "reviews_searched": searched.reviews,
        "documents": searched.documents,
        "documents_without_text": searched.documents_without_text,
        "documents_unreadable": searched.documents_failed,
        "sources_not_up_to_date": {name: since or "never" for name, since in searched.stale.items()},
        "notices": list(found.notices),
    }
