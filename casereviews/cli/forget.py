"""Take a review down on request: its text, files and index entry go for good, and it is not gathered again."""

import argparse
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, day, short_id
from casereviews.errors import UsageError
from casereviews.terminal import Terminal, clean

if TYPE_CHECKING:
    from casereviews.archive import Archive
    from casereviews.config import Settings

USAGE = "REVIEW --reason TEXT | --list"
EXAMPLES = """
casereviews forget nspcc:2026-wexmoor-child-maple --reason 'request of the board, 3 March 2026'
casereviews forget --list
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("review", nargs="?", metavar="REVIEW", help="the review's id, or enough of it")
    parser.add_argument("--reason", metavar="TEXT", help="why, without names: it is all that stays")
    parser.add_argument("--list", action="store_true", help="what was taken down: when, of which source, why")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Forget one review, or list the takedowns."""
    if options.list == bool(options.review):
        raise UsageError("forget takes a review and --reason, or --list alone")
    if options.review and not (options.reason or "").strip():
        raise UsageError("forget takes --reason: who asked for it and when, without names")
    chosen = settings(options)
    return _list(options, chosen) if options.list else _forget(options, chosen)


def _forget(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive
    from casereviews.lock import run_lock
    from indexer.erase import finish_takedowns

    if not (chosen.archive_folder / "catalogue.sqlite3").is_file():
        raise UsageError(f"no archive in {chosen.data}; check --data")
    with run_lock(chosen.data), Archive.open(chosen.archive_folder, write=True) as archive:
        review = _meant(archive, options.review)
        takedown = archive.forget(review, options.reason.strip())
        finish_takedowns(archive, chosen)
    if options.format == "json":
        print_json({"review": review, "files": takedown.files, "others": list(takedown.others)})
        return 0
    out = terminal(options)
    out.paragraph(f"Taken down: {clean(review)}, {count(takedown.files, 'file')}. It is not gathered again.")
    for other in takedown.others:
        out.paragraph(f"{short_id(clean(other))} held the same file and holds it no more; forget it too?")
    out.paragraph("Backups, exports and digests that were made before still hold it.")
    return 0


def _meant(archive: "Archive", typed: str) -> str:
    """The one review whose id begins as typed."""
    if archive.review(typed) is not None:
        return typed
    found = [each.review.id for each in archive.reviews() if each.review.id.startswith(typed)]
    if len(found) > 1:
        raise UsageError(f"{typed!r} may be {', '.join(found[:3])}; write more of it")
    if not found and archive.is_blocked("review", typed):
        raise UsageError(f"{typed!r} was taken down before; casereviews forget --list tells of it")
    return found[0] if found else typed


def _list(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive

    with Archive.open(chosen.archive_folder) as archive:
        found = archive.takedowns()
    told: list[dict[str, Any]] = [
        {name: getattr(each, name) for name in ("id", "source", "reason", "at", "files", "finished")} for each in found
    ]
    if options.format == "json":
        print_json({"takedowns": told})
        return 0
    _show(told, terminal(options))
    return 0


def _show(found: list[dict[str, Any]], out: Terminal) -> None:
    if not found:
        out.paragraph("Nothing was taken down.")
    for each in found:
        unfinished = "" if each["finished"] else out.paint("bad", " (the next refresh finishes it)")
        head = f"{day(each['at'][:10])}, {clean(each['source'])}, {count(each['files'], 'file')}{unfinished}: "
        out.hanging(head, clean(each["reason"]))
