"""The tokens of a PDF content stream: one expression that takes an operator with its operands at once.

Every repetition is possessive or bounded, so that no stream, however broken, is read twice over.
"""

import re
from typing import Any

_WS = rb"[\x00\t\n\x0c\r ]"
_NUM = rb"[+-]?(?:\d++\.?\d*+|\.\d++)"
_STR0 = rb"\((?:[^()\\]++|\\.)*+\)"
_STR = rb"\((?:[^()\\]++|\\.|" + _STR0 + rb")*+\)"
_HEX = rb"<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>"
_ANY_STR = rb"(?:" + _STR + rb"|" + _HEX + rb")"
_WORD = rb"[A-Za-z'\"][^\x00\t\n\x0c\r ()<>\[\]{}/%]*+"
_NAME = rb"/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+"
_NUMS = rb"((?:" + _NUM + _WS + rb"++){0,8}+)"
OPERATOR, ARRAY, NAMED, SHOWN, MARKED, NUMBER, NAME, STRING, OPEN = 2, 3, 6, 8, 10, 11, 12, 13, 14
TOKEN = re.compile(
    _WS + rb"*+(?:"
    + _NUMS + rb"(" + _WORD + rb")"
    rb"|\[((?:" + _WS + rb"*+(?:" + _NUM + rb"|" + _ANY_STR + rb"))*+)" + _WS + rb"*+\]" + _WS + rb"*+TJ"
    rb"|(" + _NAME + rb")" + _WS + rb"*+" + _NUMS + rb"(" + _WORD + rb")"
    rb"|(" + _ANY_STR + rb")" + _WS + rb"*+(Tj|')"
    rb"|(" + _NAME + rb")" + _WS + rb"*+(<<(?:[^<>()]++|" + _ANY_STR + rb")*+>>)" + _WS + rb"*+BDC"
    rb"|(" + _NUM + rb")|(" + _NAME + rb")|(" + _ANY_STR + rb")|(\()"
    rb"|<<|>>|%[^\r\n]*+|[^\x00\t\n\x0c\r ]"
    rb")",
    re.DOTALL,
)  # fmt: skip
PAIR = re.compile(rb"(" + _ANY_STR + rb")" + _WS + rb"*+(" + _NUM + rb")?", re.DOTALL)
LEADING = re.compile(_WS + rb"*+(" + _NUM + rb")")
ACTUAL_TEXT = re.compile(rb"/ActualText" + _WS + rb"*+(" + _ANY_STR + rb")", re.DOTALL)
_IMAGE_DATA = re.compile(rb"[\x00\t\n\x0c\r >\])]ID[\x00\t\n\x0c\r ]")
_IMAGE_END = re.compile(rb"[\x00\t\n\x0c\r >]EI(?=[\x00\t\n\x0c\r ]|$)")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
HEADING_TAG = re.compile(r"H([1-6])?$")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
HEADING_TAG = re.compile(r"H([1-6])?$")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\n|\r)|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")


def string_bytes(token: bytes) -> bytes:
    """The bytes that a string token, `(…)` or `<…>`, stands for."""
    if token[:1] == b"(":
        inner = token[1:-1]
        return _ESCAPE.sub(_unescape, inner) if b"\\" in inner else inner
    digits = _NOT_HEX.sub(b"", token)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _unescape(match: re.Match[bytes]) -> bytes:
    octal, newline, other = match.groups()
    if octal is not None:
        return bytes((int(octal, 8) & 255,))
    return b"" if newline is not None else _ESCAPED.get(other, other)


def name_of(token: Any) -> str:
    """The name that a name token, `/…`, stands for; nothing for another token."""
    raw = token[1:] if isinstance(token, bytes) else b""
    if b"#" in raw:
        raw = _NAME_ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), raw)
    return str(raw, "latin-1")


def text_string(raw: bytes) -> str:
    """A text string of the file format: UTF-16 or UTF-8 with its mark, else taken for Latin-1."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "ignore")
    return raw[3:].decode("utf-8", "ignore") if raw.startswith(b"\xef\xbb\xbf") else raw.decode("latin-1")


def long_string(content: bytes, start: int) -> tuple[bytes, int]:
    """A string whose parentheses nest deeper than the expression follows, and where it ends."""
    depth = 0
    for match in re.finditer(rb"\\.|[()]", content[start:], re.DOTALL):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return content[start : start + match.end()], start + match.end()
    return b"()", len(content)


def after_image(content: bytes, position: int) -> int:
    """Where the stream goes on after the inline image whose dictionary starts at `position`."""
    data = _IMAGE_DATA.search(content, position - 1)
    ended = _IMAGE_END.search(content, data.end() - 1) if data else None
    return ended.end() if ended else len(content)
