"""Names that the index holds, for a shell to complete: read from the page store alone, no engine is opened."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from search import pages
from search.facets import Facets

MOST = 200
"""Reviews that are offered at once."""


def values(folder: Path, field: str) -> Sequence[str]:
    """The values of a field (search/facets.py), in order; NoIndexError where there is no index."""
    with pages.storage_errors(folder), closing(pages.connect(folder)) as connection:
        return sorted(Facets(connection, {}).values(field).values())


def reviews(folder: Path, beginning: str) -> Sequence[str]:
    """The first ids of reviews that begin so, in order; NoIndexError where there is no index."""
    query = "SELECT review FROM record WHERE review >= ? AND review < ? ORDER BY review LIMIT ?"
    with pages.storage_errors(folder), closing(pages.connect(folder)) as connection:
        return [review for (review,) in connection.execute(query, (beginning, beginning + "\U0010ffff", MOST))]
