"""How relevant a theme is to a review: features of its mentions under a small linear model, whose numbers are in
`ranker.json` and whose every step can be shown.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from indexer.tagger import Mention, Reading

RANKER_FILE = Path(__file__).with_name("ranker.json")
Features = dict[str, float]
SAYS = "says "
"""Begins the name of a feature that is one of the concept's own labels."""

BESIDE = "beside "
"""Begins the name of a feature that is how much a text tells of another concept."""

_BESIDE_FACETS = ("harm", "person", "age", "agency")


@dataclass(frozen=True)
class Weights:
    """A linear model: what each feature counts, for every concept and for one, and from where on a theme is tagged."""

    general: Mapping[str, float]
    own: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By concept, on top of the general ones; learnt where there were labels, shrunk towards nothing."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """By concept, in the model's own units; `""` is the general one."""

    def parts(self, concept: str, features: Mapping[str, float]) -> list[tuple[str, float]]:
        """What each feature adds to or takes from a concept's score."""
        own = self.own.get(concept, {})
        made = [(name, value * (self.general.get(name, 0.0) + own.get(name, 0.0))) for name, value in features.items()]
        return [(name, part) for name, part in made if part]

    def score(self, concept: str, features: Mapping[str, float]) -> float:
        """What the features of a concept come to."""
        return sum(part for _, part in self.parts(concept, features))

    def over(self, concept: str, score: float) -> float:
        """How far a score is over the threshold of its concept; tagged from 0."""
        return score - self.thresholds.get(concept, self.thresholds.get("", 0.0))


@dataclass(frozen=True)
class Ranker:
    """Weights with what they were made from."""

    weights: Weights
    background: Mapping[str, float]
    """Mentions of a concept in a thousand words of an ordinary report."""
    folds: tuple[Weights, ...] = ()
    """Weights learnt without the n-th part of the training texts, to judge those texts by."""
    trained_on: frozenset[str] = frozenset()
    """Keys of the texts that the weights were learnt from."""
    made: Mapping[str, Any] = field(default_factory=dict)
    """How, in words."""

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what decides a score."""
        parts = [vars(self.weights), dict(self.background)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


PLAIN = Weights({"mentions": 1.0, "unusual": 1.0, "weak": 0.3, "early": 0.5, "leads": 0.5}, thresholds={"": 2.5})
"""What is used with the ranker switched off: how often, and how much more often than in other reports."""


def features(
    reading: Reading, facets: Mapping[str, str], background: Mapping[str, float], learnt: Collection[str] = ()
) -> dict[str, Features]:
    """The features of every concept that a text holds evidence of (see `holds`).

    Those in `learnt` have weights of their own, and so features for what else the text tells of.
    """
    candidates = {concept: found for concept, found in reading.mentions.items() if holds(found)}
    weights = {concept: sum(m.weight for m in found) for concept, found in candidates.items()}
    by_facet: dict[str, list[float]] = {}
    for concept, weight in weights.items():
        by_facet.setdefault(facets[concept], []).append(weight)
    everything = sum(weights.values()) or 1.0
    made = {}
    for concept, found in candidates.items():
        rivals = by_facet[facets[concept]]
        own = _own(found, reading)
        own["share"] = weights[concept] / sum(rivals) if sum(rivals) else 0.0
        own["part"] = weights[concept] / everything
        own["leads"] = float(weights[concept] == max(rivals))
        own["unusual"] = own["density"] - math.log1p(background.get(concept, 0.0))
        own["titled"] = float(concept in reading.title)
        made[concept] = own
    beside = {BESIDE + c: own["density"] for c, own in made.items() if facets[c] in _BESIDE_FACETS}
    for concept in made.keys() & set(learnt):
        made[concept] |= {name: density for name, density in beside.items() if name != BESIDE + concept}
    return made


def holds(found: Iterable[Mention]) -> bool:
    """Whether mentions are evidence: an alias that is not denied, or two different weak words."""
    counting = [m for m in found if m.weight]
    return any(not m.weak for m in counting) or len({m.label for m in counting}) > 1


def _own(found: list[Mention], reading: Reading) -> dict[str, float]:
    thousands = max(reading.words, 100) / 1000
    counting = [m for m in found if m.weight]
    strong = sum(m.weight for m in counting if not m.weak)
    weak = sum(m.weight for m in counting if m.weak)
    places = [m.place / max(reading.words, 1) for m in counting]
    labels = Counter(m.label for m in counting)
    return {
        "always": 1.0,
        "mentions": math.log1p(strong),
        "weak": math.log1p(weak),
        "density": math.log1p((strong + weak) / thousands),
        "labels": math.log1p(len(labels)),
        "early": 1 - min(places),
        "spread": len({int(place * 8) for place in places}) / 8,
        "denied": (len(found) - len(counting)) / len(found),
        "length": math.log(max(reading.words, 100) / 300),
        **{SAYS + label: math.log1p(times / thousands) for label, times in labels.items()},
    }


@lru_cache(maxsize=4)
def load(file: Path = RANKER_FILE) -> Ranker:
    """The ranker that comes with the program."""
    given = json.loads(file.read_text(encoding="utf-8"))
    return Ranker(
        weights=_weights(given["weights"]),
        background=given["background"],
        folds=tuple(_weights(each) for each in given["folds"]),
        trained_on=frozenset(given["trained_on"]),
        made=given["made"],
    )


def plain() -> Ranker:
    """The ranker switched off: nothing in it was learnt from labels."""
    return Ranker(PLAIN, load().background)


def _weights(given: Mapping[str, Any]) -> Weights:
    return Weights(given["general"], given["own"], given["thresholds"])
