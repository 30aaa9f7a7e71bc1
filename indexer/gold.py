"""How well the themes do on labelled texts, judged by weights that have not seen them."""

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casereviews.errors import UsageError
from indexer import ranker, themes
from indexer.tagger import Passage, Reading, Tagger

RESAMPLES = 1000
"""Bootstrap samples of texts behind an interval."""

_FIRST = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with the themes that somebody gave it; `stratum` says who, and so which themes were looked for."""

    text: str
    themes: frozenset[str]
    stratum: str


Scores = dict[str, float]
"""Concept to how far it is over its threshold; tagged from 0."""


def load(file: Path) -> list[Labelled]:
    """The labelled texts of a JSON Lines file with `text`, `themes` and `stratum` in each line."""
    found = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found.append(_labelled(json.loads(line), f"{file}, line {number}"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read labelled texts from {file}: {error}") from error
    if not found:
        raise UsageError(f"{file} holds no labelled texts")
    return found


def _labelled(given: Any, where: str) -> Labelled:
    if (
        not isinstance(given, dict)
        or not isinstance(given.get("text"), str)
        or not isinstance(given.get("themes"), list)
    ):
        raise UsageError(f'{where}: a labelled text is {{"text": "…", "themes": ["harm.neglect"], "stratum": "…"}}')
    return Labelled(given["text"], frozenset(map(str, given["themes"])), str(given.get("stratum", "")))


def text_key(text: str) -> str:
    """What tells a text that was learnt from: texts that begin alike have the same key."""
    beginning = "".join(text.split()).casefold()[:200]
    return hashlib.sha256(beginning.encode()).hexdigest()[:10]


def fold(text: str, folds: int) -> int:
    """The part of the labelled texts that a text belongs to."""
    return int(text_key(text), 16) % folds


def judged(documents: Sequence[Labelled]) -> dict[str, frozenset[str]]:
    """For each stratum the themes that were looked for in it: those given to any of its texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        found[document.stratum] |= document.themes
    return {stratum: frozenset(given) for stratum, given in found.items()}


def predictions(
    documents: Sequence[Labelled], readings: Sequence[Reading], scheme: themes.Scheme, using: ranker.Ranker
) -> list[Scores]:
    """The scores of each text's themes; a text that was learnt from is judged by weights learnt without it."""
    facets = {concept.id: concept.facet for concept in scheme.concepts.values()}
    made = []
    for document, reading in zip(documents, readings, strict=True):
        seen = text_key(document.text) in using.trained_on and using.folds
        weights = using.folds[fold(document.text, len(using.folds))] if seen else using.weights
        features = ranker.features(reading, facets, using.background, using.weights.own)
        made.append({concept: weights.over(concept, weights.score(concept, f)) for concept, f in features.items()})
    return made


def evaluate_file(file: Path, scheme: themes.Scheme, using: ranker.Ranker) -> dict[str, Any]:
    """The JSON of `themes eval`."""
    documents = load(file)
    tagger = Tagger(scheme)
    readings = [tagger.read([Passage(document.text)]) for document in documents]
    figures = evaluate(documents, predictions(documents, readings, scheme, using))
    seen = sum(text_key(document.text) in using.trained_on for document in documents)
    return figures | {"cross_validated": seen, "folds": len(using.folds), "themes_version": scheme.fingerprint}


def evaluate(documents: Sequence[Labelled], scores: Sequence[Scores]) -> dict[str, Any]:
    """Precision, recall and F1 over the themes that were looked for, with a 95 % interval over resampled texts."""
    looked_for = judged(documents)
    counts = [_counts(d, s, looked_for[d.stratum]) for d, s in zip(documents, scores, strict=True)]
    whole = _sum(counts)
    per_theme = {theme: _figures(*whole[theme]) for theme in sorted(whole)}
    ranked = [_ranked(d, s, looked_for[d.stratum]) for d, s in zip(documents, scores, strict=True)]
    strata = {
        stratum: _figures(*_totals(_sum([c for c, d in zip(counts, documents, strict=True) if d.stratum == stratum])))
        for stratum in looked_for
    }
    overall = _figures(*_totals(whole))
    return {
        "documents": len(documents),
        "labels": sum(len(document.themes) for document in documents),
        "micro_f1": overall["f1"],
        "precision": overall["precision"],
        "recall": overall["recall"],
        "macro_f1": round(sum(each["f1"] for each in per_theme.values()) / max(len(per_theme), 1), 4),
        "f1_at_5": _mean([each[0] for each in ranked if each]),
        "p_at_1": _mean([each[1] for each in ranked if each]),
        "interval": _interval(counts),
        "per_theme": per_theme,
        "strata": strata,
    }


Counts = dict[str, tuple[int, int, int]]
"""Theme to how often it was rightly tagged, tagged, and given."""


def _counts(document: Labelled, scores: Scores, looked_for: frozenset[str]) -> Counts:
    tagged = {theme for theme, over in scores.items() if over >= 0} & looked_for
    both = tagged & document.themes
    return {t: (int(t in both), int(t in tagged), int(t in document.themes)) for t in tagged | document.themes}


def _sum(counts: Sequence[Counts]) -> Counts:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in counts:
        for theme, three in each.items():
            for place, number in enumerate(three):
                found[theme][place] += number
    return {theme: (three[0], three[1], three[2]) for theme, three in found.items()}


def _totals(counts: Counts) -> tuple[int, int, int]:
    return (
        sum(three[0] for three in counts.values()),
        sum(three[1] for three in counts.values()),
        sum(three[2] for three in counts.values()),
    )


def _figures(right: int, tagged: int, given: int) -> dict[str, float]:
    return {
        "precision": round(right / tagged, 4) if tagged else 0.0,
        "recall": round(right / given, 4) if given else 0.0,
        "f1": round(2 * right / (tagged + given), 4) if tagged + given else 0.0,
        "given": given,
        "tagged": tagged,
    }


def _ranked(document: Labelled, scores: Scores, looked_for: frozenset[str]) -> tuple[float, float] | None:
    """F1 of the first five themes and whether the first is right; None for a text that was given none."""
    if not document.themes:
        return None
    order = sorted((theme for theme in scores if theme in looked_for), key=lambda theme: -scores[theme])
    right = len(set(order[:_FIRST]) & document.themes)
    f1 = 2 * right / (len(order[:_FIRST]) + len(document.themes))
    return f1, float(bool(order) and order[0] in document.themes)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _interval(counts: Sequence[Counts]) -> list[float]:
    totals = [_totals(each) for each in counts]
    chance = random.Random(2026)  # noqa: S311
    made = []
    for _ in range(RESAMPLES):
        drawn: Counter[int] = Counter()
        for right, tagged, given in chance.choices(totals, k=len(totals)):
            drawn[0] += right
            drawn[1] += tagged + given
        made.append(2 * drawn[0] / drawn[1] if drawn[1] else 0.0)
    made.sort()
    return [round(made[int(RESAMPLES * 0.025)], 4), round(made[int(RESAMPLES * 0.975)], 4)]


def describe(scheme: themes.Scheme, figures: Mapping[str, Any]) -> list[tuple[str, float, float, float, int]]:
    """Per theme, the most given first: label, precision, recall, F1, how often it was given."""
    rows = [
        (scheme.concepts[t].label if t in scheme.concepts else t, e["precision"], e["recall"], e["f1"], int(e["given"]))
        for t, e in figures["per_theme"].items()
    ]
    return sorted(rows, key=lambda row: -row[4])
