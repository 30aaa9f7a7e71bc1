"""What is asked of the index and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from casereviews.errors import UsageError
from search.query_tree import Node

Inside = Literal["reviews", "pages", "recommendations"]
Sort = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search: a query as typed or as a tree, and what narrows, orders and cuts its hits."""

    query: str | Node = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field to values: any of a field's values, all of the fields."""
    since: str | None = None
    """Year, month or day of publication from which on; `until` likewise, both included."""
    until: str | None = None
    sections: tuple[str, ...] = ()
    """Look only on pages in these sections of a report."""
    inside: str = "reviews"
    sort: str = "relevance"
    limit: int | None = 10
    """None for all hits."""
    offset: int = 0
    facets: tuple[str, ...] = ()
    passages: int = 3
    """Passages shown of a review."""
    collapse: bool = True
    """Show a review that several listings have once."""
    expand: bool = False
    """Look for what acronyms stand for too, and for the acronyms of quoted meanings."""
    explain: bool = False
    """Say how the query was understood and why the first hits rank."""
    like: str | None = None
    """A review, or REVIEW:PAGE, that the hits are to be like."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A page that proves a hit; `page` is None where it is the review's own description."""

    page: int | None
    printed: str | None
    section: str | None
    snippet: str
    """Plain text with `<mark>`; any other mark-up in it is escaped."""
    document_url: str
    """Opens the document at the page."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a passage."""
        return {
            "page": self.page,
            "printed": self.printed,
            "section": self.section,
            "snippet": self.snippet,
            "document_url": self.document_url,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A review that matches, or with `inside="pages"` a page of one, which is its only passage."""

    review: str
    title: str
    source: str
    publisher: str | None
    type: str
    area: str | None
    nation: str | None
    published: str | None
    url: str
    score: float
    state: str
    themes: tuple[str, ...]
    pages_matched: int
    passages: tuple[Passage, ...]
    page_hit: bool = False
    evidence: tuple[Mapping[str, Any], ...] = ()
    """Where a theme is asked for, what proves it: theme, sentence, page, document_url."""
    copies: tuple[str, ...] = ()
    """The ids under which other listings have the same review."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a hit; a page's own fields stand beside its review's."""
        made: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                *("review", "title", "source", "publisher", "type", "area", "nation", "published", "url"),
                *("score", "state"),
            )
        }
        made["themes"] = list(self.themes)
        made["evidence"] = list(self.evidence)
        made["copies"] = list(self.copies)
        if self.page_hit:
            return made | self.passages[0].to_dict()
        made["pages_matched"] = self.pages_matched
        made["passages"] = [passage.to_dict() for passage in self.passages]
        return made


@dataclass(frozen=True, slots=True)
class RecommendationHit:
    """A recommendation that matches: its own facts, and those of its review."""

    review: str
    score: float
    facts: Mapping[str, Any]
    """What is said of the review; see `Hit`."""
    recommendation: Mapping[str, Any]
    """See `search.recommendations.recommendation_facts`."""
    marked: str
    """The text with `<mark>` around the words sought; any other mark-up in it is escaped."""
    copies: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of a recommendation and its review."""
        names = ("title", "source", "publisher", "type", "area", "nation", "published", "url")
        made = {"review": self.review, **{name: self.facts[name] for name in names}}
        made |= {"score": self.score, "state": self.facts["state"], "themes": list(self.facts["themes"])}
        made["copies"] = list(self.copies)
        return made | dict(self.recommendation) | {"marked": self.marked}


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search looked through, and what it could not."""

    reviews: int
    documents: int
    documents_without_text: int
    stale: Mapping[str, str | None]
    """The sources that an answer may be out of date for, each with when it was last gathered as a whole."""
    documents_failed: int = 0

    @property
    def stale_sources(self) -> tuple[str, ...]:
        """The names of the stale sources."""
        return tuple(self.stale)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the denominators."""
        return {
            "reviews": self.reviews,
            "documents": self.documents,
            "documents_without_text": self.documents_without_text,
            "documents_failed": self.documents_failed,
            "stale_sources": list(self.stale),
            "stale_since": dict(self.stale),
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search."""

    query: str
    total: int
    inside: str
    searched: Searched
    hits: tuple[Hit | RecommendationHit, ...]
    suggestion: str | None = None
    notices: tuple[str, ...] = ()
    facets: Mapping[str, list[dict[str, str | int]]] = field(default_factory=dict)
    collapsed: int = 0
    """Hits that are not shown on their own, because they are of a copy of a review that is."""
    explanation: Mapping[str, Any] | None = None
    """Where it is asked for, see `search.explaining.explained`."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `search`."""
        return {
            "query": self.query,
            "total": self.total,
            "collapsed": self.collapsed,
            "in": self.inside,
            "searched": self.searched.to_dict(),
            "suggestion": self.suggestion,
            "notices": list(self.notices),
            "facets": {name: list(rows) for name, rows in self.facets.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        } | ({"explain": dict(self.explanation)} if self.explanation else {})


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as it is read: its text and where it is from."""

    review: str
    title: str
    number: int | None
    printed: str | None
    section: str | None
    anchor: str | None
    text: str
    document: int
    """The document's place in its review, from 1."""
    document_url: str
    document_title: str | None
    kind: str
    pages: int
    """How many pages the document has."""
    ocr: float | None
    """Confidence from 0 to 1 where the page was read from an image."""


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of a review, as the index knows it."""

    place: int
    """From 1, in the order in which the review lists it."""
    url: str
    kind: str
    title: str | None
    media_type: str | None
    sha256: str | None
    state: str
    reason: str | None
    retrieved: str | None
    """When its file was first fetched as it is, in UTC."""
    pages: int


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A review, as the index knows it; `facts` are its describing fields by name."""

    id: str
    facts: Mapping[str, Any]
    documents: tuple[DocumentEntry, ...]
    copies: tuple[Mapping[str, Any], ...] = ()
    """Reviews that are or may be the same, see `search.copies.copies_of`."""

    def document(self, place: int | None = None) -> DocumentEntry:
        """The document at a place, the first with text without one; UsageError where there is none."""
        if place is None:
            found = next((document for document in self.documents if document.pages), None)
            if found is None:
                raise UsageError(f"{self.id} has no document with text")
            return found
        if not 1 <= place <= len(self.documents):
            raise UsageError(f"{self.id} has no document {place}; it has {len(self.documents)}")
        return self.documents[place - 1]
