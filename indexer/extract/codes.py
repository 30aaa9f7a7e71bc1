"""Character codes of a composite font whose encoding is written out in the file, which pdfminer leaves aside."""

import re
from collections.abc import Iterable
from typing import Any

from pdfminer.cmapdb import CMap
from pdfminer.pdffont import PDFCIDFont, PDFFont
from pdfminer.pdftypes import PDFStream, resolve1

_SPACES = re.compile(rb"begincodespacerange(.*?)endcodespacerange", re.DOTALL)
_RANGES = re.compile(rb"begincidrange(.*?)endcidrange", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\d+)")
_CODE = re.compile(rb"<([0-9A-Fa-f]+)>")
_MOST_RANGES = 20_000


class Codes:
    """Codes of a fixed number of bytes, and the glyph each stands for."""

    def __init__(self, size: int, ranges: list[tuple[int, int, int]]) -> None:
        self._size = size
        self._ranges = ranges

    def decode(self, text: bytes) -> Iterable[int]:
        """The codes of a string."""
        size = self._size
        return (int.from_bytes(text[at : at + size], "big") for at in range(0, len(text) - size + 1, size))

    def glyph(self, code: int) -> int:
        """The glyph number (CID) that `code` stands for, itself where nothing says so."""
        found = (first + code - low for low, high, first in self._ranges if low <= code <= high)
        return next(found, code)


def codes_of(font: PDFFont, specification: dict[str, Any]) -> Codes | None:
    """The codes of a font with an encoding of its own; None for every other font."""
    encoding = resolve1(specification.get("Encoding"))
    if not isinstance(font, PDFCIDFont) or not isinstance(encoding, PDFStream):
        return None
    if not isinstance(font.cmap, CMap) or font.cmap.code2cid:
        return None
    written = encoding.get_data()
    sizes = {len(code) // 2 for block in _SPACES.findall(written) for code in _CODE.findall(block)}
    if len(sizes) != 1 or not 1 <= (size := sizes.pop()) <= 4:
        return None
    ranges = [entry for block in _RANGES.findall(written) for entry in _RANGE.findall(block)]
    return Codes(size, [(int(low, 16), int(high, 16), int(first)) for low, high, first in ranges[:_MOST_RANGES]])
