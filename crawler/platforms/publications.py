"""Collections whose listing links to a page for each publication, on sites whose markup is not known.

Entries, labels and files are told by addresses and words alone; a listing without a single entry is no listing.
"""

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from casereviews.model import Link
from casereviews.terminal import clean
from crawler.dates import read_date
from crawler.kinds import document_kind, document_title, review_type
from crawler.labels import read_labels
from crawler.lines import Line, main_part, read_lines
from crawler.platforms.cases import page_id, site_of
from crawler.spider import ReviewSpider, WrongStructure

_FILE = re.compile(r"\.(?:pdf|docx?|odt)$|/pdf/?$|/downloads?/file/", re.IGNORECASE)
_NEXT = re.compile(r"next(?: page| ›| »| →)?|[›»→]", re.IGNORECASE)
_DATED = {
    "published": r"(?:Date )?(?:first )?(?:published|publication date|publication|date of publication)(?: on)?",
    "incident": r"Date of (?:death|incident)",
    "reported": r"Date of (?:the )?report",
    "updated": r"(?:Last )?updated(?: on)?",
}
_WORTH = 60
"""Fewest characters of a paragraph that may be a publication's summary."""


class PublicationsSpider(ReviewSpider):
    """Walks listing pages to their entries; a source says what an entry's address looks like."""

    entry: ClassVar[re.Pattern[str]]
    """What the path of an entry's page matches in full."""
    total: ClassVar[re.Pattern[str] | None] = None
    """How the listing states its total: a line with the number as its first group."""
    review_type: ClassVar[str] = "other"
    """The type of an entry whose title names none."""
    unwanted: ClassVar[re.Pattern[str]] = re.compile(
        r"privacy|cookies|accessibility|terms and conditions", re.IGNORECASE
    )
    """Titles of entries that are left alone."""

    def parse(self, response: Response, number: int = 1, **kwargs: Any) -> Iterable[Any]:
        """A page of the listing: each entry once, then the next page."""
        lines = read_lines(main_part(response))
        entries, following = self.entries(response, lines), self.next_page(response, lines)
        if not entries and number == 1:
            raise WrongStructure(response.url, "the listing links to no publication")
        if not entries:
            self.tally.fall_short(f"a further page of the listing links to no publication: {response.url}")
        if self.total is not None:
            self.read_total(response, lines, len(entries))
        for url in entries:
            yield self.detail(url, self.parse_entry, key=key_of(url))
        if following:
            yield self.page(following, cb_kwargs={"number": number + 1})

    def entries(self, response: Response, lines: list[Line]) -> dict[str, str]:
        """The addresses of a listing's entries, with their links' texts."""
        found: dict[str, str] = {}
        for href, text in (link for line in lines for link in line.links):
            url = _address(response, href)
            here = url and site_of(url) == site_of(response.url) and page_id(url) != page_id(response.url)
            if here and url and self.entry.fullmatch(urlsplit(url).path) and not self.unwanted.search(text):
                found[url] = found.get(url) or text
        return found

    def next_page(self, response: Response, lines: list[Line]) -> str | None:
        """The page after this one, where the listing has one."""
        declared = response.css("a[rel~=next]::attr(href), link[rel~=next]::attr(href)").getall()
        worded = response.xpath("//a[@href]")
        named = [a.attrib["href"] for a in worded if _NEXT.fullmatch(clean(a.xpath("string()").get("")))]
        url = next((url for href in [*declared, *named] if (url := _address(response, href))), None)
        return url if url and site_of(url) == site_of(response.url) and url != response.url else None

    def read_total(self, response: Response, lines: list[Line], entries: int) -> None:
        """Compare what the listing states with what it holds."""
        assert self.total is not None
        stated = next((match for line in lines if (match := self.total.search(line.text))), None)
        if stated is None:
            self.tally.fall_short(f"the listing does not say how many entries it has: {response.url}")
            return
        self.state_total(int(stated[1].replace(",", "")))
        self.read_entries(entries)

    def parse_entry(self, response: Response) -> Iterable[Any]:
        """The page of one publication: its heading, its labelled dates, its first paragraph, its files."""
        lines = read_lines(main_part(response))
        title = next((line.text for line in lines if line.level == 1), "") or clean(
            response.css("h1").xpath("string()").get("")
        )
        if not title:
            self.problem(response.url, "a publication's page without its heading")
            return
        links = self.files(response, lines)
        yield self.review(
            key_of(response.url),
            title,
            response.url,
            type=review_type(title) or self.review_type,
            summary=next((line.text for line in lines if not line.level and len(line.text) >= _WORTH), None),
            links=links,
            **self.dates(response, lines),
            **self.more(lines),
        )

    def dates(self, response: Response, lines: list[Line]) -> dict[str, str | None]:
        """The dates that a page labels, or marks as its time."""
        fields = read_labels("\n".join(line.text for line in lines), _DATED)
        dates = {name: read_date(fields.get(name, "").split("\n")[0]) for name in _DATED}
        spoken = re.search(
            rf"^(?:{_DATED['published']})\s+(\d.*)$", "\n".join(line.text for line in lines), re.I | re.M
        )
        marked = response.css("time::attr(datetime)").get("")[:10]
        dates["published"] = dates["published"] or read_date(spoken and spoken[1]) or read_date(marked)
        return dates

    def more(self, lines: list[Line]) -> dict[str, Any]:
        """Further fields that a source's pages give."""
        return {}

    def files(self, response: Response, lines: list[Line]) -> tuple[Link, ...]:
        """The files that a page offers."""
        links: dict[str, Link] = {}
        for href, text in (link for line in lines for link in line.links):
            url = _address(response, href)
            if url and _FILE.search(path := unquote(urlsplit(url).path)):
                kind = document_kind(f"{text} {path.rpartition('/')[2]}", "other" if links else "report")
                links.setdefault(url, Link(url, kind, document_title(text, url)))
        return tuple(links.values())


def key_of(url: str) -> str:
    """The last part of an entry's address."""
    return urlsplit(url).path.strip("/").rpartition("/")[2]


def _address(response: Response, href: str) -> str | None:
    try:
        url = safe_url_string(response.urljoin(href)).partition("#")[0]
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
