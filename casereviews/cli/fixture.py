"""Turn an archived answer into a test case of its source, and print what the source's parser makes of it."""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from casereviews.cli.arguments import settings
from casereviews.cli.output import print_json
from casereviews.errors import UsageError

USAGE = "SOURCE URL"
EXAMPLES = """
casereviews fixture govuk https://www.gov.uk/api/content/government/publications/a-review --case publication
casereviews fixture pfd https://www.judiciary.uk/… --callback parse_post --accept
"""
FOLDER = Path("tests/spiders")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("source", metavar="SOURCE", help="the source (casereviews sources lists them)")
    parser.add_argument("url", metavar="URL", help="the address of an answer that the archive holds")
    parser.add_argument("--case", metavar="NAME", help="the case's folder (default: from the address)")
    parser.add_argument("--callback", metavar="METHOD", help="the method that parses it, where no page leads to it")
    parser.add_argument("--accept", action="store_true", help="keep the parse as the expectation: judge it first")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="DIR", help=f"where cases are (default {FOLDER})")


def run(options: argparse.Namespace) -> int:
    """Write the case; its expectation only when asked for."""
    from casereviews.archive import Archive
    from crawler.fixtures import play, read_case, write_case, write_expectation
    from crawler.retrace import record
    from crawler.run import find

    (spider,) = find([options.source])
    if not options.to.is_dir():
        raise UsageError(f"there is no folder {options.to}; run it in the project's checkout or give --to")
    folder = options.to / options.source / _name(options.case, options.url)
    fresh = not (folder / "meta.json").exists()
    chosen = settings(options)
    with Archive.open(chosen.archive_folder) as archive:
        told = chosen.sources.get(spider.name)
        case = record(spider, archive, options.url, callback=options.callback, options=told)
    if fresh:
        write_case(folder, case)
    elif (asked := read_case(folder).url) != case.url:
        raise UsageError(f"the case {folder} is of {asked}; choose another name with --case")
    outcomes = play(spider, read_case(folder))
    print_json(outcomes)
    if options.accept:
        write_expectation(folder, outcomes)
    if not options.quiet:
        done = f"{'Recorded' if fresh else 'Read again'}: {folder}"
        print(done, file=sys.stderr)
        hint = "its expectation is what is printed above" if options.accept else "judge the parse, then add --accept"
        print(f"note: put invented names and places into its body; {hint}", file=sys.stderr)
    return 0


def _name(given: str | None, url: str) -> str:
    """The case's name: lower-case words joined by hyphens, and nothing that leaves the folder."""
    if given is not None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", given):
            raise UsageError(f"--case {given!r}: small letters, digits and hyphens, such as last-page")
        return given
    parts = urlsplit(url)
    words = re.findall(r"[a-z0-9]+", unquote(parts.path).lower())
    return "-".join(words[-8:]) or "listing"
