"""Why the first hits rank as they do: what each word and phrase of the query adds to their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from search.plans import Near, Plan, Words, sought
from search.query_explain import describe
from search.query_tree import Fuzzy, Node, Phrase, Prefix, Term, leaves

if TYPE_CHECKING:
    from search.engine import EngineReader, Paging

SHOWN = 5
"""Hits that are explained."""

_FORMS = 8

Terms = list[tuple[str, Words | Near]]


def explained(
    tree: Node,
    planned: Callable[[Node], Plan],
    reader: EngineReader,
    paging: Paging | None,
    hits: Iterable[tuple[int, AbstractSet[int], Mapping[str, Any]]],
) -> dict[str, Any]:
    """The JSON of `search --explain`: the query in plain words, its terms, and what each adds to each hit.

    A hit is a record, its places in the `paging` (without one the record as a whole), and what names it.
    """
    told: dict[Words | Near, str] = {}
    for leaf in leaves(tree):
        if isinstance(leaf, Term | Phrase | Prefix | Fuzzy):
            told.update((found, describe(leaf)) for found in sought(planned(leaf)) if found not in told)
    return {
        "understood": describe(tree),
        "canonical": str(tree),
        "terms": [
            {"term": name, "words": _words(found), "reviews": len(reader.match(found))} for found, name in told.items()
        ],
        "hits": [{**facts, "parts": _parts(told, reader, paging, record, places)} for record, places, facts in hits],
    }


def _words(found: Words | Near) -> list[str]:
    forms = found.forms if isinstance(found, Words) else tuple(form for part in found.parts for form in part.forms)
    return [*forms[:_FORMS], *(["…"] if len(forms) > _FORMS else [])]


def _parts(
    told: Mapping[Words | Near, str], reader: EngineReader, paging: Paging | None, record: int, places: AbstractSet[int]
) -> list[dict[str, Any]]:
    adds: dict[str, float] = {}
    for found, name in told.items():
        if paging is not None:
            adds[name] = sum(reader.match_pages(found, paging, {record: places}).get(record, {}).values())
        elif record in reader.match(found, {record}):
            adds[name] = reader.score(found, [record])[record]
    ranked = sorted(((value, name) for name, value in adds.items() if value), reverse=True)
    return [{"term": name, "adds": round(value, 4)} for value, name in ranked]
