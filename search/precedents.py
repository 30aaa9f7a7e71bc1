"""Said before: earlier recommendations that say the same to the same kind of body, oldest first."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from casereviews.errors import UsageError
from search import pages
from search.index import Index
from search.passages import plain
from search.plans import Words
from search.recommendations import recommendation_hit
from search.results import RecommendationHit, Searched
from search.words import words

FLOOR = 0.35
"""How much of what a text would score against itself an earlier one must; below it is another matter."""

K1, B = 1.2, 0.75
_SPREAD = 0.5
"""Words in more than this share of all recommendations (should, ensure) say nothing of their matter."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier recommendation and how alike it is, 1 for the same words."""

    hit: RecommendationHit
    likeness: float

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a recommendation with its `likeness`."""
        return self.hit.to_dict() | {"likeness": self.likeness}


@dataclass(frozen=True, slots=True)
class Precedents:
    """What was asked and what was said before, oldest first; what has no date comes last."""

    text: str
    of: str | None
    to: tuple[str, ...]
    """The kinds of body, or the words in their names, that are meant; empty for any."""
    found: tuple[Precedent, ...]
    searched: Searched
    recommendations: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `precedents`."""
        return {
            "text": self.text,
            "of": self.of,
            "to": list(self.to),
            "total": len(self.found),
            "searched": {**self.searched.to_dict(), "recommendations": self.recommendations},
            "hits": [each.to_dict() for each in self.found],
        }


def precedents(index: Index, text: str = "", *, of: str | None = None, to: str | None = None) -> Precedents:
    """Recommendations that say what `text` says, or what the recommendation `of` (REVIEW:NUMBER) says, before it.

    `to` is a kind of body or part of a body's name; without it the kinds that `of` is addressed to. UsageError
    where there is nothing to look for.
    """
    with pages.storage_errors(index.folder):
        record, name, published, kinds = None, None, None, ()
        if of is not None:
            record, name, given = _recommendation(index, of)
            text, kinds = given["text"], tuple(kind for kind in given["addressee_kinds"] if kind != "other")
            published = index.order[record][1] or None
        wanted = (to.strip().casefold(),) if to and to.strip() else kinds
        matter = _Matter(index, text)
        alike = matter.alike(wanted)
        own = index.families.of.get(record) if record is not None else None
        best: dict[tuple[object, object], tuple[float, str, str, Place]] = {}
        for place, likeness in alike.items():
            family = index.families.of.get(place[0])
            review, said = index.order[place[0]]
            later = published and said and said > published[: len(said)] and said[: len(published)] > published
            if later or place[0] == record or (own is not None and family == own):
                continue
            one = (family or review, matter.facts[place]["number"] or place[1])
            ranked = (-likeness, said or "~", review, place)
            best[one] = min(best.get(one, ranked), ranked)
        ordered = sorted(best.values(), key=lambda each: (each[1], each[0], each[2:]))
        chosen = [(place, -less) for less, _, _, place in ordered]
        found = tuple(Precedent(_hit(index, place, each, matter.plan), each) for place, each in chosen)
        return Precedents(plain(text), name, wanted, found, index.searched, index.recommendation_count)


def _recommendation(index: Index, of: str) -> tuple[int, str, dict[str, Any]]:
    review, _, number = of.rpartition(":")
    if not review or not number:
        raise UsageError(f"{plain(of)!r} names no recommendation: write REVIEW:NUMBER, such as pfd:2024-0123:2")
    record, name = index.find(review)
    listed = index.recommendations_of(name)
    asked = number.strip().casefold()
    for same in (str.casefold, lambda number: number.strip("Rr().")):  # 2 is also R2 and (2)
        for each in listed:
            if each["number"] is not None and same(str(each["number"])) == asked:
                return record, f"{name}:{each['number']}", each
    if asked.isdigit() and not any(each["number"] for each in listed) and 1 <= int(asked) <= len(listed):
        return record, f"{name}:{asked}", listed[int(asked) - 1]
    numbers = ", ".join(str(each["number"]) for each in listed if each["number"]) or f"1 to {len(listed)}"
    raise UsageError(
        f"{name} has no recommendation {plain(number)!r}" + (f"; it has {numbers}" if listed else " nor any other")
    )


class _Matter:
    """The words of a text by their stems, and every recommendation's score against them."""

    def __init__(self, index: Index, text: str) -> None:
        self._index = index
        self._wanted = Counter(map(index.stem, words(text)))
        if not self._wanted:
            raise UsageError("there are no words to look for: give a recommendation's text, or --of REVIEW:NUMBER")
        forms = {form: index.stem(form) for word in set(words(text)) for form in index.vocabulary.stems_with(word)}
        self._stems = forms
        self.plan = Words(tuple(forms))
        self.facts: dict[Place, Mapping[str, Any]] = {}

    def alike(self, wanted: tuple[str, ...]) -> dict[Place, float]:
        """The recommendations to the wanted bodies that are like enough: BM25, as a share of the text's own."""
        found: list[tuple[Place, Counter[str], int]] = []
        held: Counter[str] = Counter()
        total = length = 0
        for place, facts in self._all():
            said = words(facts["text"])
            total, length = total + 1, length + len(said)
            counts = Counter(self._stems[word] for word in said if word in self._stems)
            held.update(counts.keys())
            if counts and _is_to(facts, wanted):
                found.append((place, counts, len(said)))
                self.facts[place] = facts
        mean = length / total if total else 1.0
        weights = {
            stem: log(1 + (total - held[stem] + 0.5) / (held[stem] + 0.5))
            for stem in self._wanted
            if held[stem] <= max(_SPREAD * total, 2)
        }

        def score(counts: Mapping[str, int], size: int) -> float:
            norm = K1 * (1 - B + B * size / mean)
            return sum(w * counts[s] * (K1 + 1) / (counts[s] + norm) for s, w in weights.items() if s in counts)

        own = score(self._wanted, sum(self._wanted.values()))
        shares = {place: score(counts, size) / own for place, counts, size in found} if own else {}
        return {place: round(min(share, 1.0), 3) for place, share in shares.items() if share >= FLOOR}

    def _all(self) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        for record, place, value in self._index.connection.execute("SELECT record, place, value FROM recommendation"):
            yield (record, place), json.loads(value)


def _is_to(facts: Mapping[str, Any], wanted: tuple[str, ...]) -> bool:
    if not wanted or not set(facts["kinds"]).isdisjoint(wanted):
        return True
    return any(each in name.casefold() for name in facts["addressees"] for each in wanted)


def _hit(index: Index, place: Place, likeness: float, plan: Words) -> RecommendationHit:
    record, number = place
    (stored,) = index.connection.execute("SELECT value FROM description WHERE record = ?", (record,)).fetchone()
    facts = {name: plain(value) if isinstance(value, str) else value for name, value in json.loads(stored).items()}
    row = index.recommendations.row(record, 2 * number + 1)
    return recommendation_hit(index.order[record][0], facts, row, likeness, plan)
