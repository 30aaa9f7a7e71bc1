"""What a terminal may be shown: cleaned text, measured in columns, coloured and linked where that is welcome.

Text from the web passes `clean` before it is printed; `Terminal` alone adds escape sequences.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import TextIO

_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system command, such as a title or a link
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequence, such as a colour or a cursor move
    r"|\x1b[ -/]*[0-~]?"
)
_BREAK = re.compile("[\r\v\f\x85\u2028\u2029]")
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNIT = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m|\s+|[^\s\x1b]+")
_ENDS = ("\x1b[0m", "\x1b]8;;\x1b\\")
_NEAR = 12
_ADDRESS = ("https://", "http://")
_OWN = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m")

# Sixteen-colour codes that stay readable on dark and on light backgrounds: no yellow, no blue, no grey.
_STYLES = {"strong": "1", "mark": "1;35", "good": "32", "bad": "31", "label": "36"}


def clean(text: str, *, lines: bool = False) -> str:
    """Text without escape sequences, control characters and bidirectional overrides.

    White space becomes single spaces; with `lines` the line breaks and the indents stay.
    """
    if not text.isascii() or not text.isprintable():
        text = _BREAK.sub("\n", text.replace("\t", " ").replace("\r\n", "\n"))
        text = _UNSAFE.sub("", _SEQUENCE.sub("", text))
    return text if lines else " ".join(text.split())


def escape_json(text: str) -> str:
    r"""JSON text with everything that a terminal might act on written as `\uXXXX`; it stays the same JSON."""

    def escape(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))

    return _UNSAFE.sub(escape, text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """How many columns a line takes; styles and links count nothing, wide characters two, accents none."""
    if "\x1b" in text:
        text = _OWN.sub("", text)
    return len(text) if text.isascii() else sum(map(_columns, text))


def _pieces(word: str, limit: int) -> list[str]:
    """A word in pieces between which a line may break: around wide characters, and where it is too long.

    A web address stays whole, so that it can be copied; the terminal itself breaks it.
    """
    if word[0] == "\x1b" or (word.isascii() and (len(word) <= limit or word.startswith(_ADDRESS))):
        return [word]
    pieces: list[str] = []
    used = 0
    breakable = True
    for character in word:
        columns = _columns(character)
        if pieces and columns == 0:
            pieces[-1] += character
        elif breakable or columns == 2 or used + columns > limit:
            pieces.append(character)
            used = columns
        else:
            pieces[-1] += character
            used += columns
        breakable = columns == 2 or (breakable and columns == 0)
    return pieces


def wrap(text: str, limit: int, *, indent: str = "", most: int | None = None) -> list[str]:
    """Lines of at most `limit` columns, each after `indent`; beyond `most` lines the last one ends in `…`."""
    room = max(limit - width(indent), 8)
    lines = [""]
    used = 0
    gap = ""
    for unit in _UNIT.findall(text):
        if unit.isspace():
            gap = " " if lines[-1] else ""
            continue
        for piece in _pieces(unit, room):
            size = width(piece)
            if size and used and used + len(gap) + size > room:
                lines.append("")
                used, gap = 0, ""
            lines[-1] += gap + piece
            used += len(gap) + size
            gap = ""
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], shorten(lines[most - 1] + " " + lines[most], room)]
    return [indent + line for line in lines]


def shorten(text: str, limit: int) -> str:
    """One line of at most `limit` columns, ending in `…` when something was cut; between words if that is near."""
    if width(text) <= limit:
        return text
    kept, used, end = "", 1, ""
    parts = iter(re.split(f"({_OWN.pattern})", text))
    for part in parts:
        if part.startswith("\x1b"):
            kept += part
            continue
        fitting = [c for c in part if (used := used + _columns(c)) <= limit]
        kept += "".join(fitting)
        if used > limit:
            after = next(parts, "")
            end = after if after in _ENDS else ""
            break
    whole, space, word = kept.rstrip().rpartition(" ")
    return (whole if space and "\x1b" not in word and len(word) < _NEAR else whole + space + word) + end + "…"


def pad(text: str, columns: int) -> str:
    """Text filled up with spaces to a number of columns, or cut to it."""
    text = shorten(text, columns)
    return text + " " * (columns - width(text))


def _columns_of(stream: TextIO, environment: dict[str, str]) -> int:
    given = environment.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):  # no terminal
        return 80


def _takes_links(environment: dict[str, str]) -> bool:
    """Whether this terminal is known to show OSC 8 links; the others would show nothing or rubbish."""
    if forced := environment.get("FORCE_HYPERLINK"):
        return forced != "0"
    program = environment.get("TERM_PROGRAM", "")
    if program == "tmux":
        version = re.match(r"(\d+)\.(\d+)", environment.get("TERM_PROGRAM_VERSION", ""))
        return version is not None and (int(version[1]), int(version[2])) >= (3, 4)
    known = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal")
    kinds = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm", "contour")
    vte = environment.get("VTE_VERSION", "")
    return (
        program in known
        or environment.get("TERM", "").startswith(kinds)
        or (vte.isdigit() and int(vte) >= 5000)
        or any(name in environment for name in ("KONSOLE_VERSION", "WT_SESSION", "DOMTERM"))
    )


@dataclass(frozen=True, slots=True)
class Terminal:
    """A stream and what it can show; a pipe or a file gets plain text."""

    stream: TextIO
    columns: int = 80
    colour: bool = False
    links: bool = False

    @classmethod
    def of(cls, stream: TextIO, *, colour: bool = True) -> "Terminal":
        """What `stream` can show, by what it is and by NO_COLOR, TERM, COLUMNS and FORCE_HYPERLINK."""
        environment = dict(os.environ)
        live = stream.isatty() and environment.get("TERM") != "dumb"
        columns = max(40, min(_columns_of(stream, environment), 120))
        painted = live and colour and not environment.get("NO_COLOR")
        return cls(stream, columns, painted, live and colour and _takes_links(environment))

    def paint(self, style: str, text: str) -> str:
        """Text in a style: strong, mark, good, bad or label."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, url: str | None) -> str:
        """Text that opens `url` where the terminal takes links; only web addresses are linked."""
        if not self.links or not url or not url.startswith(_ADDRESS):
            return text
        from urllib.parse import quote

        return f"\x1b]8;;{quote(url, safe=':/?#[]@!$&()*+,;=%~')}\x1b\\{text}\x1b]8;;\x1b\\"

    def say(self, *lines: str) -> None:
        """Print lines."""
        self.stream.write("".join(f"{line}\n" for line in lines))

    def paragraph(self, text: str, *, indent: str = "", most: int | None = None) -> None:
        """Print text wrapped to the width of the terminal."""
        self.say(*wrap(text, self.columns, indent=indent, most=most))

    def hanging(self, head: str, text: str, *, most: int | None = None) -> None:
        """Print text after `head`, its further lines set in as far."""
        room = width(head)
        first, *others = wrap(text, self.columns - room, most=most)
        self.say(head + first, *(" " * room + line for line in others))
