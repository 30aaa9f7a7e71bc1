"""One index record of a review: what its source says, what its documents hold, and a fingerprint of both."""

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import asdict

from casereviews.archive import StoredReview
from casereviews.model import Document, ReadDocument, ReadState, Record
from indexer.derive import recommendations_in, with_derived_sections
from indexer.extract import EXTRACTOR_VERSION, Extraction
from indexer.metadata import facts_in

RECORD_VERSION = "3"
"""Moves whenever the same archive and the same text would give another record."""


def fingerprint(stored: StoredReview, documents: list[Document], recognised: Container[str] = ()) -> str:
    """A hash of all that a review's record is made of; equal hashes are never indexed twice.

    `recognised` are the files, by SHA-256, that were read by OCR.
    """
    files = [
        (d.url, d.kind, d.title, d.state, d.failure, d.version and (d.version.sha256, d.version.media_type))
        for d in documents
    ]
    by_ocr = [d.version.sha256 for d in documents if d.version and d.version.sha256 in recognised]
    made_of = [RECORD_VERSION, EXTRACTOR_VERSION, asdict(stored.review), stored.state, stored.first_seen, files, by_ocr]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def make_record(
    stored: StoredReview,
    documents: list[Document],
    read: Mapping[str, Extraction],
    recognised: Container[str] = (),
) -> Record:
    """The record of a review, from its documents and what was read of them by SHA-256; see `fingerprint`."""
    held = tuple(with_derived_sections(_document(d, read)) for d in documents)
    return Record(
        review=stored.review,
        state=stored.state,
        first_seen=stored.first_seen,
        documents=held,
        fingerprint=fingerprint(stored, documents, recognised),
        recommendations=recommendations_in(stored.review, held),
        from_text=facts_in(held),
    )


def reading_state(extraction: Extraction) -> ReadState:
    """Whether an extraction gave text, found none, or failed."""
    if any(page.text.strip() for page in extraction.pages):
        return "readable"
    return "without_text" if extraction.reason in (None, "without_text") else "failed"


def _document(document: Document, read: Mapping[str, Extraction]) -> ReadDocument:
    version = document.version
    if version is None:
        return ReadDocument(
            url=document.url,
            kind=document.kind,
            title=document.title,
            media_type=document.media_type,
            sha256=None,
            state="failed",
            reason=document.failure or "not fetched yet",
        )
    extraction = read[version.sha256]
    return ReadDocument(
        url=document.url,
        kind=document.kind,
        title=document.title,
        media_type=version.media_type,
        sha256=version.sha256,
        state=reading_state(extraction),
        reason=extraction.reason or unread_pages(extraction),
        pages=extraction.pages,
        retrieved=version.captured_at,
    )


def unread_pages(extraction: Extraction) -> str | None:
    """Which pages of a document hold text that was not read; None where all were."""
    if not extraction.scans:
        return None
    numbers = ", ".join(map(str, extraction.scans[:10])) + (" and more" if len(extraction.scans) > 10 else "")
    return f"{len(extraction.scans)} of {len(extraction.pages)} pages are images without text: {numbers}"
