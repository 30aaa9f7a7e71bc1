"""Recommendations as they are found and shown: their facts, where to open them, the words sought in them."""

import html
from collections.abc import Mapping
from typing import Any

from search.passages import page_url, plain
from search.plans import Plan, Words, sought
from search.results import RecommendationHit
from search.words import spans


def recommendation_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of one recommendation, from its row in the page store."""
    url = row["url"]
    return {
        "number": row["number"],
        "text": row["text"],
        "addressee": "; ".join(row["addressees"]) or None,
        "addressees": list(row["addressees"]),
        "addressee_kinds": list(row["kinds"]),
        "page": row["page"],
        "printed": plain(row["printed"]) if row["printed"] else None,
        "pages": list(row["pages"]),
        "elsewhere": [{"document": document, "page": page} for document, page in row["elsewhere"]],
        "section": row["section"],
        "finding": row["finding"],
        "form": row["form"],
        "nature": row["nature"],
        "document_url": page_url(url, row["media_type"], row["page"], row["anchor"]) if url else None,
    }


def recommendation_hit(
    review: str, facts: Mapping[str, Any], row: Mapping[str, Any], score: float, plan: Plan
) -> RecommendationHit:
    """A recommendation that matched a plan."""
    found = recommendation_facts({**row, "url": row["url"] or facts["url"]})
    return RecommendationHit(review, score, facts, found, marked(found["text"], plan))


def marked(text: str, plan: Plan) -> str:
    """A text with the words that a plan seeks marked, all else of it escaped."""
    forms = {
        form
        for leaf in sought(plan)
        for part in ((leaf,) if isinstance(leaf, Words) else leaf.parts)
        for form in part.forms
    }
    pieces: list[str] = []
    at = 0
    for word, start, end in spans(text):
        if word in forms:
            pieces += (
                html.escape(text[at:start], quote=False),
                "<mark>",
                html.escape(text[start:end], quote=False),
                "</mark>",
            )
            at = end
    return "".join((*pieces, html.escape(text[at:], quote=False)))
