"""What saved searches find in the index as it is now, and how many reviews have each theme."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.archive import Answer, SavedSearch
from casereviews.errors import BudgetError, UsageError

if TYPE_CHECKING:
    from search import Index, SearchRequest


def request(search: SavedSearch) -> "SearchRequest":
    """A saved search as it is asked."""
    from search import SearchRequest

    narrowing = search.narrowing
    return SearchRequest(
        query=search.query,
        filters={field: tuple(values) for field, values in narrowing.get("filters", {}).items()},
        since=narrowing.get("since"),
        until=narrowing.get("until"),
        sections=tuple(narrowing.get("sections", ())),
    )


def answers(folder: Path, searches: Iterable[SavedSearch]) -> dict[int, Answer]:
    """Each search's answer by its id; one that cannot be answered any more says why."""
    from search import open_index

    wanted = list(searches)
    if not wanted:
        return {}
    with open_index(folder) as index:
        return {search.id: _answer(index, search) for search in wanted}


def theme_counts(folder: Path) -> dict[str, int]:
    """How many reviews have each theme, those with copies once."""
    from search import SearchRequest, open_index
    from search.theme_tables import ThemeTables

    with open_index(folder) as index:
        index.clock.start()
        rows = ThemeTables(index, SearchRequest()).counts()["rows"]
    return {row["theme"]: row["reviews"] for row in rows}


def _answer(index: "Index", search: SavedSearch) -> Answer:
    try:
        return Answer(families(index, request(search)))
    except (UsageError, BudgetError) as error:
        return Answer(error=str(error))


def families(index: "Index", wanted: "SearchRequest") -> tuple[tuple[str, ...], ...]:
    """Every review found, each with its copies behind it; QueryError for a theme that there is no more."""
    from search.theme_tables import ThemeTables

    index.clock.start()
    tables = ThemeTables(index, wanted)
    for theme in wanted.filters.get("theme", ()):
        tables.concept(theme)
    found = ((index.order[record][0], *index.families.others(record)) for record in tables.records)
    return tuple(sorted(found))
