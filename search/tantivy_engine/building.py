"""Building: records to tantivy, their words' positions to a file of their own."""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import tantivy

from search.tantivy_engine import segments
from search.tantivy_engine.positions import FIELDS, Block, PositionsFile, packed, write

HEAP = 128_000_000
"""Bytes of memory in which tantivy gathers words."""

SPILL = 128_000_000
"""Bytes of positions held in memory before they are written."""

_MERGE = 2
"""A file of positions is merged with the one before, unless that is this many times larger."""


class TantivyWriter:
    """See `search.engine.EngineWriter`; the state names the generation, its files and its records."""

    def __init__(self, folder: Path, state: Mapping[str, Any]) -> None:
        self._folder = folder
        self._stored: dict[str, Any] = dict(state)
        self._reset()

    def _reset(self) -> None:
        self._generation: Path | None = None
        self._index: Any = None
        self._writer: Any = None
        self._draft: Path | None = None
        self._blocks: list[Block] = []
        self._size = 0
        self._drafts: list[Path] = []
        self._added: list[int] = []
        self._forms: set[str] = set()

    def _begin(self, *, anew: bool = False) -> None:
        if self._writer is not None:
            return
        self._generation = self._folder / f"g{secrets.token_hex(8)}"
        before = None if anew else self._stored.get("generation")
        shared, made = self._folder, self._generation
        self._index = segments.go_on(shared, before, made) if before else segments.create(made)
        self._writer = self._index.writer(heap_size=HEAP, num_threads=1)

    def add(self, record: int, fields: Mapping[str, Iterable[tuple[int, Sequence[str]]]]) -> None:
        """Index a record: for each field runs of words, each with the position of its first word."""
        self._begin()
        document = tantivy.Document()
        document.add_unsigned(segments.RECORD, record)
        for field, runs in fields.items():
            places: dict[str, list[int]] = {}
            end: int | None = None
            joined: list[str] = []
            for start, words in runs:
                if end is not None and start != end and joined:
                    document.add_text(field, " ".join(joined))
                    joined = []
                for place, word in enumerate(words, start):
                    places.setdefault(word, []).append(place)
                joined += words
                end = start + len(words)
            document.add_text(field, " ".join(joined))
            self._forms.update(places)
            self._blocks.append((record, field, packed(places)))
            self._size += len(self._blocks[-1][2])
        self._writer.add_document(document)
        self._added.append(record)
        if self._size >= SPILL:  # never within a record, whose blocks stay in one file
            self._spill()

    def _spill(self) -> None:
        """Write the blocks held in memory."""
        if self._blocks:
            path = self._folder / f"positions{secrets.token_hex(8)}"
            self._drafts.append(path)
            write(path, self._blocks)
            self._blocks, self._size = [], 0

    def forms(self) -> Iterable[str]:
        """Every form that was added since the last `finish`."""
        return self._forms

    def all_forms(self) -> Iterable[str]:
        """Every form in the index, as `finish` left it."""
        forms: set[str] = set()
        for name in self._stored.get("positions", []):
            file = PositionsFile(self._folder / name)
            forms.update(form for record in file.records() for field in FIELDS for form in file.forms(record, field))
            file.close()
        return forms

    def discard(self) -> None:
        """Forget what was added since the last `finish`."""
        generation, drafts = self._generation, self._drafts
        if self._writer is not None:
            self._writer.rollback()
        self._reset()
        if generation is not None:
            shutil.rmtree(generation, ignore_errors=True)
        for path in drafts:
            path.unlink(missing_ok=True)

    def finish(self, live: AbstractSet[int], *, compact: bool = False) -> tuple[dict[str, Any], list[str]]:
        """Write what was added; with `compact` the index is written anew from the positions of live records."""
        self._spill()
        held = [*self._stored.get("positions", []), *(path.name for path in self._drafts)]
        records = {*self._stored.get("records", []), *self._added}
        if compact:
            self.discard_tantivy()
        self._begin(anew=compact)
        positions = self._merged(held, live, everything=compact)
        if compact:
            self._write_anew(positions, live)
        else:
            for record in records - live:
                self._writer.delete_documents_by_term(segments.RECORD, record)
        self._writer.commit()
        self._writer.garbage_collect_files()
        self._writer.wait_merging_threads()
        generation = self._generation
        assert generation is not None
        self._reset()
        names = segments.share(self._folder, generation)
        for name in names:
            _sync(self._folder / name)
        _sync(generation)
        _sync(self._folder)
        self._stored = {
            "generation": generation.name,
            "segments": [name for name in names if "/" not in name],
            "positions": positions,
            "records": sorted(records & live),
        }
        return self._stored, [*names, *positions]

    def discard_tantivy(self) -> None:
        """Drop the generation that was begun, and keep the positions."""
        if self._writer is not None:
            self._writer.rollback()
        if self._generation is not None:
            shutil.rmtree(self._generation, ignore_errors=True)
        self._generation = self._index = self._writer = None

    def _merged(self, names: list[str], live: AbstractSet[int], *, everything: bool) -> list[str]:
        """The files of positions, of which those of like size became one."""
        sizes = [(self._folder / name).stat().st_size for name in names]
        tail, size = len(names), 0
        while tail and (everything or not size or sizes[tail - 1] <= _MERGE * size):
            tail -= 1
            size += sizes[tail]
        merged = names[tail:]
        if len(merged) < 2 and not everything:
            return names
        if not merged:
            return names
        path = self._folder / f"positions{secrets.token_hex(8)}"
        write(path, self._live_blocks(merged, live))
        return [*names[:tail], path.name]

    def _live_blocks(self, names: Iterable[str], live: AbstractSet[int]) -> Iterator[Block]:
        for name in names:
            file = PositionsFile(self._folder / name)
            yield from file.blocks(live)
            file.close()

    def _write_anew(self, positions: Iterable[str], live: AbstractSet[int]) -> None:
        """Add every live record to an empty index, from the positions of its words."""
        for name in positions:
            file = PositionsFile(self._folder / name)
            for record in sorted(file.records() & live):
                document = tantivy.Document()
                document.add_unsigned(segments.RECORD, record)
                for field in FIELDS:
                    for text in _texts(file, record, field):
                        document.add_text(field, text)
                self._writer.add_document(document)
            file.close()


def _texts(file: PositionsFile, record: int, field: str) -> Iterator[str]:
    """The words of a field in order, cut where positions are left free."""
    placed = sorted(
        (place, form) for form in file.forms(record, field) for place in file.positions(record, field, form)
    )
    words: list[str] = []
    for number, (place, form) in enumerate(placed):
        if number and place != placed[number - 1][0] + 1:
            yield " ".join(words)
            words = []
        words.append(form)
    yield " ".join(words)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
