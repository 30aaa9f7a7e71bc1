"""GOV.UK's Search API over the invented items: strict parameters, filters, order and paging."""

import re
from collections.abc import Callable
from typing import Any

from replica.corpus import Corpus, Invented
from replica.messages import Request, Response, json_response
from replica.sites.govuk_links import COLLECTIONS, ORGANISATIONS, base_path, content_id, organisation_id

FIELDS = (
    "content_id", "content_store_document_type", "description", "display_type", "document_collections", "format",
    "indexable_content", "is_withdrawn", "link", "organisation_content_ids", "organisations", "popularity",
    "public_timestamp", "title", "updated_at",
)  # fmt: skip
DEFAULT_FIELDS = (
    "content_id", "content_store_document_type", "description", "display_type", "document_collections", "format",
    "link", "organisations", "public_timestamp", "title",
)  # fmt: skip
FILTERS = ("organisations", "content_store_document_type", "document_collections", "format", "public_timestamp")
ORDERS = ("public_timestamp", "title", "popularity")
PLAIN = ("q", "count", "start", "order", "fields", "debug", "cache_bust")


class _RefusedError(ValueError):
    pass


def search(request: Request, corpus: Corpus, state: int) -> Response:
    """One page of results, or 422 with what is wrong."""
    try:
        return json_response(_search(request, corpus, state)).plus({"Cache-Control": "max-age=1800, public"})
    except _RefusedError as refused:
        return json_response({"error": str(refused)}, 422)


def _search(request: Request, corpus: Corpus, state: int) -> dict[str, Any]:
    for name, _ in request.query:
        bare = name.removesuffix("[]")
        kind, _, field = bare.partition("_")
        if bare not in PLAIN and not (kind in ("filter", "reject") and field in FILTERS):
            raise _RefusedError(f"Unexpected parameters: {bare}")
    count, start = _number(request, "count", 10), _number(request, "start", 0)
    if count > 1500:
        raise _RefusedError("Maximum result set size (as specified in 'count') is 1500")
    order = request.one("order")
    if order and order.removeprefix("-") not in ORDERS:
        raise _RefusedError(f'"{order}" is not a valid sort field')
    fields = [part for value in request.every("fields") for part in value.split(",")] or list(DEFAULT_FIELDS)
    if unknown := [field for field in fields if field not in FIELDS]:
        raise _RefusedError(f"Some requested fields are not valid return fields: {unknown}")
    withdrawn = "include_withdrawn" in request.one("debug")
    found = [
        review
        for review in corpus.on("govuk", state)
        if (withdrawn or not review.is_withdrawn(state)) and _matches(review, request, state)
    ]
    words = re.findall(r"\w+", request.one("q").lower())
    scores = {review.id: _score(review, words) for review in found}
    if words:
        found = [review for review in found if scores[review.id]]
    found.sort(key=_sort_key(order, scores, state), reverse=order.startswith("-"))
    return {
        "results": [_result(review, fields, scores, bool(words), state) for review in found[start : start + count]],
        "total": len(found),
        "start": start,
        "aggregates": {},
        "suggested_queries": [],
        "suggested_autocomplete": [],
        "es_cluster": "A",
        "reranked": False,
    }


def _number(request: Request, name: str, default: int) -> int:
    given = request.every(name)
    if not given:
        return default
    if len(given) > 1:
        raise _RefusedError(f'Too many values (2) for parameter "{name}" (must occur at most once)')
    if not re.fullmatch(r"\d{1,9}", given[0]):
        raise _RefusedError(f'Invalid value "{given[0]}" for parameter "{name}" (expected positive integer)')
    return int(given[0])


def _matches(review: Invented, request: Request, state: int) -> bool:
    for field in FILTERS:
        wanted, refused = request.every(f"filter_{field}"), request.every(f"reject_{field}")
        if field == "public_timestamp":
            if wanted and not _within(review.updated(state).isoformat(), wanted):
                return False
            continue
        held = _facet(review, field)
        values = {part for value in wanted for part in value.split(",")}
        if wanted and held not in values and not ("_MISSING" in values and not held):
            return False
        if held and held in {part for value in refused for part in value.split(",")}:
            return False
    return True


def _facet(review: Invented, field: str) -> str:
    return {
        "organisations": review.publisher,
        "content_store_document_type": review.facts["doctype"],
        "document_collections": review.facts.get("collection", ""),
        "format": review.facts["doctype"],
    }[field]


def _within(moment: str, values: list[str]) -> bool:
    if len(values) > 1:
        raise _RefusedError('Too many values for parameter "filter_public_timestamp"')
    bounds = dict(part.split(":", 1) for part in values[0].split(",") if ":" in part)
    if not bounds or bounds.keys() - {"from", "to"} or not all(_is_date(day) for day in bounds.values()):
        raise _RefusedError(f'Invalid value "{values[0]}" for parameter "filter_public_timestamp"')
    return bounds.get("from", "") <= moment and moment[:10] <= bounds.get("to", "9999")


def _is_date(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d{2}-\d{2}", text))


def _score(review: Invented, words: list[str]) -> float:
    title, summary = review.title.lower(), review.summary.lower()
    return sum((3.0 if word in title else 0.0) + (1.0 if word in summary else 0.0) for word in words)


def _sort_key(order: str, scores: dict[str, float], state: int) -> Callable[[Invented], tuple[Any, ...]]:
    match order.removeprefix("-"):
        case "public_timestamp":
            return lambda review: (review.updated(state), content_id(review))
        case "title":
            return lambda review: (review.title, content_id(review))
    return lambda review: (-scores[review.id], len(review.id), review.id)


def _result(review: Invented, fields: list[str], scores: dict[str, float], scored: bool, state: int) -> dict[str, Any]:
    path = base_path(review)
    title, acronym, _ = ORGANISATIONS[review.publisher]
    kind = review.facts["doctype"]
    collection = review.facts.get("collection")
    values: dict[str, Any] = {
        "content_id": content_id(review),
        "content_store_document_type": kind,
        "description": review.summary,
        "display_type": kind.replace("_", " ").capitalize(),
        "document_collections": [
            {"link": f"/government/collections/{collection}", "slug": collection, "title": COLLECTIONS[collection]}
        ]
        if collection
        else None,
        "format": kind,
        "indexable_content": f"{review.title} {review.summary}",
        "is_withdrawn": review.is_withdrawn(state),
        "link": path,
        "organisation_content_ids": [organisation_id(review.publisher)],
        "organisations": [
            {
                "acronym": acronym,
                "content_id": organisation_id(review.publisher),
                "link": f"/government/organisations/{review.publisher}",
                "organisation_state": "live",
                "organisation_type": "other",
                "slug": review.publisher,
                "title": title,
            }
        ],
        "popularity": 0.0001,
        "public_timestamp": f"{review.updated(state):%Y-%m-%dT%H:%M:%SZ}",
        "title": review.title,
        "updated_at": f"{review.updated(state):%Y-%m-%dT%H:%M:%S.000Z}",
    }
    result = {field: values[field] for field in fields if values[field] is not None}
    result |= {"index": "govuk", "es_score": scores[review.id] if scored else None, "_id": path}
    return {**result, "elasticsearch_type": "edition", "document_type": "edition"}
