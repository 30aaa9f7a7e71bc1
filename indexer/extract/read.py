"""One document's bytes to pages: what it really is decides who reads it."""

from indexer.extract.kinds import PDF_TYPE, kind_of
from indexer.extract.limits import MAX_BODY
from indexer.extract.plain import read_text
from indexer.extract.result import Extraction, ExtractionError


def extract(body: bytes, media_type: str, *, ocr_seconds: float = 0.0) -> Extraction:
    """Read `body`, declared as `media_type`, in this process; never raises but for lack of memory.

    Scanned pages are read by OCR for `ocr_seconds` at most; not at all with 0.
    """
    try:
        return _read(body, media_type, ocr_seconds)
    except ExtractionError as error:
        return Extraction(reason=error.reason, notices=(str(error),))
    except RecursionError:
        return Extraction(reason="damaged", notices=("nested too deeply to be read",))
    except MemoryError:
        raise
    except Exception as error:  # what a parser makes of hostile bytes is not known in advance
        return Extraction(reason="damaged", notices=(f"the file is broken ({type(error).__name__})",))


def _read(body: bytes, media_type: str, ocr_seconds: float) -> Extraction:
    if len(body) > MAX_BODY:
        raise ExtractionError("too-large")
    declared_pdf = media_type.split(";", maxsplit=1)[0].strip().lower() in {PDF_TYPE, "application/x-pdf"}
    kind = kind_of(body, media_type)
    if kind == "pdf":
        from indexer.extract.pdf import read_pdf

        return read_pdf(body, ocr_seconds)
    if declared_pdf and kind in {"empty", "html", "text", "unknown"}:
        raise ExtractionError("not-a-pdf", f"declared as a PDF, {_described(kind)}")
    if kind == "empty":
        raise ExtractionError("damaged", "the file is empty")
    if kind == "html":
        from indexer.extract.html import read_html

        return read_html(body, media_type)
    if kind == "docx":
        from indexer.extract.docx import read_docx

        return read_docx(body)
    if kind == "odt":
        from indexer.extract.odt import read_odt

        return read_odt(body)
    if kind == "text":
        return read_text(body)
    if kind == "doc":
        from indexer.extract.doc import read_doc

        return read_doc(body)
    raise ExtractionError("unsupported", _UNREAD.get(kind, ""))


_UNREAD = {"rtf": "a rich text file (.rtf): save it as .docx or PDF"}


def _described(kind: str) -> str:
    return {"empty": "the file is empty", "html": "it is a web page", "text": "it is plain text"}.get(
        kind, "its content is something else"
    )
