"""Sentences for invented reports, drawn from the phrase files: `[one|the other]` and `{slot}` are filled by chance.

A phrase file holds sections (`= name`) of one phrase a line. A speaker never says the same sentence twice and
goes through all phrases of a section before it takes one again.
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
    return frozenset(path.stem for path in PHRASES.glob("*.txt")) - {"common"}


class Speaker:
    """Says sentences about one review; the same seed says the same sentences."""

    def __init__(self, seed: str, kind: str, fixed: dict[str, str]) -> None:
        self.chance = Random(seed)  # noqa: S311 - prose, not secrets
        self.slots = {**slots(kind), **{name: (value,) for name, value in fixed.items() if value}}
        self._said: set[str] = set()
        self._used: dict[str, int] = defaultdict(int)

    def phrase(self, name: str, section: str) -> str:
        """One of the least used phrases of a section, filled; not yet a sentence."""
        lines = phrases(name).get(section, ())
        if not lines:
            raise KeyError(f"phrases/{name}.txt has no section {section}")
        text = ""
        for _ in range(12):
            least = min(self._used[line] for line in lines)
            line = self.chance.choice([line for line in lines if self._used[line] == least])
            self._used[line] += 1
            text = self._fill(line)
            if text not in self._said:
                break
        self._said.add(text)
        return text

    def sentence(self, name: str, section: str) -> str:
        """A phrase as a sentence: a capital at the start, a full stop at the end."""
        return sentence(self.phrase(name, section))

    def observation(self, theme: str) -> str:
        """A thing seen, with who says so and what came of it: the richest kind of sentence."""
        seen = self.phrase(theme, "seen")
        shape = self.chance.randrange(5)
        if shape == 0:
            return sentence(f"{self.phrase('common', 'opening')} {seen}")
        if shape in (1, 2):
            return sentence(f"{seen}, {self.phrase('common', 'tail')}")
        return sentence(f"{self.phrase('common', 'opening')} {seen}, {self.phrase('common', 'tail')}")

    def _fill(self, text: str) -> str:
        while match := _CHOICE.search(text):
            text = text[: match.start()] + self.chance.choice(match[1].split("|")) + text[match.end() :]
        taken: dict[str, str] = {}

        def value(match: re.Match[str]) -> str:
            name = match[1]
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
