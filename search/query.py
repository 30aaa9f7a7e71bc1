"""Our query language: text as analysts type it to the tree that every engine gets.

Words are ANDed; `"a phrase"`, `"a b"~5`, `OR`, `NOT` or a leading `-`, brackets, `neglec*`, `negelct~`,
`field:value`, `year:2019..2023`. Ordinary text is never an error: what cannot be meant as the language is
taken as words, with a notice. Only a query that breaks a limit is refused, with a QueryError naming it.
"""

from dataclasses import dataclass

from casereviews.errors import QueryError
from search.query_explain import describe
from search.query_hints import hints
from search.query_leaves import Leaves
from search.query_lexer import MAX_DEPTH, clean, match_brackets, tokens
from search.query_tree import (
    And,
    FieldFilter,
    Fuzzy,
    Leaf,
    MatchAll,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    YearRange,
    all_of,
    any_of,
    leaves,
    none_of,
)

__all__ = [
    "And",
    "FieldFilter",
    "Fuzzy",
    "Leaf",
    "MatchAll",
    "Node",
    "Not",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Prefix",
    "Term",
    "YearRange",
    "all_of",
    "any_of",
    "explain",
    "leaves",
    "none_of",
    "parse",
]


_OPERATORS = ("AND", "OR", "NOT")
_OPERANDS = ("(", "NOT", "phrase", "chunk")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it was understood; `notices` say, a line each, where that is not what was typed."""

    tree: Node
    notices: tuple[str, ...]
    text: str
    """What was typed, without control characters."""


def parse(text: str) -> ParsedQuery:
    """Read a query; an empty one is everything. Raises QueryError for one that breaks a limit, no other."""
    text = clean(text)
    parser = _Parser(text)
    tree = parser.tree()
    return ParsedQuery(tree, tuple(parser.leaves.notices), text)


def explain(parsed: ParsedQuery) -> str:
    """How a query was understood, for a person: what it looks for, its canonical form, its notices."""
    lines = [f"Looks for: {describe(parsed.tree)}", f"Canonical: {parsed.tree}"]
    return "\n".join([*lines, *(f"Note: {notice}" for notice in parsed.notices)])


class _Parser:
    """Recursive descent over the tokens; as deep as brackets go, which is limited before."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.leaves = Leaves()
        found = list(tokens(text))
        if any(token.kind == "quote" for token in found):
            self.leaves.note('a quotation mark (") without a partner is taken literally')
            found = [token for token in found if token.kind != "quote"]
        self._tokens, stray = match_brackets(found)
        if stray:
            self.leaves.note("a bracket without a partner is taken literally")
        self._place = 0

    def tree(self) -> Node:
        """The whole query's tree; without a word to look for, its operators are words."""
        tree = self._either()
        if tree is not None:
            for hint in hints(self.text, self._tokens):
                self.leaves.note(hint)
            return tree
        operators = [token.kind for token in self._tokens if token.text != "-"]
        if operators and all(token.kind in _OPERATORS for token in self._tokens):
            self.leaves.notices.clear()
            self.leaves.note(f"{' '.join(operators)} joins nothing here, so it is taken as a word")
            return all_of([Term(operator.lower()) for operator in operators])
        if self.text:
            self.leaves.note("there is no word to look for in this query, so it stands for everything")
        return MatchAll()

    def _either(self) -> Node | None:
        """Up to the closing bracket or the end: groups with OR between them."""
        groups: list[list[Node]] = [[]]
        while (kind := self._kind()) not in (")", None):
            if kind == "OR" and groups[-1]:
                self._place += 1
                groups.append([])
            elif kind == "OR" or (kind == "AND" and not (groups[-1] and self._kind(1) in _OPERANDS)):
                self._dangling()
            elif kind == "AND":
                self._place += 1
            elif (node := self._operand()) is not None:
                groups[-1].append(node)
        if not groups[-1] and len(groups) > 1:
            groups.pop()
            self.leaves.note("OR joins nothing here, so it is ignored")
        if not groups[-1]:
            return None
        either = any_of([all_of(group) for group in groups])
        if len(groups) > 1 and any(len(group) > 1 for group in groups):
            self.leaves.note(f"words side by side belong together before OR does: read as {either}")
        return either

    def _operand(self) -> Node | None:
        """A leaf or a bracket with the NOTs before it; None where nothing is left of it."""
        negations = 0
        while self._kind() == "NOT":
            negations += 1
            self._place += 1
            if negations > MAX_DEPTH:
                raise QueryError(f"more than {MAX_DEPTH} NOTs stand in a row: take some away")
        if self._kind() not in _OPERANDS:
            self.leaves.note("NOT has nothing to exclude here, so it is ignored")
            return None
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "(":
            node = self._either()
            self._place += 1
            if node is None:
                self.leaves.note("there is nothing to look for between brackets, so they are ignored")
        else:
            node = self.leaves.make(token)
        if negations and node == MatchAll():
            self.leaves.note("excluding everything would leave nothing, so NOT * is ignored")
            return None
        return none_of(node) if node is not None and negations % 2 else node

    def _kind(self, ahead: int = 0) -> str | None:
        place = self._place + ahead
        return self._tokens[place].kind if place < len(self._tokens) else None

    def _dangling(self) -> None:
        self.leaves.note(f"{self._tokens[self._place].text} joins nothing here, so it is ignored")
        self._place += 1
