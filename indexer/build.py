"""Bring the index in step with the archive: only what changed is read, described and indexed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from casereviews.archive import Archive, StoredReview
from casereviews.config import Settings
from casereviews.errors import OutdatedError
from casereviews.model import Document, Record
from indexer import copies
from indexer.extract import EXTRACTOR_VERSION, Extraction
from indexer.reading import Progress, Reading, quiet
from indexer.record import fingerprint, make_record
from indexer.sketches import Sketches, sketch
from indexer.tags import Tags
from indexer.textcache import TextCache
from search.writer import Writer, open_writer

REVIEWS_PER_COMMIT = 500
"""A killed build loses at most this many reviews' indexing, or all of it where the index is built anew; what
was read of them is kept."""


@dataclass
class BuildReport:
    """What one build did."""

    reviews: int = 0
    records_indexed: int = 0
    records_deleted: int = 0
    pages_indexed: int = 0
    documents_extracted: int = 0
    records_retagged: int = 0
    """Reviews whose themes alone changed."""
    failures: list[str] = field(default_factory=list)
    """One line for each document that could not be read this time, or in part only."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `index`."""
        return dict(vars(self))


def build_index(
    archive: Archive,
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress = quiet,
    note: Callable[[str], None] = quiet,
) -> BuildReport:
    """Index every review whose record would differ from the one in the index, and drop those not archived.

    `archive` must be open for writing, since what became of each file is noted there. The previous index stays
    searchable until each commit; an interrupted build goes on where it was. With `rebuild`, or where an older
    version of this program wrote the index, it is built anew and takes the old one's place whole, at the end.
    """
    report = BuildReport()
    tags = Tags(settings.themes_file, ranked=settings.ranker)
    change = archive.change
    with (
        TextCache(settings.cache_folder, ocr=settings.ocr) as cache,
        _writer(settings, rebuild, note) as (writer, anew),
    ):
        indexed = writer.fingerprints()
        archived = list(archive.reviews())
        report.reviews = len(archived)
        both = [(stored, archive.documents(stored.review.id)) for stored in archived]
        stale = _stale(both, indexed, cache)
        read = Reading(archive, settings, cache, progress, note)
        read.documents([document for _, documents in stale for document in documents])
        if settings.ocr and read.scans([document for _, documents in both for document in documents]):
            stale = _stale(both, indexed, cache)
        report.documents_extracted = read.done
        report.failures = list(read.failures.values())
        for review_id in indexed.keys() - {stored.review.id for stored in archived}:
            writer.delete(review_id)
            report.records_deleted += 1
        for number, (stored, documents) in enumerate(stale, 1):
            record = tags.tagged(_record(stored, documents, cache))
            writer.add(record)
            report.records_indexed = number
            report.pages_indexed += sum(len(d.pages) for d in record.documents)
            progress("index", number, len(stale))
            if number % REVIEWS_PER_COMMIT == 0 and not anew:
                writer.commit()
        _link_copies(archive, settings, cache, both, writer)
        if writer.ledger().get("themes_version") != tags.version:
            done = {stored.review.id for stored, _ in stale}
            _retag([pair for pair in both if pair[0].review.id not in done], cache, tags, writer, report, progress)
        writer.set_ledger(_ledger(archive, change) | tags.ledger())
        writer.commit()
    return report


def _stale(
    both: list[tuple[StoredReview, list[Document]]], indexed: Mapping[str, str], cache: TextCache
) -> list[tuple[StoredReview, list[Document]]]:
    """Reviews whose record would differ from the one in the index."""
    recognised = cache.recognised()
    return [pair for pair in both if indexed.get(pair[0].review.id) != fingerprint(*pair, recognised)]


@contextmanager
def _writer(settings: Settings, rebuild: bool, note: Callable[[str], None]) -> Iterator[tuple[Writer, bool]]:
    """A writer, and whether it starts anew."""
    try:
        writer = open_writer(settings.index_folder, engine=settings.engine, rebuild=rebuild)
    except OutdatedError:
        note("the index is of an older version of this program and is built anew; no file is read twice")
        rebuild = True
        writer = open_writer(settings.index_folder, engine=settings.engine, rebuild=True)
    with writer:
        yield writer, rebuild


def _retag(
    pairs: list[tuple[StoredReview, list[Document]]],
    cache: TextCache,
    tags: Tags,
    writer: Writer,
    report: BuildReport,
    progress: Progress,
) -> None:
    """Tag again what is indexed already, from the text that was read of it: no file is opened."""
    for number, (stored, documents) in enumerate(pairs, 1):
        report.records_retagged += writer.retag(tags.tagged(_record(stored, documents, cache)))
        progress("tag", number, len(pairs))


def _record(stored: StoredReview, documents: list[Document], cache: TextCache) -> Record:
    """The record of a review; one with a file that could not be read now is made again by the next build."""
    texts = {d.version.sha256: cache.get(d.version.sha256) for d in documents if d.version is not None}
    lost = Extraction(reason="damaged", notices=("the stored file is damaged; the next refresh fetches it again",))
    read = {sha256: text or lost for sha256, text in texts.items()}
    record = make_record(stored, documents, read, cache.recognised())
    return record if all(texts.values()) else replace(record, fingerprint="unread")


def _link_copies(
    archive: Archive,
    settings: Settings,
    cache: TextCache,
    both: list[tuple[StoredReview, list[Document]]],
    writer: Writer,
) -> None:
    """Say which reviews are or may be the same; nothing is done where nothing changed that would tell otherwise."""
    with Sketches(settings.cache_folder, f"{EXTRACTOR_VERSION}{'+ocr' if settings.ocr else ''}") as sketches:
        held = sketches.held()
        reports = {d.version.sha256 for _, documents in both for d in documents if d.version and d.kind == "report"}
        made = {}
        for sha256 in sorted(reports - held):
            if (text := cache.get(sha256)) is not None and text.pages:
                made[sha256] = sketch(page.text for page in text.pages)
        sketches.put(made.items())
        decisions = archive.decisions()
        state = copies.state_of(both, decisions, len(held) + len(made))
        if writer.ledger().get("copies") != state:
            writer.set_copies(*copies.links(both, sketches.all(), decisions))
            writer.set_ledger({"copies": state})


def _ledger(archive: Archive, change: int) -> dict[str, Any]:
    """What a search must know of the archive without opening it."""
    names = {stored.review.source for stored in archive.reviews()} | set(archive.sources_run())
    sources = {}
    for name in sorted(names):
        result = archive.last_result(name)
        sources[name] = {
            "last_success": archive.last_success(name),
            "verdict": result.verdict if result else None,
        }
    return {"archive_change": change, "extractor": EXTRACTOR_VERSION, "sources": sources}
