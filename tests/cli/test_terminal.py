"""What reaches a terminal: cleaned, measured, wrapped, coloured and linked only where that is welcome."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.terminal import Terminal, clean, escape_json, pad, shorten, width, wrap

ATTACKS = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]0;new window title\x07text", "text"),
    ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x9b31mC1 colour", "C1 colour"),
    ("\x1bPq device string \x1b\\after", "after"),
    ("gpj\u202egnp.exe", "gpjgnp.exe"),
    ("a\u2066b\u2069\u200fc", "abc"),
    ("bell\x07 back\x08space\x7f", "bell backspace"),
    ("cut \x1b[", "cut"),
    ("two\r\nlines\u2028three", "two lines three"),
    ("lone \udc80 surrogate", "lone surrogate"),
]


@pytest.mark.parametrize(("text", "shown"), ATTACKS)
def test_escape_control_and_bidi_characters_are_stripped(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_cleaned_text_holds_nothing_that_a_terminal_acts_on(text: str) -> None:
    for lines in (False, True):
        shown = clean(text, lines=lines)
        assert not any(ord(c) < 32 and c != "\n" for c in shown)
        assert not any(0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in shown)
        assert clean(shown, lines=lines) == shown


def test_lines_and_indents_stay_where_they_are_wanted() -> None:
    assert clean("one\r\n  two\tthree", lines=True) == "one\n  two three"


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_escaped_json_is_the_same_json(value: object) -> None:
    text = escape_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(text) == json.loads(json.dumps(value))
    assert "\x9b" not in text and "\u202e" not in text and "\x7f" not in text


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert width("日本") == 4
    assert width("e\u0301") == 1
    assert width("\x1b[1mab\x1b[0m") == 2


@given(st.text(alphabet="ab 日本e\u0301\u0645", max_size=200), st.integers(12, 60))
def test_no_wrapped_line_is_wider_than_the_limit(text: str, limit: int) -> None:
    lines = wrap(clean(text), limit, indent="  ")
    assert all(width(line) <= limit for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_a_long_title_ends_in_an_ellipsis_after_the_last_allowed_line() -> None:
    lines = wrap("word " * 60, 40, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert width(lines[1]) <= 40


def test_cutting_keeps_styles_closed() -> None:
    assert shorten("\x1b[1mhello world\x1b[0m", 6) == "\x1b[1mhello\x1b[0m…"
    assert pad("日本語", 8) == "日本語  "


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "NO_COLOR",
        "TERM_PROGRAM",
        "VTE_VERSION",
        "FORCE_HYPERLINK",
        "WT_SESSION",
        "KONSOLE_VERSION",
        "DOMTERM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.usefixtures("plain_environment")
def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Terminal.of(_Screen()).colour
    assert not Terminal.of(io.StringIO()).colour
    assert not Terminal.of(_Screen(), colour=False).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Terminal.of(_Screen()).colour
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not Terminal.of(_Screen()).colour


@pytest.mark.usefixtures("plain_environment")
@pytest.mark.parametrize(
    ("name", "value", "linked"),
    [
        ("VTE_VERSION", "6003", True),
        ("VTE_VERSION", "4000", False),
        ("TERM", "xterm-kitty", True),
        ("TERM", "linux", False),
    ],
)
def test_links_only_where_the_terminal_takes_them(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, linked: bool
) -> None:
    monkeypatch.setenv(name, value)
    assert Terminal.of(_Screen()).links is linked


def test_a_link_cannot_smuggle_an_escape_or_another_scheme() -> None:
    terminal = Terminal(io.StringIO(), links=True)
    assert terminal.link("p. 2", "javascript:alert(1)") == "p. 2"
    linked = terminal.link("p. 2", "https://example.org/a\x1b\\b#page=2")
    assert linked == "\x1b]8;;https://example.org/a%1B%5Cb#page=2\x1b\\p. 2\x1b]8;;\x1b\\"
