"""One table of the areas of safeguarding partnerships, boards and committees, and how names find theirs.

The table is `areas.toml`. A name that it does not hold, or that several places have, gives None: an area is
never guessed.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from casereviews.model import NATIONS

Kind = Literal["authority", "partnership", "board", "committee", "trust"]

_LONGEST_TEXT = 500
_ACRONYM = re.compile(r"\(\s*[A-Z&]{2,8}\s*\)")
_PIECE = re.compile(r"[^\W_]+|&")
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Area:
    """An area as it is called today; `covers` names the authorities of a joint one."""

    name: str
    nation: str
    kind: Kind
    covers: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class _Table:
    areas: dict[str, Area]
    names: dict[str, Area]
    unclear: dict[str, Area | None]
    careful: frozenset[str]
    wider: frozenset[str]
    longest: int
    named: frozenset[str]
    leading: frozenset[str]
    children: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]


def areas() -> tuple[Area, ...]:
    """Every area of the table."""
    return tuple(_table().areas.values())


def aliases() -> dict[str, Area]:
    """Every name that stands for one area, in the form that names are compared in."""
    return dict(_table().names)


def normalise(text: str) -> Area | None:
    """The area that a text names, as a place or as its board, partnership or council; None if it is not one."""
    if len(text) > _LONGEST_TEXT:
        return None
    words = _key(text).split()
    table = _table()
    for start, end in _windows(words):
        name = " ".join(words[start:end])
        if name in table.names:
            return table.names[name]
        if name in table.unclear:
            after = set(words[end:])
            return table.unclear[name] if after & table.children or "council" in after else None
    shorter = _ACRONYM.sub(" ", text)
    return normalise(shorter) if shorter != text else None


def find_in(text: str) -> Area | None:
    """The one area that a title speaks of; None where it names none, or several with equal right.

    Beside the words of an organisation (`Anytown LSCB`) any name counts; on its own only one that is neither
    a word, a person's name nor a district.
    """
    organised: set[Area] = set()
    plain: set[Area] = set()
    doubtful: set[Area] = set()
    table = _table()
    for name, piece in _mentions(text[:_LONGEST_TEXT]):
        area = normalise(piece) if piece else None
        if area is not None:
            organised.add(area)
        elif name in table.names:
            (doubtful if name in table.careful else plain).add(table.names[name])
    if organised:
        return organised.pop() if len(organised | plain) == 1 else None
    return plain.pop() if len(plain) == 1 and doubtful <= plain else None


def _mentions(text: str) -> Iterator[tuple[str, str | None]]:
    """The capitalised names in a text, longest first from the left, each with its organisation's name, if any."""
    table = _table()
    pieces = _PIECE.findall(_POSSESSIVE.sub("", text))
    words = [_key(piece) for piece in pieces]
    known = table.names.keys() | table.unclear.keys() | table.wider
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + table.longest), start, -1)
        end = next((end for end in ends if " ".join(words[start:end]) in known), start)
        if end == start or not pieces[start][0].isupper() or not pieces[end - 1][0].isupper():
            start += 1
            continue
        name = " ".join(words[start:end])
        if name not in table.wider:
            yield name, _organisation(words, start, end)
        start = end


def _organisation(words: list[str], start: int, end: int) -> str | None:
    """The name with its organisation's words around it; None without such or after the `and` of a longer name."""
    first, last = start, end
    table = _table()
    while first and words[first - 1] in table.before:
        first -= 1
    while last < len(words) and words[last] in table.after:
        last += 1
    shared = first and words[first - 1] == "and"
    if shared or not (table.named.intersection(words[end:last]) or table.leading.intersection(words[first:start])):
        return None
    return " ".join(words[first:last])


def _windows(words: list[str]) -> Iterator[tuple[int, int]]:
    """What is left of a name when words of organisations are taken off its end and its beginning."""
    table = _table()
    for end in range(len(words), 0, -1):
        for start in range(end):
            yield start, end
            if words[start] not in table.before:
                break
        last = words[end - 1]
        if last not in table.after or (last == "county" and "council" not in words[end:]):
            return


def _key(text: str) -> str:
    """The form in which names are compared: no capitals, accents, hyphens, apostrophes or `&`."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    plain = re.sub(r"['’ʼ`]", "", plain.casefold()).replace("&", " and ")
    words = re.findall(r"[^\W_]+", plain)
    return " ".join("st" if word == "saint" else word for word in words)


@cache
def _table() -> _Table:
    data = tomllib.loads(files("casereviews").joinpath("areas.toml").read_text("utf-8"))
    found: dict[str, Area] = {}
    names: dict[str, Area] = {}
    careful = {_key(name) for name in data["titles"]["careful"]}
    for nation in NATIONS:
        for kind, rows in data[nation].items():
            for name, row in rows.items():
                others, covers = (row, ()) if isinstance(row, list) else (row.get("aliases", ()), row["covers"])
                if kind == "district":
                    area = found[name]
                    careful.update(map(_key, others))
                else:
                    area = found[name] = Area(name, nation, kind, tuple(covers))
                    others = [name, *others]
                careful.update(_key(other) for other in others if other.isupper())
                for other in others:
                    if names.setdefault(_key(other), area) != area:
                        raise ValueError(f"areas.toml: {other!r} names both {names[_key(other)].name} and {name}")
    unclear = {_key(name): found.get(meant) for name, meant in data["unclear"].items()}
    wider = frozenset(map(_key, data["titles"]["wider"]))
    longest = max(len(name.split()) for name in names)
    roles = {role: frozenset(listed) for role, listed in data["organisations"].items()}
    roles["before"] |= roles["leading"]
    roles["after"] |= roles["named"]
    return _Table(found, names, unclear, frozenset(careful), wider, longest, **roles)
