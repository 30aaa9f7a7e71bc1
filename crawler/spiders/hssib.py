"""Investigations of the Health Services Safety Investigations Body, those of its forerunner HSIB included."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from casereviews.model import Link
from crawler.kinds import document_title
from crawler.lines import Line
from crawler.platforms.publications import PublicationsSpider
from crawler.spider import Expect

_REPORT = re.compile(r"/patient-safety-investigations/[\w-]+/[\w-]*report[\w-]*(?P<pdf>/pdf)?/?", re.IGNORECASE)


class HssibSpider(PublicationsSpider):
    """The list of investigations, a page for each, its reports as files or as pages."""

    name = "hssib"
    title = "Patient safety investigations (Health Services Safety Investigations Body)"
    publisher = "Health Services Safety Investigations Body"
    nation = "england"
    hosts = ("www.hssib.org.uk", "hssib.org.uk")
    start_urls = ["https://www.hssib.org.uk/patient-safety-investigations/"]  # noqa: RUF012 - a list, as Scrapy has it
    entry = re.compile(r"/patient-safety-investigations/[\w-]+/?")
    review_type = "safety-investigation"
    enabled = False
    max_details = 600
    expect = Expect(minimum=20, filled={"title": 1.0, "published": 0.5, "links": 0.5})
    notes = "Unproven. Addresses of the list, of investigations and of their reports are seen, the markup is not."

    def parse_entry(self, response: Response) -> Iterable[Any]:
        """An investigation with its reports; one that is still under way has none and is left for later."""
        for review in super().parse_entry(response):
            if review.links:
                yield review

    def files(self, response: Response, lines: list[Line]) -> tuple[Link, ...]:
        """A report is a page of the site with a file of its own beneath it; the file where it is linked."""
        links = {link.url.rstrip("/"): link for link in super().files(response, lines)}
        for href, text in (link for line in lines for link in line.links):
            url = safe_url_string(response.urljoin(href)).partition("#")[0]
            match = _REPORT.fullmatch(unquote(urlsplit(url).path))
            base = url.rstrip("/")
            if match and not match["pdf"] and f"{base}/pdf" not in links:
                links.setdefault(base, Link(url, "report", document_title(text, url), "text/html"))
        return tuple(link for url, link in links.items() if f"{url}/pdf" not in links)
