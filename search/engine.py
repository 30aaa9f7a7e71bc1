"""What a search engine is to the rest of the program, and the engines there are.

An engine indexes the words of records at positions, a number for each record; it knows nothing of reviews,
pages or files. What it is asked is a `Plan`: a query whose words are already spelled out as the forms to
look for, so that stems, prefixes, edits and filters mean the same under every engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from casereviews.errors import UsageError
from search.plans import Plan, Spot


class Paging(Protocol):
    """Where the pages of a record are among its positions."""

    def starts(self, record: int) -> Sequence[int]:
        """The position at which each page starts; the first is the record's own description, no page."""


class EngineReader(Protocol):
    """One generation of an index, opened for searching; for one thread."""

    def begin(self) -> None:
        """A search begins: what the last one looked up may be forgotten."""

    def match(self, plan: Plan, among: AbstractSet[int] | None = None) -> AbstractSet[int]:
        """The records that match, of `among` where given."""

    def score(self, plan: Plan, records: Iterable[int]) -> dict[int, float]:
        """How well each of the matching records answers the plan; more is better."""

    def match_pages(
        self, plan: Plan, paging: Paging, allowed: Mapping[int, AbstractSet[int]] | None = None
    ) -> dict[int, dict[int, float]]:
        """Record to its matching pages (by their place) and scores; of `allowed` pages where given."""

    def match_within(self, plan: Plan, paging: Paging, allowed: Mapping[int, AbstractSet[int]]) -> AbstractSet[int]:
        """The records that match by what stands on their `allowed` pages."""

    def locate(self, plan: Plan, record: int) -> list[tuple[float, list[Spot]]]:
        """For each word or phrase of the plan its weight, and where it stands in a record."""

    def frequency(self, form: str) -> int:
        """How many records hold a form."""

    def close(self) -> None:
        """Let go of the files."""


class EngineWriter(Protocol):
    """Adds records to an index; nothing is seen by a reader before the state of `finish` is stored."""

    def add(self, record: int, fields: Mapping[str, Iterable[tuple[int, Sequence[str]]]]) -> None:
        """Index a record: for each field runs of words, each with the position of its first word."""

    def finish(self, live: AbstractSet[int], *, compact: bool = False) -> tuple[dict[str, Any], list[str]]:
        """Write what was added, durably: the engine's new state (JSON) and the files that it consists of.

        With `compact` nothing of a record that is not `live` stays in these files.
        """

    def forms(self) -> Iterable[str]:
        """Every form that was added since the last `finish`."""

    def all_forms(self) -> Iterable[str]:
        """Every form in the index, as `finish` left it."""

    def discard(self) -> None:
        """Forget what was added since the last `finish`."""


class Engine(Protocol):
    """A way to index and search words."""

    name: str
    folder: str
    """The folder of its files inside the index folder."""

    def stem(self, word: str) -> str:
        """What the forms of a word have in common."""

    def reader(
        self, folder: Path, state: Mapping[str, Any], lengths: Mapping[int, int], check: Callable[[], None]
    ) -> EngineReader:
        """Open what `finish` wrote; `lengths` are the live records' words, `check` ends a search gone long."""

    def writer(self, folder: Path, state: Mapping[str, Any]) -> EngineWriter:
        """Go on from a state; an empty one starts anew."""


ENGINES = {"whoosh": "search.whoosh_engine", "tantivy": "search.tantivy_engine"}
"""The engines by name; a module is imported when its engine is first asked for."""


def engine(name: str) -> Engine:
    """The engine of this name; UsageError when there is none."""
    if name not in ENGINES:
        raise UsageError(f"no search engine {name!r}; there is {', '.join(sorted(ENGINES))}")
    return cast(Engine, import_module(ENGINES[name]).ENGINE)
