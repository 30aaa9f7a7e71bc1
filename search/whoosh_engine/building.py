"""Building: words gathered in memory, written as segments, and segments merged as they pile up."""

import gc
import os
import secrets
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from search.whoosh_engine.segments import SUFFIXES, Posting, PostingView, SegmentReader, SegmentWriter, smallest

BATCH_WORDS = 16_000_000
"""Words held in memory before a segment is written; about 10 bytes each."""

MERGE_AT = 4
"""How many segments of like size are merged into one."""

_Pool = dict[str, tuple["array[int]", "array[int]", "array[int]"]]


class WhooshWriter:
    """See `search.engine.EngineWriter`; the state is the list of segments, oldest first."""

    def __init__(self, folder: Path, state: Mapping[str, Any]) -> None:
        self._folder = folder
        self._segments: list[dict[str, Any]] = [dict(segment) for segment in state.get("segments", [])]
        self._stored = list(self._segments)
        self._forms: set[str] = set()
        self._reset()

    def _reset(self) -> None:
        self._pools: dict[str, _Pool] = {}
        self._records: list[int] = []
        self._words = 0

    def add(self, record: int, fields: Mapping[str, Iterable[tuple[int, Sequence[str]]]]) -> None:
        """Index a record: for each field runs of words, each with the position of its first word."""
        for field, runs in fields.items():
            pool = self._pools.setdefault(field, {})
            for form, places in self._places(runs).items():
                entry = pool.get(form)
                if entry is None:
                    entry = pool[form] = (array("I"), array("I"), array("I"))
                entry[0].append(record)
                entry[1].append(len(places))
                entry[2].fromlist(places)
        self._records.append(record)
        if self._words >= BATCH_WORDS:
            self._flush()

    def _places(self, runs: Iterable[tuple[int, Sequence[str]]]) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for start, words in runs:
            self._words += len(words)
            for place, word in enumerate(words, start):
                try:
                    places[word].append(place)
                except KeyError:
                    places[word] = [place]
        return places

    def forms(self) -> Iterable[str]:
        """Every form that was added since the last `finish`."""
        return self._forms.union(*self._pools.values())

    def all_forms(self) -> Iterable[str]:
        """Every form in the index, as `finish` left it."""
        forms: set[str] = set()
        for segment in self._segments:
            reader = SegmentReader(self._folder, segment["name"])
            forms.update(form.decode() for _, form, _ in reader.terms())
            reader.close()
        return forms

    def discard(self) -> None:
        """Forget what was added since the last `finish`."""
        self._segments = list(self._stored)
        self._forms.clear()
        self._reset()

    def finish(self, live: AbstractSet[int], *, compact: bool = False) -> tuple[dict[str, Any], list[str]]:
        """Write what was added; segments of like size, or all of them, become one without its dead records."""
        self._flush()
        self._merge(live, everything=compact)
        self._stored = list(self._segments)
        self._forms.clear()
        files = [f"{segment['name']}_0{suffix}" for segment in self._segments for suffix in SUFFIXES]
        return {"segments": self._segments}, files

    def _flush(self) -> None:
        if self._words:
            terms = (
                (field, form, Posting(records, smallest(counts), smallest(positions)))
                for field, pool in sorted(self._pools.items())
                for form, (records, counts, positions) in sorted((form.encode(), entry) for form, entry in pool.items())
            )
            self._write(sorted(self._pools), terms, self._records)
        for pool in self._pools.values():
            self._forms.update(pool)
        self._reset()

    def _write(self, fields: list[str], terms: Iterable[tuple[str, bytes, Posting]], records: list[int]) -> None:
        name = f"segment{secrets.token_hex(8)}"
        collecting = gc.isenabled()
        gc.disable()  # millions of short-lived numbers and no cycles
        try:
            writer = SegmentWriter(self._folder, name, fields)
            for field, form, posting in terms:
                writer.add(field, form, posting)
            writer.close()
        finally:
            if collecting:
                gc.enable()
        for suffix in SUFFIXES:
            _sync(self._folder / f"{name}_0{suffix}")
        self._segments.append({"name": name, "fields": fields, "records": records})

    def _merge(self, live: AbstractSet[int], *, everything: bool) -> None:
        for segment in self._segments:
            segment["live"] = sum(record in live for record in segment["records"])
        tail = 0 if everything else self._first_to_merge()
        merged, self._segments = self._segments[tail:], self._segments[:tail]
        records = [record for segment in merged for record in segment["records"] if record in live]
        if not records:
            return
        fields = sorted({field for segment in merged for field in segment["fields"]})
        keep = live if sum(len(segment["records"]) for segment in merged) > len(records) else None
        readers = [SegmentReader(self._folder, segment["name"]) for segment in merged]
        self._write(fields, merged_terms(readers, keep), records)
        self._segments[-1]["live"] = len(records)
        for reader in readers:
            reader.close()

    def _first_to_merge(self) -> int:
        """From which segment on all become one: those of like size once they are many, or mostly dead ones."""
        count = len(self._segments)
        tail, size = count, 0
        while tail and (not size or self._segments[tail - 1]["live"] <= 2 * size):
            tail -= 1
            size += max(1, self._segments[tail]["live"])
        first = tail if count - tail >= MERGE_AT else count
        decayed = (place for place in range(first) if self._decayed(place))
        return next(decayed, first)

    def _decayed(self, place: int) -> bool:
        segment = self._segments[place]
        return 2 * int(segment["live"]) < len(segment["records"])


def merged_terms(readers: list[SegmentReader], live: AbstractSet[int] | None) -> Iterator[tuple[str, bytes, Posting]]:
    """The terms of several segments, of growing record numbers, as one run; of `live` records where given."""
    key = itemgetter(0, 1)
    streams = [
        ((field, form, place, view) for field, form, view in reader.terms()) for place, reader in enumerate(readers)
    ]
    for (field, form), group in groupby(merge(*streams, key=itemgetter(0, 1, 2)), key):
        posting = _joined([view for *_, view in group], live)
        if posting.records:
            yield field, form, posting


def _joined(views: list[PostingView], live: AbstractSet[int] | None) -> Posting:
    records, counts, positions = array("I"), array("I"), array("I")
    for view in views:
        if live is None:
            records.extend(view.records())
            counts.extend(array("I", view.counts()))
            positions.extend(array("I", view.positions()))
            continue
        start, places = 0, view.positions()
        for record, count in zip(view.records(), view.counts(), strict=True):
            if record in live:
                records.append(record)
                counts.append(count)
                positions.extend(array("I", places[start : start + count]))
            start += count
    return Posting(records, smallest(counts), smallest(positions))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
