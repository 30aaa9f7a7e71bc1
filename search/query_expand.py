"""Acronyms in a query beside what they stand for, as the themes file has them: a rewrite of the tree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from search.query_tree import And, Node, Not, Or, Phrase, Term, all_of, any_of, none_of
from search.words import words


class Acronyms:
    """Both ways: from an acronym to its meanings, from a quoted meaning to its acronyms."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        self._meant: dict[tuple[str, ...], dict[tuple[str, ...], str]] = defaultdict(dict)
        for short, meanings in known.items():
            for meaning in meanings:
                one, other = tuple(words(short)), tuple(words(meaning))
                self._meant[one][other] = meaning
                self._meant[other][one] = short
        self.notices: list[str] = []
        """What was added, a line each."""

    def expand(self, node: Node) -> Node:
        """The tree with every acronym, and every quoted meaning of one, or its other form."""
        match node:
            case Term(text, field):
                return self._either(node, (text,), field)
            case Phrase(said, field, slop=0):
                return self._either(node, said, field)
            case And(children):
                return all_of([self.expand(child) for child in children])
            case Or(children):
                return any_of([self.expand(child) for child in children])
            case Not(child):
                return _not(self.expand(child))
            case _:
                return node

    def _either(self, node: Node, said: tuple[str, ...], field: str | None) -> Node:
        others = self._meant.get(said)
        if not others:
            return node
        self.notices.append(f"“{' '.join(said)}” or {' or '.join(f'“{name}”' for name in others.values())}")
        added: list[Node] = [Phrase(other, field) if len(other) > 1 else Term(other[0], field) for other in others]
        return any_of([node, *added])


def _not(node: Node) -> Node:
    """What an And takes to exclude a node."""
    inner = none_of(node)
    return inner.children[1] if isinstance(inner, And) else inner
