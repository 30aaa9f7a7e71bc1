"""A page's content stream to text runs: pdfminer's objects and fonts, our own reader of the stream.

pdfminer's tokenizer, one object per character and layout analysis take nine tenths of its time. Here one
regular expression takes whole operators with their operands, and a text run is one string as drawn. A page
that this does not understand raises `NotUnderstood` and is read by pdfminer itself.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psparser import LIT

from indexer.extract import tokens
from indexer.extract.codes import codes_of
from indexer.extract.drawn import IDENTITY, Drawn, Matrix, Run, multiply, quarter_turns
from indexer.extract.fonts import Font
from indexer.extract.limits import MAX_FORM_DEPTH, MAX_SAVED_STATES
from indexer.extract.objects import data_of, dictionary, matrix_of, visible_box

_SPACE_EM = 180.0
"""A kern wider than this many thousandths of the size is a space between words."""
_LETTERSPACED = 0.6
"""From this share of such kerns among the glyphs of a string on, its letters are merely set wide apart."""
_HIDDEN_MODES = {3, 7}
_PLAIN_FONT = {"Subtype": LIT("Type1"), "BaseFont": LIT("Helvetica")}
_GRAPHICS_STATE = ("ctm", "font", "size", "spacing", "word_spacing", "leading", "rise", "stretch", "mode")


class NotUnderstood(Exception):  # noqa: N818
    """A page that uses what this reader does not do: vertical writing, above all."""


class ContentReader:
    """Reads the pages of one document; fonts are kept from page to page."""

    def __init__(self, manager: PDFResourceManager) -> None:
        self._manager = manager
        self._fonts: dict[int, Font] = {}

    def read(self, page: PDFPage) -> Drawn:
        """Everything that `page` draws as text; raises `NotUnderstood`, or what a broken stream raises."""
        x0, y0, x1, y1 = visible_box(page)
        width, height, upright = x1 - x0, y1 - y0, (1.0, 0.0, 0.0, 1.0, -x0, -y0)
        if page.rotate in {90, 270}:
            width, height = height, width
        turned = {90: (0, -1, 1, 0, -y0, x1), 180: (-1, 0, 0, -1, x1, y1), 270: (0, 1, -1, 0, y1, -x0)}
        drawn = Drawn(width, height)
        content = b"\n".join(data_of(part, drawn) for part in page.contents)
        _Stream(self, drawn, page.resources, turned.get(page.rotate, upright), ()).run(content)
        if any(font.mute for font in self._fonts.values()):
            drawn.broken = "the encoding of a font is not understood"
        return drawn

    def font(self, reference: Any, drawn: Drawn) -> Font:
        """The font that a resource dictionary refers to; a plain one, noted, where it cannot be read."""
        number = getattr(reference, "objid", None)
        font = self._fonts.get(number) if number is not None else None
        if font is None:
            try:
                specification = dict_value(reference)
                found = self._manager.get_font(number, specification)
                font = Font(found, codes_of(found, specification))
            except (MemoryError, RecursionError):
                raise
            except Exception as error:  # pdfminer raises anything on a broken font
                drawn.broken = f"a font cannot be read ({type(error).__name__})"
                font = Font(self._manager.get_font(None, _PLAIN_FONT))
            if number is not None:
                self._fonts[number] = font
        return font


class _Stream:
    """The graphics and text state while one stream is read; a form drawn by it has its own."""

    def __init__(
        self, reader: ContentReader, drawn: Drawn, resources: Any, ctm: Matrix, within: tuple[int, ...]
    ) -> None:
        self.reader = reader
        self.drawn = drawn
        self.resources = dictionary(resources)
        self.within = within
        self.ctm = ctm
        self.fonts: dict[bytes, Font] = {}
        self.saved: list[tuple[Any, ...]] = []
        self.font: Font | None = None
        self.size = self.spacing = self.word_spacing = self.leading = self.rise = 0.0
        self.stretch = 1.0
        self.mode = 0
        self.matrix: Matrix = IDENTITY
        self.x = 0.0

    def run(self, content: bytes) -> None:
        """Read a stream to its end; an operator without its operands is skipped, as every reader does."""
        operands: list[Any] = []
        position = 0
        while position < len(content):
            resumed = len(content)
            for match in tokens.TOKEN.finditer(content, position):
                which = match.lastindex
                if which == tokens.ARRAY:
                    first = tokens.LEADING.match(match[3])
                    self.show(tokens.PAIR.findall(match[3]), float(first[1]) if first else 0.0)
                elif which == tokens.SHOWN:
                    if match[8] == b"'":
                        self.next_line(operands)
                    self.show([(match[7], b"")])
                elif which == tokens.OPERATOR or which == tokens.NAMED:  # noqa: PLR1714 (a set is slower)
                    operator = match[which]
                    known = _OPERATORS.get(operator)
                    if known is not None:
                        if which == tokens.NAMED:
                            operands.append(match[4])
                        operands.extend(map(float, match[which - 1].split()))
                        with suppress(ValueError, IndexError, TypeError, StopIteration):
                            known(self, operands)
                    elif operator == b"BI":
                        self.drawn.add_image(self.ctm)
                        resumed = tokens.after_image(content, match.end())
                        operands.clear()
                        break
                elif which == tokens.MARKED:
                    self.drawn.begin_mark(tokens.name_of(match[9]), match[10])
                elif which == tokens.OPEN:
                    token, resumed = tokens.long_string(content, match.start(tokens.OPEN))
                    operands.append(token)
                    break
                else:
                    if which is not None:
                        operands.append(float(match[which]) if which == tokens.NUMBER else match[which])
                    continue
                operands.clear()
            position = resumed

    def show(self, pairs: Sequence[tuple[bytes, bytes]], lead: float = 0.0) -> None:
        """Draw strings, each with the kern that follows it; `lead` is a kern before the first."""
        font, size = self.font, self.size
        if font is None:
            return
        if font.vertical:
            raise NotUnderstood("vertical writing")
        shown = font.shown
        parts: list[str] = []
        width, count, spaces, kern, gaps = 0.0, 0, 0, 0.0, 0
        for token, number in pairs:
            text, wide, glyphs, blanks = shown.get(token) or font.show(token)
            parts.append(text)
            width += wide
            count += glyphs
            spaces += blanks
            if number:
                moved = float(number)
                kern += moved
                if moved < -_SPACE_EM:
                    parts.append(" ")
                    gaps += 1
        if gaps > 3 and gaps > _LETTERSPACED * count:
            parts = _closed_up(pairs, font)
        start = self.x - lead * 0.001 * size * self.stretch
        advance = width * size + self.spacing * count + self.word_spacing * spaces - kern * 0.001 * size
        end = self.x = start + advance * self.stretch
        text = "".join(parts)
        if not text:
            return
        a, b, c, d, e, f = multiply(self.matrix, self.ctm)
        e += c * self.rise
        f += d * self.rise
        turn = 0 if b == 0.0 and a > 0.0 else quarter_turns(a, b)
        tall = abs(size) * (d if c == 0.0 and d > 0.0 else math.hypot(c, d))
        hidden = self.mode in _HIDDEN_MODES
        x0, y0, x1, y1 = a * start + e, b * start + f, a * end + e, b * end + f
        self.drawn.add(Run(text, x0, y0, x1, y1, tall, font.bold, self.drawn.kind, turn, hidden))

    def move(self, operands: list[Any]) -> None:
        right, up = operands[-2:]
        a, b, c, d, e, f = self.matrix
        self.matrix = (a, b, c, d, right * a + up * c + e, right * b + up * d + f)
        self.x = 0.0

    def move_leading(self, operands: list[Any]) -> None:
        self.leading = -operands[-1]
        self.move(operands)

    def next_line(self, _operands: list[Any]) -> None:
        self.move([0.0, -self.leading])

    def show_next_line(self, operands: list[Any]) -> None:
        self.word_spacing, self.spacing = operands[-3] + 0.0, operands[-2] + 0.0
        self.next_line(operands)
        self.show([(operands[-1], b"")])

    def show_all(self, operands: list[Any]) -> None:
        self.show([(token, b"") for token in operands if isinstance(token, bytes)])

    def set_matrix(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self.matrix = (a + 0.0, b + 0.0, c + 0.0, d + 0.0, e + 0.0, f + 0.0)
        self.x = 0.0

    def begin_text(self, _operands: list[Any]) -> None:
        self.matrix, self.x = IDENTITY, 0.0

    def set_font(self, operands: list[Any]) -> None:
        name, self.size = operands[-2], operands[-1] + 0.0
        self.font = self.fonts.get(name)
        if self.font is None:
            found = dictionary(self.resources.get("Font")).get(tokens.name_of(name))
            self.font = self.fonts[name] = self.reader.font(found, self.drawn)

    def save(self, _operands: list[Any]) -> None:
        if len(self.saved) < MAX_SAVED_STATES:
            self.saved.append(tuple(getattr(self, name) for name in _GRAPHICS_STATE))

    def restore(self, _operands: list[Any]) -> None:
        for name, value in zip(_GRAPHICS_STATE, self.saved.pop(), strict=True):
            setattr(self, name, value)

    def transform(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self.ctm = multiply((a, b, c, d, e, f), self.ctm)

    def begin_mark(self, operands: list[Any]) -> None:
        tag = next(value for value in operands if isinstance(value, bytes))
        last = operands[-1]
        properties = dictionary(self.resources.get("Properties"))
        text = dictionary(properties.get(tokens.name_of(last))).get("ActualText") if last is not tag else None
        given = b"/ActualText<" + text.hex().encode() + b">" if isinstance(text, bytes) else b""
        self.drawn.begin_mark(tokens.name_of(tag), given)

    def draw(self, operands: list[Any]) -> None:
        stream = resolve1(dictionary(self.resources.get("XObject")).get(tokens.name_of(operands[-1])))
        if not isinstance(stream, PDFStream):
            return
        subtype = getattr(resolve1(stream.get("Subtype")), "name", "")
        number = stream.objid or id(stream)
        if subtype == "Image":
            self.drawn.add_image(self.ctm)
        elif subtype == "Form" and number not in self.within and len(self.within) < MAX_FORM_DEPTH:
            self.drawn.add_form()
            ctm = multiply(matrix_of(stream), self.ctm)
            resources = dictionary(stream.get("Resources")) or self.resources
            content = data_of(stream, self.drawn)
            _Stream(self.reader, self.drawn, resources, ctm, (*self.within, number)).run(content)


def _setter(name: str, factor: float = 1.0) -> Callable[[_Stream, list[Any]], None]:
    def setter(stream: _Stream, operands: list[Any]) -> None:
        setattr(stream, name, operands[-1] * factor)

    return setter


_OPERATORS: dict[bytes, Callable[[_Stream, list[Any]], None]] = {
    b"Td": _Stream.move,
    b"TD": _Stream.move_leading,
    b"T*": _Stream.next_line,
    b"Tm": _Stream.set_matrix,
    b"Tf": _Stream.set_font,
    b"BT": _Stream.begin_text,
    b"TJ": _Stream.show_all,
    b"Tj": _Stream.show_all,
    b'"': _Stream.show_next_line,
    b"Tc": _setter("spacing"),
    b"Tw": _setter("word_spacing"),
    b"TL": _setter("leading"),
    b"Ts": _setter("rise"),
    b"Tr": _setter("mode"),
    b"Tz": _setter("stretch", 0.01),
    b"q": _Stream.save,
    b"Q": _Stream.restore,
    b"cm": _Stream.transform,
    b"BMC": _Stream.begin_mark,
    b"BDC": _Stream.begin_mark,
    b"EMC": lambda stream, _operands: stream.drawn.end_mark(),
    b"Do": _Stream.draw,
}


def _closed_up(pairs: Sequence[tuple[bytes, bytes]], font: Font) -> list[str]:
    """Letters set wide apart with kerns, closed up: only a gap well over the usual one is a space."""
    gaps = sorted(-float(number) for _, number in pairs if number and float(number) < -_SPACE_EM)
    usual = gaps[len(gaps) // 2]
    parts: list[str] = []
    for token, number in pairs:
        parts.append((font.shown.get(token) or font.show(token))[0])
        if number and -float(number) > 1.6 * usual:
            parts.append(" ")
    return parts
