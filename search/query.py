"""Our query language: text as analysts type it to the tree that every engine gets."""

from dataclasses import dataclass

from search.query_tree import And, FieldFilter, Fuzzy, MatchAll, Node, Not, Or, Phrase, Prefix, Term, YearRange

__all__ = [
    "And",
    "FieldFilter",
    "Fuzzy",
    "MatchAll",
    "Node",
    "Not",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Prefix",
    "Term",
    "YearRange",
]


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it was understood; `notices` say, a line each, where that is not what was typed."""

    tree: Node
    notices: tuple[str, ...]
    text: str
