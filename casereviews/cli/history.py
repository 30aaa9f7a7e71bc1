"""The runs there were: when, how long, how they ended, what they asked for and what they found."""

from typing import TYPE_CHECKING, Any

from casereviews.cli.words import moment, size
from casereviews.terminal import Terminal, clean, pad, width

if TYPE_CHECKING:
    from casereviews.config import Settings

MOST = 30
"""Runs shown; the archive keeps them all until they are pruned."""
_COLUMNS = (
    *("run", "begun", "took", "verdict", "sources", "requests", "not modified", "received"),
    *("new", "changed", "missing", "gone"),
)


def history(chosen: "Settings") -> list[dict[str, Any]]:
    """The newest runs first, each with its duration in seconds and its counts."""
    from casereviews.archive import Archive

    with Archive.open(chosen.archive_folder) as archive:
        return archive.history(MOST)


def show(runs: list[dict[str, Any]], out: Terminal) -> None:
    """Print them as a table."""
    if not runs:
        out.paragraph("No run yet; casereviews refresh starts one.")
        return
    rows = [
        (
            str(each["run"]),
            moment(each["started"]),
            duration(each["seconds"]),
            clean(each["verdict"] or "unfinished"),
            f"{each['sources']:,}",
            f"{each['requests']:,}",
            f"{each['not_modified']:,}",
            size(each["bytes"]),
            *(f"{each[kind]:,}" for kind in ("new", "changed", "missing", "gone")),
        )
        for each in runs
    ]
    sizes = [max(map(width, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    for row in (_COLUMNS, *rows):
        cells = [pad(cell, sizes[at]) if at in (1, 3) else cell.rjust(sizes[at]) for at, cell in enumerate(row)]
        out.say("  ".join(cells).rstrip())


def duration(seconds: float | None) -> str:
    """Seconds as people say them: `12 s`, `4 min 5 s`, `2 h 3 min`; nothing for a run that did not end."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
