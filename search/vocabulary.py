"""The words that the index holds: from what is typed to the forms to look for, and to what was meant."""

import sqlite3
from collections.abc import Callable, Iterable

from casereviews.errors import QueryError

MAX_FORMS = 2000
"""Words that one prefix or one fuzzy word may stand for."""

_SUGGEST_DISTANCE = 2


class Vocabulary:
    """Looks words up in the page store; `stem` is the engine's, `check` ends a search gone long."""

    def __init__(self, connection: sqlite3.Connection, stem: Callable[[str], str], check: Callable[[], None]) -> None:
        self._connection, self._stem, self._check = connection, stem, check

    def holds(self, form: str) -> bool:
        """Whether the index has a word as written."""
        return bool(self._forms("SELECT form FROM word WHERE form = ?", form))

    def stems_with(self, word: str) -> tuple[str, ...]:
        """The forms that share the word's stem."""
        return self._forms("SELECT form FROM word WHERE stem = ?", self._stem(word))

    def begins_with(self, text: str) -> tuple[str, ...]:
        """The forms that begin with a text; QueryError when they are too many."""
        query = "SELECT form FROM word WHERE form >= ? AND form < ? LIMIT ?"
        found = self._forms(query, text, text + "\U0010ffff", MAX_FORMS + 1)
        if len(found) > MAX_FORMS:
            raise QueryError(f"{text}* stands for more than {MAX_FORMS:,} words of the index; type more letters of it")
        return found

    def near(self, word: str, distance: int) -> tuple[str, ...]:
        """The forms within so many edits that begin with the same letter."""
        return tuple(form for form, _ in self._near(word, distance))[:MAX_FORMS]

    def suggest(self, word: str, frequency: Callable[[str], int]) -> str | None:
        """The form most likely meant by a word that the index does not hold."""
        near = ((edits, frequency(form), form) for form, edits in self._near(word, _SUGGEST_DISTANCE))
        return min(((edits, -held, form) for edits, held, form in near if held), default=(0, 0, None))[2]

    def _near(self, word: str, distance: int) -> Iterable[tuple[str, int]]:
        query = "SELECT form FROM word WHERE form >= ? AND form < ? AND length(form) BETWEEN ? AND ?"
        first, size = word[0], len(word)
        range_ = (first, first + "\U0010ffff", size - distance, size + distance)
        for place, form in enumerate(self._forms(query, *range_)):
            if place % 512 == 0:
                self._check()
            if (edits := edits_between(word, form, distance)) is not None:
                yield form, edits

    def _forms(self, query: str, *values: str | int) -> tuple[str, ...]:
        return tuple(form for (form,) in self._connection.execute(query, values))


def edits_between(one: str, other: str, most: int) -> int | None:
    """Letters put in, left out, changed or swapped with the next one; None when they are more than `most`.

    >>> edits_between("negelct", "neglect", 2), edits_between("neglect", "direct", 2)
    (1, None)
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for at, wanted in enumerate(other, 1):
            cost = min(before[at] + 1, row[-1] + 1, before[at - 1] + (letter != wanted))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == wanted:
                cost = min(cost, older[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
