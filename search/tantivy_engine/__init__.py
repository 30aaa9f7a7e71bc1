"""The engine that finds and ranks with tantivy, for those who install `casereviews[tantivy]`.

Tantivy says which records hold words and phrases, and how well; where in a record they stand it does not tell
Python, so that stands in a file of positions beside it. Words, stems, plans, pages and filters are those of every
engine; scores differ a little: tantivy rounds the length of a text.
"""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from casereviews.errors import UsageError
from search.engine import Engine, EngineReader, EngineWriter

__all__ = ["ENGINE"]


class TantivyEngine:
    """See `search.engine.Engine`."""

    name = "tantivy"
    folder = "tantivy"

    def stem(self, word: str) -> str:
        """What the forms of a word have in common: the same as under the engine Whoosh."""
        from search.whoosh_engine.stems import stem

        return stem(word)

    def reader(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> EngineReader:
        """Open what `finish` wrote."""
        _demand()
        from search.tantivy_engine.reader import TantivyReader

        return TantivyReader(folder, state, lengths, check)

    def writer(self, folder: Path, state: Mapping[str, Any]) -> EngineWriter:
        """Go on from a state; an empty one starts anew."""
        _demand()
        from search.tantivy_engine.building import TantivyWriter

        return TantivyWriter(folder, state)


def _demand() -> None:
    if find_spec("tantivy") is None:
        raise UsageError(
            "the search engine tantivy is not installed: pip install 'casereviews[tantivy]', "
            'or set engine = "whoosh" and run: casereviews index --rebuild'
        )


ENGINE: Engine = TantivyEngine()
