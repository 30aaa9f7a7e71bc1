"""Search what reviews say: `open_index(folder).search(Query("neglect"))`; `open_writer` fills the index.

`Query` is the short name of `SearchRequest`. docs/api.md shows the whole.
"""

from typing import TYPE_CHECKING

from search.index import Index, open_index
from search.results import (
    DocumentEntry,
    Hit,
    PageText,
    Passage,
    RecommendationHit,
    ReviewEntry,
    Searched,
    SearchRequest,
    SearchResult,
)

Query = SearchRequest

if TYPE_CHECKING:
    from search.writer import Writer, open_writer

__all__ = [
    "DocumentEntry",
    "Hit",
    "Index",
    "PageText",
    "Passage",
    "Query",
    "RecommendationHit",
    "ReviewEntry",
    "SearchRequest",
    "SearchResult",
    "Searched",
    "Writer",
    "open_index",
    "open_writer",
]


def __getattr__(name: str) -> object:
    if name in ("open_writer", "Writer"):  # a search never needs them
        from search import writer

        return getattr(writer, name)
    raise AttributeError(name)
