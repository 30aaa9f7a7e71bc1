"""The query text cut into brackets, operators, quoted phrases and the chunks between them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from casereviews.errors import QueryError

MAX_LENGTH = 2000
"""Characters in a query."""
MAX_DEPTH = 20
"""Brackets within brackets, and NOTs in a row."""

Kind = Literal["(", ")", "AND", "OR", "NOT", "phrase", "chunk", "quote"]

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff]")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»＂", '"') | {"`": "'"})
_WIDE = re.compile("[\uff01-\uff5e\ufb00-\ufb06]+")
"""Letters of another width, and letters joined as a PDF has them."""

_EMERGENCY = re.compile(r"\b([Aa]) & ([Ee])\b")

_TOKEN = re.compile(
    r"""(?P<minus> (?<![^\s(]) - (?= [("] | [^\W_] ) )
      | (?P<bracket> [()] )
      | (?<![^\W_]) (?: (?P<field> [A-Za-z][A-Za-z_]+ ) : )? "(?P<quoted> [^"]* )" (?: ~(?P<near> [0-9]* ) )?
      | (?P<quote> " )
      | (?P<chunk> [^\s()"]+ )""",
    re.VERBOSE,
)
_KINDS: dict[str, Kind] = {"(": "(", ")": ")", "AND": "AND", "OR": "OR", "NOT": "NOT", "&&": "AND", "||": "OR"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `text` is the chunk or what stands between the quotation marks."""

    kind: Kind
    text: str
    field: str | None = None
    near: str | None = None
    """What follows the tilde of a phrase; None without a tilde."""


def clean(text: str) -> str:
    """A query that is safe to print: no control or direction characters, no half characters."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed: shorten it")
    return _UNSAFE.sub(" ", text).strip()


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a cleaned query, in one pass; a `quote` is a quotation mark without a partner."""
    text = unicodedata.normalize("NFC", text)
    text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_QUOTES))
    text = _EMERGENCY.sub(r"\1&\2", _INVISIBLE.sub("", text))
    for match in _TOKEN.finditer(text):
        if match["minus"]:
            yield Token("NOT", "-")
        elif match["quoted"] is not None:
            yield Token("phrase", " ".join(match["quoted"].split()), match["field"], match["near"])
        elif match["quote"]:
            yield Token("quote", '"')
        else:
            yield Token(_KINDS.get(match[0], "chunk"), match[0])


def match_brackets(found: list[Token]) -> tuple[list[Token], bool]:
    """The tokens without the brackets that have no partner, and whether there were any."""
    opened: list[int] = []
    stray: set[int] = set()
    for place, token in enumerate(found):
        if token.kind == "(":
            opened.append(place)
            if len(opened) > MAX_DEPTH:
                raise QueryError(f"more than {MAX_DEPTH} brackets stand within one another: take some away")
        elif token.kind == ")":
            if opened:
                opened.pop()
            else:
                stray.add(place)
    stray.update(opened)
    return [token for place, token in enumerate(found) if place not in stray], bool(stray)
