"""Write every hit of a search to a file: csv, jsonl, xlsx, or references as ris or bib."""

import argparse
import sys
from pathlib import Path

from casereviews.cli.arguments import add_choice, add_format, number, plain, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.search import add_filters, filters_of
from casereviews.cli.words import count
from casereviews.terminal import clean

MINUS_WORDS = True
USAGE = "[QUERY] --to FILE"
EXAMPLES = """
casereviews export 'bruising "non-mobile"' --to bruising.xlsx
casereviews export neglect --in recommendations --from 2019 --to neglect.csv
casereviews export --type cspr --nation wales --to wales.ris
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="as for casereviews search")
    parser.add_argument("--to", dest="file", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument(
        "--as", dest="kind", metavar="WHICH", help="csv, jsonl, ris, bib or xlsx (default: by the file's ending)"
    )
    add_filters(parser, until=("--until",)).add_argument(
        "--section", action="append", default=[], metavar="SECTION", help="in this section of a report"
    )
    parser.add_argument("--expand", action="store_true", help="look for what acronyms stand for too, and the reverse")
    parser.add_argument("--like", metavar="REVIEW[:PAGE]", help="reviews or pages like this one")
    shape = parser.add_argument_group("what to write")
    add_choice(shape, "--in", ("reviews", "pages", "recommendations"), dest="inside")
    add_choice(shape, "--sort", ("relevance", "newest", "oldest"))
    shape.add_argument("--passages", type=number, metavar="N", help="at most so many quotes of a review, each a row")
    shape.add_argument(
        "--collapse",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="write a review that several listings have once (default), or each copy on its own",
    )
    add_format(shape, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Export; no hits make a file without rows and no failure."""
    from casereviews.cli.interrupts import interruptible
    from casereviews.errors import UsageError
    from search import SearchRequest, open_index
    from search.export import FORMATS, export

    if options.kind is not None and options.kind not in FORMATS:
        raise UsageError(f"no format {clean(options.kind)!r}; there is {', '.join(FORMATS)}")
    request = SearchRequest(
        query=plain(options.query),
        filters=filters_of(options),
        since=options.since,
        until=options.until,
        inside=options.inside,
        sections=tuple(options.section),
        sort=options.sort,
        collapse=options.collapse,
        like=options.like,
        expand=options.expand,
    )
    with open_index(settings(options).index_folder) as index, interruptible():
        done = export(index, request, options.file, options.kind, options.passages)
    if options.format == "json":
        print_json({"file": str(done.path), **done.log})
        return 0
    for notice in done.notices:
        print(f"note: {clean(notice)}", file=sys.stderr)
    searched = count(int(done.log["reviews_searched"]), "searchable review")
    out = terminal(options)
    out.paragraph(f"Wrote {count(done.total, options.inside[:-1])} to {clean(str(done.path))}; {searched}.")
    return 0
