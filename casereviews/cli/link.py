"""Say whether two reviews of different listings are the same; list what is linked and what may be."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import short_id
from casereviews.errors import UsageError
from casereviews.terminal import Terminal, clean

if TYPE_CHECKING:
    from casereviews.archive import Archive
    from casereviews.config import Settings

USAGE = "[REVIEW REVIEW] [--confirm | --split]"
EXAMPLES = """
casereviews link --list
casereviews link cspr-panel:bruising-non-mobile-infants-briefing govuk:02dbc19b --confirm --note 'same pages'
"""
KINDS = {"file": "identical file", "text": "near-identical text", "decision": "an analyst's word"}
"""Why two reviews are linked, as it is said."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("reviews", nargs="*", metavar="REVIEW", help="the ids of two reviews, or enough of them")
    parser.add_argument("--confirm", action="store_true", help="they are the same: search shows them as one")
    parser.add_argument("--split", action="store_true", help="they are not: search never shows them as one")
    parser.add_argument("--note", metavar="TEXT", help="why, for whoever reads it later")
    parser.add_argument("--list", action="store_true", help="every link and candidate")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Keep a decision in the archive and bring the index in step; or show what is known."""
    decides = options.confirm or options.split
    if options.confirm and options.split:
        raise UsageError("--confirm and --split do not go together")
    if len(options.reviews) != (0 if options.list else 2) or (options.list and decides):
        raise UsageError("link takes two reviews, or --list alone")
    if options.note is not None and not decides:
        raise UsageError("--note goes with --confirm or --split")
    chosen = settings(options)
    pair = _pair(options.reviews, chosen)
    if decides:
        _decide(pair, "confirmed" if options.confirm else "split", options.note, chosen)
    found = [link for link in known(chosen) if not pair or {link["first"], link["second"]} == set(pair)]
    if options.format == "json":
        print_json({"links": found})
    else:
        _show(found, terminal(options))
    return 0


def known(chosen: "Settings") -> list[dict[str, Any]]:
    """Every link: its reviews and their titles, why, how sure, what an analyst said of it and when."""
    from casereviews.archive import Archive
    from search import open_index

    with Archive.open(chosen.archive_folder) as archive, open_index(chosen.index_folder) as index:
        decided = {(each.first, each.second): each for each in archive.decisions()}
        found = []
        for link in index.links():
            decision = decided.get((link["first"], link["second"]))
            found.append(
                {
                    **link,
                    "note": decision.note if decision else None,
                    "decided": decision.decided if decision else None,
                }
            )
    return found


def _pair(reviews: list[str], chosen: "Settings") -> list[str]:
    """The whole ids of the reviews named."""
    from search import open_index

    with open_index(chosen.index_folder) as index:
        pair = [index.review(each).id for each in reviews]
    if len(pair) == 2 and pair[0] == pair[1]:
        raise UsageError(f"{pair[0]} is one review; a link takes two")
    return pair


def _decide(pair: list[str], verdict: Any, note: str | None, chosen: "Settings") -> None:
    from casereviews.archive import Archive
    from casereviews.lock import run_lock

    with run_lock(chosen.data), Archive.open(chosen.archive_folder, write=True) as archive:
        in_step = _in_step(archive, chosen)
        archive.decide(pair[0], pair[1], verdict, note)
        if in_step:  # else the next index run is more than a moment's work
            from indexer.build import build_index

            build_index(archive, chosen)


def _in_step(archive: "Archive", chosen: "Settings") -> bool:
    from search import open_index

    with open_index(chosen.index_folder) as index:
        return bool(index.ledger.get("archive_change") == archive.change)


def _show(found: list[dict[str, Any]], out: Terminal) -> None:
    if not found:
        out.paragraph("Nothing is linked: no file, no near-identical text, no decision.")
    for link in found:
        out.paragraph(out.paint("strong", told(link)))
        for place in ("first", "second"):
            out.hanging(f"  {short_id(clean(link[place]))}  ", clean(link[f"{place}_title"]), most=2)
        if link["note"]:
            out.paragraph(f"“{clean(link['note'])}”", indent="  ")


def told(link: Mapping[str, Any]) -> str:
    """What is known of two reviews, in words."""
    why = KINDS[link["kind"]] + (f", score {link['score']:.2f}" if link["kind"] == "text" else "")
    if link["verdict"] == "split":
        return f"Not the same, as decided ({why})"
    if link["verdict"] == "confirmed":
        return f"The same, as confirmed ({why})"
    if link["same"]:
        return f"The same ({why})"
    return f"{'They share a file' if link['kind'] == 'file' else 'May be the same'} ({why})"
