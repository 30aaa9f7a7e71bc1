"""What is held: counts, what could not be read, the sources, whether the index is in step."""

import argparse
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, number, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, moment
from casereviews.terminal import Terminal, clean, pad, width

if TYPE_CHECKING:
    from casereviews.config import Settings

USAGE = "[--unreadable | --runs | --at-risk DAYS | --check]"
EXAMPLES = """
casereviews status
casereviews status --unreadable
casereviews status --runs
casereviews status --at-risk 60
casereviews status --check --fresh 2
casereviews status --format json
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--unreadable", action="store_true", help="name the documents that were not read, and why")
    views = parser.add_mutually_exclusive_group()
    views.add_argument("--runs", action="store_true", help="the runs there were, how long they took, what they found")
    views.add_argument(
        "--at-risk", type=number, metavar="DAYS", help="local reviews that may be taken down within so many days"
    )
    views.add_argument("--check", action="store_true", help="a health probe: the exit code says what is wrong")
    parser.add_argument("--fresh", type=number, default=3, metavar="DAYS", help="check: how old may it be (default 3)")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Print the ledger of the archive and the index, or one view of it."""
    chosen = settings(options)
    if options.runs:
        return _runs(options, chosen)
    if options.at_risk is not None:
        return _at_risk(options, chosen)
    if options.check:
        return _check(options, chosen)
    found = ledger(chosen)
    if options.format == "json":
        print_json(found)
    else:
        _show(found, chosen, terminal(options), unreadable=options.unreadable)
    return 0


def _runs(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.cli.history import history, show

    found = history(chosen)
    if options.format == "json":
        print_json({"runs": found})
    else:
        show(found, terminal(options))
    return 0


def _at_risk(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.cli.at_risk import at_risk, show

    found = at_risk(chosen, options.at_risk)
    if options.format == "json":
        print_json({"at_risk": found})
    else:
        show(found, options.at_risk, terminal(options))
    return 0


def _check(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.cli.health import check, show

    problems, code = check(chosen, options.fresh)
    if options.format == "json":
        print_json({"healthy": not problems, "exit_code": code, "problems": problems})
    else:
        show(problems, terminal(options))
    return code


def ledger(chosen: "Settings") -> dict[str, Any]:
    """The JSON of design `status`; what only the index knows is null while there is none."""
    from casereviews.archive import Archive
    from casereviews.errors import NoIndexError
    from search import open_index

    with Archive.open(chosen.archive_folder) as archive:
        change = archive.change
        reviews = list(archive.reviews())
        total = sum(len(archive.documents(each.review.id)) for each in reviews)
        sources: list[dict[str, Any]] = [
            {"source": name, "last_success": archive.last_success(name), "last": last.to_dict() if last else None}
            for name in archive.sources_run()
            for last in [archive.last_result(name)]
        ]
    found: dict[str, Any] = {
        "reviews": len(reviews),
        "documents": {"total": total, "readable": None, "without_text": None, "failed": None, "in_part": None},
        "unreadable": None,
        "pages": None,
        "recommendations": None,
        "themes": None,
        "index": {"in_step": False, "built": None, "themes_version": None, "themes_in_step": None},
        "sources": sources,
    }
    try:
        with open_index(chosen.index_folder) as index:
            searched, noted = index.searched, index.ledger
            stale = searched.stale_sources
            found["pages"] = index.page_count
            found["recommendations"] = index.recommendation_count
            found["documents"]["without_text"] = searched.documents_without_text
            found["documents"]["failed"] = searched.documents_failed
            found["unreadable"] = index.unread()
            found["documents"]["in_part"] = sum(each["state"] == "readable" for each in found["unreadable"])
            unread = searched.documents_without_text + searched.documents_failed
            found["documents"]["readable"] = searched.documents - unread
            found["index"] = {
                "in_step": noted.get("archive_change") == change,
                "built": index.built,
                "themes_version": noted.get("themes_version"),
                "themes_in_step": noted.get("themes_version") == _themes_version(chosen),
            }
            found["themes"] = index.theme_count
            for source in sources:
                source["stale"] = source["source"] in stale
    except NoIndexError:
        pass
    return found


def _unreadable(documents: list[dict[str, Any]], out: Terminal) -> None:
    for each in documents:
        reason = clean((each["reason"] or each["state"]).replace("_", " "))
        part = "read in part: " if each["state"] == "readable" else ""
        out.hanging("    ", f"{clean(each['url'])}: {part}{reason} ({clean(each['review'])})")


def _themes_version(chosen: "Settings") -> str | None:
    """The version of the themes that the next build would tag with; None where the list cannot be read."""
    from casereviews.errors import UsageError
    from indexer.tags import Tags

    try:
        return Tags(chosen.themes_file, ranked=chosen.ranker).version
    except UsageError:
        return None


def _show(found: dict[str, Any], chosen: "Settings", out: Terminal, *, unreadable: bool) -> None:
    documents, index = found["documents"], found["index"]
    out.say(f"Data in {clean(str(chosen.data))}", "")
    out.say(f"  {count(found['reviews'], 'review')}, {count(documents['total'], 'document')}")
    if index["built"] is None:
        out.say("  no index yet: casereviews index builds it")
    else:
        out.paragraph(
            f"{count(documents['readable'], 'document')} readable ({count(found['pages'], 'page')}), "
            f"{documents['without_text']:,} without text, {documents['failed']:,} failed, "
            f"{documents['in_part']:,} read in part",
            indent="  ",
        )
        if unreadable:
            _unreadable(found["unreadable"], out)
        elif found["unreadable"]:
            out.say("    casereviews status --unreadable names them")
        out.say(f"  {count(found['recommendations'], 'recommendation')}")
        step = out.paint("good", "in step") if index["in_step"] else out.paint("bad", "behind the archive")
        hint = "" if index["in_step"] else ": casereviews index brings it in step"
        out.say(f"  index {step}, built {moment(index['built'])} UTC{hint}")
        if not index["themes_in_step"]:
            out.paragraph("built with other themes than there are now: casereviews index tags it again", indent="  ")
    if found["sources"]:
        out.say("", out.paint("strong", "Sources"))
        name = max(width(each["source"]) for each in found["sources"])
        for each in found["sources"]:
            verdict = each["last"]["verdict"] if each["last"] else "never run"
            late = out.paint("bad", "  not up to date") if each.get("stale") else ""
            out.say(
                f"  {pad(each['source'], name)}  {out.paint('good' if verdict == 'ok' else 'bad', verdict)}, "
                f"last whole run: {moment(each['last_success'])}{late}"
            )
