"""From a chunk or a quoted phrase of a query to its part of the tree; each oddity leaves a notice."""

import re

from casereviews.errors import QueryError
from search.query_fields import FIELDS, TEXT_FIELDS, YEAR_HELP, closed_value, nearest_field, years
from search.query_lexer import Token
from search.query_tree import FieldFilter, Fuzzy, MatchAll, Node, Phrase, Prefix, Term, all_of
from search.words import LONGEST, WORD, fold, words

MAX_TERMS = 64
"""Words and filters in a query."""
MAX_PHRASE = 30
"""Words in a phrase."""
MAX_SLOP = 100
"""Words that a near phrase may span."""
MIN_PREFIX = 2
"""Letters or digits before the star of a prefix."""
MIN_FUZZY = 3
"""Letters or digits of a word with a tilde."""
MAX_FUZZY = 2
"""Edits that a word with a tilde may be away; the default from six letters on, and 1 for shorter words."""

_FIELD = re.compile(r"([A-Za-z][A-Za-z_]+):(?!//)(.*)")
_INNER_STAR = re.compile(r"[^\W_]\*+[^\W_]")
_INNER_QUESTION = re.compile(r"[^\W_]\?+[^\W_]|[^\W_]\?+\*")
_LISTED = re.compile(r"(?<=[^\W\d_])[,;]+(?=[^\W\d_])")
_EITHER = re.compile(r"[^\W\d_]{2}[/|][^\W\d_]{2}")
_STAR = re.compile(r"(.*[^\W_])\*+[.,;:!?]*")
_TILDE = re.compile(r"(.*[^\W_])~([0-9]*(?:\.[0-9]+)?)[.,;:!?]*")
_EDGES = ".,;:!?'’*~ "


class Leaves:
    """Makes the leaves of one query; counts its terms and gathers its notices."""

    def __init__(self) -> None:
        self.notices: dict[str, None] = {}
        self._terms = 0

    def note(self, notice: str) -> None:
        """Keep a notice, once."""
        self.notices[notice] = None

    def make(self, token: Token) -> Node | None:
        """The tree of a chunk or a phrase; None where it holds nothing to look for."""
        name, value = token.field, token.text
        text = self._phrase if token.kind == "phrase" else self._chunk
        if token.kind == "chunk" and (match := _FIELD.fullmatch(value)):
            name, value = match[1], match[2]
        if name is None:
            return text(value, None, token)
        field = name.lower()
        if field not in FIELDS:
            return self._unknown(name, value, token)
        if not words(value):
            how = YEAR_HELP if field == "year" else f'write {field}:word or {field}:"two words"'
            self.note(f"{field}: has no value right after it, so it is taken as a word: {how}")
            return self._chunk(name, None, token)
        if field in TEXT_FIELDS:
            return text(value, field, token)
        return self._year(value, token) if field == "year" else self._filter(field, value)

    def _unknown(self, name: str, value: str, token: Token) -> Node | None:
        if not words(value):
            return self._chunk(name, None, token)
        look_for = self._phrase if token.kind == "phrase" else self._chunk
        if near := nearest_field(name):
            typed = f'"{value[:40]}"' if token.kind == "phrase" else value[:40]
            self.note(f"there is no field “{name[:40]}”: did you mean {near}:{typed}? It was looked for everywhere")
            return look_for(value, None, token)
        self.note(f"there is no field “{name[:40]}”, so it is taken as a word (the fields are {', '.join(FIELDS)})")
        parts = (self._chunk(name, None, token), look_for(value, None, token))
        return all_of([part for part in parts if part])

    def _year(self, value: str, token: Token) -> Node | None:
        span = years(value.rstrip(",;!?"))
        if span is None:
            self.note(f"year:{value[:40]} is no year, so it is taken as words: {YEAR_HELP}")
            return self._chunk(value, None, token)
        self._count(1)
        return span

    def _filter(self, field: str, value: str) -> Node:
        self._count(1)
        if "*" in value:
            self.note(f"{field}: takes a whole value; a * in it does not stand for letters")
        value, notice = closed_value(field, value.strip(_EDGES))
        if notice:
            self.note(notice)
        return FieldFilter(field, value)

    def _phrase(self, quoted: str, field: str | None, token: Token) -> Node | None:
        found = self._words(quoted)
        if not found:
            self.note("there is no word between the quotation marks, so they are ignored")
            return None
        if "*" in quoted:
            self.note("a * between quotation marks does not stand for letters")
        if token.near is None or len(found) == 1:
            return self._exact(found, field)
        if not token.near:
            self.note('"…"~ without a number is read as "…"~5: within five words')
        slop = int(token.near or 5)
        if slop > MAX_SLOP:
            raise QueryError(f'"…"~{token.near[:9]}: words may be at most {MAX_SLOP} apart')
        return self._exact(found, field, slop)

    def _chunk(self, chunk: str, field: str | None, token: Token) -> Node | None:
        if len(listed := _LISTED.split(chunk)) > 1:
            parts = [self._chunk(part, field, token) for part in listed]
            return all_of([part for part in parts if part])
        fuzzy = _TILDE.fullmatch(chunk)
        found = self._words(fuzzy[1] if fuzzy else chunk)
        if not found:
            return self._wordless(chunk)
        if _INNER_STAR.search(chunk):
            raise QueryError(f"“{chunk[:40]}”: a * stands only at the end of a word, as in neglec*")
        if _INNER_QUESTION.search(chunk) and "=" not in chunk:
            self.note("a ? does not stand for a letter: write neglec* or negelct~")
        if "://" not in chunk and _EITHER.search(chunk):
            self.note(f"“{chunk[:40]}” is looked for as words side by side: write OR for either of two")
        if chunk.startswith("*"):
            self.note("a * at the beginning of a word is ignored: it stands only at the end, as in neglec*")
        elif _STAR.fullmatch(chunk):
            return self._prefix(found, field)
        elif fuzzy:
            return self._fuzzy(found, field, fuzzy[2])
        return Term(found[0], field) if len(found) == 1 else self._exact(found, field)

    def _wordless(self, chunk: str) -> Node | None:
        if chunk == "*":
            self.note("* alone stands for everything")
            return MatchAll()
        if set(chunk) & set("*?~"):
            self.note(f"“{chunk[:40]}” holds no letters to look for, so it is ignored")
        return None

    def _prefix(self, found: list[str], field: str | None) -> Node:
        *before, stem = found
        if len(stem) < MIN_PREFIX:
            raise QueryError(f"“{stem}*”: at least {MIN_PREFIX} letters must stand before a *")
        return all_of([*(Term(word, field) for word in before), Prefix(stem, field)])

    def _fuzzy(self, found: list[str], field: str | None, typed: str) -> Node:
        *before, word = found
        if len(word) < MIN_FUZZY:
            raise QueryError(f"“{word}~”: at least {MIN_FUZZY} letters must stand before a ~")
        distance = typed or str(min(MAX_FUZZY, len(word) // 3))
        if distance not in map(str, range(1, MAX_FUZZY + 1)):
            raise QueryError(
                f"“{word}~{typed[:9]}”: the number after ~ is 1 or {MAX_FUZZY}, the letters that may differ"
            )
        return all_of([*(Term(part, field) for part in before), Fuzzy(word, field, int(distance))])

    def _exact(self, found: list[str], field: str | None, slop: int = 0) -> Node:
        if len(found) > MAX_PHRASE:
            raise QueryError(f"a phrase has {len(found)} words; at most {MAX_PHRASE} are allowed: quote less")
        return Phrase(tuple(found), field, slop)

    def _words(self, text: str) -> list[str]:
        longest = max((match[0] for match in WORD.finditer(fold(text))), key=len, default="")
        if len(longest) > LONGEST:
            raise QueryError(f"“{longest[:20]}…” has {len(longest):,} letters; at most {LONGEST} are allowed in a word")
        found = words(text)
        self._count(len(found))
        return found

    def _count(self, more: int) -> None:
        self._terms += more
        if self._terms > MAX_TERMS:
            raise QueryError(f"the query has more than {MAX_TERMS} words and filters: shorten it")
