"""Read one review: what its publisher says of it and which documents it has, or one page of them."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, number, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, day, short_id
from casereviews.errors import UsageError
from casereviews.model import REVIEW_TYPES
from casereviews.terminal import Terminal, clean, width

if TYPE_CHECKING:
    from search.index import Index
    from search.results import DocumentEntry, PageText, ReviewEntry

_OPENS = re.compile(r"\s*(?:\d+(?:\.\d+)*[.)]?\s|[•●▪*–-]\s|\(?[a-zivx]{1,4}\)\s|Recommendation \d)")
"""How a line begins that is a paragraph of its own: numbered, or an item of a list."""

USAGE = "REVIEW [--page N | --recommendations | --themes]"
EXAMPLES = """
casereviews show cspr-panel:bruising-non-mobile-infants-briefing
casereviews show cspr-panel:bruising-non-mobile-infants-briefing --page 12
casereviews show cspr-panel:bruising-non-mobile-infants-briefing --recommendations
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("review", metavar="REVIEW", help="the review's id, or enough of its beginning")
    parser.add_argument("--page", type=number, metavar="N", help="this page, counted as the file does, from 1")
    parser.add_argument("--document", type=number, metavar="N", help="of this document (default: the first with text)")
    parser.add_argument("--recommendations", action="store_true", help="what it recommends, to whom, on which page")
    parser.add_argument("--themes", action="store_true", help="its themes, with the sentences that prove them")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Show the review, or the page, from the index."""
    from casereviews.cli import recommendations
    from search import open_index

    if options.document is not None and options.page is None:
        raise UsageError("--document goes with --page")
    if (options.page is not None) + options.recommendations + options.themes > 1:
        raise UsageError("--page, --recommendations and --themes do not go together")
    with open_index(settings(options).index_folder) as index:
        if options.recommendations:
            review = index.review(options.review)
            found: dict[str, Any] = {"review": review.id, "title": review.facts["title"]}
            found["recommendations"] = index.recommendations_of(review.id)
            if options.format != "json":
                recommendations.show(found, terminal(options))
        elif options.themes:
            found = _themes(index, options)
        elif options.page is None:
            review = index.review(options.review)
            found = {"review": review.id, **review.facts}
            found["documents"] = [asdict(document) for document in review.documents]
            found["copies"] = list(review.copies)
            if options.format != "json":
                _overview(review, terminal(options))
        else:
            page = index.page(options.review, options.page, options.document)
            found = {**asdict(page), "page": page.number}
            del found["number"]
            if options.format != "json":
                _page(page, options.document, terminal(options))
    if options.format == "json":
        print_json(found)
    return 0


def _themes(index: "Index", options: argparse.Namespace) -> dict[str, Any]:
    from casereviews.cli import theme_views
    from search import SearchRequest
    from search.theme_tables import ThemeTables

    found = ThemeTables(index, SearchRequest()).explain(options.review)
    if options.format != "json":
        theme_views.explain(found, terminal(options), every=options.verbose > 0)
    return found


def _overview(review: "ReviewEntry", out: Terminal) -> None:
    facts = review.facts
    out.paragraph(out.paint("strong", clean(facts["title"])))
    state = "" if facts["state"] == "present" else out.paint("bad", clean(facts["state"]))
    about = [
        clean(facts["publisher"] or facts["source"]),
        "" if facts["type"] == "other" else REVIEW_TYPES.get(facts["type"], clean(facts["type"])),
        clean(facts["area"] or ""),
        clean(facts["nation"] or "").replace("-", " ").title(),
        day(facts["published"]),
        state,
    ]
    out.paragraph(" · ".join(filter(None, about)))
    out.say(out.link(clean(facts["url"]), facts["url"]), out.paint("label", clean(review.id)))
    for label in ("reference", "incident", "reported", "licence", "withdrawn"):
        if facts.get(label):
            out.paragraph(f"{label.capitalize()}: {clean(facts[label])}")
    if facts.get("keywords"):
        out.paragraph(f"Keywords: {clean(', '.join(facts['keywords']))}")
    stated = facts.get("from_text") or []
    if stated:
        said = (f"{clean(each['field'])} {clean(each['value'])} (p. {each['page']})" for each in stated)
        out.paragraph(f"The text says: {'; '.join(said)}")
    if facts.get("summary"):
        out.say("")
        out.paragraph(clean(facts["summary"]))
    out.say("", out.paint("strong", count(len(review.documents), "document")))
    for document in review.documents:
        _document(document, out)
    _copies(review, out)
    if any(document.pages for document in review.documents):
        out.say("", f"Read on: casereviews show {short_id(clean(review.id))} --page 1")


def _copies(review: "ReviewEntry", out: Terminal) -> None:
    from casereviews.cli.link import told

    if review.copies:
        out.say("", out.paint("strong", "Other listings"))
    for copy in review.copies:
        out.hanging("  ", f"{told(copy)}: {clean(copy['title'])}, {clean(copy['publisher'] or copy['source'])}")
        out.say(f"    casereviews show {short_id(clean(copy['review']))}")


def _document(document: "DocumentEntry", out: Terminal) -> None:
    reason = clean((document.reason or document.state).replace("_", " "))
    if document.pages and document.state == "readable":
        told = count(document.pages, "page")
        told += f", {out.paint('bad', 'read in part')}: {reason}" if document.reason else ""
    else:
        told = out.paint("bad", reason)
    title = clean(document.title or "") or document.kind
    head = f"  {document.place}. "
    out.hanging(head, f"{title} ({document.kind}), {told}")
    out.say(f"{' ' * len(head)}{out.link(clean(document.url), document.url)}")


def _reflowed(lines: list[str], columns: int) -> Iterator[str]:
    """A page's lines as they are where they fit; otherwise full lines are joined to paragraphs."""
    longest = max(map(width, lines), default=0)
    if longest <= columns:
        yield from lines
        return
    paragraphs = [""]
    for line in lines:
        if paragraphs[-1] and (not line.strip() or _OPENS.match(line)):
            paragraphs.append("")
        paragraphs[-1] = f"{paragraphs[-1]} {line.strip()}".strip()
        if width(line) < 0.75 * longest:
            paragraphs.append("")
    for at, paragraph in enumerate(filter(None, paragraphs)):
        if at:
            yield ""
        yield paragraph


def _page(page: "PageText", document: int | None, out: Terminal) -> None:
    out.paragraph(out.paint("strong", clean(page.title)))
    printed = f", printed as {clean(page.printed)}" if page.printed and page.printed != str(page.number) else ""
    section = f", in {clean(page.section.replace('_', ' '))}" if page.section else ""
    title = clean(page.document_title or "")
    name = page.kind.capitalize() if title in ("", clean(page.title)) else title
    out.paragraph(f"{name}: page {page.number} of {page.pages}{printed}{section}")
    if page.ocr is not None:
        out.paragraph(out.paint("bad", f"read from an image by OCR, confidence {page.ocr:.0%}: check against the page"))
    out.say(out.link(clean(page.document_url), page.document_url), "─" * out.columns)
    for paragraph in _reflowed(clean(page.text, lines=True).splitlines(), out.columns):
        out.paragraph(paragraph)
    out.say("─" * out.columns)
    if page.number is not None and page.number < page.pages:
        which = f" --document {document}" if document is not None else ""
        out.say(f"Next: casereviews show {short_id(clean(page.review))} --page {page.number + 1}{which}")
