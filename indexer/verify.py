"""Is what is held what was stored? Files against their hashes, texts against a new reading, the index against both."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casereviews.archive import Archive
from casereviews.config import Settings
from casereviews.errors import DamagedError, NoIndexError
from casereviews.model import Version
from indexer.extract import EXTRACTOR_VERSION, Extraction, Extractor
from indexer.textcache import TextCache
from search import open_index

SAMPLE = 25
"""Documents that are read anew unless all are."""

_UNEQUAL = frozenset({"timeout", "memory"})
"""Reasons that say more of the machine today than of the file."""

Progress = Callable[[str, int, int], None]


@dataclass
class VerifyReport:
    """What was checked, and every fault that was found, one line each."""

    files: int = 0
    texts: int = 0
    texts_of: int = 0
    pages: int = 0
    catalogue: list[str] = field(default_factory=list)
    damaged_files: list[str] = field(default_factory=list)
    differing_texts: list[str] = field(default_factory=list)
    missing_pages: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Every fault; none where all is as it was stored."""
        return [*self.catalogue, *self.damaged_files, *self.differing_texts, *self.missing_pages]

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `verify`."""
        return {"ok": not self.faults, **vars(self)}


def verify(archive: Archive, settings: Settings, *, every: bool, progress: Progress) -> VerifyReport:
    """Check the archive, the cached texts (a sample, or all of them) and the index; nothing is changed but a note.

    The note says which texts were read anew and when: a sample takes those longest unchecked, and an interrupted
    check of all goes on where it was.
    """
    report = VerifyReport()
    try:
        archive.check()
    except DamagedError as error:
        report.catalogue.append(str(error))
    versions = {
        document.version.sha256: document.version
        for stored in archive.reviews()
        for document in archive.documents(stored.review.id)
        if document.version is not None
    }
    _check_files(archive, settings.archive_folder / "blobs", versions, report, progress)
    with TextCache(settings.cache_folder) as cache:  # without OCR, which need not read alike twice
        _check_texts(archive, settings, cache, versions, report, every=every, progress=progress)
    with TextCache(settings.cache_folder, ocr=settings.ocr) as cache:
        _check_index(settings.index_folder, cache, report, progress)
    return report


def _check_files(
    archive: Archive, folder: Path, versions: dict[str, Version], report: VerifyReport, progress: Progress
) -> None:
    stored = {path.name for path in folder.glob("??/*")}
    names = sorted(stored | versions.keys())
    for number, sha256 in enumerate(names, 1):
        try:
            archive.read_blob(sha256)
        except DamagedError as error:
            url = f"{versions[sha256].url}: " if sha256 in versions else ""
            report.damaged_files.append(f"{url}{error}")
        report.files = number
        progress("hash", number, len(names))


def _check_texts(
    archive: Archive,
    settings: Settings,
    cache: TextCache,
    versions: dict[str, Version],
    report: VerifyReport,
    *,
    every: bool,
    progress: Progress,
) -> None:
    """Read files again and compare; only those whose text is cached by this version of the extractor."""
    held = [sha256 for sha256 in versions if cache.holds(sha256)]
    report.texts_of = len(held)
    note = _Note(settings.cache_folder / "verified.json")
    chosen = note.chosen(held, every=every)
    whole = [sha256 for sha256 in chosen if _is_whole(archive, sha256)]
    items = ((sha256, archive.blob_path(sha256), versions[sha256].media_type) for sha256 in whole)
    with Extractor(settings.processes, settings.document_seconds, settings.document_megabytes) as extractor:
        for sha256, again in extractor.map(items):
            before = cache.get(sha256)
            url = versions[sha256].url
            if before is None:
                report.differing_texts.append(f"{url}: its cached text is damaged; delete {cache.path}")
            elif _UNEQUAL & {before.reason, again.reason} and before.reason != again.reason:
                report.notices.append(f"{url}: not compared, reading it gave {again.reason or 'text'} this time")
            elif _words_of(before) != _words_of(again):
                report.differing_texts.append(f"{url}: its text is not what was read before; run casereviews index")
            report.texts += 1
            note.checked(sha256)
            progress("read", report.texts, len(whole))
    note.finished(every=every)


def _is_whole(archive: Archive, sha256: str) -> bool:
    try:
        archive.read_blob(sha256)
    except DamagedError:  # named already
        return False
    return True


def _words_of(extraction: Extraction) -> tuple[Any, ...]:
    return extraction.reason, tuple((page.number, page.printed, page.text) for page in extraction.pages)


def _check_index(folder: Path, cache: TextCache, report: VerifyReport, progress: Progress) -> None:
    """Every indexed page must be a page of a text that is held, with its very words."""
    try:
        with open_index(folder) as index:
            total = index.page_count
            pages = {}
            held = None
            for review, url, sha256, number, text in index.every_page():
                if sha256 != held:
                    read = cache.get(sha256) if sha256 else None
                    pages = {page.number: page.text for page in read.pages} if read else {}
                    held = sha256
                if pages.get(number) != text:
                    report.missing_pages.append(f"{review}: page {number} of {url} is not what the document says")
                report.pages += 1
                progress("pages", report.pages, total)
    except NoIndexError:
        report.notices.append("there is no index yet")
    except DamagedError as error:
        report.missing_pages.append(str(error))


class _Note:
    """Which texts were checked in which turn; may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            self._turns: dict[str, int] = {str(k): int(v) for k, v in values["turns"].items()}
            self._turn = int(values["turn"])
            self._open = bool(values["open"])
            if values["extractor"] != EXTRACTOR_VERSION:
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._turns, self._turn, self._open = {}, 0, False

    def chosen(self, held: Iterable[str], *, every: bool) -> list[str]:
        """Those to check now: all that an open turn has not checked, or those longest unchecked."""
        if not (every and self._open):
            self._turn += 1
        self._open = every
        waiting = sorted(held, key=lambda sha256: (self._turns.get(sha256, 0), sha256))
        return [one for one in waiting if self._turns.get(one) != self._turn] if every else waiting[:SAMPLE]

    def checked(self, sha256: str) -> None:
        """Note that a text was checked."""
        self._turns[sha256] = self._turn
        self._write()

    def finished(self, *, every: bool) -> None:
        """Note that the turn is over."""
        self._open = self._open and not every
        self._write()

    def _write(self) -> None:
        values = {"extractor": EXTRACTOR_VERSION, "turn": self._turn, "open": self._open, "turns": self._turns}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(values), encoding="utf-8")
        draft.replace(self._path)


def summary(report: VerifyReport) -> Iterator[str]:
    """The report in lines for a person."""
    yield (
        f"{report.files:,} stored files match their hashes"
        if not report.damaged_files
        else (f"{len(report.damaged_files):,} of {report.files:,} stored files do not match their hashes")
    )
    yield f"{report.texts:,} of {report.texts_of:,} texts were read anew, {len(report.differing_texts):,} differ"
    yield f"{report.pages:,} indexed pages were compared, {len(report.missing_pages):,} are not what was read"
