"""The query language: understood as typed, explained where not, refused only beyond a stated limit."""

import time

import pytest

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
    explain,
    leaves,
    parse,
)

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("neglect", Term("neglect")),
        ("", MatchAll()),
        ("Working Together 2018", And((Term("working"), Term("together"), Term("2018")))),
        ("a a b", And((A, B))),
        ("Child C.", And((Term("child"), C))),
        ("A&E", Term("a&e")),
        ("A & E", Term("a&e")),
        ("child's", Term("child's")),
        ("child’s", Term("child's")),
        ("non-mobile", Phrase(("non", "mobile"))),
        ("CSPR-23/04", Phrase(("cspr", "23", "04"))),
        ("10:30", Phrase(("10", "30"))),
        ("https://www.gov.uk/a", Phrase(("https", "www", "gov", "uk", "a"))),
        ('"was not brought"', Phrase(("was", "not", "brought"))),
        ("“was not brought”", Phrase(("was", "not", "brought"))),
        ("„was not brought“", Phrase(("was", "not", "brought"))),
        ('"neglected"', Phrase(("neglected",))),
        ('"a b"~5', Phrase(("a", "b"), slop=5)),
        ('"Child A\'s (first) school"', Phrase(("child", "a's", "first", "school"))),
        ("a OR b", Or((A, B))),
        ("a OR b OR c", Or((A, B, C))),
        ("a AND b", And((A, B))),
        ("(a && b) || c", Or((And((A, B)), C))),
        ("mother,father;abuse", And((Term("mother"), Term("father"), Term("abuse")))),
        ("10,000", Phrase(("10", "000"))),
        ("year:2019/2023", YearRange(2019, 2023)),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) OR c", Or((And((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("-b", And((MatchAll(), Not(B)))),
        ("NOT NOT b", B),
        ("-(-b)", B),
        ("-(a b)", And((MatchAll(), Not(And((A, B)))))),
        ("a OR -b", Or((A, And((MatchAll(), Not(B)))))),
        ('-"a b" c', And((Not(Phrase(("a", "b"))), C))),
        ("- a", A),
        ("–a –b", And((A, B))),
        ("neglec*", Prefix("neglec")),
        ("Neglec*,", Prefix("neglec")),
        ("non-mobil*", And((Term("non"), Prefix("mobil")))),
        ("negelct~", Fuzzy("negelct", distance=2)),
        ("abuse~", Fuzzy("abuse", distance=1)),
        ("negelct~1", Fuzzy("negelct", distance=1)),
        ("title:neglect", Term("neglect", "title")),
        ("Title:neglec*", Prefix("neglec", "title")),
        ('title:"two words"~3', Phrase(("two", "words"), "title", 3)),
        ("theme:neglect", FieldFilter("theme", "neglect")),
        ('area:"St Helens"', FieldFilter("area", "St Helens")),
        ("source:“nspcc”,", FieldFilter("source", "nspcc")),
        ("-theme:neglect a", And((Not(FieldFilter("theme", "neglect")), A))),
        ("type:CSPR", FieldFilter("type", "cspr")),
        ('type:"serious case review"', FieldFilter("type", "scr")),
        ('type:"Child practice review"', FieldFilter("type", "cpr")),
        ('nation:"Northern Ireland"', FieldFilter("nation", "northern-ireland")),
        ("state:gone", FieldFilter("state", "gone")),
        ("year:2019", YearRange(2019, 2019)),
        ("year:2019..2023", YearRange(2019, 2023)),
        ("year:2023-2019", YearRange(2019, 2023)),
        ("year:2019–2023", YearRange(2019, 2023)),
        ("year:..2020", YearRange(None, 2020)),
        ("year:2019..", YearRange(2019, None)),
        ("a\x1b[31m\u202eb\udc80", And((A, Term("31m"), B))),
    ],
)
def test_understood(text: str, tree: Node) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    assert parsed.notices == ()


def test_what_is_typed_is_safe_to_print() -> None:
    parsed = parse("neglect\x1b]0;x\x07\u202e \udc80 titel\u2066:\x9b2J")
    for text in (parsed.text, *parsed.notices, explain(parsed)):
        assert not set(text) & set("\x1b\x07\u202e\udc80\u2066\x9b")
        text.encode()


@pytest.mark.parametrize(
    ("text", "tree", "notice"),
    [
        ("titel:neglect", Term("neglect"), "no field “titel”: did you mean title:neglect?"),
        ("them:neglect", Term("neglect"), "did you mean theme:neglect?"),
        ('titel:"a b"', Phrase(("a", "b")), 'did you mean title:"a b"?'),
        ("council:Anytown", Term("anytown"), "did you mean area:Anytown?"),
        ("colour:red", And((Term("colour"), Term("red"))), "the fields are title, theme, source"),
        ("theme: neglect", And((Term("theme"), Term("neglect"))), "theme: has no value right after it"),
        ("year:soon", Term("soon"), "write year:2019"),
        ("year:", Term("year"), "write year:2019"),
        ("type:csrp", FieldFilter("type", "csrp"), "did you mean type:cspr?"),
        ("nation:france", FieldFilter("nation", "france"), "it is one of england, northern-ireland"),
        ("AND", Term("and"), "AND joins nothing here, so it is taken as a word"),
        ("OR NOT", And((Term("or"), Term("not"))), "taken as a word"),
        ("a AND", A, "AND joins nothing here, so it is ignored"),
        ("OR a", A, "OR joins nothing here"),
        ("a OR", A, "OR joins nothing here"),
        ("a NOT", A, "NOT has nothing to exclude"),
        ("a NOT *", A, "NOT * is ignored"),
        ("()", MatchAll(), "stands for everything"),
        ("a ()", A, "nothing to look for between brackets"),
        ("*", MatchAll(), "* alone stands for everything"),
        ("?????*", MatchAll(), "holds no letters"),
        ("!!! …", MatchAll(), "no word to look for"),
        ("*a b", And((A, B)), "at the beginning of a word"),
        ("negl?ct", Phrase(("negl", "ct")), "? does not stand for a letter"),
        ('"a b', And((A, B)), "quotation mark"),
        ('6" blade', And((Term("6"), Term("blade"))), "quotation mark"),
        ('""', MatchAll(), "no word between the quotation marks"),
        ('"a b"~', Phrase(("a", "b"), slop=5), "within five words"),
        ('"a* b"', Phrase(("a", "b")), "does not stand for letters"),
        ("a) b", And((A, B)), "bracket without a partner"),
        ("(a b", And((A, B)), "bracket without a partner"),
        ("a OR b c", Or((A, And((B, C)))), "read as a OR (b c)"),
        ("a or b", And((A, Term("or"), B)), "write OR"),
        ("!a b", And((A, B)), "write -word"),
        ("title = a", And((Term("title"), A)), "title:value"),
        ("a year>2019", And((A, Phrase(("year", "2019")))), "year:2019..2023"),
        ("SUDI/SIDS", Phrase(("sudi", "sids")), "side by side"),
        ("area:St Helens", And((FieldFilter("area", "St"), Term("helens"))), 'area:"one two"'),
        ("|| &&", And((Term("or"), Term("and"))), "taken as a word"),
        ("a NEAR b", And((A, Term("near"), B)), '"one two"~5'),
        ("[a TO c]", And((A, Term("to"), C)), "year:2019..2023"),
        ("WAS NOT BROUGHT", And((Term("was"), Not(Term("brought")))), "lower case"),
    ],
)
def test_explained(text: str, tree: Node, notice: str) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    assert any(notice in line for line in parsed.notices), parsed.notices
    assert all("\n" not in line for line in parsed.notices)
    assert all(line in explain(parsed) for line in parsed.notices)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" * 1_000_000, "at most 2,000"),
        ("a " * 1_500, "at most 2,000"),
        ('"' + "word " * 31 + '"', "at most 30"),
        ("word " * 65, "more than 64 words"),
        ("theme:a " * 65, "more than 64 words and filters"),
        ("x" * 65, "at most 64"),
        ("(" * 2_000, "20 brackets"),
        ("(" * 21 + "a" + ")" * 21, "20 brackets"),
        ("(" * 2_000 + "a" + ")" * 2_000, "at most 2,000"),
        ("NOT " * 400 + "a", "20 NOTs"),
        ("NOT " * 500 + "a", "at most 2,000"),
        ("a*", "at least 2 letters"),
        ("title:a*", "at least 2 letters"),
        ("w*rd", "only at the end"),
        ("ab~", "at least 3 letters"),
        ("negelct~9", "1 or 2"),
        ("negelct~0.8", "1 or 2"),
        ('"a b"~101', "at most 100"),
        ('"a b"~' + "9" * 1_900, "at most 100"),
    ],
)
def test_refused(text: str, limit: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    message = str(caught.value)
    assert limit in message and len(message) < 150 and "\n" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["(" * 20 + "a" + ")" * 20, "word " * 64, "x" * 64, '"' + "a " * 30 + '"'])
def test_up_to_the_limit(text: str) -> None:
    assert parse(text).notices == ()


@pytest.mark.parametrize(
    "piece",
    ["*", "~", '"', "a~.", "a~9.", "~.9", "a:", "ab:", "ab:!", 'ab:"', "?", ")(", "()", "a-", "x.", "’", "- ", "year:"],
)
def test_long_oddities_cost_little(piece: str) -> None:
    text = (piece * 2_000)[:1_999] + "x"
    start = time.process_time()
    try:
        parse(text)
    except QueryError as error:
        assert len(str(error)) < 150
    assert time.process_time() - start < 0.5


def test_leaves_are_what_is_looked_for() -> None:
    tree = parse('neglect ("a b" OR bruis*) -alcohol theme:x').tree
    assert [str(leaf) for leaf in leaves(tree)] == ["neglect", '"a b"', "bruis*", "theme:x"]
    assert "alcohol" in [str(leaf) for leaf in leaves(tree, excluded=True)]


def test_explanation_reads_as_a_sentence() -> None:
    text = 'neglec* "was not brought"~5 (title:abuse~ OR year:..2020) -theme:"x y"'
    first, second = explain(parse(text)).splitlines()
    assert first == (
        "Looks for: words that begin with “neglec” AND “was not brought” within 5 words AND "
        "(words at most 1 letter from “abuse” in the title OR published up to 2020) BUT NOT theme is “x y”"
    )
    assert second == 'Canonical: neglec* "was not brought"~5 (title:abuse~1 OR year:..2020) -theme:"x y"'
