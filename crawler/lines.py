"""A page as the lines a reader sees, each with its links: for sites whose markup says nothing or is unknown."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector
from scrapy.http import Response

from casereviews.terminal import clean

_INLINE = frozenset(
    [
        *("a", "abbr", "b", "bdi", "cite", "code", "del", "em", "font", "i", "img", "ins", "label", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"),
    ]
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6}
_UNSEEN = frozenset(("script", "style", "noscript", "template", "nav", "svg", "select"))


@dataclass
class Line:
    """One line of a page; `level` is 1 to 6 for a heading, 0 for running text; `links` are (href, text)."""

    text: str = ""
    level: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)


def slug(text: str) -> str:
    """Lower-case letters and figures joined by hyphens: the readable part of a review's key.

    >>> slug("2025 – Anytown – Child A’s")
    '2025-anytown-child-as'
    """
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def read_lines(part: Selector) -> list[Line]:
    """The lines of `part` in reading order; navigation, scripts and empty lines left out."""
    lines, levels, pieces = [Line()], [0], list[str]()
    # A stack of its own: a hostile page nests deeper than Python recurses.
    stack = [_steps(part.root)]
    while stack:
        step, node = next(stack[-1], ("end", part.root))
        breaks = step in ("open", "close") and node.tag not in _INLINE
        if step == "end":
            stack.pop()
        elif step == "enter":
            stack.append(_steps(node))
        elif step == "text":
            pieces.append(node)
        elif breaks and node.tag in _HEADINGS:
            levels = [*levels, _HEADINGS[node.tag]] if step == "open" else levels[:-1]
        elif step == "open" and node.tag == "a" and node.get("href"):
            lines[-1].links.append((node.get("href").strip(), _words(node)))
        if breaks or not stack:
            lines[-1].text = clean("".join(pieces))
            lines.append(Line(level=levels[-1]))
            pieces = []
    return [line for line in lines if line.text or line.links]


def main_part(page: Response | Selector) -> Selector:
    """The part of a page that holds its content: `main`, or the body where there is none."""
    return (page.css("main, [role=main]") or page.css("body") or page.css(":root"))[0]


def _words(link: Any) -> str:
    """The text of a link; that of a card's blocks set apart, as a reader sees them."""
    blocks = any(isinstance(each.tag, str) and each.tag not in _INLINE for each in link.iterdescendants())
    return clean((" " if blocks else "").join(link.itertext()))


def _steps(node: Any) -> Iterator[tuple[str, Any]]:
    yield "open", node
    yield "text", node.text or ""
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield "enter", child
        yield "text", child.tail or ""
    yield "close", node
