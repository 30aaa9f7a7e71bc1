"""What holds for every query: no surprise from any text, and a canonical form that means the same."""

from hypothesis import example, given
from hypothesis import strategies as st

from casereviews.errors import QueryError
from search.query import (
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
    any_of,
    explain,
    none_of,
    parse,
)
from search.words import words

word = st.from_regex(r"[a-z0-9]{1,8}('[a-z]{1,3})?|a&e|and|or|not|É[a-zé]{1,4}", fullmatch=True).flatmap(
    lambda text: st.sampled_from(words(text))
)
long_word = word.filter(lambda text: len(text) >= 3)
field = st.sampled_from([None, "title"])
year = st.integers(1000, 9999)
value = st.from_regex(r"[a-zA-Z0-9]([a-z &'/:()-]{0,10}[a-z0-9])?", fullmatch=True).map(
    lambda text: " ".join(text.split()).replace("A & E", "A&E").replace("a & e", "a&e")
)
leaf: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, word, field),
    st.builds(Phrase, st.lists(word, min_size=2, max_size=4).map(tuple), field, st.integers(0, 100)),
    st.builds(Phrase, word.map(lambda text: (text,)), field),
    st.builds(Prefix, word.filter(lambda text: len(text) >= 2), field),
    st.builds(Fuzzy, long_word, field, st.integers(1, 2)),
    st.builds(FieldFilter, st.sampled_from(["theme", "source", "area", "agency", "section"]), value),
    st.builds(FieldFilter, st.just("type"), st.sampled_from(["cspr", "national-review", "typo"])),
    st.tuples(year, year).map(lambda pair: YearRange(min(pair), max(pair))),
    st.builds(YearRange, st.none(), year),
    st.builds(YearRange, year, st.none()),
)
tree = st.recursive(
    leaf,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=1, max_size=3).map(all_of),
        st.lists(nodes, min_size=1, max_size=3).map(any_of),
        nodes.filter(lambda node: node != MatchAll()).map(none_of),
    ),
    max_leaves=8,
)

language = st.text(
    st.one_of(st.sampled_from(list("ab12 \"“”()-*?~:.'’&/[]")), st.characters(max_codepoint=0x2100)), max_size=60
)
pieces = st.lists(
    st.sampled_from(
        ["AND", "OR", "NOT", "(", ")", '"', "-", "neglect", "neglec*", "abuse~", '"a b"~5', "theme:", "year:", "2019",
         "..", "title:x", "titel:x", "type:scr", "*", ",", "/", "||", " ", " ", " ", "A&E", "child’s", "\u00ad",
         "e\u0301"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


def well_formed(node: Node, parent: type[Node] | None = None) -> bool:
    if isinstance(node, And | Or):
        if type(node) is parent or len(node.children) < 2 or len(set(node.children)) < len(node.children):
            return False
        if isinstance(node, And):
            return not all(isinstance(child, Not) for child in node.children) and all(
                well_formed(child, And) for child in node.children
            )
        return all(well_formed(child, Or) for child in node.children)
    if isinstance(node, Not):
        return parent is And and well_formed(node.child, Not)
    return True


@given(language | pieces)
@example("OR(NOT)")
@example('-"')
@example("-(")
@example("theme:’")
def test_any_text_is_understood_or_refused_in_one_line(text: str) -> None:
    try:
        parsed = parse(text)
    except QueryError as error:
        assert "\n" not in str(error)
        return
    assert well_formed(parsed.tree)
    assert parse(str(parsed.tree)).tree == parsed.tree
    assert explain(parsed)
    if parsed.tree == MatchAll() and parsed.text:
        assert parsed.notices


@given(st.lists(word, min_size=1, max_size=10))
def test_plain_words_are_all_looked_for(typed: list[str]) -> None:
    parsed = parse(" ".join(typed))
    assert parsed.tree == all_of([Term(text) for text in typed])


@given(tree)
def test_canonical_form_parses_back(node: Node) -> None:
    assert well_formed(node)
    assert parse(str(node)).tree == node


@given(tree, st.sampled_from(["  ", "\t", "\n", "\u00a0"]))
def test_space_and_curly_quotes_change_nothing(node: Node, space: str) -> None:
    text = str(node)
    assert parse(f"{space}{text}{space}").tree == node
    quotes = iter("“”" * text.count('"'))
    assert parse("".join(next(quotes) if char == '"' else char for char in text)).tree == node
