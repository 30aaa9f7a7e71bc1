"""One rule for words, the same for documents and queries."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import LONGEST, fold, spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the child's voice", ["the", "child's", "voice"]),
        ("the child’s voice", ["the", "child's", "voice"]),
        ("‘parents’ views’", ["parents", "views"]),
        ("O’Brien’s", ["o'brien's"]),
        ("A&E", ["a&e"]),
        ("taken to A & E at night", ["taken", "to", "a&e", "at", "night"]),
        ("A&E’s triage", ["a&e's", "triage"]),
        ("siblings A & B", ["siblings", "a", "b"]),
        ("Health & Education, Dads&Mums", ["health", "education", "dads", "mums"]),
        ("Child C.", ["child", "c"]),
        ("CSPR-23/04", ["cspr", "23", "04"]),
        ("non-mobile non\u2011mobile non–mobile", ["non", "mobile"] * 3),
        ("Working Together 2018", ["working", "together", "2018"]),
        ("professional curiosity12 and reform²", ["professional", "curiosity", "12", "and", "reform"]),
        ("Covid19, Covid-19", ["covid", "19", "covid", "19"]),
        ("a 5yo on P1, 3rd time", ["a", "5yo", "on", "p1", "3rd", "time"]),
        ("Ynys Môn, café, cafe\u0301, Siân", ["ynys", "mon", "cafe", "cafe", "sian"]),
        ("safe\u00adguard\u200bing", ["safeguarding"]),
        ("snake_case __init__", ["snake", "case", "init"]),
        ("* ? () -- … ’ & '", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert [word for word, _, _ in spans(text)] == expected


def test_folding_keeps_every_character_in_its_place() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1))
    assert all(len(fold(char)) == 1 for char in every)


@given(st.text())
def test_spans_are_the_words_where_they_stand(text: str) -> None:
    found = list(spans(text))
    assert [word for word, _, _ in found] == words(text)
    for word, start, end in found:
        assert words(text[start:end]) == [word] or not text[start:end].isascii()
    places = [place for _, start, end in found for place in (start, end)]
    assert places == sorted(places)


@given(st.text(st.characters(max_codepoint=0x24F, exclude_characters="\u00ad")))
def test_a_word_is_itself_a_word(text: str) -> None:
    assert all(words(word) == [word] for word in words(text))


def test_data_that_is_no_word_is_left_out() -> None:
    assert words(f"before {'x' * LONGEST} {'x' * 1_000_000} after") == ["before", "x" * LONGEST, "after"]
    assert [word for word, _, _ in spans(f"a {'x' * 65} b")] == ["a", "b"]
