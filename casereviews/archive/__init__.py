"""The archive that never forgets: every capture, review, document and version, and the runs that saw them.

A folder with `catalogue.sqlite3` and `blobs/`. It is the only thing that cannot be rebuilt; several processes may
read it while one writes.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from casereviews.archive.blobs import Blobs
from casereviews.archive.captures import Captures
from casereviews.archive.catalogue import now
from casereviews.archive.history import History
from casereviews.archive.links import Links
from casereviews.archive.pruning import Pruning
from casereviews.archive.rows import (
    Answer,
    Capture,
    DocumentCounts,
    Replacement,
    ReviewLink,
    Run,
    SavedSearch,
    SourceResult,
    StoredReview,
    Takedown,
)
from casereviews.archive.visits import Visits
from casereviews.errors import UsageError

__all__ = [
    "Answer",
    "Archive",
    "Capture",
    "Captures",
    "DocumentCounts",
    "Replacement",
    "ReviewLink",
    "Run",
    "SavedSearch",
    "SourceResult",
    "StoredReview",
    "Takedown",
    "now",
]


class Archive(Links, Pruning, Visits, History):
    """The whole archive; open it with `Archive.open`, use it as a context manager."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.folder = folder
        self.blobs = Blobs(folder / "blobs")
        super().__init__(folder / "catalogue.sqlite3", write=write)
        if write:
            self.blobs.sweep()

    @classmethod
    def open(cls, folder: Path, *, write: bool = False, replica: bool | None = None) -> Self:
        """Open the archive in `folder`, making it when `write` is set.

        `replica` says where this run's pages come from; an archive filled from the live web refuses a replica's
        and the other way round. Raises UsageError, DamagedError or StorageError.
        """
        archive = cls(folder, write=write)
        if replica is None:
            return archive
        wanted = "replica" if replica else "live"
        found = archive.meta("origin")
        if found is not None and found != wanted:
            archive.close()
            raise UsageError(
                f"the archive {folder} was filled from "
                + ("a replica" if found == "replica" else "the live web")
                + f" and cannot be mixed with {'a replica' if replica else 'the live web'}; choose another --data"
            )
        if found is None and write:
            archive.set_meta("origin", wanted)
        return archive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
