"""Plans: what an engine is asked, a query whose words are spelled out as forms and whose facts as records."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

TEXT = "text"
"""The field of everything: title and summary, then the pages, at running positions."""

TITLE = "title"
"""The field of the title alone."""

Spot = tuple[int, ...]
"""One match as the positions of its words, ascending; it counts where the first of them stands."""


@dataclass(frozen=True, slots=True)
class Words:
    """Any of these forms, counted and weighed as one word."""

    forms: tuple[str, ...]
    field: str = TEXT


@dataclass(frozen=True, slots=True)
class Near:
    """Words together: side by side in order, or, with a `slop`, within so many positions in any order."""

    parts: tuple[Words, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Among:
    """These records, whatever they say; `pages` narrows a record to some of its pages when pages are sought."""

    records: frozenset[int]
    pages: Mapping[int, AbstractSet[int]] | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """What all children match."""

    children: "tuple[Plan, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What any child matches."""

    children: "tuple[Plan, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """What the child does not match."""

    child: "Plan"


Plan = Words | Near | Among | Everything | AllOf | AnyOf | Without


def leaf_field(leaf: Words | Near) -> str:
    """The field that a leaf is sought in."""
    return leaf.field if isinstance(leaf, Words) else leaf.parts[0].field


def sought(plan: Plan, *, excluded: bool = False) -> list[Words | Near]:
    """The words and phrases of a plan; those that it excludes only with `excluded`."""
    match plan:
        case Words() | Near():
            return [plan]
        case AllOf(children) | AnyOf(children):
            return list(dict.fromkeys(leaf for child in children for leaf in sought(child, excluded=excluded)))
        case Without(child) if excluded:
            return sought(child, excluded=True)
        case _:
            return []


def relaxed(plan: Plan) -> Plan:
    """The plan without what it excludes: a superset, since a record holds what one of its pages may not."""
    match plan:
        case AllOf(children) | AnyOf(children):
            return type(plan)(tuple(relaxed(child) for child in children))
        case Without():
            return Everything()
        case _:
            return plan


def pages_matching(
    plan: Plan, record: int, found: Mapping[Words | Near, Counter[int]], every: frozenset[int]
) -> frozenset[int]:
    """The pages of a record that match, of `every` page."""
    match plan:
        case Words() | Near():
            return every & found[plan].keys()
        case Among(records, pages):
            if record not in records:
                return frozenset()
            return every if pages is None else every & pages.get(record, frozenset())
        case Everything():
            return every
        case AllOf(children):
            for child in children:
                every = pages_matching(child, record, found, every)
            return every
        case AnyOf(children):
            return frozenset().union(*(pages_matching(child, record, found, every) for child in children))
        case Without(child):
            return every - pages_matching(child, record, found, every)


def holds(plan: Plan, record: int, held: set[Words | Near]) -> bool:
    """Whether a record matches when it holds these words and phrases."""
    match plan:
        case Words() | Near():
            return plan in held
        case Among(records):
            return record in records
        case Everything():
            return True
        case AllOf(children):
            return all(holds(child, record, held) for child in children)
        case AnyOf(children):
            return any(holds(child, record, held) for child in children)
        case Without(child):
            return not holds(child, record, held)
