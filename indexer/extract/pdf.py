"""PDF to pages: the fast reader, pdfminer itself for a page it does not understand, repair for a broken file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from indexer.clean import gibberish
from indexer.extract.assemble import assembled
from indexer.extract.content import ContentReader
from indexer.extract.limits import MAX_DOCUMENT_CHARACTERS, MAX_PAGES
from indexer.extract.lines import Line, PageLines, lines_of
from indexer.extract.ocr import read_scans
from indexer.extract.repair import repaired, truncated
from indexer.extract.result import Extraction, ExtractionError

_SCANNED = 0.25
"""A page without text counts as a scan when images cover this share of it."""
_STAMPED = 50
"""A page of an image and fewer characters counts as a scan too: a stamp or a page number, not its text."""
_STAMPED_IMAGE = 0.7
_STAMPED_SHARE = 0.25
"""Where fewer of a document's pages are like that, they are pictures with a title."""


@dataclass(slots=True)
class _Reading:
    """One attempt at a whole file."""

    engine: str
    pages: list[PageLines] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    encrypted: bool = False
    over: str | None = None

    @property
    def characters(self) -> int:
        return sum(len(line.text) for page in self.pages for line in page.lines)

    @property
    def suspect(self) -> bool:
        """Whether another way of reading may give more: something failed, or there is too little to be true."""
        blank = any(not page.lines and page.images < _SCANNED for page in self.pages)
        return bool(self.lost) or self.encrypted or not self.pages or (blank and not self.characters)


def read_pdf(body: bytes, ocr_seconds: float = 0.0) -> Extraction:
    """Read a PDF page by page, its scans for `ocr_seconds`; what was lost is in the reason and the notices."""
    reading, cut = _read(body, "fast"), truncated(body)
    if reading.suspect:
        rebuilt = repaired(body)
        if rebuilt is not None:
            again = _read(rebuilt, "repaired")
            if again.characters > reading.characters or (again.pages and not reading.pages):
                reading, body = again, rebuilt
    if reading.encrypted:
        raise ExtractionError("encrypted")
    return _finished(reading, cut, body, ocr_seconds)


def _finished(reading: _Reading, cut: bool, body: bytes, ocr_seconds: float) -> Extraction:
    notices: list[str] = []
    lost = list(reading.lost)
    for page in reading.pages:
        if gibberish(" ".join(line.text for line in page.lines)):
            page.lines, page.images = [], 1.0
            notices.append(f"page {page.number}: its text layer is not readable text")
    if cut and reading.engine == "repaired":
        lost.append("the end of the file is missing")
    engine = f"pdfminer-{reading.engine}"
    scans = _scans(reading.pages)
    if scans and ocr_seconds:
        notices.extend(read_scans(body, scans, ocr_seconds))
        engine += "+tesseract"
        scans = [page for page in scans if page.ocr is None]
    numbers = tuple(page.number for page in scans)
    if not any(page.lines for page in reading.pages):
        if reading.over:
            raise ExtractionError(reading.over, "; ".join(lost[:3]))
        if not reading.pages:
            raise ExtractionError("damaged", "; ".join(lost[:3]) or "no page can be read")
        return Extraction((), "damaged" if lost else "without_text", engine, tuple(notices + lost[:5]), numbers)
    if numbers:
        notices.append(f"{len(numbers)} of {len(reading.pages)} pages are images without text: {_listed(numbers)}")
    plain = sum(page.fallback for page in reading.pages)
    if plain:
        notices.append(f"{plain} of {len(reading.pages)} pages were read by pdfminer's own layout")
    if reading.engine == "repaired":
        notices.append("the file was repaired before it could be read")
    notices.extend(lost[:5])
    pages = assembled(reading.pages)
    if not any(page.text for page in pages):
        return Extraction((), "without_text", engine, tuple(notices), numbers)
    reason = reading.over or ("damaged" if lost else None)
    return Extraction(pages, reason, engine, tuple(notices), numbers)


def _scans(pages: list[PageLines]) -> list[PageLines]:
    """The pages that are images without text, or with a stamp alone; all of a document that has no text."""
    if not any(page.lines for page in pages):
        return [page for page in pages if not page.broken]
    stamped = [
        page for page in pages
        if page.lines and page.images >= _STAMPED_IMAGE and sum(len(line.text) for line in page.lines) < _STAMPED
    ]  # fmt: skip
    counted = stamped if len(stamped) > _STAMPED_SHARE * len(pages) else []
    return [
        page for page in pages if any(page is each for each in counted) or (not page.lines and page.images >= _SCANNED)
    ]


def _read(body: bytes, engine: str) -> _Reading:
    reading = _Reading(engine)
    try:
        document = PDFDocument(PDFParser(BytesIO(body)))
        expected = _page_count(document)
        _read_pages(document, reading)
    except (PDFPasswordIncorrect, PDFEncryptionError):
        reading.encrypted = True
        return reading
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises anything on a broken file
        reading.lost.append(f"the file is broken ({type(error).__name__})")
        return reading
    if expected > len(reading.pages) and reading.over is None:
        reading.lost.append(f"{len(reading.pages)} of {expected} pages were found")
    return reading


def _page_count(document: PDFDocument) -> int:
    pages = resolve1(document.catalog.get("Pages"))
    count = resolve1(pages.get("Count")) if isinstance(pages, dict) else 0
    return count if isinstance(count, int) and count < 10 * MAX_PAGES else 0


def _read_pages(document: PDFDocument, reading: _Reading) -> None:
    manager = PDFResourceManager()
    reader = ContentReader(manager)
    characters = 0
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        if number > MAX_PAGES or characters > MAX_DOCUMENT_CHARACTERS:
            reading.over = "too-large"
            break
        try:
            lines = _read_page(page, number, reader, manager)
        except ExtractionError as error:
            reading.over = error.reason
            reading.lost.append(f"page {number}: {error}")
            break
        if lines.broken:
            reading.lost.append(f"page {number}: {lines.broken}")
        characters += sum(len(line.text) for line in lines.lines)
        reading.pages.append(lines)


def _read_page(page: PDFPage, number: int, reader: ContentReader, manager: PDFResourceManager) -> PageLines:
    try:
        drawn = reader.read(page)
        return PageLines(number, drawn.width, drawn.height, lines_of(drawn), drawn.images, broken=drawn.broken)
    except (MemoryError, ExtractionError):
        raise
    except Exception:  # noqa: S110 (the plain reader has its own say on the same page)
        pass
    width, height = page.mediabox[2] - page.mediabox[0], page.mediabox[3] - page.mediabox[1]
    try:
        return PageLines(number, width, height, list(_plain_lines(page, manager)), fallback=True)
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises anything on a broken page
        return PageLines(number, width, height, [], broken=f"cannot be read ({type(error).__name__})")


def _plain_lines(page: PDFPage, manager: PDFResourceManager) -> Iterator[Line]:
    """The page as pdfminer lays it out, vertical writing included."""
    device = PDFPageAggregator(manager, laparams=LAParams(detect_vertical=True))
    PDFPageInterpreter(manager, device).process_page(page)
    for box in device.get_result():
        if isinstance(box, LTTextContainer):
            for line in box:
                if isinstance(line, LTTextLine) and (text := " ".join(line.get_text().split())):
                    yield Line(text, line.x0, line.x1, line.y0, min(line.height, line.width))


def _listed(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} and more" if len(numbers) > 10 else shown
