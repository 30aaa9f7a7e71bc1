"""Which reviews of all listings are the same: identical files, near-identical text, and what analysts said of them.

Reviews of two listings whose reports are identical are one for certain; a listing that gives one file to two of
its reviews says itself that they are two. Near-identical text makes a candidate only where area, date or pseudonym
agree and none of them speaks against it. Nothing is merged: what is found is a list of links.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from casereviews.archive import ReviewLink, StoredReview
from casereviews.model import Document
from indexer.sketches import Sketch, similarity
from search.copies import CopyLink

COPIES_VERSION = 2
"""Moves whenever the same archive would give other links."""
LEAST_SIMILAR = 0.7
"""Similarity from which texts are near-identical: the same report as a PDF and a Word file, or in two states."""
MOST_SHARED = 20
"""A file, or a run of words, that more reviews have is a leaflet or a form and says nothing."""
LEADS = 24
"""Hashes of each sketch that are compared with all others to find pairs worth a second look."""
SHARED_LEADS = 3
YEARS_APART = 1
"""Years between two listings of one review: a board publishes in December, a collection lists it in March."""

_NAME = re.compile(r"\b(?:[A-Z]{1,2}\d{0,3}|[A-Z][a-z]+\d{0,3})\b")
_COMMON = frozenset(
    """after annual april august baby board boy brief briefing brother case child children combined community council
    county cspr death december deaths dhr domestic executive family february final findings following for full girl
    homicide into infant january july june learning lcspr local lscp march may miss mr mrs ms multi agency national
    november october of on overview partnership person practice published rapid report review reviews safeguarding sar
    scr september serious sibling siblings summary the thematic victim with woman young adult adults abuse cpr
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Words of titles that name nobody."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a review must agree with its copy."""

    area: str | None
    years: tuple[int, ...]
    names: frozenset[str]


def links(
    reviews: Sequence[tuple[StoredReview, Sequence[Document]]],
    sketches: Mapping[str, Sketch],
    decisions: Sequence[ReviewLink],
) -> tuple[list[CopyLink], list[list[str]]]:
    """Every link, by ids, and the families of reviews that are the same for certain."""
    known = {stored.review.id: stored for stored, _ in reviews}
    files = {s.review.id: _files(documents) for s, documents in reviews}
    reports = {id: frozenset(sha256 for sha256, kind in held.items() if kind == "report") for id, held in files.items()}
    verdicts = {(d.first, d.second): d.verdict for d in decisions if d.first in known and d.second in known}
    found: dict[tuple[str, str], CopyLink] = {}
    for pair in _sharing(files):
        found[pair] = CopyLink(*pair, "file", 1.0, verdicts.get(pair))
    facts: dict[str, _Facts] = {}
    for pair, similar in _alike(reports, sketches):
        if pair in found:
            continue
        one, other = (facts.setdefault(id, _facts(known[id])) for id in pair)
        if agreeing := _agreement(one, other):
            found[pair] = CopyLink(*pair, "text", round(similar * (7 + agreeing) / 10, 3), verdicts.get(pair))
    for pair, verdict in verdicts.items():
        found.setdefault(pair, CopyLink(*pair, "decision", 1.0 if verdict == "confirmed" else 0.0, verdict))
    ordered = sorted(found.values())
    return ordered, _families(ordered, reports)


def state_of(
    reviews: Sequence[tuple[StoredReview, Sequence[Document]]], decisions: Sequence[ReviewLink], held: int
) -> str:
    """A hash of all that the links are made of; `held` is the number of sketches."""
    made_of = [
        [s.review.id, s.review.title, s.review.area, s.review.published, s.review.reported, sorted(_files(d).items())]
        for s, d in reviews
    ]
    told = [[d.first, d.second, d.verdict] for d in decisions]
    return hashlib.sha256(json.dumps([COPIES_VERSION, made_of, told, held]).encode()).hexdigest()


def _files(documents: Iterable[Document]) -> dict[str, str]:
    """The files that a review has now, with their kind."""
    return {d.version.sha256: d.kind for d in documents if d.version is not None and d.state == "present"}


def _sharing(files: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of reviews that have a file in common."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for review in sorted(files):
        for sha256 in files[review]:
            holders[sha256].append(review)
    for held in holders.values():
        if len(held) <= MOST_SHARED:
            yield from combinations(held, 2)


def _alike(
    reports: Mapping[str, frozenset[str]], sketches: Mapping[str, Sketch]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Pairs of reviews with near-identical reports, and how similar the most similar of them are."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for review in sorted(reports):
        for sha256 in reports[review]:
            if sketches.get(sha256):
                holders[sha256].append(review)
    leads: defaultdict[int, list[str]] = defaultdict(list)
    for sha256 in sorted(holders):
        for value in sketches[sha256][:LEADS]:
            leads[value].append(sha256)
    shared = Counter(pair for held in leads.values() if len(held) <= MOST_SHARED for pair in combinations(held, 2))
    best: dict[tuple[str, str], float] = {}
    for (one, other), count in shared.items():
        if count < SHARED_LEADS or (similar := similarity(sketches[one], sketches[other])) < LEAST_SIMILAR:
            continue
        for a in holders[one][:MOST_SHARED]:
            for b in holders[other][:MOST_SHARED]:
                if a != b:
                    pair = (a, b) if a < b else (b, a)
                    best[pair] = max(similar, best.get(pair, 0.0))
    yield from sorted(best.items())


def _facts(stored: StoredReview) -> _Facts:
    review = stored.review
    dates = (date for date in (review.published, review.reported) if date)
    place = {word.casefold() for word in re.findall(r"\w+", review.area or "")}
    names = {word.casefold() for word in _NAME.findall(re.sub(r"^An? ", "", review.title))}
    return _Facts(
        area=review.area and review.area.casefold(),
        years=tuple(int(date[:4]) for date in dates),
        names=frozenset(names - place - _COMMON),
    )


def _agreement(one: _Facts, other: _Facts) -> int:
    """How many of area, date and pseudonym agree; 0 as soon as one of them speaks against it."""
    agreeing = 0
    if one.area and other.area:
        if one.area != other.area:
            return 0
        agreeing += 1
    if one.years and other.years:
        if min(abs(a - b) for a in one.years for b in other.years) > YEARS_APART:
            return 0
        agreeing += 1
    if one.names and other.names:
        if not one.names & other.names:
            return 0
        agreeing += 1
    return agreeing


def _families(found: Sequence[CopyLink], reports: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Reviews that are one for certain, together; two that an analyst split are never in one family."""
    apart = {(link.first, link.second) for link in found if link.verdict == "split"}
    family: dict[str, set[str]] = {}
    sure = [link for link in found if link.verdict == "confirmed"]
    sure += [link for link in found if link.verdict is None and link.kind == "file" and _same_reports(link, reports)]
    for link in sure:
        one, other = (family.get(id, {id}) for id in (link.first, link.second))
        if link.verdict is None and not {*map(_source, one)}.isdisjoint(map(_source, other)):
            continue
        if one is not other and not any(((a, b) if a < b else (b, a)) in apart for a in one for b in other):
            joined = one | other
            family.update(dict.fromkeys(joined, joined))
    return sorted({id(each): sorted(each) for each in family.values()}.values())


def _source(review_id: str) -> str:
    return review_id.partition(":")[0]


def _same_reports(link: CopyLink, reports: Mapping[str, frozenset[str]]) -> bool:
    """Whether every report of one of two reviews is one of the other's too; a shared leaflet proves nothing."""
    one, other = reports[link.first], reports[link.second]
    return bool(one and other) and (one <= other or other <= one)
