"""The digest of a run, for people: each source's verdict, what is new, changed or gone, what went wrong."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, short_id, size, span
from casereviews.terminal import Terminal, clean, pad, width

if TYPE_CHECKING:
    from casereviews.archive import Archive

LISTS = {
    "new": "New",
    "changed": "Changed",
    "returned": "Listed again",
    "missing": "No longer listed, gone after 14 days",
    "withdrawn": "Withdrawn by the publisher",
    "gone": "Gone",
}
"""The lists of a digest in the order in which they are shown."""

_MOST = 8
_FILES = ("fetched", "failed", "without_text")
_COLUMNS = ("source", "verdict", "reviews", "requests", "received", "files", "failed", "no text")


def titles(archive: "Archive", reviews: Iterable[str]) -> dict[str, str]:
    """The titles of reviews by their ids."""
    stored = ((review, archive.review(review)) for review in reviews)
    return {review: each.review.title for review, each in stored if each is not None}


def named(digest: Mapping[str, Any]) -> list[str]:
    """The ids of all reviews that a digest names."""
    listed = [review for source in digest["sources"] for kind in LISTS for review in source[kind]]
    listed += [each["review"] for source in digest["sources"] for each in source["replaced"]]
    return listed + [review for saved in digest["saved"] for review in saved["new"]]


def unread(digest: Mapping[str, Any]) -> list[str]:
    """A line for each file that the run's index could not read, or only in part; none in a digest told again."""
    return list((digest.get("index") or {}).get("failures", ()))


def show(digest: Mapping[str, Any], titles: Mapping[str, str], options: argparse.Namespace) -> None:
    """Print a digest as the format asks."""
    if options.format == "json":
        print_json(digest)
    elif options.format == "markdown":
        from casereviews.cli.digest_markdown import markdown

        sys.stdout.write(markdown(digest, titles))
    else:
        render(digest, terminal(options), titles, full=options.verbose > 0)


def render(digest: Mapping[str, Any], terminal: Terminal, titles: Mapping[str, str], *, full: bool = False) -> None:
    """Print a digest (the JSON of design `refresh`); with the `titles` of its reviews; `full` lists every id."""
    if digest["run"] is None:
        terminal.say("No run yet, or none in that span; casereviews refresh starts one.")
        return
    verdict = digest["verdict"]
    terminal.say(
        terminal.paint("strong", f"Run {digest['run']}")
        + f": {_verdict(terminal, verdict)}, {span(digest['started'], digest['finished'])}",
        "",
    )
    _table(digest["sources"], terminal)
    changes = 0
    for kind, heading in LISTS.items():
        found = [review for source in digest["sources"] for review in source.get(kind, ())]
        changes += len(found)
        if found:
            _list(f"{heading} ({len(found)})", found, terminal, titles, None if full else _MOST)
    _replaced([each for source in digest["sources"] for each in source["replaced"]], terminal, titles, full)
    for saved in digest["saved"]:
        name = f"Saved search {clean(saved['name'])}"
        if saved["new"]:
            _list(f"{name}: newly found ({len(saved['new'])})", saved["new"], terminal, titles, None if full else _MOST)
        if saved["error"]:
            terminal.say("", terminal.paint("bad", f"{name} cannot be answered"))
            terminal.paragraph(clean(saved["error"]), indent="  ", most=3)
    _themes(digest["themes"], terminal, None if full else _MOST)
    _unread(unread(digest), terminal, None if full else _MOST)
    for run in digest.get("untold", ()):
        terminal.say("")
        terminal.paragraph(
            f"The digest of run {run} may not have reached you: casereviews was stopped while it told it. "
            f"casereviews changes --since {run} tells it again."
        )
    gathered = any(source["found"] for source in digest["sources"])
    if not changes and gathered:
        terminal.say("", "Nothing new, nothing changed.")
    for source in digest["sources"]:
        if source["errors"]:
            terminal.say("", _heading(source, terminal))
            for error in source["errors"][: None if full else _MOST]:
                terminal.paragraph(clean(error), indent="  ", most=6)
            _rest(len(source["errors"]), None if full else _MOST, terminal)
    if not gathered and verdict == "failed":
        terminal.say("")
        terminal.paragraph("Nothing was gathered. Is there a network? casereviews demo shows it all without one.")


def _themes(moved: list[dict[str, Any]], terminal: Terminal, most: int | None) -> None:
    """How many reviews have which theme, before and after, where that moved."""
    if not moved:
        return
    terminal.say("", terminal.paint("strong", f"Themes that moved ({len(moved)})"))
    name = max(width(each["theme"]) for each in moved[:most])
    for each in moved[:most]:
        terminal.say(f"  {pad(clean(each['theme']), name)}  {each['before']:,} → {each['after']:,}")
    _rest(len(moved), most, terminal)


def _replaced(files: list[dict[str, Any]], terminal: Terminal, titles: Mapping[str, str], full: bool) -> None:
    """Which pages of replaced files differ; one saved again with the same text is counted and no change."""
    differing = [each for each in files if not each["same_text"]]
    if differing:
        terminal.say("", terminal.paint("strong", f"Replaced files ({len(differing)})"))
        most = None if full else _MOST
        for each in differing[:most]:
            terminal.paragraph(clean(titles.get(each["review"], each["review"])), indent="  ", most=1)
            terminal.paragraph(f"{difference(each)}: {clean(each['url'])}", indent="    ", most=2)
        _rest(len(differing), most, terminal)
    if same := len(files) - len(differing):
        terminal.say("", f"{count(same, 'file')} re-saved by the publisher with the same text.")


def _unread(files: list[str], terminal: Terminal, most: int | None) -> None:
    """Files that were fetched and could not be read whole."""
    if files:
        terminal.say("", terminal.paint("strong", f"Not read, or in part ({len(files)})"))
    for each in files[:most]:
        terminal.paragraph(clean(each), indent="  ", most=6)
    if most is not None and len(files) > most:
        terminal.say(f"  … and {count(len(files) - most, 'more', 'more')} (casereviews status --unreadable names all)")


def difference(replaced: Mapping[str, Any]) -> str:
    """How a replaced file differs, in words."""
    pages = replaced["pages"]
    if pages is None:
        return "not compared, for want of text"
    told = [f"{pages[kind]:,} {kind}" for kind in ("changed", "added", "removed") if pages[kind]]
    return f"of {count(pages['before'], 'page')} {', '.join(told)}; {replaced['share']:.1%} of the words differ"


def _heading(source: Mapping[str, Any], terminal: Terminal) -> str:
    if source["verdict"] in ("failed", "short"):
        return terminal.paint("bad", f"{source['source']}: what went wrong")
    return terminal.paint("strong", f"{source['source']}: worth knowing")


def _verdict(terminal: Terminal, verdict: str | None) -> str:
    return terminal.paint("good" if verdict == "ok" else "bad", verdict or "unfinished")


def _table(sources: list[dict[str, Any]], terminal: Terminal) -> None:
    rows = [
        (
            clean(each["source"]),
            each["verdict"],
            f"{each['found']:,}" + ("" if each["expected"] is None else f" of {each['expected']:,}"),
            f"{each['requests']:,}",
            size(each["bytes"]),
            *(f"{each['documents'][kind]:,}" for kind in _FILES),
        )
        for each in sources
    ]
    sizes = [max(map(width, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    for row in (_COLUMNS, *rows):
        cells = [pad(cell, sizes[at]) if at < 2 else cell.rjust(sizes[at]) for at, cell in enumerate(row)]
        if row is not _COLUMNS:
            cells[1] = _verdict(terminal, row[1]) + " " * (sizes[1] - width(row[1]))
        terminal.say("  " + "  ".join(cells).rstrip())
    sums = {name: sum(each[name] for each in sources) for name in ("requests", "not_modified", "bytes")}
    unchanged = sum(each["documents"]["unchanged"] for each in sources)
    terminal.say("")
    terminal.paragraph(
        f"In all {count(sums['requests'], 'request')}, {sums['not_modified']:,} of them answered “not modified”, "
        f"{size(sums['bytes'])} received; {count(unchanged, 'document')} unchanged."
    )


def _list(heading: str, reviews: list[str], terminal: Terminal, titles: Mapping[str, str], most: int | None) -> None:
    terminal.say("", terminal.paint("strong", heading))
    for review in reviews[:most]:
        name = short_id(clean(review))
        terminal.paragraph(clean(titles.get(review, "")) or name, indent="  ", most=1)
        terminal.say(f"    {terminal.paint('label', name)}")
    _rest(len(reviews), most, terminal)


def _rest(total: int, most: int | None, terminal: Terminal) -> None:
    if most is not None and total > most:
        terminal.say(f"  … and {count(total - most, 'more', 'more')} (casereviews changes -v lists all)")
