"""How a record is laid out in the index: what a hit shows of it, what it is filtered by, where its pages start."""

from collections.abc import Iterator
from typing import Any

from casereviews.model import Page, Record
from search import tags


def describe(record: Record) -> dict[str, Any]:
    """What a hit shows of its review."""
    review = record.review
    return {
        "title": review.title,
        "source": review.source,
        "publisher": review.publisher,
        "type": review.type,
        "area": review.area,
        "nation": review.nation,
        "published": review.published,
        "url": review.url,
        "state": record.state,
        "themes": list(record.themes),
        "agencies": list(record.agencies),
        "listed": list(record.listed),
        "incident": review.incident,
        "reported": review.reported,
        "updated": review.updated,
        "first_seen": record.first_seen,
        "reference": review.reference,
        "summary": review.summary,
        "keywords": list(review.keywords),
        "addressees": list(review.addressees),
        "licence": review.licence,
        "withdrawn": review.withdrawn,
        "from_text": [
            {"field": fact.field, "value": fact.value, "document": fact.document, "page": fact.page}
            for fact in record.from_text
        ],
    }


def facets_of(record: Record) -> Iterator[tuple[str, str | None]]:
    """The facts that a review is filtered and counted by, as field and value."""
    review = record.review
    yield from (("source", review.source), ("type", review.type), ("area", review.area))
    yield from (("nation", review.nation), ("state", record.state))
    yield "year", review.published[:4] if review.published else None
    yield from tags.facts(record)
    for document in record.documents:
        yield from (("section", page.section) for page in document.pages)
        yield from (("section", section.canonical) for section in document.sections)


def laid_out(record: Record, ids: list[int]) -> Iterator[tuple[Page | None, int | None]]:
    """The description as page 0, then every document's pages after a gap (None)."""
    review = record.review
    keywords = ", ".join(review.keywords)
    parts = (review.title, review.summary, review.reference, keywords, review.publisher, review.area)
    yield Page(0, "\n".join(part for part in parts if part)), None
    for document, number in zip(record.documents, ids, strict=True):
        if document.pages:
            yield None, None
        for page in document.pages:
            yield page, number
