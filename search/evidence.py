"""Hits as rows that stand alone: the quote, where it stands, how to cite it, which file it was read from."""

import html
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from casereviews.model import REVIEW_TYPES
from search.index import Index
from search.passages import plain
from search.results import Hit, Passage, RecommendationHit, ReviewEntry

COLUMNS = (
    *("review", "title", "source", "publisher", "type", "area", "nation", "published", "state", "themes"),
    *("quote", "page", "printed_page", "section", "number", "addressee", "citation", "document_url", "url"),
    *("file_sha256", "retrieved_on", "licence", "rights_holder", "copies", "score"),
)
"""The columns of a row, in their order; `page` is the file's own, `printed_page` what is printed on it."""

_KEPT = 2000
"""Reviews of which what is known is kept."""

_MARK = re.compile(r"</?mark>")


class Evidence:
    """Makes rows of the hits of one index; what is known of a review is kept while its other hits are near."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: OrderedDict[str, ReviewEntry] = OrderedDict()

    def entry(self, review: str) -> ReviewEntry:
        """What the index knows of a hit's review."""
        if review not in self._known:
            self._known[review] = self._index.review(review)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(review)
        return self._known[review]

    def rows(self, hit: Hit | RecommendationHit) -> Iterator[dict[str, Any]]:
        """A row for each passage of a hit, or one without a quote where it has none."""
        entry = self.entry(hit.review)
        shared = self._shared(entry, hit)
        if isinstance(hit, RecommendationHit):
            found = hit.recommendation
            yield self._row(entry, shared, found, plain(found["text"]))
            return
        for passage in hit.passages or (Passage(None, None, None, "", entry.facts["url"]),):
            yield self._row(entry, shared, passage.to_dict(), _words(passage.snippet))

    def _shared(self, entry: ReviewEntry, hit: Hit | RecommendationHit) -> dict[str, Any]:
        facts = entry.facts
        names = ("title", "source", "publisher", "type", "area", "nation", "published", "state", "url", "licence")
        shared = {name: plain(facts[name]) if facts[name] else None for name in names}
        label = self._index.facets.label
        shared["type"] = REVIEW_TYPES.get(facts["type"], facts["type"])
        return shared | {
            "review": entry.id,
            "themes": [label("theme", theme) for theme in facts["themes"]],
            "rights_holder": shared["publisher"],
            "copies": list(hit.copies),
            "score": hit.score,
        }

    def _row(
        self, entry: ReviewEntry, shared: Mapping[str, Any], found: Mapping[str, Any], quote: str
    ) -> dict[str, Any]:
        url = found["document_url"] or entry.facts["url"]
        address = url.partition("#")[0]
        held = next((each for each in entry.documents if each.url.partition("#")[0] == address), None)
        row = dict.fromkeys(COLUMNS) | dict(shared)
        return row | {
            "quote": quote,
            "page": found["page"],
            "printed_page": found["printed"],
            "section": found["section"],
            "number": found.get("number"),
            "addressee": found.get("addressee"),
            "citation": citation(entry.facts, url, found["page"]),
            "document_url": url,
            "file_sha256": held.sha256 if held else None,
            "retrieved_on": held.retrieved[:10] if held and held.retrieved else None,
        }


def citation(facts: Mapping[str, Any], url: str, page: int | None) -> str:
    """A review as a reader cites it: publisher (year), title, type, page, address."""
    who = plain(facts["publisher"] or facts["source"])
    year = (facts["published"] or "")[:4] or "n.d."
    kind = "" if facts["type"] == "other" else f" {REVIEW_TYPES.get(facts['type'], facts['type'])}."
    where = f" p. {page}." if page else ""
    return f"{who} ({year}). {plain(facts['title']).rstrip('.')}.{kind}{where} {url}"


def _words(snippet: str) -> str:
    """A snippet as it stands on the page."""
    return html.unescape(_MARK.sub("", snippet))
