"""Pruning: older versions, captures and runs that nothing needs any more; never the last of anything."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from casereviews.archive.captures import Captures
from casereviews.archive.faults import storage_errors
from casereviews.clock import utc

_VERSIONS = (
    "SELECT v.id FROM version v JOIN version later ON later.id = "
    "(SELECT min(id) FROM version WHERE document = v.document AND id > v.id) WHERE later.captured_at < :before"
)
"""Versions that another replaced before a time; the newest of a document is none of them."""
_CAPTURES = (
    "SELECT c.id FROM capture c WHERE c.captured_at < :before "  # noqa: S608
    f"AND c.id NOT IN (SELECT capture FROM version WHERE id NOT IN ({_VERSIONS})) "
    "AND c.id NOT IN (SELECT max(id) FROM capture GROUP BY url) "
    "AND c.id NOT IN (SELECT max(id) FROM capture WHERE status = 200 AND error IS NULL AND sha256 NOT NULL "
    "GROUP BY url)"
)
"""Captures that no kept version rests on, that are not the newest of their address nor its newest whole one."""
_RUNS = (
    "SELECT r.id FROM run r WHERE r.finished < :before AND r.id <> (SELECT max(id) FROM run) "  # noqa: S608
    "AND r.id NOT IN (SELECT last_run FROM review) "
    "AND r.id NOT IN (SELECT max(run) FROM source_run GROUP BY source) "
    "AND r.id NOT IN (SELECT max(run) FROM source_run WHERE verdict = 'ok' GROUP BY source) "
    f"AND r.id NOT IN (SELECT run FROM version WHERE id NOT IN ({_VERSIONS})) "
    f"AND r.id NOT IN (SELECT run FROM capture WHERE id NOT IN ({_CAPTURES}))"
)
"""Runs that nothing kept names, and that are not the last, or the last whole one, of any source."""


@dataclass(frozen=True, slots=True)
class Surplus:
    """What can be removed: how many of each, and the bytes of the files that go with them."""

    versions: int
    captures: int
    runs: int
    files: int
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `prune`."""
        return asdict(self)


class Pruning(Captures):
    """What may go, and its going."""

    def surplus(self, days: int) -> Surplus:
        """What is older than so many days and needed by nothing."""
        at = self._before(days)
        files = self._unneeded(at)
        sizes = [path.stat().st_size for path in map(self.blob_path, files) if path.is_file()]
        versions, captures, runs = (self._count(each, at) for each in (_VERSIONS, _CAPTURES, _RUNS))
        return Surplus(versions, captures, runs, len(files), sum(sizes))

    def prune(self, days: int) -> Surplus:
        """Remove what `surplus` counts; what a killed pruning left of files goes with the next."""
        at = self._before(days)
        with self.transaction():
            told = self.surplus(days)
            files = self._unneeded(at)
            runs = [row[0] for row in self.db.execute(_RUNS, at)]
            captures = [row[0] for row in self.db.execute(_CAPTURES, at)]
            self.db.execute(f"DELETE FROM version WHERE id IN ({_VERSIONS})", at)  # noqa: S608
            self.db.executemany("DELETE FROM capture WHERE id = ?", [(each,) for each in captures])
            for run in runs:
                for query in (
                    "DELETE FROM event WHERE run = ?",
                    "DELETE FROM source_run WHERE run = ?",
                    "DELETE FROM theme_moved WHERE run = ?",
                    "UPDATE saved_hit SET run = NULL WHERE run = ?",  # what was told stays told
                    "UPDATE saved SET error_run = NULL WHERE error_run = ?",
                    "DELETE FROM run WHERE id = ?",
                ):
                    self.db.execute(query, (run,))
        for each in files:
            path = self.blob_path(each)
            with storage_errors(path):
                path.unlink(missing_ok=True)
        return told

    def _count(self, rows: str, at: dict[str, str]) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM ({rows})", at).fetchone()[0])  # noqa: S608

    def _before(self, days: int) -> dict[str, str]:
        return {"before": (utc() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")}

    def _unneeded(self, at: dict[str, str]) -> set[str]:
        """The files that only what goes rests on, and those that nothing rests on."""
        kept = (
            f"SELECT sha256 FROM version WHERE id NOT IN ({_VERSIONS}) "  # noqa: S608
            f"UNION SELECT sha256 FROM capture WHERE sha256 NOT NULL AND id NOT IN ({_CAPTURES})"
        )
        needed = {row[0] for row in self.db.execute(kept, at)}
        return {path.name for path in self.blobs.all()} - needed
