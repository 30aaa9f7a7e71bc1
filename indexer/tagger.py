"""What a review's text says of each theme: every mention with its sentence, page, section and whether it is denied."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from casereviews.model import Evidence
from indexer.labels import Labels, Match, Words
from indexer.themes import Scheme

TAGGER_VERSION = "2"
"""Moves whenever the same themes and the same text would give other mentions."""

_SILENT = ("terms_of_reference", "methodology", "glossary", "contents", "references", "front_matter")
_SILENT_BOXES = ("sent_to", "coroner", "legal_powers", "response", "copies")
SECTION_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys((*_SILENT, *_SILENT_BOXES), 0.0),
    **dict.fromkeys(("findings", "learning", "recommendations", "conclusions", "concerns", "summary"), 1.5),
    **dict.fromkeys(("appendices", "decision", "action_plan", "changes_made", "introduction"), 0.5),
}
"""How much a mention counts by where it stands; 1 where nothing is said."""

_UNCERTAIN_COUNTS = 0.5
_ABSENCE_TELLS = ("practice", "system", "review", "nation")
"""Facets in which what did not happen is the finding: "no training", "information was not shared"."""

_REACH, _REACH_AFTER = 9, 4
_NO = frozenset(("no", "not", "without", "never", "denied", "denies", "denying", "neither", "nor", "cannot", "none"))
_NO |= frozenset(("didn't", "wasn't", "weren't", "hadn't", "isn't", "don't", "doesn't"))
_NO_FAR = frozenset(
    ("evidence", "indication", "indications", "concern", "concerns", "known", "suggestion", "history", "sign")
)
_NO_FAR |= frozenset(
    ("signs", "record", "records", "suspicion", "disclosure", "disclosures", "report", "reports", "information")
)
_AFFIRMS = frozenset(
    ("only", "just", "doubt", "sufficiently", "adequately", "always", "enough", "least", "fully", "merely")
)
_AFFIRMS |= frozenset(("recognise", "recognised", "ask", "asked", "explore", "explored", "address", "understand"))
_TURNS = frozenset(("but", "however", "although", "though", "despite", "because", "until", "when", "who", "which"))
_MAYBE = frozenset(
    ("possible", "possibly", "potential", "potentially", "suspected", "alleged", "allegedly", "whether", "may")
)
_MAYBE |= frozenset(("might", "could", "unclear", "unconfirmed", "if", "query"))
_AFTER = (
    *("ruled out", "was denied", "were denied", "not suspected", "not known", "not identified", "not evident"),
    *("not present", "not a feature", "not a factor", "not a concern"),
)
_CUES = (
    _NO
    | {word.replace("'", "’") for word in _NO}
    | _MAYBE
    | {"absence", "ruled", "rule", "ruling"}
    | {phrase.split()[-1] for phrase in _AFTER}
)
"""Where none of these is near, nothing is denied or left open."""

_SENTENCE_END = re.compile(r"[.!?](?:['’\")\]]*)\s|\n\s*\n|[•▪]|\n(?=\(?\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-Z])")
_LONGEST_SENTENCE = 400
"""Characters kept on each side of the words that matched."""

_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|Prof|vs|e\.g|i\.e|etc)|\b[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text to be read, a page as a rule, and where it is from."""

    text: str
    document: int | None = None
    page: int | None = None
    section: str | None = None


class Mention(NamedTuple):
    """One match for one concept, where it stands and how much it counts: 0 where it is denied."""

    concept: str
    label: str
    """The label that matched; `age` for an age."""
    weak: bool
    weight: float
    place: int
    """How many words of the whole text stand before it."""
    negated: bool
    uncertain: bool
    passage: Passage
    start: int
    end: int

    def evidence(self) -> Evidence:
        """The mention with its sentence."""
        text = self.passage.text
        return Evidence(
            concept=self.concept,
            words=" ".join(text[self.start : self.end].split()),
            sentence=_sentence(text, self.start, self.end),
            document=self.passage.document,
            page=self.passage.page,
            section=self.passage.section,
            negated=self.negated,
            uncertain=self.uncertain,
        )


@dataclass(frozen=True)
class Reading:
    """All mentions in a text by concept, and how many words the text has."""

    mentions: Mapping[str, list[Mention]]
    words: int
    title: frozenset[str]
    """Concepts that the title names."""


class Tagger:
    """Reads texts for the concepts of one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._labels = Labels(scheme)
        self._told_by_absence = {c.id for c in scheme.concepts.values() if c.facet in _ABSENCE_TELLS}

    def read(self, passages: Iterable[Passage], title: str = "") -> Reading:
        """Every mention in a review's text, by concept."""
        mentions: dict[str, list[Mention]] = defaultdict(list)
        before = 0
        for passage in passages:
            text = Words(passage.text)
            for match in self._labels.find(text):
                self._note(passage, text, match, before, mentions)
            before += len(text.words)
        named = {m.concept for match in self._labels.find(Words(title)) for m in match.meanings if not m.weak}
        return Reading(dict(mentions), before, frozenset(named))

    def _note(
        self, passage: Passage, text: Words, match: Match, before: int, mentions: dict[str, list[Mention]]
    ) -> None:
        weight = SECTION_WEIGHTS.get(passage.section or "", 1.0)
        negated, uncertain = _denied(text, match)
        start, end = text.span(match.first, match.last)
        place = before + match.first
        for concept, weak, label in match.meanings:
            denied = negated and concept not in self._told_by_absence
            counts = 0.0 if denied else weight * _UNCERTAIN_COUNTS if uncertain else weight
            mentions[concept].append(
                Mention(concept, label, weak, counts, place, denied, uncertain, passage, start, end)
            )


def _denied(text: Words, match: Match) -> tuple[bool, bool]:
    """Whether the words around a match deny it, and whether they leave it open."""
    nearby = text.words[max(match.first - _REACH, 0) : match.first] + text.words[match.last : match.last + _REACH_AFTER]
    if _CUES.isdisjoint(map(str.lower, nearby)):
        return False, False
    before = list(_words_before(text, match.first))
    maybe = any(word in _MAYBE for word in before[:4])
    for far, word in enumerate(before):
        if word in _NO:
            following = before[far - 1] if far else ""
            near = far < 3 or following in _NO_FAR or any(between in _NO_FAR for between in before[:far])
            if near and following not in _AFFIRMS:
                return True, False
        if word == "of" and before[far + 1 : far + 2] == ["absence"]:
            return True, False
        if word == "out" and before[far + 1 : far + 2] and before[far + 1] in ("ruled", "rule", "ruling"):
            return True, False
    after = f" {' '.join(_words_after(text, match.last))} "
    return any(f" {phrase} " in after for phrase in _AFTER), maybe


def _words_before(text: Words, at: int) -> Iterator[str]:
    """The words before a match, nearest first, as far as its own clause reaches."""
    for place in range(at - 1, max(at - 1 - _REACH, -1), -1):
        if text.broken(place + 1) and "," not in text.gaps[place + 1]:
            return
        word = text.words[place].lower().replace("’", "'")
        if word in _TURNS:
            return
        yield word


def _words_after(text: Words, at: int) -> list[str]:
    found = []
    for place in range(at, min(at + _REACH_AFTER, len(text.words))):
        if text.broken(place):
            break
        found.append(text.words[place].lower())
    return found


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence that holds `text[start:end]`, in one line."""
    first = max(0, start - _LONGEST_SENTENCE)
    for found in _SENTENCE_END.finditer(text, first, start):
        if not _ABBREVIATED.search(text, max(0, found.start() - 6), found.start() + 1):
            first = found.end()
    last = min(len(text), end + _LONGEST_SENTENCE)
    for found in _SENTENCE_END.finditer(text, end, last):
        if not _ABBREVIATED.search(text, max(0, found.start() - 6), found.start() + 1):
            last = found.start() + 1
            break
    return " ".join(text[first:last].split())
