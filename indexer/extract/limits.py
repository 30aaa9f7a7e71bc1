"""The limits within which a document is read; all outside input is hostile until checked."""

from typing import Final

MEGABYTE: Final = 1024 * 1024

MAX_BODY: Final = 256 * MEGABYTE
"""Largest file read at all, in bytes."""
MAX_STREAM: Final = 128 * MEGABYTE
"""Largest decoded stream of a PDF or member of a zip, in bytes."""
MAX_PAGES: Final = 5_000
MAX_PAGE_CHARACTERS: Final = 400_000
MAX_DOCUMENT_CHARACTERS: Final = 30_000_000
MAX_FORM_DEPTH: Final = 12
"""Forms drawn within forms on one page of a PDF."""
MAX_FORM_USES: Final = 5_000
"""Forms drawn on one page of a PDF, however deep."""
MAX_SAVED_STATES: Final = 10_000
"""Graphics states saved within one another on one page of a PDF."""
MAX_MAP_ENTRIES: Final = 200_000
"""Entries of one font's character map or width table."""
MAX_SCANS: Final = 500
"""Scanned pages of one document that are read by OCR."""
OCR_PAGE_SECONDS: Final = 60.0
"""Wall time for one of them."""
OCR_USUAL_SECONDS: Final = 20.0
"""Wall time for each of many: the limit of a document grows by it."""
MAX_MARKUP: Final = 32 * MEGABYTE
"""Largest HTML or XML text parsed, in bytes."""
