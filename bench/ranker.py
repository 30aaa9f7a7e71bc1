"""Learn the ranker's numbers from labelled texts: python -m bench.ranker GOLD [--write]

Needs scikit-learn. Prints what cross-validation says of them; with --write puts them into indexer/ranker.json.
A theme's own weights and threshold are shrunk towards the general ones, by how many labels speak for it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from indexer import gold, ranker, themes
from indexer.tagger import Passage, Reading, Tagger

FOLDS = 5
STRENGTH = 1.0
"""Inverse of the L2 penalty."""
SCALES = {ranker.SAYS: 0.3, ranker.BESIDE: 0.1}
OWN = 0.6
"""Scales of a theme's own weights: the smaller, the more they are shrunk towards the general ones."""
OWN_FEATURES = ("always", "mentions", "weak", "density", "labels", "early", "share", "part")
TITLED = 2.0
"""What a theme in the title adds: set by hand, since the labelled texts have no titles."""
THRESHOLD_SHRINK = 200
"""A theme with this many labels keeps half of its own threshold."""

Array = Any


@dataclass
class Candidates:
    """One row for each concept that may be a label of a text: its features, whether it is one, and whose."""

    rows: list[dict[str, float]]
    truth: Array
    concepts: Array
    texts: Array
    folds: Array
    out_of_reach: Array
    """By fold, labels for which the text holds no evidence."""


def main(argv: Sequence[str] | None = None) -> None:
    """Learn, say how well it does on texts it has not seen, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    documents = gold.load(options.gold)
    scheme = themes.load()
    tagger = Tagger(scheme)
    readings = [tagger.read([Passage(d.text)]) for d in documents]
    background = measure_background(readings)
    found = candidates(documents, readings, {c.id: c.facet for c in scheme.concepts.values()}, background)
    keys = sorted({gold.text_key(d.text) for d in documents})
    folds = [learn(found, found.folds != fold) for fold in range(FOLDS)]
    whole = ranker.Ranker(learn(found, found.folds >= 0), background, tuple(folds), frozenset(keys))
    figures = gold.evaluate(documents, gold.predictions(documents, readings, scheme, whole))
    print(json.dumps({name: value for name, value in figures.items() if name != "per_theme"}, indent=1))
    if options.write:
        made = {
            "by": "python -m bench.ranker GOLD --write",
            "model": "logistic regression over candidate themes (scikit-learn "
            + sklearn.__version__
            + ", liblinear, L2)",
            "settings": {
                "C": STRENGTH,
                "own": OWN,
                **{name.strip(): scale for name, scale in SCALES.items()},
                "titled": TITLED,
                "threshold_shrink": THRESHOLD_SHRINK,
                "folds": FOLDS,
            },
            "texts": len(documents),
            "themes": scheme.fingerprint,
            "cross_validated": {
                name: figures[name] for name in ("micro_f1", "precision", "recall", "interval", "strata")
            },
        }
        write(whole, made)


def measure_background(readings: Sequence[Reading]) -> dict[str, float]:
    """Mentions of each concept in a thousand words, over all texts."""
    words = sum(r.words for r in readings)
    counted: Counter[str] = Counter()
    for reading in readings:
        for concept, found in reading.mentions.items():
            counted[concept] += sum(m.weight for m in found)  # type: ignore[assignment]
    return {concept: round(count * 1000 / words, 3) for concept, count in sorted(counted.items())}


def candidates(
    documents: Sequence[gold.Labelled],
    readings: Sequence[Reading],
    facets: dict[str, str],
    background: dict[str, float],
) -> Candidates:
    """The rows to learn from: each judged concept of each text that has evidence for it."""
    judged = gold.judged(documents)
    rows, truth, concepts, texts, folds = [], [], [], [], []
    lost = np.zeros(FOLDS)
    for number, (document, reading) in enumerate(zip(documents, readings, strict=True)):
        features = ranker.features(reading, facets, background, judged[document.stratum])
        fold = gold.fold(document.text, FOLDS)
        lost[fold] += len(document.themes - features.keys())
        for concept in sorted(judged[document.stratum] & features.keys()):
            rows.append(_row(concept, features[concept]))
            truth.append(concept in document.themes)
            concepts.append(concept)
            texts.append(number)
            folds.append(fold)
    return Candidates(rows, np.array(truth), np.array(concepts), np.array(texts), np.array(folds), lost)


def _row(concept: str, features: dict[str, float]) -> dict[str, float]:
    row = {}
    for name, value in features.items():
        scale = _scale(name)
        if scale != OWN:
            row[f"{concept}|{name}"] = value * scale
        else:
            row[f"|{name}"] = value
            if name in OWN_FEATURES:
                row[f"{concept}|{name}"] = value * OWN
    return row


def _scale(feature: str) -> float:
    return next((scale for begins, scale in SCALES.items() if feature.startswith(begins)), OWN)


def learn(found: Candidates, used: Array) -> ranker.Weights:
    """Weights and thresholds from the rows marked in `used`; the thresholds from rows kept out in turn."""
    chosen = np.flatnonzero(used)
    vectors = DictVectorizer(sparse=False)
    matrix = vectors.fit_transform([found.rows[at] for at in chosen])
    truth, concepts, texts = found.truth[chosen], found.concepts[chosen], found.texts[chosen]
    lost = found.out_of_reach[sorted(set(found.folds[chosen]))].sum()
    scores = np.zeros(len(chosen))
    for inner in range(FOLDS):
        kept_out = texts * 7919 % FOLDS == inner
        scores[kept_out] = _fit(matrix[~kept_out], truth[~kept_out]).decision_function(matrix[kept_out])
    model = _fit(matrix, truth)
    general: dict[str, float] = {}
    own: dict[str, dict[str, float]] = {}
    for name, weight in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True):
        concept, _, feature = name.partition("|")
        scale = _scale(feature) if concept else 1.0
        if round(float(weight) * scale, 3):
            (own.setdefault(concept, {}) if concept else general)[feature] = round(float(weight) * scale, 3)
    general["titled"] = TITLED
    return ranker.Weights(general, own, _thresholds(scores, truth, concepts, lost))


def _fit(matrix: Any, truth: Array) -> Any:
    # The constant feature "always" is the intercept: it has a general and an own part, as all others.
    return LogisticRegression(C=STRENGTH, max_iter=2000, solver="liblinear", fit_intercept=False).fit(matrix, truth)


def _thresholds(scores: Array, truth: Array, concepts: Array, lost: float) -> dict[str, float]:
    """The general threshold that gives the best micro F1, and each theme's own one shrunk towards it."""
    order = np.argsort(-scores)
    f1 = 2 * np.cumsum(truth[order]) / (np.arange(1, len(order) + 1) + truth.sum() + lost)
    general = float(scores[order[f1.argmax()]])
    made = {"": round(general, 3)}
    for concept in sorted(set(concepts)):
        mine = concepts == concept
        best, reached = general, -1.0
        for threshold in np.linspace(general - 1.2, general + 1.2, 25):
            tagged = np.where(mine, scores >= threshold, scores >= general)
            value = 2 * (tagged & truth).sum() / (tagged.sum() + truth.sum() + lost)
            if value > reached + 1e-9:
                best, reached = float(threshold), value
        labels = truth[mine].sum()
        made[str(concept)] = round(general + (best - general) * float(labels / (labels + THRESHOLD_SHRINK)), 3)
    return made


def write(found: ranker.Ranker, made: dict[str, Any]) -> None:
    """Put the numbers into the file that the program reads."""
    given = {
        "made": made,
        "weights": vars(found.weights),
        "background": dict(found.background),
        "folds": [vars(each) for each in found.folds],
        "trained_on": sorted(found.trained_on),
    }
    ranker.RANKER_FILE.write_text(json.dumps(given, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
