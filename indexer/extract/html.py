"""Web pages to pages of text: one per second-level heading, boilerplate left out. The only importer of bs4."""

import re
from collections import Counter

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, PreformattedString, Tag

from casereviews.model import Page
from indexer.extract.flow import Flow
from indexer.extract.limits import MAX_MARKUP
from indexer.extract.result import Extraction, ExtractionError

_LEFT_OUT = frozenset(
    """
    script style noscript template svg iframe object nav form button input select footer head
    """.split()  # noqa: SIM905
)
_LEFT_OUT_ROLES = {"navigation", "search", "banner", "contentinfo"}
_LEFT_OUT_CLASSES = frozenset(
    """
    gem-c-contents-list gem-c-print-link gem-c-cookie-banner gem-c-feedback gem-c-skip-link govuk-breadcrumbs
    govuk-skip-link govuk-back-to-top cookie-banner breadcrumb breadcrumbs skip-link
    """.split()  # noqa: SIM905
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption dd details div dl dt fieldset figcaption figure h1 h2 h3
    h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_RANKED = ["main", "article", "body", "div", "section"]
_PARAGRAPHS = {"p", "table", "ul", "ol", "dl", "blockquote", "pre"}
_CELLS = {"td", "th"}
_MOST_DIGITS = 6
_SPACE = re.compile(r"\s+")
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_html(body: bytes, media_type: str) -> Extraction:
    """Read a web page; its pages start at its second-level headings and carry their anchors."""
    if len(body) > MAX_MARKUP:
        raise ExtractionError("too-large")
    declared = _CHARSET.search(media_type)
    soup = BeautifulSoup(body, "lxml", from_encoding=declared[1] if declared else None)
    return Extraction(_pages(_main(soup)), None, "html")


def _main(soup: BeautifulSoup) -> Tag:
    """The element that holds the document: its one body of GOV.UK markup, else its main part, else all of it."""
    ranked: list[Tag | None] = [None] * 4
    bodies = 0
    for tag in soup.find_all(_RANKED):
        classes = tag.get_attribute_list("class")
        if "govspeak" in classes:
            bodies += tag.find_parent(class_="govspeak") is None
            rank = 0
        elif tag.name == "main" or tag.get("role") == "main":
            rank = 1
        elif tag.name == "article" or tag.get("id") == "content":
            rank = 2
        elif tag.name == "body":
            rank = 3
        else:
            continue
        if ranked[rank] is None and any(tag.stripped_strings):
            ranked[rank] = tag
    if bodies != 1:
        ranked[0] = None
    return next((tag for tag in ranked if tag is not None), soup)


def _is_left_out(tag: Tag) -> bool:
    """Whether a tag holds what is around every page of a site, or what is not shown."""
    attributes = tag.attrs
    return (
        tag.name in _LEFT_OUT
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in _LEFT_OUT_ROLES
        or not _LEFT_OUT_CLASSES.isdisjoint(attributes.get("class") or ())
    )


def _pages(root: Tag) -> tuple[Page, ...]:
    """Read `root` in document order, without recursion, for a page may be nested a million deep."""
    flow = Flow()
    counts: Counter[int] = Counter()  # items met of each list
    stack: list[PageElement | tuple[Tag]] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            _leave(flow, item[0])
        elif isinstance(item, Tag):
            if _is_left_out(item):
                continue
            _enter(flow, item, counts)
            stack.append((item,))
            stack.extend(reversed(item.contents))
        elif isinstance(item, NavigableString) and (
            isinstance(item, CData) or not isinstance(item, PreformattedString)
        ):
            flow.add(_SPACE.sub(" ", str(item)))
    return flow.finish()


def _enter(flow: Flow, tag: Tag, counts: Counter[int]) -> None:
    name = tag.name
    if name == "h2":
        flow.end_page(_anchor(tag))
    elif name in _CELLS:
        if flow.started:
            flow.add("\t")
    elif name in _PARAGRAPHS and _is_block(tag):
        flow.part()
    elif name == "br" or _is_block(tag):
        flow.end_line()
    if name == "li":
        counts[id(tag.parent)] += 1
        flow.add(_marker(tag, counts[id(tag.parent)]))


def _leave(flow: Flow, tag: Tag) -> None:
    if _is_block(tag):
        flow.end_line(_HEADINGS.get(tag.name, 0))
        if tag.name in _PARAGRAPHS:
            flow.part()


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


def _marker(item: Tag, place: int) -> str:
    """What a list puts before its item, which is the `place`th from 1."""
    parent = item.parent
    if parent is None or parent.name != "ol":
        return "• "
    start = parent.get("start")
    first = int(str(start)) if start and str(start).isdecimal() and len(str(start)) <= _MOST_DIGITS else 1
    return f"{first + place - 1}. "
