"""Sentences for invented reports, drawn from the phrase files: `[one|the other]` and `{slot}` are filled by chance.

A phrase file holds sections (`= name`) of one phrase a line. `+baby,teen: …` is only for reviews about these
kinds of person, `-thematic: …` for all but those that look at many cases. A speaker takes each phrase of a
section a limited number of times and never says the same sentence twice.
"""

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random

PHRASES = Path(__file__).parent / "phrases"
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_FOR = re.compile(r"([+-])([a-z,]+): (.*)")
_ALIKE = ("S", "area", "body")
"""Slots that are the same wherever they stand in one sentence; others differ."""


@cache
def phrases(name: str) -> dict[str, tuple[str, ...]]:
    """The sections of `phrases/<name>.txt`."""
    sections: dict[str, list[str]] = defaultdict(list)
    section = ""
    for line in (PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            section = line.removeprefix("= ").strip()
        elif line.strip():
            sections[section].append(line.strip())
    return {key: tuple(lines) for key, lines in sections.items()}


@cache
def slots(kind: str) -> dict[str, tuple[str, ...]]:
    """What each slot may become in a review about this kind of person (`phrases/slots.toml`)."""
    table = tomllib.loads((PHRASES / "slots.toml").read_text(encoding="utf-8"))
    merged = {**table["all"], **table[kind]}
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in merged.items()}


@cache
def themes() -> frozenset[str]:
    """The themes that there are phrases for."""
    return frozenset(path.stem for path in PHRASES.glob("*.txt")) - {"common", "leaflet"}


class Speaker:
    """Says sentences about one review; the same seed says the same sentences."""

    def __init__(self, seed: str, kinds: frozenset[str], options: dict[str, tuple[str, ...]]) -> None:
        self.chance = Random(seed)  # noqa: S311 - prose, not secrets
        self.kinds = kinds
        self.slots = {name: values for name, values in options.items() if values}
        self._said: set[str] = set()
        self._used: dict[str, int] = defaultdict(int)

    def sentence(self, name: str, section: str, limit: int = 1) -> str | None:
        """A sentence not said before, or None when each phrase of the section was taken `limit` times."""
        for _ in range(8):
            line = self._take(name, section, limit)
            if line is None:
                return None
            text = sentence(self._fill(line))
            if text not in self._said:
                self._said.add(text)
                return text
        return None

    def sentences(self, name: str, section: str, count: int) -> str:
        """Up to so many sentences as a paragraph."""
        said = (self.sentence(name, section) for _ in range(count))
        return " ".join(each for each in said if each)

    def observation(self, theme: str, limit: int = 4) -> str | None:
        """A thing seen, with who says so and what came of it: the richest kind of sentence."""
        line = self._take(theme, "seen", limit)
        if line is None:
            return None
        shape = self.chance.randrange(5)
        if shape not in (1, 2):
            line = f"{self._take('common', 'opening', 10**6)} {line}"
        if shape != 0:
            line = f"{line}, {self._take('common', 'tail', 10**6)}"
        text = sentence(self._fill(line))
        if text in self._said:
            return None
        self._said.add(text)
        return text

    def _take(self, name: str, section: str, limit: int) -> str | None:
        left = [line for line in phrases(name)[section] if self._used[line] < limit and self._suits(line)]
        if not left:
            return None
        least = min(self._used[line] for line in left)
        line = self.chance.choice([line for line in left if self._used[line] == least])
        self._used[line] += 1
        match = _FOR.fullmatch(line)
        return match[3] if match else line

    def _suits(self, line: str) -> bool:
        match = _FOR.fullmatch(line)
        if match is None:
            return True
        among = bool(self.kinds & set(match[2].split(",")))
        return among if match[1] == "+" else not among

    def _fill(self, text: str) -> str:
        while match := _CHOICE.search(text):
            text = text[: match.start()] + self.chance.choice(match[1].split("|")) + text[match.end() :]
        taken: dict[str, str] = {}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in taken and name in _ALIKE:
                return taken[name]
            left = [option for option in self.slots[name] if option != taken.get(name)]
            taken[name] = self.chance.choice(left or list(self.slots[name]))
            return taken[name]

        return _SLOT.sub(value, text)


def sentence(text: str) -> str:
    """A capital first letter and a full stop, with typographic apostrophes.

    >>> sentence("the baby's cot")
    'The baby’s cot.'
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text.strip())
    start = 1 if text[0] == "“" else 0
    text = text[:start] + text[start].upper() + text[start + 1 :]
    return text if text[-1] in ".?!" or text[-2:] in (".”", "?”", "!”") else f"{text}."
