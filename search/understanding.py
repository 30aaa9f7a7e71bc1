"""What a request looks for: its query as a tree, with what it is to be like and what acronyms stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.query import Node, Term, all_of, leaves, parse
from search.words import spans

if TYPE_CHECKING:
    from search.index import Index
    from search.likeness import Likeness
    from search.results import SearchRequest


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as it is answered; `text` is what was typed, `notices` say where that is not the same."""

    tree: Node
    text: str
    notices: tuple[str, ...]
    like: Likeness | None = None


def understand(index: Index, request: SearchRequest) -> Understood:
    """Read a request's query; QueryError and UsageError as `parse` and `Likeness` raise them."""
    notices: list[str] = []
    if isinstance(request.query, str):
        parsed = parse(request.query)
        tree, text = parsed.tree, parsed.text
        notices += parsed.notices
    else:
        tree, text = request.query, str(request.query)
    if request.expand:
        tree = _expanded(index, tree, notices)
    if not request.like:
        return Understood(tree, text, tuple(notices))
    from search.likeness import Likeness

    like = Likeness(index, request.like)
    return Understood(all_of([tree, like.tree]), text, (*notices, like.notice), like)


def _expanded(index: Index, tree: Node, notices: list[str]) -> Node:
    from search.query_expand import Acronyms

    known = index.ledger.get("acronyms")
    if known is None:
        notices.append("the index holds no acronyms; run: casereviews index")
    acronyms = Acronyms(known or {})
    tree = acronyms.expand(tree)
    notices += (f"also looked for: {each}" for each in dict.fromkeys(acronyms.notices))
    return tree


def suggestion(index: Index, understood: Understood) -> str | None:
    """The query with words that the index has, for those that it has not; None where that is no better."""
    text = understood.text
    for leaf in leaves(understood.tree):
        if isinstance(leaf, Term) and not index.vocabulary.stems_with(leaf.text):
            meant = index.vocabulary.suggest(leaf.text, index.reader.frequency)
            if meant is None:
                return None
            text = _replaced(text, leaf.text, meant)
    return text if text != understood.text else None


def _replaced(text: str, word: str, other: str) -> str:
    """The text with a word replaced wherever it stands, however it is capitalised."""
    parts: list[str] = []
    at = 0
    for found, start, end in spans(text):
        if found == word:
            parts += (text[at:start], other)
            at = end
    return "".join((*parts, text[at:]))
