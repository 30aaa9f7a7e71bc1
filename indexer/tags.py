"""The tags of a review: which themes, agencies and age bands its documents tell of, with the best proof of each."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from casereviews.model import Evidence, ReadDocument, Record, Tag
from indexer import keywords, ranker, themes
from indexer.acronyms import acronyms
from indexer.sections import section_at
from indexer.tagger import TAGGER_VERSION, Mention, Passage, Tagger

FIELDS = {"agency": "agency", "age": "age"}
"""Facets that are filtered by a name of their own; all others are themes."""

_SPEAKING = ("report", "summary", "briefing", "other")
"""Kinds of documents that speak for the review; a response speaks for whoever wrote it."""

_ENDS = (".", "!", "?", ".”", ".’", ".)", "?”")
_EVIDENCE, _DENIALS, _WHY = 8, 2, 6
_LOOKED_AT = 16
"""Mentions whose sentences are compared."""
_INVOLVED = 2.0
"""Weighted mentions by which an agency is named as one that was involved, whatever the review is about."""


class Tags:
    """Tags reviews by one scheme and one ranker; `version` moves whenever the same text would be tagged otherwise."""

    def __init__(self, own: Path | None = None, *, ranked: bool = True) -> None:
        self.scheme = themes.load(own)
        self.ranker = ranker.load() if ranked else ranker.plain()
        self._mapped = keywords.load(self.scheme)
        self._tagger = Tagger(self.scheme)
        self._facets = {concept.id: concept.facet for concept in self.scheme.concepts.values()}
        made_of = (self.scheme.fingerprint, TAGGER_VERSION, self.ranker.fingerprint, self._mapped.fingerprint)
        self.version = hashlib.sha256(" ".join(made_of).encode()).hexdigest()[:16]

    def tagged(self, record: Record) -> Record:
        """The record with its tags; its documents have their sections."""
        tags = self.of(record)
        return replace(
            record,
            tags=tags,
            themes=tuple(tag.concept for tag in tags if tag.field == "theme"),
            agencies=tuple(tag.concept for tag in tags if tag.field == "agency"),
            listed=self._mapped.concepts(record.review.keywords),
        )

    def ledger(self) -> dict[str, Any]:
        """What a search must know of the themes: their version, their labels and how they hang together."""
        concepts = self.scheme.concepts.values()
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        for concept in concepts:
            labels[FIELDS.get(concept.facet, "theme")][concept.id] = concept.label
        return {
            "themes_version": self.version,
            "labels": labels,
            "themes": {c.id: {"label": c.label, "facet": c.facet, "broader": c.broader} for c in concepts if c.matched},
            "facets": dict(self.scheme.facets),
            "acronyms": acronyms(self.scheme),
        }

    def of(self, record: Record) -> tuple[Tag, ...]:
        """The tags of a review, the most relevant first."""
        reading = self._tagger.read(passages(record), record.review.title)
        features = ranker.features(reading, self._facets, self.ranker.background, self.ranker.weights.own)
        made = []
        for concept, values in features.items():
            parts = self.ranker.weights.parts(concept, values)
            over = self.ranker.weights.over(concept, sum(part for _, part in parts))
            found = reading.mentions[concept]
            field = FIELDS.get(self._facets[concept], "theme")
            if over >= 0 or (field == "agency" and sum(m.weight for m in found if not m.weak) >= _INVOLVED):
                made.append(self._tag(concept, field, _logistic(over), found, parts))
        return tuple(sorted(made, key=lambda tag: (-tag.relevance, tag.concept)))

    def _tag(
        self, concept: str, field: str, relevance: float, found: Sequence[Mention], parts: list[tuple[str, float]]
    ) -> Tag:
        parts.sort(key=lambda part: -abs(part[1]))
        return Tag(
            concept=concept,
            field=field,
            relevance=round(relevance, 4),
            mentions=sum(1 for mention in found if mention.weight),
            evidence=tuple(_best(found)),
            pages=tuple(_pages(found, relevance)),
            why=tuple((name, round(value, 3)) for name, value in parts[:_WHY]),
            wider=tuple(self.scheme.above(concept)),
        )


def passages(record: Record) -> Iterator[Passage]:
    """What is read of a review: its summary, and its documents section by section."""
    if record.review.summary:
        yield Passage(record.review.summary, section="summary")
    for place, document in enumerate(record.documents, 1):
        if document.kind in _SPEAKING:
            yield from _stretches(document, place)


def _stretches(document: ReadDocument, place: int) -> Iterator[Passage]:
    for page in document.pages:
        notes = page.footnotes if page.footnotes is not None else len(page.text)
        cuts = {0, notes, *(s.offset for s in document.sections if s.page == page.number and s.offset < notes)}
        edges = [*sorted(cuts), len(page.text)]
        for start, end in pairwise(edges):
            section = section_at(document.sections, page.number, start) or page.section
            section = "references" if start >= notes else section
            if end > start:
                yield Passage(page.text[start:end], place, page.number, section)


def _best(found: Iterable[Mention]) -> Iterator[Evidence]:
    """The mentions that prove most, whole sentences before headings, each sentence once; then some that deny it."""
    ordered = sorted(found, key=lambda m: (m.weak, -m.weight, m.place))
    denials = [mention for mention in ordered if mention.negated][:_DENIALS]
    held = [(mention, mention.evidence()) for mention in (*ordered[:_LOOKED_AT], *denials)]
    held.sort(key=lambda pair: (pair[0].weak, not pair[1].sentence.endswith(_ENDS)))
    seen: set[str] = set()
    for denied, most in ((False, _EVIDENCE), (True, _DENIALS)):
        kept = 0
        for mention, evidence in held:
            fits = mention.negated if denied else bool(mention.weight)
            if fits and kept < most and evidence.sentence not in seen:
                seen.add(evidence.sentence)
                kept += 1
                yield evidence


def _pages(found: Iterable[Mention], relevance: float) -> Iterator[tuple[int, int, float]]:
    """Each page's share in a tag's relevance: half of it with one mention, three quarters with two, and so on."""
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for mention in found:
        if mention.weight and mention.passage.document is not None and mention.passage.page is not None:
            weights[mention.passage.document, mention.passage.page] += mention.weight
    for (document, page), weight in sorted(weights.items()):
        yield document, page, round(relevance * (1 - 0.5**weight), 3)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(min(value, 50.0), -50.0)))
