"""Limits put around pdfminer where a file of a kilobyte makes it build gigabytes.

Importing this module puts them in place; everything else of pdfminer is used as it is.
"""

import logging
import zlib
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from pdfminer import cmapdb, pdffont, pdftypes
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

from indexer.extract.limits import MAX_MAP_ENTRIES, MAX_STREAM

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


_CHECKSUM = 4


class StreamTooLargeError(MemoryError):
    """A stream that unpacks to more than the limit."""


class _FullError(Exception):
    """A character map has reached its limit."""


class Losses:
    """Counts the streams that could be unpacked only in part, in this process."""

    streams = 0


def _inflate(data: bytes) -> bytes:
    """Unpack a stream; from a damaged one, what comes before the damage."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, MAX_STREAM)
    except zlib.error:
        return _inflate_damaged(data)
    if unpacker.unconsumed_tail:
        raise StreamTooLargeError("a stream unpacks to more than the limit")
    return unpacked


def _inflate_damaged(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    size = 0
    for start in range(len(data)):
        try:
            parts.append(unpacker.decompress(data[start : start + 1]))
        except zlib.error:
            if start < len(data) - _CHECKSUM:
                Losses.streams += 1
            break
        size += len(parts[-1])
        if size > MAX_STREAM:
            raise StreamTooLargeError("a stream unpacks to more than the limit")
    return b"".join(parts)


class _BoundedUnicodeMap(cmapdb.FileUnicodeMap):
    """A character map that takes no more entries, repeats included, than a font can have glyphs."""

    added = 0

    def add_cid2unichr(self, cid: int, code: PSLiteral | bytes | int) -> None:
        self.added += 1
        if self.added > MAX_MAP_ENTRIES:
            raise _FullError
        super().add_cid2unichr(cid, code)


class _BoundedMapParser(cmapdb.CMapParser):
    """Keeps what a map gave before it reached its limit."""

    def run(self) -> None:
        try:
            super().run()
        except _FullError:
            return


def _bounded_widths(sequence: Iterable[object]) -> dict[str | int, float]:
    """Widths of a font's glyphs; as pdfminer reads them, but for ranges wider than any font."""
    kept: list[Any] = []
    numbers: list[Any] = []
    for value in map(resolve1, sequence):
        if isinstance(value, list):
            kept.extend([*numbers, value[:MAX_MAP_ENTRIES]])
            numbers = []
        elif isinstance(value, int | float):
            numbers.append(value)
            if len(numbers) == 3:
                if numbers[1] - numbers[0] < MAX_MAP_ENTRIES:
                    kept.extend(numbers)
                numbers = []
    return _pdfminer_widths(kept)


_pdfminer_widths = pdffont.get_widths
pdffont.get_widths = _bounded_widths  # type: ignore[assignment]
pdffont.FileUnicodeMap = _BoundedUnicodeMap  # type: ignore[attr-defined]
pdffont.CMapParser = _BoundedMapParser  # type: ignore[attr-defined]
pdftypes.zlib = SimpleNamespace(decompress=_inflate, error=zlib.error)  # type: ignore[attr-defined, assignment]
