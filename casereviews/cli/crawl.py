"""Only gather: ask the sources what is new and archive it; the index stays as it is."""

import argparse

from casereviews.cli.arguments import add_format, number
from casereviews.cli.refresh import add_traffic, gather, report, within

USAGE = "[SOURCE ...]"
EXAMPLES = """
casereviews crawl govuk --limit 20
casereviews crawl --offline
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="only these (casereviews sources lists them)")
    parser.add_argument("--offline", action="store_true", help="parse the archived pages again, without a network")
    parser.add_argument("--limit", type=number, metavar="N", help="stop each source after N reviews")
    add_traffic(parser)
    add_format(parser, "text", "json", "markdown")


def run(options: argparse.Namespace) -> int:
    """Crawl under the run lock; prints the digest."""
    chosen = within(options)
    gathered = gather(
        options,
        chosen,
        options.sources,
        offline=options.offline,
        limit=options.limit,
        full=options.full,
        index=False,
    )
    return report(gathered, options, chosen)
