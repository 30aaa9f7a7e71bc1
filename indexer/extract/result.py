"""What reading a document gives: its pages, or the named reason why there are none."""

from dataclasses import dataclass
from typing import Final

from casereviews.model import Page

EXTRACTOR_VERSION: Final = "4"
"""Moves whenever the same bytes would give other pages; the text cache is keyed by it."""

REASONS: Final = {
    "timeout": "reading it took longer than the limit",
    "memory": "reading it took more memory than the limit",
    "encrypted": "it asks for a password",
    "damaged": "the file is damaged",
    "not-a-pdf": "it was served as a PDF and is not one",
    "too-large": "it is larger than the limits",
    "unsupported": "this kind of file is not read",
    "without_text": "it has no text layer",
}
"""Every reason an extraction can give, in words for a person."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The pages of one document, or a `reason` of `REASONS`; a damaged file may give both.

    `engine` says what read it; `notices` are one-line remarks for a person.
    """

    pages: tuple[Page, ...] = ()
    reason: str | None = None
    engine: str = ""
    notices: tuple[str, ...] = ()
    scans: tuple[int, ...] = ()
    """Pages of a PDF that are images without readable text, which OCR may read."""


class ExtractionError(Exception):
    """A document that cannot be read, with its reason; never leaves this package."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or REASONS[reason])
        self.reason = reason
