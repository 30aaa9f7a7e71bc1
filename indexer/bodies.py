"""Bodies that reports address: boards, councils, forces, trusts; found by name in text and put to a kind."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

KINDS = ("partnership", "council", "police", "health", "school", "government", "regulator", "other")
"""What a body can be, in the order in which kinds are shown."""

_FILE = Path(__file__).with_name("bodies.toml")
_PLACE = r"(?:(?:[A-Z][\w’'.-]+|of|and|the|upon|on|&)(?: (?:[A-Z][\w’'.-]+|of|and|with|upon|on|&)){0,6} )?"
_LEADING = re.compile(
    r"^(?:(?:[Tt]hat|[Tt]he|[Bb]oth|[Aa]nd|[Oo]f|[Ff]or|[Ii]n|[Bb]y|[Tt]o|[Ee]ach|If|When|Where|Recommendation) )+"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    if set(tables) != set(KINDS):
        raise ValueError(f"{_FILE}: kinds must be {', '.join(KINDS)}")
    found = []
    for kind, table in tables.items():
        names = (name.replace("'", "[’']").replace("{place}", _PLACE) for name in table["names"])
        found.append((kind, re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])")))
    return tuple(found)


def bodies_in(text: str) -> list[tuple[str, str]]:
    """The bodies that a text names, in its order, each as its name there and its kind."""
    text = " ".join(text.split())
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, str, str]] = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            taken.append((start, end))
            found.append((start, _LEADING.sub("", match[0]).strip(), kind))
    named = dict.fromkeys((name, kind) for _, name, kind in sorted(found) if name)
    return list(named)


def kinds_of(bodies: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The kinds of some bodies, each once, in the usual order."""
    held = {kind for _, kind in bodies}
    return tuple(kind for kind in KINDS if kind in held)
