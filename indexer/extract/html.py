"""Web pages to pages of text: one per second-level heading, boilerplate left out. The only importer of bs4."""

import re

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, PreformattedString, Tag

from casereviews.model import Page
from indexer.extract.flow import Flow
from indexer.extract.limits import MAX_MARKUP
from indexer.extract.result import Extraction, ExtractionError

_MAIN = (".govspeak", "main article", "article", "main", "[role=main]", "#content", "body")
_BOILERPLATE = (
    "script, style, noscript, template, svg, iframe, object, nav, form, button, input, select, footer, "
    "[hidden], [aria-hidden=true], [role=navigation], [role=search], [role=banner], [role=contentinfo], "
    ".gem-c-contents-list, .gem-c-print-link, .gem-c-cookie-banner, .gem-c-feedback, .gem-c-skip-link, "
    ".govuk-breadcrumbs, .govuk-skip-link, .govuk-back-to-top, .cookie-banner, .breadcrumb, .skip-link"
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption dd details div dl dt fieldset figcaption figure h1 h2 h3
    h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = {"td", "th"}
_SPACE = re.compile(r"\s+")
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_html(body: bytes, media_type: str) -> Extraction:
    """Read a web page; its pages start at its second-level headings and carry their anchors."""
    if len(body) > MAX_MARKUP:
        raise ExtractionError("too-large")
    declared = _CHARSET.search(media_type)
    soup = BeautifulSoup(body, "lxml", from_encoding=declared[1] if declared else None)
    for element in soup.select(_BOILERPLATE):
        element.decompose()
    found = (soup.select_one(selector) for selector in _MAIN)
    main = next((element for element in found if element is not None and element.get_text(strip=True)), soup)
    return Extraction(_pages(main), None, "html")


def _pages(root: Tag) -> tuple[Page, ...]:
    """Read `root` in document order, without recursion, for a page may be nested a million deep."""
    flow = Flow()
    stack: list[PageElement | tuple[Tag]] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            _leave(flow, item[0])
        elif isinstance(item, Tag):
            _enter(flow, item)
            stack.append((item,))
            stack.extend(reversed(item.contents))
        elif isinstance(item, NavigableString) and (
            isinstance(item, CData) or not isinstance(item, PreformattedString)
        ):
            flow.add(_SPACE.sub(" ", str(item)))
    return flow.finish()


def _enter(flow: Flow, tag: Tag) -> None:
    name = tag.name
    if name == "h2":
        flow.end_page(_anchor(tag))
    elif name in _CELLS:
        if flow.started:
            flow.add("\t")
    elif name == "br" or _is_block(tag):
        flow.end_line()
    if name == "li":
        flow.add(_marker(tag))


def _leave(flow: Flow, tag: Tag) -> None:
    if _is_block(tag):
        flow.end_line(_HEADINGS.get(tag.name, 0), "\n\n" if tag.name == "p" else "\n")


def _is_block(tag: Tag) -> bool:
    """Whether a tag parts lines; what is within a table's cell does not."""
    return tag.name in _BLOCKS and tag.name not in _CELLS and (tag.parent is None or tag.parent.name not in _CELLS)


def _anchor(heading: Tag) -> str | None:
    """The fragment that leads to a heading: its own id, or that of the section it opens."""
    own = heading.get("id")
    if own:
        return str(own)
    parent = heading.parent
    if parent is not None and parent.name in {"section", "div", "article"} and parent.get("id"):
        return str(parent["id"])
    inner = heading.find(id=True)
    return str(inner["id"]) if isinstance(inner, Tag) else None


def _marker(item: Tag) -> str:
    parent = item.parent
    if parent is None or parent.name != "ol":
        return "• "
    start = parent.get("start")
    first = int(str(start)) if start and str(start).isdigit() else 1
    return f"{first + len(item.find_previous_siblings('li'))}. "
