"""What a word is: the one rule that the index and the queries share.

A word is a run of letters and digits, in lower case and without accents. An apostrophe inside it stays
(`child's`, typed straight or curly), `A&E` and `A & E` are the one word `a&e`, and any other mark ends it:
`non-mobile` is `non` and `mobile`, `CSPR-23/04` is `cspr`, `23` and `04`, `C.` is `c`. Digits that follow
three letters or more are a word of their own, as they mostly are footnote marks (`neglect12`); so does
`Covid19` meet `Covid-19`.
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 64
"""Characters of the longest word kept; what is longer is data, not language, and has no position."""

_SHY = "\u00ad"


def _folds() -> dict[str, str]:
    """Every character that is read as another one, always one for one, so that positions hold."""
    accented = map(chr, (*range(0xDF, 0x250), *range(0x1E00, 0x1F00)))
    folds = {char: base for char in accented if (base := unicodedata.normalize("NFD", char)[0]) < "\x80"}
    folds |= dict(zip("øłđħıŧ", "oldhit", strict=True))
    folds |= dict.fromkeys("’‘ʼʹ′´＇‛", "'")
    folds |= dict.fromkeys("¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", " ")
    invisible = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x300, 0x370))
    return folds | dict.fromkeys(map(chr, invisible), _SHY)


_FOLDS = _folds()

WORD = re.compile(
    rf"[^\W\d_]{{3,}}(?:'[^\W_]+|{_SHY}+[^\W\d_]*)*"
    rf"|[^\W_]+(?:'[^\W_]+|{_SHY}+[^\W_]*|&[^\W\d_]\b(?<=\b[^\W\d_]&.)| & e\b(?<=\ba & e))*"
)
"""One word of folded text (see `fold`); `words` and `spans` also tidy what it matches."""


def fold(text: str) -> str:
    """Lower case, plain apostrophes, no accents; of the same length, so its positions are those of `text`."""
    folded = text.replace("İ", "I").lower()
    if not folded.isascii():
        for char in _FOLDS.keys() & set(folded):
            folded = folded.replace(char, _FOLDS[char])
    return folded


def words(text: str) -> list[str]:
    """The words of a text in order; the position of a word is its place in this list."""
    folded = fold(text)
    found: list[str] = WORD.findall(folded)
    if _SHY in folded or " & e" in folded:
        found = [_tidy(word) for word in found]
    if len(max(found, key=len, default="")) > LONGEST:
        found = [word for word in found if len(word) <= LONGEST]
    return found


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """The same words, each with where it starts and ends in `text`."""
    folded = fold(text)
    untidy = _SHY in folded or " & e" in folded
    for match in WORD.finditer(folded):
        word = _tidy(match[0]) if untidy else match[0]
        if len(word) <= LONGEST:
            yield word, match.start(), match.end()


def _tidy(word: str) -> str:
    return word.replace(_SHY, "").replace(" ", "")
