"""What boards' pages yield: cases and their documents, the addresses of pages, and how titles and dates are read."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from casereviews.model import Link
from crawler.dates import MONTH, dates_in
from crawler.lines import slug

_PUBLISHED = re.compile(r"\bpublish\w*\b|\bpublication\b", re.IGNORECASE)
_TITLE_DATE = re.compile(rf"(?:^|[(–—,:-]\s*)(?:{MONTH}\s*)?(?:19|20)\d\d\)?\s*$", re.IGNORECASE)
_FURTHER = re.compile(r"/page/\d+/?$|[?&]page=\d+$")
_LONGEST_SUMMARY = 2000


@dataclass(slots=True)
class Case:
    """One review as a page tells it; `around` are the headings above it, the nearest first."""

    title: str
    name: str
    around: tuple[str, ...] = ()
    published: str | None = None
    dated: str | None = None
    """The date that its heading carries, for want of one of publication."""
    summary: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The readable part of the review's key, the same however its title is worded."""
        return slug(self.name)[:80].strip("-")

    @property
    def told(self) -> str | None:
        """What its pages say of it in running text."""
        return "\n".join(self.summary)[:_LONGEST_SUMMARY] or None


@dataclass(slots=True)
class Cases:
    """What a page holds: its cases by key; pages that may hold more, each an address and the words of its link."""

    found: dict[str, Case] = field(default_factory=dict)
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    untold: int = 0
    """Files of which nothing says that they are of a review."""

    def add(self, other: "Cases") -> None:
        """Take over the cases of another page; what both tell is one review."""
        for key, case in other.found.items():
            known = self.found.setdefault(key, case)
            if known is not case:
                have = {link.url for link in known.links}
                known.links += [link for link in case.links if link.url not in have]
                known.published, known.dated = known.published or case.published, known.dated or case.dated
                known.summary = known.summary or case.summary
                known.around += case.around
        self.pages = {**other.pages, **self.pages}
        self.untold += other.untold


def site_of(url: str) -> str:
    """The host of an address without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def plain_address(url: str) -> str:
    """An address without its fragment, contrast switch and `/print`: that of the page itself."""
    parts = urlsplit(url)
    query = parts.query
    if re.search(r"\b(?:contrast|print)\b", query, re.IGNORECASE):
        query = urlencode([(k, v) for k, v in parse_qsl(query, True) if k.lower() not in ("contrast", "print")])
    return urlunsplit((parts.scheme, parts.netloc, re.sub(r"/print/?$", "", parts.path), query, ""))


def page_id(url: str) -> str:
    """What addresses of the same page have in common."""
    parts = urlsplit(plain_address(url))
    return f"{site_of(url)}{parts.path.rstrip('/')}?{parts.query}"


_TOLD_AFTER = re.compile(r"(?<=.)[\s,;(–-]*\b[Pp]ublished\b.*$|\s+(?:has|have|was|were|is|are|can)\s+(?:now\s+)?\w+.*$")


def title_of(text: str) -> str:
    """A heading or sentence as a title: without what it says of being published, and of anything after that."""
    told = _TOLD_AFTER.sub("", text)
    return " ".join(told.split(". ")[0].replace("_", " ").split()).strip(" :–-.,") or text


def is_further(url: str, of: str = "") -> bool:
    """Whether an address is that of a further page of a list, of the one at `of` if that is given."""
    first = _FURTHER.sub("", url)
    return first != url and (not of or first.rstrip("/") == _FURTHER.sub("", of).rstrip("/"))


def published_in(text: str) -> str | None:
    """The date that a sentence gives of publication: after the word, or the only one in it."""
    if not (found := _PUBLISHED.search(text)):
        return None
    dates = dates_in(text.replace(",", " "))
    return first_date(text[found.end() :]) or (dates[0] if len(dates) == 1 else None)


def title_date(title: str) -> str | None:
    """The date that a heading ends with; a bare year may be part of a case's number."""
    match = _TITLE_DATE.search(title)
    return first_date(match[0]) if match else None


def first_date(text: str) -> str | None:
    """The first date that a text writes out."""
    dates = dates_in(text.replace(",", " "))
    return dates[0] if dates else None
