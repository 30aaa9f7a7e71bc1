"""Objects of a PDF, taken as they come: what is broken or missing is noted or left out, never fatal."""

from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1, stream_value

from indexer.extract.drawn import IDENTITY, Drawn, Matrix
from indexer.extract.guards import Losses


def visible_box(page: PDFPage) -> tuple[float, float, float, float]:
    """The part of a page that is shown: its crop box, else its media box, else a letter page."""
    for x0, y0, x1, y1 in (page.cropbox, page.mediabox):
        if 0 < x1 - x0 < 1e6 and 0 < y1 - y0 < 1e6:
            return (x0, y0, x1, y1)
    return (0.0, 0.0, 612.0, 792.0)


def data_of(stream: Any, drawn: Drawn) -> bytes:
    """A content stream decoded; nothing, noted, where it cannot be."""
    if resolve1(stream) is None:
        drawn.broken = "a part of it is missing"
        return b""
    before = Losses.streams
    try:
        data: bytes = stream_value(stream).get_data()
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # pdfminer raises anything on a broken stream
        drawn.broken = f"a stream cannot be read ({type(error).__name__})"
        return b""
    if Losses.streams > before:
        drawn.broken = "a stream is damaged"
    return data


def matrix_of(form: PDFStream) -> Matrix:
    """The matrix of a form; none where it is broken."""
    values = resolve1(form.get("Matrix"))
    if not isinstance(values, list) or len(values) != 6:
        return IDENTITY
    a, b, c, d, e, f = (float(resolve1(value)) for value in values)
    return (a, b, c, d, e, f)


def dictionary(value: Any) -> dict[str, Any]:
    """The dictionary that a value is or refers to; an empty one for anything else."""
    found = resolve1(value)
    return found if isinstance(found, dict) else {}
