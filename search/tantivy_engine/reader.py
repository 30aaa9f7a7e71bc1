"""Matching and scoring by tantivy, each word and phrase once a search; locating by the file of positions."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from math import log
from pathlib import Path
from typing import Any

import tantivy

from casereviews.errors import DamagedError
from search.locating import K1, TITLE_WEIGHT, LocatingReader
from search.pages import REBUILD
from search.phrases import spots_of
from search.plans import TEXT, TITLE, Near, Plan, Spot, Words, sought
from search.tantivy_engine import segments
from search.tantivy_engine.positions import PositionsFile

_CHECK_EVERY = 256


class TantivyReader(LocatingReader):
    """See `search.engine.EngineReader`."""

    def __init__(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> None:
        super().__init__(lengths, check)
        try:
            index = segments.open_generation(folder, state["generation"], state["segments"])
            self._searcher = index.searcher()
            self._schema = index.schema
        except ValueError as error:
            raise DamagedError(f"the search index in {folder} cannot be opened ({error}); {REBUILD}") from error
        self._files = [PositionsFile(folder / name) for name in state["positions"]]
        self._file_of = {record: file for file in self._files for record in file.records()}
        self._most = max(1, self._searcher.num_docs)
        self._places: dict[tuple[int, int], int] | None = None
        self.begin()

    def close(self) -> None:
        """Let go of the files."""
        self.begin()
        self._file_of.clear()
        for file in self._files:
            file.close()

    def begin(self) -> None:
        """Forget what the last search looked up."""
        self._found: dict[Words | Near, dict[int, float]] = {}
        self._spans: dict[tuple[Near, int], list[Spot]] = {}

    def frequency(self, form: str) -> int:
        """How many records hold a form."""
        return int(self._searcher.doc_freq(TEXT, form))

    def _records(self) -> dict[tuple[int, int], int]:
        """The record at each of tantivy's addresses."""
        if self._places is None:
            every = self._searcher.search(
                tantivy.Query.all_query(), limit=self._most, count=False, order_by_field=segments.RECORD
            )
            self._places = {(at.segment_ord, at.doc): record for record, at in every.hits}
        return self._places

    def _run(self, query: Any) -> dict[int, float]:
        """The live records that a query finds, with their scores."""
        self._check()
        hits = self._searcher.search(query, limit=self._most, count=False).hits
        records, lengths = self._records(), self._lengths
        found = {records[at.segment_ord, at.doc]: score for score, at in hits}
        return found if found.keys() <= lengths.keys() else {r: s for r, s in found.items() if r in lengths}

    def _scores(self, leaf: Words | Near) -> dict[int, float]:
        found = self._found.get(leaf)
        if found is None:
            found = self._found[leaf] = self._words(leaf) if isinstance(leaf, Words) else self._phrase(leaf)
        return found

    def _words(self, words: Words) -> dict[int, float]:
        """The forms count as one word: each is weighed by how many records hold any of them."""
        forms = [(form, self._searcher.doc_freq(words.field, form)) for form in words.forms]
        forms = [(form, held) for form, held in forms if held]
        term = [tantivy.Query.term_query(self._schema, words.field, form) for form, _ in forms]
        if len(term) < 2:
            return self._run(term[0]) if term else {}
        either = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in term])
        held = self._searcher.search(either, limit=1, count=True).count
        weight = self._idf(held)
        weighed = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(each, weight / self._idf(of_form)))
            for each, (_, of_form) in zip(term, forms, strict=True)
        ]
        return self._run(tantivy.Query.boolean_query(weighed))

    def _phrase(self, near: Near) -> dict[int, float]:
        if near.slop:
            return {}
        forms: list[str | tuple[int, str]] = [form for part in near.parts for form in part.forms]
        field = near.parts[0].field
        return self._run(tantivy.Query.phrase_query(self._schema, field, forms))

    def _idf(self, held: int) -> float:
        total = max(len(self._lengths), held)
        return log(1 + (total - held + 0.5) / (held + 0.5))

    def _holding(self, words: Words) -> AbstractSet[int]:
        return self._scores(words).keys()

    def _together(self, near: Near, among: AbstractSet[int] | None) -> AbstractSet[int]:
        if not near.slop:
            found = self._scores(near).keys()
            return found if among is None else found & among
        for part in sorted(near.parts, key=lambda part: len(self._holding(part))):
            among = self._holding(part) if among is None else self._holding(part) & among
        matched = set()
        for place, record in enumerate(among or ()):
            if place % _CHECK_EVERY == 0:
                self._check()
            if self._spots(near, record):
                matched.add(record)
        return matched

    def score(self, plan: Plan, records: Iterable[int]) -> dict[int, float]:
        """Tantivy's BM25 of the words and phrases that are sought, with a word's standing in the title added."""
        scores = dict.fromkeys(records, 0.0)
        for leaf in sought(plan):
            if isinstance(leaf, Near) and leaf.slop:
                weight = self._weight(leaf)
                for record in scores:
                    count = len(self._spots(leaf, record))
                    scores[record] += weight * count * (K1 + 1) / (count + K1)
                continue
            for record, score in self._scores(leaf).items():
                if record in scores:
                    scores[record] += score
            if isinstance(leaf, Words) and leaf.field == TEXT:
                for record in self._holding(Words(leaf.forms, TITLE)) & scores.keys():
                    scores[record] += TITLE_WEIGHT * self._weight(leaf)
        return scores

    def _weight(self, leaf: Words | Near) -> float:
        if isinstance(leaf, Near):
            return sum(self._weight(part) for part in leaf.parts)
        return self._idf(len(self._holding(leaf)))

    def _spots(self, leaf: Words | Near, record: int) -> list[Spot]:
        if isinstance(leaf, Words):
            return [(position,) for position in self._positions(leaf, record)]
        found = self._spans.get((leaf, record))
        if found is None:
            found = spots_of(leaf, [self._positions(part, record) for part in leaf.parts])
            self._spans[leaf, record] = found
        return found

    def _positions(self, words: Words, record: int) -> list[int]:
        """The positions of any of the forms in a record, ascending."""
        file = self._file_of.get(record)
        if file is None or record not in self._holding(words):
            return []
        found = [place for form in words.forms for place in file.positions(record, words.field, form)]
        return found if len(words.forms) == 1 else sorted(found)
