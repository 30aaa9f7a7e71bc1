"""Remove old versions, captures and runs that nothing needs; shows their sizes and asks first."""

import argparse
import sys

from casereviews.cli.arguments import add_format, number, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, size
from casereviews.errors import UsageError

USAGE = "[--older-than DAYS] [--yes]"
EXAMPLES = """
casereviews prune
casereviews prune --older-than 730 --yes
"""
DAYS = 365


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--older-than", type=number, default=DAYS, metavar="DAYS", help=f"only what is older (default {DAYS})"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Show what can go; remove it when told to. The last version of anything always stays."""
    from casereviews.archive import Archive
    from casereviews.lock import run_lock

    chosen = settings(options)
    if not (chosen.archive_folder / "catalogue.sqlite3").is_file():
        raise UsageError(f"no archive in {chosen.data}; check --data")
    out = terminal(options)
    with run_lock(chosen.data), Archive.open(chosen.archive_folder, write=True) as archive:
        found = archive.surplus(options.older_than)
        empty = not any(found.to_dict().values())
        if options.format == "text":
            out.paragraph(
                f"Older than {count(options.older_than, 'day')} and needed by nothing: "
                f"{count(found.versions, 'replaced version')}, {count(found.captures, 'capture')}, "
                f"{count(found.runs, 'run')}; {count(found.files, 'file')} of {size(found.bytes)}. "
                "The last version of every document stays."
            )
            out.stream.flush()
        removed = not empty and (options.yes or _agreed())
        if removed:
            archive.prune(options.older_than)
            archive.scrub()
    if options.format == "json":
        print_json({**found.to_dict(), "removed": removed})
    else:
        out.paragraph("Removed." if removed else "Nothing was removed.")
    return 0


def _agreed() -> bool:
    """Whether whoever sits there says yes; nobody is a no."""
    print("Remove them for good? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
