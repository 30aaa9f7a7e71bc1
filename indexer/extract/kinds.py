"""What a file really is, by its content; its name and header are only a hint."""

import io
import re
import zipfile
from typing import Literal

Kind = Literal["pdf", "html", "docx", "odt", "doc", "rtf", "text", "empty", "unknown"]

PDF_TYPE = "application/pdf"
_PDF_HEADER_WITHIN = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_OPENING = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|section|div|h[1-6]|p)\b", re.IGNORECASE)
_TEXT_BREAKERS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(body: bytes, media_type: str) -> Kind:
    """The kind of `body`; `media_type`, as declared, decides only where the content does not."""
    if not body.strip(b"\x00\t\n\r\f "):
        return "empty"
    start = body[:_PDF_HEADER_WITHIN]
    if b"%PDF-" in start:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return _zip_kind(body)
    if body.startswith(_OLE):
        return "doc"
    if body.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    declared = media_type.split(";", maxsplit=1)[0].strip().lower()
    if declared in {"text/html", "application/xhtml+xml"} or _HTML_OPENING.search(start):
        return "html"
    if not _TEXT_BREAKERS.search(body[:65536]) or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "unknown"


def _zip_kind(body: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "unknown"
    if "word/document.xml" in names:
        return "docx"
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    return "unknown"
