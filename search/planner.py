"""From a query to a plan: every word spelled out as its forms, every fact as the records that it is true of."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from search.facets import Facets
from search.plans import TEXT, TITLE, AllOf, Among, AnyOf, Everything, Near, Plan, Without, Words
from search.query_tree import (
    And,
    FieldFilter,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    YearRange,
    all_of,
)
from search.vocabulary import Vocabulary

SECTION = "section"

Places = Callable[[Sequence[str]], Mapping[int, AbstractSet[int]]]
"""From sections to the places in them, by record."""


def plan(node: Node, vocabulary: Vocabulary, facets: Facets, places: Places | None = None) -> Plan:
    """What an engine is asked for a query; `places` says which places are in sections, where pages are not meant."""
    places = places or facets.pages_in
    match node:
        case Term(text, field):
            return Words(vocabulary.stems_with(text), _field(field))
        case Prefix(text, field):
            return Words(vocabulary.begins_with(text), _field(field))
        case Fuzzy(text, field, distance):
            return Words(vocabulary.near(text, distance), _field(field))
        case Phrase(words, field, slop):
            parts = tuple(Words((word,), _field(field)) for word in words)
            return parts[0] if len(parts) == 1 else Near(parts, slop)
        case FieldFilter(field, value):
            records = facets.records(field, (value,))
            return Among(records, places((value,)) if field == SECTION else None)
        case YearRange(first, last):
            return Among(facets.published(_year(first), _year(last)))
        case MatchAll():
            return Everything()
        case And(children):
            return AllOf(tuple(plan(child, vocabulary, facets, places) for child in children))
        case Or(children):
            return AnyOf(tuple(plan(child, vocabulary, facets, places) for child in children))
        case Not(child):
            return Without(plan(child, vocabulary, facets, places))


def _field(field: str | None) -> str:
    return TITLE if field == "title" else TEXT


def _year(year: int | None) -> str | None:
    return None if year is None else f"{year:04d}"


def sections_apart(node: Node) -> tuple[Node, tuple[str, ...] | None]:
    """A query without the section that it demands as a whole, and that section: it says where to look."""
    children = node.children if isinstance(node, And) else (node,)
    demanded = [c for c in children if isinstance(c, FieldFilter) and c.field == SECTION]
    if len(demanded) != 1:
        return node, None
    return all_of([child for child in children if child is not demanded[0]]), (demanded[0].value,)
