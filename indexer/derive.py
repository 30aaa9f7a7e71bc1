"""What is drawn from the text of a review's documents: sections, recommendations, facts they state."""

from collections.abc import Sequence
from dataclasses import replace

from casereviews.model import ReadDocument, Recommendation, Review
from indexer.addressees import addressed
from indexer.item_prose import recommended_in
from indexer.recommendations import recommendations_of, without_repeats
from indexer.sections import sections_of, with_sections

_SPEAKING = ("report", "summary", "briefing", "action-plan")
"""Kinds of documents that speak for the review, in the order in which they are believed."""


def with_derived_sections(document: ReadDocument) -> ReadDocument:
    """The document with its sections, and each page with the section that it opens in."""
    sections = sections_of(document.pages)
    return replace(document, sections=sections, pages=with_sections(document.pages, sections))


def recommendations_in(review: Review, documents: Sequence[ReadDocument]) -> tuple[Recommendation, ...]:
    """The recommendations of a review, each once; `documents` have their sections.

    What another document repeats is noted with the first. Responses and other papers count only where no report
    or summary asks for anything; the source's own summary only where no document does.
    """
    order = sorted(range(len(documents)), key=lambda place: _rank(documents[place]))
    found = [
        (documents[place].kind, recommendations_of(documents[place].pages, documents[place].sections, place + 1))
        for place in order
        if documents[place].pages
    ]
    spoken = [one for kind, items in found if kind in _SPEAKING for one in items]
    every = spoken or [one for _, items in found for one in items]
    if any(one.nature == "recommendation" for one in every):
        every = [one for one in every if one.nature != "finding"]
    return without_repeats(every) or _from_summary(review)


def _rank(document: ReadDocument) -> int:
    return _SPEAKING.index(document.kind) if document.kind in _SPEAKING else len(_SPEAKING)


def _from_summary(review: Review) -> tuple[Recommendation, ...]:
    made = []
    for text in recommended_in(review.summary or ""):
        to = addressed(text, hint=None, headings=())
        made.append(Recommendation(None, text, to.names, to.kinds, document=0, pages=(), form="list"))
    return tuple(made)
