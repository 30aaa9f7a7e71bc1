"""The catalogue of the NSPCC's library: one record of the National Collection of Case Reviews to a page."""

import re
from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from casereviews.model import Link
from casereviews.terminal import clean
from crawler.dates import dates_in
from crawler.kinds import document_kind, document_title, review_type
from crawler.labels import read_labels, split_list
from crawler.lines import Line, main_part, read_lines, slug
from crawler.platforms.publications import PublicationsSpider
from crawler.spider import Expect, WrongStructure

LABELS = {
    "title": "Title",
    "publisher": "Publisher|Corporate author|Authors?",
    "published": "Publication(?: details)?|Published|Date(?: of publication)?|Year",
    "summary": "Abstract|Summary",
    "keywords": "Key ?words?|Subjects?",
    "record": "(?:Record|Title) (?:number|no|ID)|RID",
    "other": "Others?(?: links?)?|Links?|Electronic access",
}

_REPORT = re.compile(
    r"\b(?:overview report|full text|case review report|read the|view (?:the )?(?:report|document))\b", re.I
)


class NspccLibrarySpider(PublicationsSpider):
    """Record after record by the catalogue's own link to the next."""

    name = "nspcc-library"
    title = "National Collection of Case Reviews (catalogue of the NSPCC library)"
    hosts = ("library.nspcc.org.uk",)
    start_urls = [  # noqa: RUF012 - a list, as Scrapy has it
        "https://library.nspcc.org.uk/HeritageScripts/Hapi.dll/retrieve2?LabelText=Case%20review&searchterm=%2A"
        "&Fields=%40&Media=SCR&Bool=AND&SearchPrecision=20&SortOrder=Y1&Offset=1&Direction=%2E&Dispfmt=F"
        "&Dispfmt_b=B27&Dispfmt_f=F13&DataSetName=LIVEDATA"
    ]
    enabled = False
    max_listings = 3_000
    expect = Expect(
        minimum=500, filled={"title": 1.0, "published": 0.8, "summary": 0.8, "keywords": 0.7}, failed_documents=1.0
    )
    notes = (
        "Unproven. The address and the classes .fulllabel and .navNext are seen in another scraper, which crashed after"
        " 1,466 records; a search may need a session (SetID). Copyright stays with the boards; dead links are normal."
    )

    def parse(self, response: Response, number: int = 1, **kwargs: Any) -> Iterable[Any]:
        """A record, its fields by their labels, then the next one."""
        lines = read_lines(main_part(response))
        labelled = [f"{label}: {value}" for label, value in marked(response)]
        fields = read_labels("\n".join(labelled or [line.text for line in lines]), LABELS)
        first = {name: value.split("\n")[0] for name, value in fields.items()}
        if "title" not in first:
            raise WrongStructure(response.url, "no record with a title")
        dates = dates_in(fields.get("published", ""))
        yield self.review(
            slug(f"{first.get('record', '')} {first['title']}")[:100].strip("-"),
            first["title"],
            response.url,
            type=review_type(first["title"]) or "other",
            publisher=first.get("publisher"),
            published=dates[0] if dates else None,
            summary=fields.get("summary"),
            keywords=split_list(fields.get("keywords", ""), ",;\n"),
            links=self.files(response, lines),
        )
        if following := self.next_page(response, lines):
            yield self.page(following, cb_kwargs={"number": number + 1})

    def next_page(self, response: Response, lines: list[Line]) -> str | None:
        """The next record; the catalogue's link may be an image."""
        href = response.css("a.navNext::attr(href), .navNext a::attr(href)").get()
        return response.urljoin(href) if href else super().next_page(response, lines)

    def files(self, response: Response, lines: list[Line]) -> tuple[Link, ...]:
        """The report, which the catalogue may hand out from an address without an ending."""
        links = {link.url: link for link in super().files(response, lines)}
        for href, text in (link for line in lines for link in line.links):
            if _REPORT.search(text) and (url := response.urljoin(href)).startswith("http"):
                links.setdefault(url, Link(url, document_kind(text, "report"), document_title(text, url)))
        return tuple(links.values())


def marked(response: Response) -> Iterable[tuple[str, str]]:
    """The labels that the catalogue marks as such, each with what stands beside it."""
    for label in response.css(".fulllabel"):
        parts = []
        for node in label.xpath("following-sibling::node()"):
            if isinstance(node.root, str):
                parts.append(node.root)
            elif "fulllabel" in node.attrib.get("class", ""):
                break
            else:
                parts.append(_text(node))
        value = clean(" ".join(parts)) or _text(label.xpath("parent::*/following-sibling::*[1]"))
        yield re.sub(r"[\s:]+$", "", _text(label)), value.lstrip(": ")


def _text(part: Any) -> str:
    return clean(part.xpath("string()").get(""))
