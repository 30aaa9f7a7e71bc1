"""A health probe: whether an unattended archive is fresh, whole, in step and has room."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews import clock
from casereviews.errors import CaseReviewsError, NoIndexError, exit_code
from casereviews.terminal import Terminal, clean

if TYPE_CHECKING:
    from casereviews.archive import Archive
    from casereviews.config import Settings

LEAST_FREE = 1_000_000_000
"""Bytes that must be free on the disk of the data folder."""
LONGEST_RUN = timedelta(hours=24)
"""A run that is not over after this is stuck."""

Problem = dict[str, Any]


def check(chosen: "Settings", fresh_days: int) -> tuple[list[Problem], int]:
    """What is wrong, each with the exit code that stands for it, and the one exit code for all (errors.py)."""
    from casereviews.archive import Archive

    found: list[Problem] = []
    try:
        with Archive.open(chosen.archive_folder) as archive:
            found += _runs(archive, chosen.data)
            found += _sources(archive, timedelta(days=fresh_days))
            change = archive.change
        found += _index(chosen, change, busy=_busy(chosen.data))
    except CaseReviewsError as error:
        found.append(_problem("data", error.exit_code, str(error)))
    found += _disk(chosen.data)
    return found, exit_code({each["code"] for each in found})


def _problem(what: str, code: int, told: str) -> Problem:
    return {"what": what, "code": code, "told": told}


def _runs(archive: "Archive", data: Path) -> list[Problem]:
    runs = archive.runs(1)
    if not runs:
        return [_problem("freshness", 1, "nothing was ever gathered; casereviews refresh starts")]
    (last,) = runs
    if last.finished is None and clock.utc() - datetime.fromisoformat(last.started) > LONGEST_RUN:
        what = "is still under way" if _busy(data) else "was stopped and not taken up again"
        return [_problem("runs", 1, f"run {last.id}, begun {last.started}, {what}")]
    return []


def _sources(archive: "Archive", fresh: timedelta) -> list[Problem]:
    """Sources whose last run failed or fell short, or whose last whole run is too old."""
    found = []
    for name in archive.sources_run():
        result, success = archive.last_result(name), archive.last_success(name)
        if result is not None and result.verdict in ("failed", "short"):
            said = result.errors[0] if result.errors else "no message"
            code = 1 if result.verdict == "failed" else 3
            found.append(_problem("expectations", code, f"{name} {result.verdict}: {said}"))
        age = None if success is None else clock.utc() - datetime.fromisoformat(success)
        if age is None or age > fresh:
            last = "never" if age is None else f"{age.days} days ago"
            found.append(_problem("freshness", 1, f"{name} was last gathered whole {last}"))
    return found


def _index(chosen: "Settings", change: int, *, busy: bool) -> list[Problem]:
    from search import open_index

    try:
        with open_index(chosen.index_folder) as index:
            in_step = index.ledger.get("archive_change") == change
    except NoIndexError as error:
        return [_problem("index", 1, str(error))]
    if in_step or busy:  # a run under way brings it in step
        return []
    return [_problem("index", 1, "the index is behind the archive; casereviews index brings it in step")]


def _disk(data: Path) -> list[Problem]:
    try:
        free = shutil.disk_usage(data).free
    except OSError as error:
        return [_problem("disk", 5, f"{data}: {error.strerror}")]
    if free < LEAST_FREE:
        return [_problem("disk", 5, f"{free / 1e6:,.0f} MB are free for {data}, {LEAST_FREE / 1e6:,.0f} are wanted")]
    return []


def _busy(data: Path) -> bool:
    from casereviews.lock import holder

    return holder(data) is not None


def show(problems: list[Problem], out: Terminal) -> None:
    """Print what is wrong, or that nothing is."""
    if not problems:
        out.paragraph(out.paint("good", "healthy"))
    for each in problems:
        out.hanging(f"{out.paint('bad', each['what'])}: ", clean(each["told"]))
