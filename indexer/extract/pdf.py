"""PDF to pages. The only package that knows pdfminer."""

import logging
from io import BytesIO

from pdfminer.converter import TextConverter
from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from io import StringIO

from casereviews.model import Page
from indexer.extract.result import Extraction, ExtractionError

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def read_pdf(body: bytes) -> Extraction:
    """Read a PDF page by page."""
    try:
        document = PDFDocument(PDFParser(BytesIO(body)))
    except PDFPasswordIncorrect as error:
        raise ExtractionError("encrypted") from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        raise ExtractionError("damaged", f"cannot be opened: {type(error).__name__}") from error
    manager = PDFResourceManager()
    pages: list[Page] = []
    failed = 0
    iterator = PDFPage.create_pages(document)
    while True:
        try:
            page = next(iterator)
        except StopIteration:
            break
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            failed += 1
            break
        out = StringIO()
        try:
            PDFPageInterpreter(manager, TextConverter(manager, out, laparams=LAParams())).process_page(page)
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            failed += 1
        pages.append(Page(len(pages) + 1, out.getvalue().rstrip("\f").strip()))
    if not pages:
        raise ExtractionError("damaged", "no page could be read")
    if not any(page.text for page in pages):
        raise ExtractionError("damaged" if failed else "without_text")
    return Extraction(tuple(pages), "damaged" if failed else None, "pdfminer", ())
