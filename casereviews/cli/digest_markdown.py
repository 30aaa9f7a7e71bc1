"""The digest as Markdown, for mail, a wiki or an issue; whatever came from the web is text in it and never mark-up."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casereviews.cli.digest import LISTS, difference, unread
from casereviews.cli.words import count, size, span
from casereviews.terminal import clean

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$^-])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_COLUMNS = ("Source", "Verdict", "Reviews", "Requests", "Received", "Files", "Failed", "No text")


def markdown(digest: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A digest (the JSON of design `refresh`) as a Markdown document."""
    return "\n".join(_lines(digest, titles)) + "\n"


def plain(text: str) -> str:
    """Text from anywhere that Markdown shows as it is."""
    text = _MARKUP.sub(r"\\\1", clean(text)).translate(_ENTITIES)
    return re.sub(r"(?i)\b(https?|ftp):", r"\1&#58;", text)


def _lines(digest: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    if digest["run"] is None:
        yield "No run yet, or none in that span."
        return
    yield f"# Run {digest['run']}: {digest['verdict'] or 'unfinished'}"
    yield from ("", f"{span(digest['started'], digest['finished'])}", "")
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * 2}{'--:|' * (len(_COLUMNS) - 2)}"
    for each in digest["sources"]:
        found = f"{each['found']:,}" + ("" if each["expected"] is None else f" of {each['expected']:,}")
        files = each["documents"]
        cells = (plain(each["source"]), each["verdict"], found, f"{each['requests']:,}", size(each["bytes"]))
        yield f"| {' | '.join(cells)} | {files['fetched']:,} | {files['failed']:,} | {files['without_text']:,} |"
    for kind, heading in LISTS.items():
        yield from _reviews(heading, [review for s in digest["sources"] for review in s.get(kind, ())], titles)
    yield from _replaced([each for s in digest["sources"] for each in s["replaced"]], titles)
    for saved in digest["saved"]:
        name = f"Saved search {plain(saved['name'])}"
        yield from _reviews(f"{name}: newly found", saved["new"], titles)
        if saved["error"]:
            yield from ("", f"**{name} cannot be answered:** {plain(saved['error'])}")
    if digest["themes"]:
        yield from ("", "## Themes that moved", "", "| Theme | Before | After |", "|---|--:|--:|")
        for each in digest["themes"]:
            yield f"| {plain(each['theme'])} | {each['before']:,} | {each['after']:,} |"
    if files := unread(digest):
        yield from ("", f"## Not read, or in part ({len(files)})", "", *(f"- {plain(each)}" for each in files))
    for source in digest["sources"]:
        if source["errors"]:
            wrong = source["verdict"] in ("failed", "short")
            yield from ("", f"## {plain(source['source'])}: {'what went wrong' if wrong else 'worth knowing'}", "")
            yield from (f"- {plain(error)}" for error in source["errors"])


def _reviews(heading: str, reviews: list[str], titles: Mapping[str, str]) -> Iterator[str]:
    if reviews:
        yield from ("", f"## {heading} ({len(reviews)})", "")
        yield from (f"- {plain(titles.get(each) or each)} ({plain(each)})" for each in reviews)


def _replaced(files: list[dict[str, Any]], titles: Mapping[str, str]) -> Iterator[str]:
    differing = [each for each in files if not each["same_text"]]
    if differing:
        yield from ("", f"## Replaced files ({len(differing)})", "")
        for each in differing:
            title = plain(titles.get(each["review"]) or each["review"])
            yield f"- {title}: {plain(difference(each))} ({plain(each['url'])})"
    if same := len(files) - len(differing):
        yield from ("", f"{count(same, 'file')} re-saved by the publisher with the same text.")
