"""The same review in several listings: which are linked, and hits of one shown as one.

Families hold the reviews that are one for certain: an identical report, or an analyst's word. Candidates are
only shown. Every review stays a review of its own; a search may show a family by its best member.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal["file", "text", "decision"]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class CopyLink:
    """Two reviews, `first` before `second` by id, that are or may be the same.

    `kind` says why: an identical file, near-identical text with matching facts, or an analyst's word alone.
    `score` is from 0 to 1; `verdict` an analyst's `confirmed` or `split`.
    """

    first: str
    second: str
    kind: Kind
    score: float
    verdict: str | None = None


def store(connection: sqlite3.Connection, links: Sequence[CopyLink], families: Iterable[Sequence[str]]) -> None:
    """Replace all links and families, within the caller's transaction."""
    connection.execute("DELETE FROM copy")
    connection.execute("DELETE FROM family")
    rows = [tuple(asdict(link).values()) for link in links]
    connection.executemany("INSERT INTO copy VALUES (?, ?, ?, ?, ?)", rows)
    members = [(review, number) for number, family in enumerate(families, 1) for review in family]
    connection.executemany("INSERT INTO family VALUES (?, ?)", members)


class Families:
    """The families of one generation."""

    def __init__(self, rows: Iterable[tuple[int, int, str]] = ()) -> None:
        self.of: dict[int, int] = {}
        """Record to its family; most records have none."""
        self._members: dict[int, list[tuple[int, str]]] = {}
        for record, family, review in rows:
            self.of[record] = family
            self._members.setdefault(family, []).append((record, review))

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Those of the page store."""
        return cls(
            connection.execute(
                "SELECT record.number, family.number, review FROM family JOIN record USING (review) ORDER BY review"
            )
        )

    def others(self, record: int) -> tuple[str, ...]:
        """The ids of the other reviews that are the same as a record's."""
        members = self._members.get(self.of.get(record, 0), ())
        return tuple(review for number, review in members if number != record)

    def collapse(
        self, scores: dict[Place, float], names: Mapping[int, Any]
    ) -> tuple[dict[Place, float], list[dict[int, int]]]:
        """The hits of one member of each family: the one with most of them, then the best one, then by its name.

        And for each family of which several members were hit, how many hits each of them had.
        """
        if not self.of:
            return scores, []
        met: dict[int, dict[int, list[float]]] = {}
        for (record, _), score in scores.items():
            if record in self.of:
                met.setdefault(self.of[record], {}).setdefault(record, []).append(score)
        several = [members for members in met.values() if len(members) > 1]
        dropped: set[int] = set()
        for members in several:
            dropped |= members.keys() - {min(members, key=lambda r: (-len(members[r]), -max(members[r]), names[r]))}
        kept = {place: score for place, score in scores.items() if place[0] not in dropped}
        return kept, [{record: len(hits) for record, hits in members.items()} for members in several]


NO_FAMILIES = Families()
"""With these every review is shown on its own."""


_LINKS = """
    SELECT first, one.value AS one, second, two.value AS two, kind, score, verdict,
        f.number IS NOT NULL AND f.number IS g.number AS same
    FROM copy
    JOIN record r ON r.review = first JOIN description one ON one.record = r.number
    JOIN record s ON s.review = second JOIN description two ON two.record = s.number
    LEFT JOIN family f ON f.review = first LEFT JOIN family g ON g.review = second
"""


def links(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The JSON of every link: undecided candidates first, then the surest."""
    found = []
    for first, one, second, two, kind, score, verdict, same in connection.execute(_LINKS):
        titles = {"first_title": json.loads(one)["title"], "second_title": json.loads(two)["title"]}
        told = {"kind": kind, "score": score, "verdict": verdict, "same": bool(same)}
        found.append({"first": first, "second": second, **titles, **told})
    return sorted(
        found, key=lambda link: (bool(link["verdict"]), link["same"], -link["score"], link["first"], link["second"])
    )


def copies_of(connection: sqlite3.Connection, review: str) -> list[dict[str, Any]]:
    """The JSON of a review's copies and candidates, the surest first: each with what its listing says of it."""
    rows = connection.execute(
        f"{_LINKS} WHERE first = :id OR second = :id ORDER BY same DESC, score DESC, first, second", {"id": review}
    )
    found = []
    for first, one, second, two, kind, score, verdict, same in rows:
        other, facts = (second, json.loads(two)) if first == review else (first, json.loads(one))
        told = {name: facts[name] for name in ("title", "source", "publisher", "url")}
        found.append({"review": other, **told, "kind": kind, "score": score, "verdict": verdict, "same": bool(same)})
    return found
