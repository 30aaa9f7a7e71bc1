"""The library of safeguarding adult reviews: tables of files, one for each year."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from casereviews.areas import find_in
from casereviews.model import Link, Review
from crawler.kinds import document_kind
from crawler.lines import read_lines, slug
from crawler.spider import Expect, ReviewSpider, WrongStructure

SITE = "https://nationalnetwork.org.uk"
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?!\s*[-–]\s*\d|\d)")
_ENDING = re.compile(r"\s*\.(?:pdf|docx?|odt|rtf)$", re.IGNORECASE)


class SarSpider(ReviewSpider):
    """The network's own list and the older library of SCIE."""

    name = "sar"
    title = "Safeguarding Adult Review library (National Network for Chairs of SABs)"
    nation = "england"
    hosts = ("nationalnetwork.org.uk", "www.nationalnetwork.org.uk")
    start_urls = [f"{SITE}/search.html", f"{SITE}/SCIE%20Library%202015-2018/"]  # noqa: RUF012 - a list, as Scrapy has it
    expect = Expect(minimum=3, filled={"title": 1.0, "published": 0.6, "links": 1.0}, failed_documents=0.2)
    notes = (
        "Shape from captured HTML; that of the SCIE library is remembered to be the same. The list names no board"
        " except in titles, which are often file names. Copyright stays with the publishing boards."
    )

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
        """The rows under each year's button; a row's title and file name are all that is told of a review."""
        if not response.css("button.collapsible"):
            raise WrongStructure(response.url, "no button such as “SARs 2026” above the tables")
        reviews: dict[str, Review] = {}
        year = None
        for part in response.css("button.collapsible, tr"):
            if part.root.tag == "button":
                found = _YEAR.search(part.xpath("string()").get(""))
                year = found and found[0]
                continue
            first = None
            title = " – ".join(line.text for cell in part.css("td")[:1] for line in read_lines(cell))
            for href in part.css("td a::attr(href)").getall():
                if review := self.row(response, href, title, year):
                    first = first or review  # a row is one review, of several files at times
                    known = reviews.get(first.key, first)  # as is the same report as PDF and as Word file
                    reviews[first.key] = replace(known, links=tuple(dict.fromkeys([*known.links, *review.links])))
        yield from reviews.values()

    def row(self, response: Response, href: str, title: str, year: str | None) -> Review | None:
        """A row as a review; None, and named, when its link is no address of a file."""
        try:
            # Raw spaces are quoted, what is quoted already stays.
            url = safe_url_string(response.urljoin(href.strip()))
            path = PurePosixPath(unquote(urlsplit(url).path))
        except ValueError:
            path, url = PurePosixPath(), href
        if not path.name or urlsplit(url).scheme not in ("http", "https"):
            self.problem(response.url, f"“{title}” links to no file ({href})")
            return None
        return self.review(
            slug(str(path.with_suffix(""))),
            _ENDING.sub("", title) or path.stem,
            response.url,
            type="sar",
            area=board.name if (board := find_in(title)) else None,
            published=year,
            links=(Link(url, document_kind(path.stem, "report"), title or path.name),),
        )
