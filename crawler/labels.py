"""Labelled text (`Ref: 2024-0001`, `Keywords: a, b`) read into fields, however it is spelt and broken."""

import re
from collections.abc import Iterable, Mapping
from logging import Logger, LoggerAdapter
from typing import Any

_ANY = r"[A-Z][^\W\d_][\w'’ /()-]{0,38}"
"""How a label nobody names looks at the start of a line."""


def read_labels(text: str, labels: Mapping[str, str], *, inline: bool = False) -> dict[str, str]:
    r"""The values in `text` by field name; `labels` gives a pattern for each name's label, without its colon.

    A value runs to the next label, over line ends; what stands before the first label is under "". `inline`
    also finds labels in the middle of a line. A repeated label adds to its value; a label nobody names is
    kept under its own words, in lower case.

    >>> read_labels("Ref : 24-1\nCoroner’s name: B C\nAge: 9", {"ref": "Ref", "name": "Coroner(?:’?s)? name"})
    {'ref': '24-1', 'name': 'B C', 'age': '9'}
    """
    known = "|".join(f"(?P<{name}>{pattern})" for name, pattern in labels.items())
    start = r"(?:^|(?<=\s))" if inline else "^"
    pattern = re.compile(rf"{start}(?:{known})\s*:|^(?-i:{_ANY}):(?=\s|$)", re.IGNORECASE | re.MULTILINE)
    fields: dict[str, str] = {}
    name, begin = "", 0
    for match in [*pattern.finditer(text), None]:
        value = text[begin : match.start() if match else len(text)].strip()
        if value:
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value
        if match:
            name, begin = match.lastgroup or match[0].rstrip(" :").lower(), match.end()
    return fields


class Unread:
    """Tells, once in a run, of every field that a source offers and no code reads."""

    def __init__(self, log: Logger | LoggerAdapter[Any], read: Iterable[str]) -> None:
        self.log = log
        self.known = {"", *read}

    def tell(self, offered: Iterable[str], url: str) -> None:
        """Log the names met for the first time, with the page they stand on."""
        for name in sorted(set(offered) - self.known):
            self.known.add(name)
            self.log.info("a field that nothing reads: “%s” on %s", name, url)


def split_list(text: str, separators: str = ";|\n") -> tuple[str, ...]:
    """The items of a list in one line or several, verbatim but for spaces and a last full stop.

    Separators inside brackets are part of an item.

    >>> split_list("child deaths, abuse (emotional, physical), neglect.", ",")
    ('child deaths', 'abuse (emotional, physical)', 'neglect')
    """
    marks = "".join(re.escape(mark) for mark in separators)
    items = re.findall(rf"(?:\([^()]*\)|[^{marks}])+", text.strip().removesuffix("."))
    kept = (" ".join(item.split()).removeprefix("and ") for item in items)
    return tuple(dict.fromkeys(item for item in kept if item))
