"""Web pages to pages of text: one per second-level heading, boilerplate left out. The only importer of bs4."""

import re

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, PreformattedString, Tag

from casereviews.model import Heading, Page
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
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
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
    pages = _Pages()
    pages.walk(main)
    if not pages.finished:
        raise ExtractionError("without_text")
    return Extraction(tuple(pages.finished), None, "html")


class _Pages:
    """Collects lines into pages while the tree is walked in document order."""

    def __init__(self) -> None:
        self.finished: list[Page] = []
        self._anchor: str | None = None
        self._lines: list[str] = []
        self._line: list[str] = []
        self._headings: list[Heading] = []

    def walk(self, root: Tag) -> None:
        """Read `root` without recursion, for a page may be nested a million deep."""
        stack: list[PageElement | tuple[Tag]] = [root]
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                self._leave(item[0])
            elif isinstance(item, Tag):
                self._enter(item)
                stack.append((item,))
                stack.extend(reversed(item.contents))
            elif isinstance(item, NavigableString) and (
                isinstance(item, CData) or not isinstance(item, PreformattedString)
            ):
                self._line.append(str(item))
        self._end_page()

    def _enter(self, tag: Tag) -> None:
        name = tag.name
        if name in {"td", "th"}:
            if "".join(self._line).strip():
                self._line.append("\t")
        elif (name in _BLOCKS and not (tag.parent and tag.parent.name in {"td", "th"})) or name == "br":
            self._end_line()
        if name == "h2":
            self._end_page()
            self._anchor = _anchor(tag)
        elif name == "li":
            self._line.append(_marker(tag))

    def _leave(self, tag: Tag) -> None:
        if tag.name in _HEADINGS:
            text = _SPACE.sub(" ", "".join(self._line)).strip()
            if text:
                offset = sum(len(line) + 1 for line in self._lines)
                self._headings.append(Heading(offset, _HEADINGS[tag.name], text))
        if (
            tag.name in _BLOCKS
            and tag.name not in {"td", "th"}
            and not (tag.parent and tag.parent.name in {"td", "th"})
        ):
            self._end_line()

    def _end_line(self) -> None:
        cells = (_SPACE.sub(" ", cell).strip() for cell in "".join(self._line).split("\t"))
        line = "\t".join(cells).strip()
        if line:
            self._lines.append(line)
        self._line = []

    def _end_page(self) -> None:
        self._end_line()
        if self._lines:
            number = len(self.finished) + 1
            page = Page(number, "\n".join(self._lines), anchor=self._anchor, headings=tuple(self._headings))
            self.finished.append(page)
        self._lines, self._headings = [], []


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
