"""What was new, changed, missing or gone in the last run, or in all runs since a run or a date."""

import argparse
import re

from casereviews.cli import digest
from casereviews.cli.arguments import add_format, settings
from casereviews.errors import UsageError

USAGE = ""
EXAMPLES = """
casereviews changes
casereviews changes --since 2026-11-01 --format json
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--since", metavar="RUN|DATE", help="from this run's number or this date (YYYY-MM-DD) on")
    add_format(parser, "text", "json", "markdown")


def run(options: argparse.Namespace) -> int:
    """Print the digest of a span of runs."""
    from casereviews.archive import Archive

    span = _span(options.since)
    with Archive.open(settings(options).archive_folder) as archive:
        found = archive.digest(*span)
        digest.show(found, digest.titles(archive, digest.named(found)), options)
    return 0


def _span(since: str | None) -> tuple[int | None, str | None]:
    """The first run, or the first day, that is meant."""
    if since is None:
        return None, None
    if since.isdecimal() and len(since) != 4:
        return int(since), None
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", since):
        return None, since
    raise UsageError(f"--since {since!r} is neither the number of a run nor a date such as 2026-11-01")
