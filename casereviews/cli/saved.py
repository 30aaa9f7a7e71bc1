"""Searches that every refresh asks again: what each newly finds is told once, in the digest."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, nearest, number, plain, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.search import FILTERS, add_filters, filters_of
from casereviews.cli.words import count, moment
from casereviews.errors import NoIndexError, UsageError
from casereviews.terminal import Terminal, clean

if TYPE_CHECKING:
    from casereviews.archive import SavedSearch
    from casereviews.config import Settings

USAGE = "[WHAT] [NAME] [QUERY]"
MINUS_WORDS = True
EXAMPLES = """
casereviews saved add curiosity '"professional curiosity" OR "respectful challenge"' --type cspr
casereviews saved add welsh-babies --nation wales --age baby --note 'for the board in March'
casereviews saved run curiosity
casereviews saved remove curiosity
"""
WHAT = {
    "list": "every saved search (also without a word)",
    "add": "NAME QUERY: save a search; what it finds today counts as known",
    "run": "NAME: search now",
    "remove": "NAME: forget it",
}
LONGEST_NAME = 80


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    told = "; ".join(f"{name} {meaning}" for name, meaning in WHAT.items())
    parser.add_argument("what", nargs="?", default="list", metavar="WHAT", help=told)
    parser.add_argument("name", nargs="?", metavar="NAME", help="the name of a saved search")
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to search for, as in casereviews search")
    add_filters(parser).add_argument(
        "--section", action="append", default=[], metavar="SECTION", help="in this section of a report"
    )
    parser.add_argument("--note", metavar="TEXT", help="add: why, for whoever reads it later")
    parser.add_argument("--limit", type=number, default=10, metavar="N", help="run: hits to show (default 10)")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """List, add, run or remove."""
    what = options.what
    if what not in WHAT:
        raise UsageError(f"saved knows no {what!r}{nearest(what, WHAT)}; there is {', '.join(WHAT)}")
    chosen = settings(options)
    if what == "list":
        if options.name:
            raise UsageError("saved list takes no name; casereviews saved run NAME searches")
        return _list(options, chosen)
    options.name = plain([options.name or ""])
    if not options.name.strip() or len(options.name) > LONGEST_NAME:
        raise UsageError(f"saved {what} takes a name of 1 to {LONGEST_NAME} characters")
    if what == "add":
        return _add(options, chosen)
    if options.query or _narrowing(options)["filters"]:
        raise UsageError(f"saved {what} takes a name alone; casereviews saved add keeps another search")
    return _run(options, chosen) if what == "run" else _remove(options, chosen)


def _narrowing(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "filters": {name: list(values) for name, values in filters_of(options).items()},
        "since": options.since,
        "until": options.until,
        "sections": options.section,
    }


def _add(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive, SavedSearch
    from casereviews.lock import run_lock

    typed, narrowing = plain(options.query), _narrowing(options)
    if not typed.strip() and not any(narrowing.values()):
        raise UsageError("saved add takes a query, or a filter such as --theme")
    wanted = SavedSearch(0, options.name, typed, narrowing, options.note, "", None)
    with run_lock(chosen.data), Archive.open(chosen.archive_folder, write=True) as archive:
        known, notices = _known(chosen.index_folder, wanted)
        reviews = [review for family in known for review in family]
        saved = archive.save_search(options.name, typed, narrowing, options.note, reviews)
    if options.format == "json":
        print_json(_told(saved) | {"hits": len(known), "notices": notices})
        return 0
    out = terminal(options)
    out.paragraph(f"Saved {clean(saved.name)}: it finds {count(len(known), 'review')} now; each refresh tells of more.")
    for notice in notices:
        out.paragraph(f"note: {clean(notice)}")
    return 0


def _known(folder: Path, wanted: "SavedSearch") -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    """What the search finds today, and what is to be said of it; its query is read also where no index is yet."""
    from casereviews.cli.saved_hits import families, request
    from search import open_index
    from search.query import parse

    parse(wanted.query)
    try:
        with open_index(folder) as index:
            asked = request(wanted)
            return families(index, asked), list(index.search(asked).to_dict()["notices"])
    except NoIndexError:
        return (), []


def _list(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive

    with Archive.open(chosen.archive_folder) as archive:
        found = archive.saved_searches()
    if options.format == "json":
        print_json({"saved": [_told(each) for each in found]})
        return 0
    out = terminal(options)
    if not found:
        out.paragraph("No saved search yet: casereviews saved add NAME QUERY keeps one.")
    for each in found:
        _show(each, out)
    return 0


def _show(saved: "SavedSearch", out: Terminal) -> None:
    narrowing = saved.narrowing
    filters = [f"--{name} {value}" for name in FILTERS for value in narrowing["filters"].get(name, ())]
    filters += [f"--section {each}" for each in narrowing["sections"]]
    filters += [f"--{flag} {narrowing[key]}" for flag, key in (("from", "since"), ("to", "until")) if narrowing[key]]
    out.paragraph(out.paint("strong", clean(saved.name)))
    out.paragraph(clean("  ".join([saved.query, *filters]).strip()), indent="  ")
    if saved.note:
        out.paragraph(f"“{clean(saved.note)}”", indent="  ")
    if saved.error:
        out.paragraph(out.paint("bad", f"cannot be answered: {clean(saved.error)}"), indent="  ")
    out.say(f"  {out.paint('label', f'since {moment(saved.created)} UTC')}")


def _told(saved: "SavedSearch") -> dict[str, Any]:
    return {
        "name": saved.name,
        "query": saved.query,
        **saved.narrowing,
        "note": saved.note,
        "created": saved.created,
        "error": saved.error,
    }


def _run(options: argparse.Namespace, chosen: "Settings") -> int:
    from dataclasses import replace

    from casereviews.archive import Archive
    from casereviews.cli import hits
    from casereviews.cli.saved_hits import request
    from search import open_index

    with Archive.open(chosen.archive_folder) as archive:
        asked = request(archive.saved_search(options.name))
    with open_index(chosen.index_folder) as index:
        found = index.search(replace(asked, limit=options.limit)).to_dict()
    hits.show(found, argparse.Namespace(**{**vars(options), "offset": 0}))
    return 0


def _remove(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive
    from casereviews.lock import run_lock

    with run_lock(chosen.data), Archive.open(chosen.archive_folder, write=True) as archive:
        archive.remove_search(options.name)
    if options.format == "json":
        print_json({"removed": options.name})
    else:
        terminal(options).paragraph(f"Removed {clean(options.name)}.")
    return 0
