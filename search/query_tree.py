"""A query as every engine gets it: a tree of what must, may and must not be there.

Words in the tree are words as `search.words` makes them. `field` is a text field (`title`) or None, which
means anywhere: titles, summaries and pages. A tree never nests And in And or Or in Or; a Not stands only as
a child of an And that has another child which is no Not. `str(tree)` is the query in canonical form: it
parses back to the same tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BARE = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


def _prefixed(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


@dataclass(frozen=True, slots=True)
class Term:
    """A word in any of its forms: it matches by its stem."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return _prefixed(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words exactly as written. One word alone is that word, unstemmed.

    `slop` 0: side by side, in order. `slop` n: in any order, the first and the last at most n positions
    apart (never less than the words themselves take up).
    """

    words: tuple[str, ...]
    field: str | None = None
    slop: int = 0

    def __str__(self) -> str:
        near = f"~{self.slop}" if self.slop else ""
        return _prefixed(self.field, f'"{" ".join(self.words)}"{near}')


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word, as written, that begins with `text`."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return _prefixed(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word, as written, within `distance` edits (a letter put in, left out or changed) of `text`."""

    text: str
    field: str | None = None
    distance: int = 1

    def __str__(self) -> str:
        return _prefixed(self.field, f"{self.text}~{self.distance}")


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """A fact about the review: its theme, source, type, area, nation, agency, section or state."""

    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}:{self.value}" if _BARE.fullmatch(self.value) else f'{self.field}:"{self.value}"'


@dataclass(frozen=True, slots=True)
class YearRange:
    """Published in these years, both included; None is an open end."""

    first: int | None
    last: int | None

    def __str__(self) -> str:
        if self.first == self.last:
            return f"year:{self.first}"
        return f"year:{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Everything."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class And:
    """All of the children, of which there are two or more."""

    children: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(_inner(child) for child in self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the children, of which there are two or more."""

    children: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " OR ".join(_inner(child) for child in self.children)


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the child does not match."""

    child: "Node"

    def __str__(self) -> str:
        return f"-{_inner(self.child)}"


Leaf = Term | Phrase | Prefix | Fuzzy | FieldFilter | YearRange | MatchAll
Node = Leaf | And | Or | Not


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def leaves(node: Node, *, excluded: bool = False) -> Iterator[Leaf]:
    """What a query looks for, left to right; what it excludes only with `excluded`."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child, excluded=excluded)
    elif isinstance(node, Not):
        if excluded:
            yield from leaves(node.child, excluded=True)
    else:
        yield node


def all_of(nodes: "list[Node]") -> Node:
    """The And of the nodes in its normal form; of none, everything."""
    flat = [child for node in nodes for child in (node.children if isinstance(node, And) else (node,))]
    unique = list(dict.fromkeys(child for child in flat if child != MatchAll()))
    if all(isinstance(child, Not) for child in unique):
        unique.insert(0, MatchAll())
    return unique[0] if len(unique) == 1 else And(tuple(unique))


def any_of(nodes: "list[Node]") -> Node:
    """The Or of one node or more in its normal form."""
    flat = [child for node in nodes for child in (node.children if isinstance(node, Or) else (node,))]
    unique = list(dict.fromkeys(flat))
    if MatchAll() in unique:
        return MatchAll()
    return unique[0] if len(unique) == 1 else Or(tuple(unique))


def none_of(node: Node) -> Node:
    """The Not of a node in its normal form: an And with everything, or, of a lone Not, its child."""
    if isinstance(node, And) and len(node.children) == 2 and node.children[0] == MatchAll():
        inner = node.children[1]
        assert isinstance(inner, Not)
        return inner.child
    return And((MatchAll(), Not(node)))
