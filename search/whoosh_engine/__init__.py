"""The engine that needs nothing but Whoosh: its term files and codec, with postings and matching of our own.

Whoosh's own searcher was 10 to 100 times slower on records as long as reviews (bench/search.py): it walks
postings one by one, unpickles every block and holds a page for a record. Here a term's postings are plain
arrays behind Whoosh's term dictionary, and a query is a few set operations on them. Nothing read from an
index is ever unpickled except plain numbers and strings.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from search.engine import Engine, EngineReader, EngineWriter
from search.whoosh_engine.stems import stem

__all__ = ["ENGINE"]


class WhooshEngine:
    """See `search.engine.Engine`."""

    name = "whoosh"
    folder = "whoosh"

    def stem(self, word: str) -> str:
        """What the forms of a word have in common."""
        return stem(word)

    def reader(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> EngineReader:
        """Open what `finish` wrote."""
        from search.whoosh_engine.reader import WhooshReader

        return WhooshReader(folder, state, lengths, check)

    def writer(self, folder: Path, state: Mapping[str, Any]) -> EngineWriter:
        """Go on from a state; an empty one starts anew."""
        from search.whoosh_engine.building import WhooshWriter

        return WhooshWriter(folder, state)


ENGINE: Engine = WhooshEngine()
