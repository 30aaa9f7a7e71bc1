"""What a downloaded body is, told by its first bytes: servers lie about types, and login pages come as PDF."""

import io
import re
import zipfile

from casereviews.terminal import clean
from crawler.outputs import BadDocument

PDF = "application/pdf"
DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
HTML = "text/html"
TEXT = "text/plain"

_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)


def recognise(body: bytes, declared: str | None = None) -> str:
    """The media type of a document; `declared` is what the listing says of it.

    PDF, DOC, DOCX and ODT are told by their bytes alone; RTF, plain text and web pages only count where the
    listing declares them. Raises BadDocument for anything else.
    """
    start = body[:1024].lstrip(b"\xef\xbb\xbf")
    declared = (declared or "").split(";")[0].strip().lower()
    if not body.strip():
        raise BadDocument("the file is empty")
    if b"%PDF-" in start:
        return PDF
    if start.startswith(b"PK\x03\x04"):
        return _zipped(body)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return DOC
    if start.startswith(b"{\\rtf"):
        return RTF
    if _HTML.match(start):
        if declared in (HTML, "application/xhtml+xml"):
            return HTML
        raise BadDocument(f"a web page was served in place of the file{_called(body)}")
    if declared == TEXT and b"\x00" not in start:
        return TEXT
    raise BadDocument(f"not a document of a known kind (it begins with {start[:8]!r})")


def _zipped(body: bytes) -> str:
    """DOCX or ODT; the directory at the end of the file must be whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
            kind = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise BadDocument("a damaged office file") from error
    if "word/document.xml" in names:
        return DOCX
    if kind.startswith(ODT.encode()):
        return ODT
    raise BadDocument("a ZIP archive that is no text document")


def _called(body: bytes) -> str:
    """The title of a web page, for the reason."""
    found = _TITLE.search(body[:65536])
    title = clean(found[1].decode("utf-8", "replace"))[:80] if found else ""
    return f" (“{title}”)" if title else ""


def looks_whole(body: bytes, media_type: str) -> bool:
    """Whether a body that came without a length seems to have come to its end.

    An answer that ends with the connection cannot be told from one that was cut, except by its own end mark.
    """
    tail = body[-4096:].rstrip(b"\x00 \t\r\n")
    if b"%PDF-" in body[:1024]:
        return b"%%EOF" in tail
    if body.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in body[-66_000:]
    if "json" in media_type:
        return tail.endswith((b"}", b"]"))
    if "html" in media_type or "xml" in media_type:
        return tail.endswith(b">")
    return media_type.startswith("text/")
