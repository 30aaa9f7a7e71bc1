"""What was new, changed, missing or gone in the last run, or in all runs since a run or a date."""

import argparse
import re
from typing import TYPE_CHECKING, Any

from casereviews.cli import digest
from casereviews.cli.arguments import add_format, settings
from casereviews.cli.output import print_json, terminal
from casereviews.errors import UsageError

if TYPE_CHECKING:
    from casereviews.archive import Archive

EXAMPLES = """
casereviews changes
casereviews changes --since 2026-11-01 --format json
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--since", metavar="RUN|DATE", help="from this run's number or this date (YYYY-MM-DD) on")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Print the digest of a span of runs."""
    from casereviews.archive import Archive

    chosen = settings(options)
    with Archive.open(chosen.archive_folder) as archive:
        found = _digest(archive, options.since)
        if options.format == "json":
            print_json(found)
        else:
            digest.render(
                found, terminal(options), digest.titles(archive, digest.named(found)), full=options.verbose > 0
            )
    return 0


def _digest(archive: "Archive", since: str | None) -> dict[str, Any]:
    if since is None:
        return archive.digest()
    if since.isdecimal() and len(since) != 4:
        return archive.digest(since_run=int(since))
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", since):
        return archive.digest(since=since)
    raise UsageError(f"--since {since!r} is neither the number of a run nor a date such as 2026-11-01")
