"""Finding labels in text: words to a trie of labels, longest match first, each match with its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeVar

from indexer.themes import Scheme, forms, is_acronym
from search.whoosh_engine.stems import stem

T = TypeVar("T")
WORDS = re.compile(r"([^\W_]+(?:['’&][^\W_]+)*)")
"""Splits a text into gaps and words, in turn."""

_SKIPPED = frozenset(("the", "a", "an", "his", "her", "their", "any", "of", "to", "and", "or", "all"))
_STOPS = frozenset(".!?;:()[]•,")
_KNOWN_WORDS = 200_000
"""Words remembered at most, so that a hostile text cannot fill the memory."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_NUMBERS = {word: value for value, word in enumerate(f"{_SMALL} eighteen nineteen".split())}
_NUMBERS |= dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_BOUNDS = frozenset(("over", "under", "above", "below", "until", "between", "from"))
_UNITS = {"year": 1, "yr": 1, "month": 12, "week": 52, "day": 365}


class Meaning(NamedTuple):
    """What a label stands for: a concept, and whether it does so only beside other evidence."""

    concept: str
    weak: bool
    label: str


class Match(NamedTuple):
    """Words `first` up to `last` (left out) of a text that stand for concepts."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]


class _Node(dict[str, "_Node"]):
    """A place in the trie; `meanings` is None where no label ends, and empty for an ignored phrase."""

    __slots__ = ("meanings",)

    def __init__(self) -> None:
        super().__init__()
        self.meanings: tuple[Meaning, ...] | None = None

    def add(self, keys: list[str], meaning: Meaning | None) -> None:
        node = self
        for key in keys:
            node = node.setdefault(key, _Node())
        held = node.meanings or ()
        same = meaning is not None and any(
            other.concept == meaning.concept for other in held
        )  # forms with the same stems
        node.meanings = held if meaning is None or same else (*held, meaning)


class _Remembered(dict[str, T]):
    """What each word comes to, worked out once."""

    def __init__(self, work_out: Callable[[str], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> T:
        if len(self) > _KNOWN_WORDS:
            self.clear()
        found = self[word] = self._work_out(word)
        return found


@dataclass(frozen=True, slots=True)
class _Start:
    """What may begin at a word."""

    alone: tuple[Meaning, ...]
    node: _Node | None
    age: str | None


class Words:
    """A text in words: `words`, the `gaps` before, between and after them, and where each starts."""

    __slots__ = ("gaps", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        parts = WORDS.split(text)
        self.text = text
        self.words: list[str] = parts[1::2]
        self.gaps: list[str] = parts[0::2]
        self.starts: list[int] = list(accumulate(map(len, parts)))[0::2]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where words stand in the text."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])

    def broken(self, at: int) -> bool:
        """Whether the gap before a word ends a sentence or a part of one."""
        gap = self.gaps[at]
        return gap not in (" ", "-", "\n") and (not _STOPS.isdisjoint(gap) or gap.count("\n") > 1)


class Labels:
    """All labels of a scheme, ready to be found.

    A label of one word is matched as written, in lower case; an acronym in its capitals; a label of
    several words by the stems of its words, with one small word between them at most.
    """

    def __init__(self, scheme: Scheme) -> None:
        self._root = _Node()
        self._alone: dict[str, tuple[Meaning, ...]] = {}
        self._acronyms: dict[str, tuple[Meaning, ...]] = {}
        self._ages: list[tuple[range, Meaning]] = []
        self._stems: _Remembered[str] = _Remembered(lambda word: stem(word.lower().replace("’", "'")))
        self._skipped = frozenset(self._stems[word] for word in _SKIPPED)
        self._starts: _Remembered[_Start | None] = _Remembered(self._start)
        for phrase in scheme.ignored:
            for form in forms(phrase):
                self._root.add([self._stems[word] for word in WORDS.findall(form)], None)
        for concept in scheme.concepts.values():
            if concept.matched:
                for label, weak in concept.labels():
                    self._add(label, Meaning(concept.id, weak, label.casefold()))
                if concept.ages:
                    years = range(concept.ages[0], concept.ages[1] + 1)
                    self._ages.append((years, Meaning(concept.id, False, "age")))

    def _add(self, label: str, meaning: Meaning) -> None:
        keys = WORDS.findall(label)
        if len(keys) > 1:
            self._root.add([self._stems[key] for key in keys], meaning)
        elif keys:
            table = self._acronyms if is_acronym(label) else self._alone
            key = label if is_acronym(label) else keys[0].lower().replace("’", "'")
            table[key] = (*table.get(key, ()), meaning)

    def _start(self, word: str) -> _Start | None:
        lower = word.lower().replace("’", "'")
        alone = self._alone.get(lower) or self._alone.get(lower.removesuffix("'s"), ())
        alone = (*alone, *self._acronyms.get(word.removesuffix("'s").removesuffix("’s"), ()))
        node = self._root.get(self._stems[word])
        age = lower if lower in ("aged", "age", "old") and self._ages else None
        return _Start(alone, node, age) if alone or node or age else None

    def find(self, text: Words) -> Iterator[Match]:
        """Every label in a text, from the left, the longest at each place; ages as well."""
        words = text.words
        free = 0
        for at, start in enumerate(map(self._starts.__getitem__, words)):
            if start is None:
                continue
            if start.age:
                yield from self._age(text, at, start.age)
            if at < free:
                continue
            last, meanings = (at + 1, start.alone) if start.alone else (0, ())
            if start.node and at + 1 < len(words) and self._leads_on(start.node, words[at + 1]):
                found = self._longest(text, start.node, at + 1, skipped=False)
                if found:
                    last, meanings = found
            if last:
                free = last
                if meanings:
                    yield Match(at, last, meanings)

    def _leads_on(self, node: _Node, word: str) -> bool:
        stemmed = self._stems[word]
        return stemmed in node or stemmed in self._skipped

    def _longest(self, text: Words, node: _Node, at: int, *, skipped: bool) -> tuple[int, tuple[Meaning, ...]] | None:
        best = (at, node.meanings) if node.meanings is not None else None
        if at >= len(text.words) or text.broken(at):
            return best
        word = text.words[at]
        stemmed = self._stems[word]
        further = node.get(stemmed)
        if further is not None:
            best = self._longest(text, further, at + 1, skipped=skipped) or best
        if not skipped and stemmed in self._skipped and word.lower() in _SKIPPED and node:
            beyond = self._longest(text, node, at + 1, skipped=True)
            if beyond and beyond[0] > max(at + 1, best[0] if best else 0):
                best = beyond
        return best

    def _age(self, text: Words, at: int, word: str) -> Iterator[Match]:
        """`aged 14`, `age of six weeks`, `a 14-year-old`, `14 years of age`; not `over the age of 16`."""
        words = text.words
        of = words[at - 1].lower() if at else ""
        if word == "old" or (word == "age" and of == "of"):
            at_unit = at - 1 if word == "old" else at - 2
            first, last, unit = at_unit - 1, at + 1, words[at_unit].lower().rstrip("s") if at_unit > 0 else ""
            if unit not in _UNITS:
                return
        else:
            if words[max(at - 2, 0) : at] and not _BOUNDS.isdisjoint(w.lower() for w in words[max(at - 2, 0) : at]):
                return
            first = at + 2 if words[at + 1 : at + 2] == ["of"] else at + 1
            unit = words[first + 1].lower().rstrip("s") if first + 1 < len(words) else ""
            last = first + 2 if unit in _UNITS else first + 1
            unit = unit if unit in _UNITS else "year"
        number = _number(words[first].lower()) if 0 <= first < len(words) else None
        if number is None:
            return
        years = number // _UNITS[unit]
        meanings = tuple(meaning for ages, meaning in self._ages if years in ages)
        if meanings:
            yield Match(min(first, at), last, meanings)


def _number(word: str) -> int | None:
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 3 else None
    return _NUMBERS.get(word)
