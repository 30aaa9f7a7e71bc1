"""Fonts of a PDF as the text reader needs them: bytes of a string to its text and width, remembered."""

import re
from typing import Any, Final

from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined

from indexer.extract.codes import Codes
from indexer.extract.tokens import string_bytes

UNMAPPED: Final = "\ufffd"
"""Stands for a glyph that the file gives no character for."""

_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_REMEMBERED = 50_000

Shown = tuple[str, float, int, int]
"""A string as drawn: text, width for a size of 1, glyphs, word spaces."""


class Font:
    """A font with the strings it has shown; `shown` is keyed by the token as it stands in the stream."""

    __slots__ = ("_codes", "_font", "_glyphs", "bold", "multibyte", "mute", "shown", "vertical")

    def __init__(self, font: PDFFont, codes: Codes | None = None) -> None:
        self._font = font
        self._codes = codes
        self.mute = False
        """Whether it was given a string that it shows nothing of: its encoding is not understood."""
        self._glyphs: dict[int, tuple[str, float]] = {}
        self.shown: dict[bytes, Shown] = {}
        self.multibyte: bool = font.is_multibyte()
        self.vertical: bool = font.is_vertical()
        self.bold = bool(_BOLD.search(str(font.fontname))) or bool(font.flags & _FORCE_BOLD)

    def show(self, token: bytes) -> Shown:
        """What drawing the string `token` shows."""
        glyphs, text, width, spaces, count = self._glyphs, [], 0.0, 0, 0
        string = string_bytes(token)
        for code in (self._codes or self._font).decode(string):
            glyph = glyphs.get(code) or self._glyph(code)
            text.append(glyph[0])
            width += glyph[1]
            count += 1
            spaces += code == 32
        shown = ("".join(text), width, count, 0 if self.multibyte else spaces)
        self.mute |= bool(string) and not count
        if len(self.shown) < _REMEMBERED:
            self.shown[token] = shown
        return shown

    def _glyph(self, code: int) -> tuple[str, float]:
        try:
            text = self._font.to_unichr(code)
        except PDFUnicodeNotDefined:
            text = UNMAPPED
        width: Any = self._font.char_width(self._codes.glyph(code) if self._codes else code)
        glyph = (text, float(width))
        self._glyphs[code] = glyph
        return glyph
