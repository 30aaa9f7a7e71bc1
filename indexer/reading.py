"""Files of the archive to cached text: each read once, on all cores, its scanned pages by OCR where that is on."""

from collections.abc import Callable, Iterator
from pathlib import Path

from casereviews.archive import Archive
from casereviews.config import Settings
from casereviews.errors import DamagedError
from casereviews.model import Document
from indexer.extract import EXTRACTOR_VERSION, Extraction, Extractor, lacking_for_ocr
from indexer.record import reading_state, unread_pages
from indexer.textcache import TextCache

Progress = Callable[[str, int, int], None]
"""Told the step (`read`, `ocr`, `index` or `tag`), how many are done, and of how many."""


def quiet(*_: object) -> None:
    """Report nothing."""


class Reading:
    """One reading of what is not cached; `failures` has a line for each file not read, or in part, by SHA-256."""

    def __init__(
        self, archive: Archive, settings: Settings, cache: TextCache, progress: Progress, note: Callable[[str], None]
    ) -> None:
        self.done = 0
        self.failures: dict[str, str] = {}
        self._archive = archive
        self._settings = settings
        self._cache = cache
        self._progress = progress
        self._note = note

    def documents(self, documents: list[Document]) -> None:
        """Read every file whose text is not cached; each result is kept as soon as it is there."""
        files = {d.version.sha256: d for d in documents if d.version is not None}
        wanted = {sha256: d for sha256, d in files.items() if not self._cache.holds(sha256)}
        if not wanted:
            return
        with self._extractor() as extractor:
            for sha256, extraction in extractor.map(self._whole(wanted)):
                self._cache.put(sha256, extraction)
                self._keep(sha256, wanted[sha256].url, extraction)
                self.done += 1
                self._progress("read", self.done, len(wanted))

    def scans(self, documents: list[Document]) -> bool:
        """Read by OCR what was read without it; whether any file was. Where OCR fails, the first reading stays."""
        files = {d.version.sha256: d for d in documents if d.version is not None}
        wanted = {sha256: pages for sha256, pages in self._cache.scanned().items() if sha256 in files}
        if (lacking := lacking_for_ocr()) is not None:
            self._note(f"ocr is on, but {lacking}; documents with scanned pages: {len(wanted):,}, left as they are")
            return False
        if not wanted:
            return False
        whole = self._whole({sha256: files[sha256] for sha256 in wanted})
        items = ((sha256, path, wanted[sha256]) for sha256, path, _ in whole)
        with self._extractor() as extractor:
            for done, (sha256, extraction) in enumerate(extractor.read_scans(items), 1):
                before = self._cache.get(sha256)
                kept = extraction if extraction.pages or before is None else before
                self._cache.put(sha256, kept, ocr=True)
                self._keep(sha256, files[sha256].url, kept)
                self._progress("ocr", done, len(wanted))
        return True

    def _extractor(self) -> Extractor:
        settings = self._settings
        return Extractor(settings.processes, settings.document_seconds, settings.document_megabytes)

    def _keep(self, sha256: str, url: str, extraction: Extraction) -> None:
        """Note what became of a file, in the archive and for the report."""
        state = reading_state(extraction)
        self._archive.record_reading(sha256, EXTRACTOR_VERSION, state, extraction.reason, len(extraction.pages))
        self.failures.pop(sha256, None)
        if state != "readable":
            self.failures[sha256] = f"{url}: {extraction.reason or 'without_text'}"
        elif (partly := extraction.reason or unread_pages(extraction)) is not None:
            self.failures[sha256] = f"{url}: read in part, {partly}"

    def _whole(self, wanted: dict[str, Document]) -> Iterator[tuple[str, Path, str]]:
        """What is to be read; a stored file that is damaged is named and left for the next refresh."""
        for sha256, document in wanted.items():
            try:
                self._archive.read_blob(sha256)
            except DamagedError as error:
                self.failures[sha256] = f"{document.url}: {error}"
            else:
                media_type = document.version.media_type if document.version else ""
                yield sha256, self._archive.blob_path(sha256), media_type
