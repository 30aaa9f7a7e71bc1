"""Segments: Whoosh's term dictionary, each term with its postings as plain arrays.

A segment is two files: `.trm`, Whoosh's ordered hash of terms, and `.pst`, the postings one after another:
two type codes, then the numbers of the records (ascending), how often the term stands in each, and all its
positions. Both are written once and never changed.
"""

import mmap
import pickle
from array import array
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple, NoReturn

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermsReader
from whoosh.filedb.structfile import StructFile

from casereviews.errors import DamagedError

CODEC = W3Codec()
SUFFIXES = (W3Codec.TERMS_EXT, W3Codec.POSTS_EXT)
_FIELD = Struct("!H")
_INFO = Struct("!BfIBBfIIqi")
"""Whoosh's W3TermInfo as it is stored: the third is the number of records, the last two where its postings are."""


class _PlainUnpickler(pickle.Unpickler):
    """Reads numbers, strings and what holds them; anything that would run code is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise DamagedError(f"the search index holds code ({module}.{name}); run: casereviews index --rebuild")


class MappedFile(StructFile):  # type: ignore[misc]
    """A Whoosh file read where the system maps it; unpickles plain values only."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(self.map, name=path.name)

    def get(self, position: int, length: int) -> bytes:
        """Bytes at a place."""
        return self.map[position : position + length]

    def read_pickle(self) -> Any:
        """A pickled plain value at the current place."""
        length = len(self.map) - self.map.tell()
        buffer = BytesIO(self.map.read(length))
        value = _PlainUnpickler(buffer).load()
        self.map.seek(buffer.tell() - length, 1)
        return value


class Posting(NamedTuple):
    """One term in one segment: records, counts and, for all records in turn, positions."""

    records: "array[int]"
    counts: "array[int]"
    positions: "array[int]"


def smallest(values: "list[int] | array[int]") -> "array[int]":
    """The values in the narrowest array that holds them."""
    top = max(values, default=0)
    return array("B" if top < 1 << 8 else "H" if top < 1 << 16 else "I", values)


class SegmentWriter:
    """Writes one segment; terms must come in order of field, then form."""

    def __init__(self, folder: Path, name: str, fields: list[str]) -> None:
        from whoosh.filedb.filestore import FileStorage

        self._writer = W3FieldWriter(CODEC, FileStorage(str(folder)), W3Segment(CODEC, name, segid="0"))
        self._writer._fieldmap.update({field: place for place, field in enumerate(fields)})
        self._keys = {field: _FIELD.pack(place) for place, field in enumerate(fields)}
        self._end = 0

    def add(self, field: str, form: bytes, posting: Posting) -> None:
        """Write a term; its record numbers ascend."""
        records, counts, positions = posting
        codes = (counts.typecode + positions.typecode).encode()
        packed = b"".join((codes, records.tobytes(), counts.tobytes(), positions.tobytes()))
        self._writer._postfile.write(packed)
        info = (0, len(positions), len(records), 0, 0, 0, records[0], records[-1], self._end, len(packed))
        self._end += len(packed)
        self._writer._tindex.add(self._keys[field] + form, _INFO.pack(*info))

    def close(self) -> None:
        """Finish both files."""
        self._writer.close()


class SegmentReader:
    """Reads one segment."""

    def __init__(self, folder: Path, name: str) -> None:
        terms, self._posts = (MappedFile(folder / f"{name}_0{suffix}") for suffix in SUFFIXES)
        self._view = memoryview(self._posts.map)
        self._terms = W3TermsReader(CODEC, terms, len(terms.map), self._posts)

    def count(self, field: str, form: bytes) -> int:
        """How many records hold a term."""
        found = self._find(field, form)
        return found[0] if found else 0

    def posting(self, field: str, form: bytes) -> "PostingView | None":
        """A term's postings, None where there is no such term."""
        found = self._find(field, form)
        return PostingView(self._view, *found) if found else None

    def _find(self, field: str, form: bytes) -> tuple[int, int, int] | None:
        try:
            place, length = self._terms._range_for_key(field, form)
        except KeyError:
            return None
        return self._info(self._terms._dbfile.get(place, length))

    @staticmethod
    def _info(packed: bytes) -> tuple[int, int, int]:
        if packed[0]:  # postings inside the dictionary would be a pickle; none are written
            raise DamagedError("the search index is damaged; run: casereviews index --rebuild")
        _, _, size, *_, start, length = _INFO.unpack(packed)
        return size, start, length

    def terms(self) -> Iterator[tuple[str, bytes, "PostingView"]]:
        """Every term in order: field, form, postings."""
        names = self._terms._fieldunmap
        for key, packed in self._terms._tindex.items():
            field = names[_FIELD.unpack(key[:2])[0]]
            yield field, key[2:], PostingView(self._view, *self._info(packed))

    def close(self) -> None:
        """Let go of the files."""
        self._view.release()
        self._terms.close()


class PostingView:
    """A term's postings in their file; each part is read when it is asked for."""

    __slots__ = ("_counts", "_counts_code", "_positions", "_positions_code", "_records", "_view", "size")

    def __init__(self, view: memoryview, size: int, start: int, length: int) -> None:
        self.size = size
        self._view = view
        self._counts_code, self._positions_code = chr(view[start]), chr(view[start + 1])
        self._records = start + 2
        self._counts = self._records + 4 * size
        self._positions = self._counts + array(self._counts_code).itemsize * size, start + length

    def records(self) -> "array[int]":
        """The numbers of the records, ascending."""
        return self._array("I", self._records, self._counts)

    def counts(self) -> "array[int]":
        """How often the term stands in each."""
        return self._array(self._counts_code, self._counts, self._positions[0])

    def positions(self) -> "array[int]":
        """The positions in all records, one record after the other."""
        return self._array(self._positions_code, *self._positions)

    def _array(self, code: str, start: int, end: int) -> "array[int]":
        values = array(code)
        values.frombytes(self._view[start:end])
        return values
