"""Each source: what it lists, what it expects of a run, what it last gave."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, nearest, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, moment
from casereviews.errors import UsageError
from casereviews.terminal import Terminal, clean, pad, shorten, width

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
    """Every source with what it declares and what its last run gave; without an archive the latter is null."""
    from casereviews.archive import Archive
    from crawler.run import sources

    found = []
    for each in sources():
        declared = asdict(each)
        found.append({"source": declared.pop("name"), **declared, "last": None, "last_success": None})
    if (chosen.archive_folder / "catalogue.sqlite3").exists():
        with Archive.open(chosen.archive_folder) as archive:
            for row in found:
                last = archive.last_result(row["source"])
                row["last"] = last.to_dict() if last else None
                row["last_success"] = archive.last_success(row["source"])
    return found


def _list(found: list[dict[str, Any]], out: Terminal) -> None:
    gave = {each["source"]: _gave(each) for each in found}
    name, last = max(map(width, gave)), max(map(width, gave.values()))
    room = out.columns - name - last - 4
    for each in found:
        source = each["source"]
        title = pad(shorten(clean(each["title"]), room), room)
        out.say(f"{out.paint('label', pad(source, name))}  {title}  {gave[source]}")
    out.say("", "casereviews sources show SOURCE tells more of one.")


def _gave(each: dict[str, Any]) -> str:
    last = each["last"]
    told = "not gathered yet" if last is None else f"{last['verdict']}, {last['found']:,} found"
    return told if each["enabled"] else f"{told}, only when named"


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
        "proven": "against the live site" if each["proven"] else "against recorded shapes only",
        "runs": "with every refresh" if each["enabled"] else f"only when named: casereviews refresh {each['source']}",
        "last run": "never" if last is None else f"{last['verdict']}, {last['found']:,} reviews found",
        "last success": moment(each["last_success"]),
        "notes": each["notes"],
    }
    out.say(out.paint("strong", clean(each["title"])))
    for label, text in rows.items():
        if text:
            out.hanging(f"  {out.paint('label', pad(label, 13))} ", clean(text))
    for error in last["errors"] if last else ():
        out.paragraph(clean(error), indent="  ! ")
