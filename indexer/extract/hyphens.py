"""Words broken at the end of a line: joined where the joined word is one, else the hyphen stays."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from indexer.clean import SOFT_HYPHEN

_ENDING = re.compile(r"(\w+)[-\u00ad]$")
_OPENING = re.compile(r"[\w’']+(?:-\w+)*[^\w\s]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_ONLY_AN_ENDING = frozenset(
    """
    tion tions ation ations sion sions ment ments mental ing ings ingly ly ally ed ness able ible ably ity
    ities ance ances ence ences ency ancy ers ies ious ous ive ively ical ically ture tures tive tional ure
    ures ered ering eral ling ling ting ning sing ding ring ised ising isation mation cation
    """.split()  # noqa: SIM905
)
_OPENS_A_COMPOUND = frozenset(
    """
    non self co pre post multi inter intra anti ex well long short high low full part half cross child
    family person parent drug alcohol decision policy follow face day one two three four five six evidence
    trauma risk age problem information early mid semi sub ill out in on over under up down re year wide
    local adult
    """.split()  # noqa: SIM905
)


class Words:
    """The words of a document as evidence: which forms of a broken word occur unbroken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._seen: Counter[str] | None = None
        self._lines = lines

    @property
    def seen(self) -> Counter[str]:
        """Every word of the document and how often; counted when first asked for."""
        if self._seen is None:
            self._seen = Counter()
            for line in self._lines:
                whole = line if not _ENDING.search(line) else line.rpartition(" ")[0]
                for word in _WORD.findall(whole.partition(" ")[2].lower()):
                    self._seen[word] += 1
                    if "-" in word:
                        self._seen.update(word.split("-"))
        return self._seen

    def joined(self, left: str, right: str) -> bool:
        """Whether `left` and `right`, broken by a hyphen, are one word without it."""
        first, second = left.lower(), right.lower()
        whole, compound = self.seen[first + second], self.seen[f"{first}-{second}"]
        if whole or compound:
            return whole > compound
        if first in _OPENS_A_COMPOUND:
            return False
        if second in _ONLY_AN_ENDING or first + second in _word_list():
            return True
        return not self.seen[first] and not self.seen[second]


def mended(upper: str, lower: str, words: Words) -> tuple[str, str] | None:
    """Two lines with the word broken between them whole on the first; None where none is."""
    ending, opening = _ENDING.search(upper), _OPENING.match(lower)
    if ending is None or opening is None:
        return None
    left, right = ending[1], opening[0]
    letters = _LETTERS.match(right)
    soft = upper.endswith(SOFT_HYPHEN)
    drop = soft or bool(letters and letters[0].islower() and left.isalpha() and words.joined(left, letters[0]))
    kept = upper[:-1] if drop else f"{upper[:-1]}-"
    return kept + right, lower[opening.end() :].lstrip()


@lru_cache(maxsize=1)
def _word_list() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())
