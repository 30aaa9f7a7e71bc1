"""Where words stand in records: a file of one block for each record and field, mapped into memory.

A block holds the forms in order, each between line feeds, where the positions of each begin, and the positions.
A block is found by the table at the file's end. Files are written once and never changed.
"""

import mmap
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from struct import Struct

_HEAD = Struct("=II")
_ENTRY = Struct("=QQQB")
_FOOT = Struct("=Q")

Block = tuple[int, str, bytes]
"""A record, a field, and its packed positions."""

FIELDS = ("text", "title")


def packed(places: Mapping[str, Sequence[int]]) -> bytes:
    """The block of one field of a record: each form with its positions, ascending."""
    forms = sorted(places)
    ends, positions = array("I", [0]), array("I")
    for form in forms:
        positions.extend(places[form])
        ends.append(len(positions))
    names = ("\n" + "".join(f"{form}\n" for form in forms)).encode()
    return b"".join((_HEAD.pack(len(forms), len(names)), names, ends.tobytes(), positions.tobytes()))


def write(path: Path, blocks: Iterable[Block]) -> None:
    """Write a file of blocks, durably."""
    table = bytearray()
    at = 0
    with path.open("wb") as file:
        for record, field, block in blocks:
            file.write(block)
            table += _ENTRY.pack(record, at, len(block), FIELDS.index(field))
            at += len(block)
        file.write(table)
        file.write(_FOOT.pack(len(table)))
        file.flush()
        os.fsync(file.fileno())


class PositionsFile:
    """Reads one file of positions."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = len(self._map) - _FOOT.size
        (size,) = _FOOT.unpack_from(self._map, end)
        entries = _ENTRY.iter_unpack(self._map[end - size : end])
        self._blocks = {(record, FIELDS[field]): (start, length) for record, start, length, field in entries}

    def records(self) -> frozenset[int]:
        """The records that the file tells of."""
        return frozenset(record for record, _ in self._blocks)

    def blocks(self, live: AbstractSet[int]) -> Iterator[Block]:
        """The blocks of live records."""
        for (record, field), (start, length) in self._blocks.items():
            if record in live:
                yield record, field, self._map[start : start + length]

    def positions(self, record: int, field: str, form: str) -> Sequence[int]:
        """The positions of a form in a field of a record, ascending; none where it does not hold the form."""
        block = self._blocks.get((record, field))
        if block is None:
            return ()
        start = block[0]
        count, size = _HEAD.unpack_from(self._map, start)
        names = start + _HEAD.size
        at = self._map.find(f"\n{form}\n".encode(), names, names + size)
        if at < 0:
            return ()
        place = self._map[names:at].count(b"\n")
        ends = names + size
        first, last = _HEAD.unpack_from(self._map, ends + 4 * place)
        base = ends + 4 * (count + 1)
        found = array("I")
        found.frombytes(self._map[base + 4 * first : base + 4 * last])
        return found

    def forms(self, record: int, field: str) -> list[str]:
        """The forms that a field of a record holds."""
        block = self._blocks.get((record, field))
        if block is None:
            return []
        _, size = _HEAD.unpack_from(self._map, block[0])
        names = block[0] + _HEAD.size
        return self._map[names : names + size].decode().split()

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
