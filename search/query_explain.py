"""A query tree in plain words."""

from search.query_tree import And, FieldFilter, Fuzzy, MatchAll, Node, Not, Or, Phrase, Prefix, Term, YearRange


def describe(node: Node) -> str:
    """What the tree looks for, as one line a person can check."""
    match node:
        case Term():
            return f"“{node.text}” in any form{_where(node.field)}"
        case Phrase(slop=0):
            return f"exactly “{' '.join(node.words)}”{_where(node.field)}"
        case Phrase():
            return f"“{' '.join(node.words)}” within {node.slop} words{_where(node.field)}"
        case Prefix():
            return f"words that begin with “{node.text}”{_where(node.field)}"
        case Fuzzy():
            letters = "1 letter" if node.distance == 1 else f"{node.distance} letters"
            return f"words at most {letters} from “{node.text}”{_where(node.field)}"
        case FieldFilter():
            return f"{node.field} is “{node.value}”"
        case YearRange():
            return _published(node)
        case MatchAll():
            return "everything"
        case And(children):
            positive = [child for child in children if not isinstance(child, Not)]
            negative = [child.child for child in children if isinstance(child, Not)]
            text = " AND ".join(map(_inner, positive))
            return text + "".join(f" BUT NOT {_inner(child)}" for child in negative)
        case Or(children):
            return " OR ".join(map(_inner, children))
        case Not(child):
            return f"NOT {_inner(child)}"


def _inner(node: Node) -> str:
    return f"({describe(node)})" if isinstance(node, And | Or) else describe(node)


def _where(field: str | None) -> str:
    return f" in the {field}" if field else ""


def _published(years: YearRange) -> str:
    if years.first is None:
        return f"published up to {years.last}"
    if years.last is None:
        return f"published from {years.first}"
    return f"published in {years.first}" + (f" to {years.last}" if years.last != years.first else "")
