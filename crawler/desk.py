"""What a crawl works with: the archive, the run, the settings and the gate that all its sources share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Literal

import casereviews
from casereviews.archive import Archive, Run, SourceResult
from casereviews.config import Settings
from casereviews.errors import CaseReviewsError
from casereviews.lock import run_lock
from crawler.gate import Gate

Progress = Callable[[str, dict[str, int | None]], None]
"""Called with a source and its counts: requests, reviews, documents, expected."""
Reason = Literal["deadline", "interrupted", "storage"]


@dataclass(slots=True)
class Desk:
    """Shared by the spiders of one run; `stop` ends them all cleanly within seconds."""

    archive: Archive
    run: Run
    settings: Settings
    gate: Gate
    offline: bool = False
    limit: int | None = None
    full: bool = False
    """Whether everything is asked for, however long it was quiet."""
    progress: Progress | None = None
    own: ExitStack | None = None
    """What is to be closed when the run was begun for one spider alone (`scrapy crawl`), which then ends it."""
    stopping: Reason | None = None
    error: CaseReviewsError | None = None
    """What broke the archive; the run ends and raises it."""
    results: dict[str, SourceResult] = field(default_factory=dict)
    budgets: set[str] = field(default_factory=set)
    """Sources that ran into their budget or the deadline."""
    on_stop: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def alone(cls, settings: Settings, source: str) -> Desk:
        """A desk for one source that nobody else works at; used by `scrapy crawl`."""
        with ExitStack() as stack:
            stack.enter_context(run_lock(settings.data))
            replica = settings.replica is not None
            archive = stack.enter_context(Archive.open(settings.archive_folder, write=True, replica=replica))
            run = archive.begin_run([source], program=f"casereviews {casereviews.__version__} (scrapy)")
            return cls(archive, run, settings, Gate(settings.crawl_delay), own=stack.pop_all())

    def stop(self, reason: Reason) -> None:
        """End all sources; the first reason counts."""
        if self.stopping is None:
            self.stopping = reason
            self.gate.stop()
            for each in self.on_stop:
                each()

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Around every write to the archive: when that fails, the whole run ends, with the error kept."""
        try:
            yield
        except CaseReviewsError as error:
            self.error = self.error or error
            self.stop("storage")
            raise
