"""Plain text."""

from indexer.clean import clean_block
from indexer.extract.flow import Flow
from indexer.extract.limits import MAX_MARKUP
from indexer.extract.result import Extraction, ExtractionError

_LINES_PER_PAGE = 60
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def read_text(body: bytes, engine: str = "text") -> Extraction:
    """Read plain text; its pages end at form feeds, or after 60 lines at the next blank one."""
    if len(body) > MAX_MARKUP:
        raise ExtractionError("too-large")
    text = _decoded(body)
    flow = Flow()
    lines = 0
    for sheet in text.replace("\r\n", "\n").replace("\r", "\n").split("\f"):
        for line in clean_block(sheet).split("\n"):
            lines += 1
            if not line:
                flow.part()
                if lines > _LINES_PER_PAGE:
                    flow.end_page()
                    lines = 0
                continue
            flow.add(line)
            flow.end_line()
        flow.end_page()
        lines = 0
    return Extraction(flow.finish(), None, engine)


def _decoded(body: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
