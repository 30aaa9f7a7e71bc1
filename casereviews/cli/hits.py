"""How hits are shown: a readable list, JSON, JSON Lines or CSV."""

import argparse
import csv
import re
import sys
from collections.abc import Mapping
from typing import Any

from casereviews.cli.output import print_json, print_json_line, terminal
from casereviews.cli.recommendations import named
from casereviews.cli.words import count, day, short_id
from casereviews.model import REVIEW_TYPES
from casereviews.spreadsheet import cell
from casereviews.terminal import Terminal, clean

_MARK = re.compile(r"<mark>(.*?)</mark>")
_LEADERS = re.compile(r"\s*(?:[.…_·]\s?){5,}")
"""The dots between a title and its page in a table of contents."""
_CSV = (
    *("review", "title", "source", "publisher", "type", "area", "nation", "published", "url", "score", "state"),
    *("themes", "pages_matched", "page", "section", "snippet", "number", "text", "addressee", "document_url"),
)


def show(found: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Print a search result (the JSON of design `search`) as the format asks."""
    if options.format == "json":
        print_json(found)
    elif options.format == "jsonl":
        for hit in found["hits"]:
            print_json_line(hit)
    elif options.format == "csv":
        _csv(found["hits"])
    else:
        _list(found, terminal(options), options.offset)
        return
    for notice in found["notices"]:  # the list shows them itself
        print(f"note: {clean(notice)}", file=sys.stderr)


def _csv(hits: list[dict[str, Any]]) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(_CSV)
    for hit in hits:
        first = hit["passages"][0] if hit.get("passages") else {}
        cells = {name: hit.get(name, first.get(name)) for name in _CSV}
        cells["snippet"] = _text(_MARK.sub(r"\1", cells["snippet"] or ""))
        rows.writerow([cell(each) for each in cells.values()])


def _list(found: Mapping[str, Any], out: Terminal, offset: int) -> None:
    for notice in found["notices"]:
        out.paragraph(f"note: {clean(notice)}")
    if "explain" in found:
        _explanation(found["explain"], out)
    out.paragraph(_summary(found, out))
    if found["suggestion"]:
        out.say(f"Did you mean: {out.paint('strong', clean(found['suggestion']))}")
    for number, hit in enumerate(found["hits"], offset + 1):
        out.say("")
        _hit(hit, number, out)
    shown = offset + len(found["hits"])
    if found["hits"] and shown < found["total"]:
        span = f"Hit {shown:,}" if shown == offset + 1 else f"Hits {offset + 1:,} to {shown:,}"
        out.say("", f"{span} of {found['total']:,}; the next ones: --offset {shown}")
    for field, values in found["facets"].items():
        _facet(field, values, out)


def _explanation(told: Mapping[str, Any], out: Terminal) -> None:
    """How the query was understood, and what each of its terms adds to the first hits."""
    out.hanging("Looks for: ", clean(told["understood"]))
    out.hanging("Canonical: ", clean(told["canonical"]))
    for term in told["terms"]:
        forms = f": {clean(', '.join(term['words']))}" if term["words"] else ""
        out.paragraph(f"{clean(term['term'])}, in {count(term['reviews'], 'review')}{forms}", indent="  ")
    for number, hit in enumerate(told["hits"], 1):
        parts = " + ".join(f"{part['adds']:.2f} {clean(part['term'])}" for part in hit["parts"])
        out.hanging(
            f"  {number}. ", f"{short_id(clean(hit['review']))} {hit['score']:.2f}{' = ' if parts else ''}{parts}"
        )
    out.say("")


def _summary(found: Mapping[str, Any], out: Terminal) -> str:
    total, searched = found["total"], found["searched"]
    if not searched["reviews"]:
        return "The index is empty: casereviews refresh gathers reviews and indexes them."
    reviews = count(searched["reviews"], "searchable review")
    parts = []
    if found["in"] == "reviews":
        parts.append(f"{total:,} of {reviews} {'matches' if total == 1 else 'match'}")
    else:
        parts.append(f"{count(total, found['in'][:-1])} {'matches' if total == 1 else 'match'}, in {reviews}")
    parts[0] = out.paint("strong", parts[0] if total else f"Nothing matches, in {reviews}")
    if searched["documents_without_text"]:
        parts.append(f"{count(searched['documents_without_text'], 'document')} without text")
    if searched.get("documents_failed"):
        parts.append(f"{count(searched['documents_failed'], 'document')} unreadable")
    if found["collapsed"]:
        hits = count(found["collapsed"], "hit in a copy", "hits in copies")
        parts.append(f"{hits} of the same review not repeated (--no-collapse shows them)")
    if searched["stale_sources"]:
        since = searched["stale_since"]
        stale = [f"{name} (since {day(since[name])})" if since[name] else name for name in searched["stale_sources"]]
        parts.append(f"not up to date: {clean(', '.join(stale))}")
    advice = "" if total else ". Try fewer words, a prefix such as neglec*, or fewer filters"
    return "; ".join(parts) + advice + "."


def _hit(hit: Mapping[str, Any], number: int, out: Terminal) -> None:
    label = f"{number}. "
    indent = " " * len(label)
    out.hanging(label, out.paint("strong", clean(hit["title"])), most=3)
    about = [
        clean(hit["publisher"] or hit["source"]),
        "" if hit["type"] == "other" else REVIEW_TYPES.get(hit["type"], clean(hit["type"])),
        clean(hit["area"] or ""),
        day(hit["published"]),
        "" if hit["state"] == "present" else out.paint("bad", clean(hit["state"] or "")),
    ]
    out.paragraph(" · ".join(filter(None, about)), indent=indent, most=3)
    if hit.get("text"):
        whom = f" to {clean(hit['addressee'])}" if hit.get("addressee") else ""
        place = f"p. {hit['page']}" if hit["page"] else "summary"
        head = indent + out.link(place, hit.get("document_url")) + "  "
        out.hanging(head, f"{named(hit)}{whom}: {_marked(hit.get('marked') or hit['text'], out)}")
    for passage in hit.get("passages") or ([hit] if hit.get("snippet") else []):
        _passage(passage, indent, out, lines=2 if hit.get("passages") else 4)
    for proof in hit.get("evidence") or ():
        place = f"p. {proof['page']}" if proof["page"] else "summary"
        head = f"{indent}{out.link(place, proof['document_url'])}  [{clean(proof['label'])}] "
        out.hanging(head, clean(proof["sentence"]), most=3)
    more = (hit.get("pages_matched") or 0) - len(hit.get("passages") or ())
    rest = f"{count(more, 'more page')} · " if more > 0 else ""
    page = f" --page {hit['page']}" if hit.get("page") else ""
    name = out.link(out.paint("label", short_id(clean(hit["review"]))), hit["url"])
    out.say(f"{indent}{rest}casereviews show {name}{page}")
    if hit.get("copies"):
        others = ", ".join(short_id(clean(each)) for each in hit["copies"])
        out.paragraph(f"the same review: {others}", indent=indent)
    if not out.links:
        out.say(indent + clean(hit["url"] or ""))


def _passage(passage: Mapping[str, Any], indent: str, out: Terminal, lines: int) -> None:
    place = f"p. {passage['page']}" if passage.get("page") else "summary"
    head = indent + out.link(place, passage.get("document_url")) + "  "
    section = f"[{clean(passage['section'].replace('_', ' '))}] " if passage.get("section") else ""
    out.hanging(head, section + _marked(passage["snippet"] or "", out), most=lines)


def _marked(snippet: str, out: Terminal) -> str:
    shown = _LEADERS.sub(" … ", clean(snippet))
    return _text(_MARK.sub(lambda found: out.paint("mark", found[1]), shown))


def _text(snippet: str) -> str:
    """A snippet's characters that are escaped beside `<mark>` as they are."""
    return snippet.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _facet(field: str, values: list[dict[str, Any]], out: Terminal) -> None:
    out.say("", out.paint("strong", f"By {clean(field)}"))
    size = max((len(f"{each['count']:,}") for each in values), default=0)
    for each in values:
        out.say(f"  {each['count']:>{size},}  {clean(str(each.get('label') or each['value']))}")
