"""Each source: what it lists, what it expects of a run, what it last gave."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, nearest, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, moment
from casereviews.errors import UsageError
from casereviews.terminal import Terminal, clean, pad, width

if TYPE_CHECKING:
    from casereviews.config import Settings

USAGE = "[list | show SOURCE]"
EXAMPLES = """
casereviews sources
casereviews sources show govuk
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", nargs="?", choices=("list", "show"), default="list", metavar="list | show")
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="the source to show")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """List the sources, or tell all about one."""
    if (options.action == "show") is not bool(options.source):
        raise UsageError("sources show takes one source; casereviews sources lists them")
    found = ledger(settings(options))
    if options.action == "show":
        known = {each["source"]: each for each in found}
        if options.source not in known:
            raise UsageError(f"unknown source {options.source!r}{nearest(options.source, known)}")
        found = [known[options.source]]
    if options.format == "json":
        print_json({"sources": found})
    elif options.action == "show":
        _show(found[0], terminal(options))
    else:
        _list(found, terminal(options))
    return 0


def ledger(chosen: "Settings") -> list[dict[str, Any]]:
    """Every source, opt-in ones too, with what it declares and what its last run gave.

    What only a run tells (`found`, `expected`, `stale`, `last`, `last_success`) is null without one; `expected` is
    the total that the listing stated, else the least that the source promises.
    """
    from casereviews.archive import Archive
    from crawler.run import sources
    from search.staleness import stale_sources

    unknown = dict.fromkeys(("last", "last_success", "found", "expected", "stale"))

    found = []
    for each in sources():
        declared = asdict(each)
        found.append({"source": declared.pop("name"), **declared, **unknown})
    if (chosen.archive_folder / "catalogue.sqlite3").exists():
        with Archive.open(chosen.archive_folder) as archive:
            for row in found:
                last = archive.last_result(row["source"])
                if last is not None:
                    success = archive.last_success(row["source"])
                    row |= {"last": last.to_dict(), "last_success": success, "found": last.found}
                    row["expected"] = row["expect"]["minimum"] if last.expected is None else last.expected
                    seen = {row["source"]: {"last_success": success, "verdict": last.verdict}}
                    row["stale"] = bool(stale_sources(seen, datetime.now(UTC)))
    return found


def _list(found: list[dict[str, Any]], out: Terminal) -> None:
    name = max(width(each["source"]) for each in found)
    indent = " " * (name + 2)
    for each in found:
        head = f"{out.paint('label', pad(each['source'], name))}  "
        out.hanging(head, out.paint("strong", clean(each["title"])))
        out.paragraph(_gave(each, out), indent=indent)
        about = (
            clean(each["publisher"] or "publisher as each page says"),
            clean(each["licence"] or "publishers' copyright"),
            "proven live" if each["proven"] else "recorded shapes only",
            "" if each["enabled"] else "only when named",
        )
        out.paragraph(" · ".join(filter(None, about)), indent=indent)
    out.say("", "casereviews sources show SOURCE tells more of one.")


def _gave(each: dict[str, Any], out: Terminal) -> str:
    last = each["last"]
    if last is None:
        return "not gathered yet"
    least = "" if last["expected"] is not None else "at least "
    told = f"{last['verdict']}, {each['found']:,} found, {least}{each['expected']:,} expected"
    success = f"last success {moment(each['last_success'])}"
    return " · ".join(filter(None, (told, success, out.paint("bad", "not up to date") if each["stale"] else "")))


def _show(each: dict[str, Any], out: Terminal) -> None:
    expect, last = each["expect"], each["last"]
    filled = ", ".join(f"{field} in {share:.0%}" for field, share in expect["filled"].items())
    rows = {
        "publisher": each["publisher"] or "named by each page",
        "nation": each["nation"] or "named by each page",
        "licence": each["licence"] or "the publishers' copyright: own use, quote and link",
        "hosts": ", ".join(each["hosts"]),
        "starts at": " ".join(each["start_urls"]) or "see the notes",
        "expects": f"at least {count(expect['minimum'], 'review')}; {filled}; "
        f"up to {expect['failed_documents']:.0%} of documents failing",
        "options": ", ".join(each["options"]) and f"{', '.join(each['options'])}, under [sources.{each['source']}]",
        "reads": f"the newest pages, all of them every {count(each['sweep_days'], 'day')}"
        if each["sweep_days"]
        else "every listing to its end",
        "proven": "against the live site" if each["proven"] else "against recorded shapes only",
        "runs": "with every refresh" if each["enabled"] else f"only when named: casereviews refresh {each['source']}",
        "last run": "never" if last is None else f"{last['verdict']}, {last['found']:,} reviews found",
        "last success": moment(each["last_success"]) + (", not up to date" if each["stale"] else ""),
        "notes": each["notes"],
    }
    out.say(out.paint("strong", clean(each["title"])))
    for label, text in rows.items():
        if text:
            out.hanging(f"  {out.paint('label', pad(label, 13))} ", clean(text))
    for error in last["errors"] if last else ():
        out.paragraph(clean(error), indent="  ! ")
