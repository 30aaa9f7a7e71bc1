"""The time that one search may take."""

import time

from casereviews.errors import QueryError

SEARCH_SECONDS = 2.0
"""Processor time after which a search is given up."""


class Clock:
    """Counts the processor time of the search that is under way."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A search begins."""
        self._end = time.thread_time() + SEARCH_SECONDS

    def check(self) -> None:
        """Raise QueryError when the search has taken too long."""
        if time.thread_time() > self._end:
            raise QueryError(
                f"the search took longer than {SEARCH_SECONDS:g} seconds; "
                "use fewer words, rarer words or longer prefixes, or add a filter"
            )
