"""Characters of text from anywhere: what is invisible, dangerous or only typographic goes; words stay."""

import re
from typing import Final

SOFT_HYPHEN: Final = "\u00ad"
UNREADABLE: Final = "\ufffd"

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_HYPHENS = {"\u2010": "-", "\u2011": "-"}
_SYMBOL_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf06c\uf06e\uf0a8\uf071\uf0e0\u25aa\u25cf\uf02d", "•")
_SPACES = dict.fromkeys(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_REPLACED = _LIGATURES | _HYPHENS | _SYMBOL_BULLETS | _SPACES
_REMOVED = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls of both sets: escape, bell and the like
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of writing
    r"\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # zero width and annotation
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff"  # surrogates, non-characters, private use
    r"\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
_ODD = re.compile(f"[{''.join(_REPLACED)}{_REMOVED}]")

_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWEL = re.compile(r"[aeiouyáéíóúàèìòùâêîôûŵŷäëïöüãõåæø]", re.IGNORECASE)
_COMMON = frozenset(
    """
    the of and to in for is was that with on as by be or an it this are from at not were had has have his
    her yr yn ac ar fod bod ei eu gan mewn oedd mae
    """.split()  # noqa: SIM905
)
_LEAST_WORDS = 30
_NON_LATIN = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff]")


def clean_text(text: str) -> str:
    """`text` without control, zero-width and direction characters; ligatures and odd spaces made plain.

    Tabs, line ends and soft hyphens stay: they mean something to whoever calls.
    """
    return _ODD.sub(lambda match: _REPLACED.get(match[0], ""), text) if _ODD.search(text) else text


def clean_line(text: str) -> str:
    """`text` as one clean line with single spaces, a soft hyphen kept at its end only; tabs become spaces."""
    line = " ".join(clean_text(text).split())
    if SOFT_HYPHEN in line:
        line = line[:-1].replace(SOFT_HYPHEN, "") + line[-1]
    return line


def clean_block(text: str) -> str:
    """`text` of several lines, each clean; tabs between cells stay, blank lines shrink to one."""
    lines = ("\t".join(map(clean_line, line.split("\t"))).strip() for line in clean_text(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace(SOFT_HYPHEN, "").strip("\n")


def gibberish(text: str) -> bool:
    """Whether a text layer is not readable text: glyphs without characters, or letters shifted about."""
    marks = len(text) - text.count(" ")
    if marks and text.count(UNREADABLE) > 0.3 * marks:
        return True
    words = _WORD.findall(text)
    if len(words) < _LEAST_WORDS or len(_NON_LATIN.findall(text)) > 0.2 * marks:
        return False
    common = sum(word.lower() in _COMMON for word in words)
    voiced = sum(bool(_VOWEL.search(word)) for word in words)
    return common < 0.01 * len(words) and voiced < 0.8 * len(words)
