"""Case reviews written one after another on one long page, as the NSPCC lists them.

An entry is a heading (`2025 - Anytown - Child A`), a paragraph, labelled paragraphs and perhaps a link. The tags
are not known, so entries are told by the shape of their text alone.
"""

import re
from dataclasses import dataclass

from parsel import Selector
from scrapy.http import Response

from crawler.dates import MONTH, read_date
from crawler.labels import read_labels, split_list
from crawler.lines import Line, main_part, read_lines, slug

_DASH = r"\s*[-–—]+\s+|\s+[-–—]+\s*|\s*[–—]+\s*|-(?=[A-Z][\w ]*$)"
_HEADING = re.compile(
    rf"(?P<month>{MONTH}\s+)?(?P<year>(?:19|20)\d\d)(?P<dash>\s*[-–—]+\s*|\s*(?=[^\W\d_]))(?P<rest>\S.*)", re.IGNORECASE
)
_NOWHERE = re.compile(
    r"anonymous|unnamed|unknown|unspecified|\bNSPCC\b"
    r"|\b(?:review|report|child|baby|infant|young person|family|national)\b",
    re.IGNORECASE,
)
_READ = re.compile(
    r"^[>›»\s]*(?:read|view|download)\b|\b(?:report|review|summary|briefing)\b|\.pdf\b|/filetransfer/", re.IGNORECASE
)

LONGEST_HEADING = 160
MOST_LINKS = 20
"""Links of one line that are looked at; an entry has one or two."""
LABELS = {
    "background": "Background",
    "issues": r"(?:Key )?issues(?: identified)?(?:\s*:?\s*includ(?:e|es|ing))?",
    "learning": r"(?:Key )?learning(?: points| themes)?(?: identified)?(?:\s*:?\s*(?:includ(?:es?|ing)|focuse?s on))?"
    r"|includes",
    "recommendations": r"Recommendations?(?: (?:to|for) [^:;.]{3,80}?)?(?:\s*:?\s*includ(?:e|es|ing))?",
    "model": "Model(?: used)?",
    "keywords": "Key ?words?",
}
"""How the labels of an entry are spelt, over the years."""
_LABEL_IN_LINE = re.compile(rf"(?<=[.;]) (?=(?-i:[A-Z]))(?=(?:{'|'.join(LABELS.values())})\s*:)", re.IGNORECASE)
"""Where an entry that is one paragraph goes on to its next label."""
_LISTS = ("issues", "learning", "recommendations")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `area` is None for an anonymous one, `links` are (href, text), `merged` tells of a lost heading."""

    heading: str
    key: str
    published: str
    area: str | None
    name: str
    summary: str
    keywords: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    merged: bool = False


def read_entries(page: Response | Selector) -> list[Entry]:
    """The entries of a page in its order; a table of contents that repeats their headings is left out."""
    found: list[tuple[str, list[Line]]] = []
    inside = False
    for line in read_lines(main_part(page)):
        if _is_heading(line):
            own = [link for link in line.links if "#" not in link[0]]
            found.append((line.text, [Line(links=own)] if own else []))
            inside = True
        elif inside and line.level and not _is_label(line.text):
            inside = False  # a heading of the page's own ends the entry before it
        elif inside:
            found[-1][1].append(line)
    told = {heading for heading, body in found if body}
    return [_entry(heading, body) for heading, body in found if body or heading not in told]


def _is_heading(line: Line) -> bool:
    match = _HEADING.fullmatch(line.text) if len(line.text) <= LONGEST_HEADING else None
    if not match:
        return False
    # Running text may begin with a year: without its own tag a heading shows its dashes and no full stop.
    dashes = bool(match["dash"].strip()) + len(re.findall(_DASH, match["rest"]))
    return bool(line.level) or (dashes > 0 and not line.text.endswith("."))


def _is_label(text: str) -> bool:
    return len(text) < 80 and any(re.match(p, text, re.IGNORECASE) for p in LABELS.values())


def _entry(heading: str, body: list[Line]) -> Entry:
    match = _HEADING.fullmatch(heading)
    assert match
    area, name = (*re.split(_DASH, match["rest"], maxsplit=1), "")[:2]
    links = dict.fromkeys(link for line in body for link in line.links if _READ.search(f"{link[1]} {link[0]}"))
    lines = [text for line in body if (text := _unlinked(line))]
    keywords = _unlabelled_keywords(lines) if int(match["year"]) < 2014 else ""
    text = _LABEL_IN_LINE.sub("\n", "\n".join(lines))
    text = re.sub(r"^(?=Makes recommendations\b)", "Recommendations: ", text, flags=re.MULTILINE)
    fields = read_labels(text, LABELS)
    keywords = fields.pop("keywords", keywords).partition("\n")[0]
    return Entry(
        heading=heading,
        key=slug(f"{match['year']} {match['rest']}"),
        published=read_date(f"{match['month'] or ''}{match['year']}") or match["year"],
        area=None if _NOWHERE.search(area) else area,
        name=name.strip(),
        summary="\n".join(_told(label, value) for label, value in fields.items()),
        keywords=split_list(keywords, "," if "," in keywords else ";"),
        links=tuple(links),
        merged=sum(bool(re.match(LABELS["keywords"], line, re.IGNORECASE)) for line in lines) > 1,
    )


def _unlinked(line: Line) -> str:
    """A line's text, nothing when it is all links."""
    rest = line.text
    for _, text in line.links[:MOST_LINKS]:
        rest = rest.replace(text, "", 1)
    return line.text if re.search(r"\w{4}", rest) or not line.links else ""


def _unlabelled_keywords(lines: list[str]) -> str:
    """The keyword list of 2012 and 2013, which is the last line and has no label; taken out of `lines`."""
    if len(lines) > 1 and len(lines[-1]) < 200 and ":" not in lines[-1]:
        return lines.pop()
    return ""


def _told(label: str, value: str) -> str:
    """A part of an entry as text: a list that the publisher wrote in one sentence is given one line an item."""
    items = split_list(value, ";\n") if label in _LISTS else ()
    shown = "".join(f"\n– {item}" for item in items) if len(items) > 1 else f" {value}"
    return f"{label.capitalize()}:{shown}" if label else value
