"""Coroners' reports to prevent future deaths (Regulation 28): listed by the site's REST API, read from its pages."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from scrapy.http import Response

from casereviews.model import DocumentKind, Link
from casereviews.terminal import clean
from crawler.dates import read_date
from crawler.kinds import document_kind, document_title
from crawler.labels import Unread, read_labels, split_list
from crawler.lines import read_lines
from crawler.places import place
from crawler.platforms.wordpress import WordPressSpider, listing, post_key
from crawler.spider import Expect

CORONER = "Coroner(?:['’]?s)?"
LABELS = {
    "reference": "Ref(?:erence)?(?: (?:no|number))?",
    "reported": "Date of report",
    "deceased": "Deceased(?:['’]?s)?(?: name)?",
    "coroner": f"{CORONER}(?: name)?",
    "area": f"{CORONER} area",
    "category": "Categor(?:y|ies)",
    "addressees": "(?:This report is being )?sent to",
}
MOST_UNTITLED = 3
"""Pages that may be something else than a report; more of them are a changed site or a wall against robots."""
UPLOADS = "/wp-content/uploads/"
FILES = "li.related-content__item > a.related-content__link, .wp-block-file a.wp-block-file__button, a.govuk-button"


class PfdSpider(WordPressSpider):
    """Every report with its responses."""

    name = "pfd"
    title = "Prevention of Future Deaths reports (Courts and Tribunals Judiciary)"
    publisher = "Courts and Tribunals Judiciary"
    licence = "OGL-UK-3.0"
    newest_first = True
    hosts = ("www.judiciary.uk",)
    start_urls = [listing("https://www.judiciary.uk/wp-json/wp/v2/pfd")]  # noqa: RUF012 - a list, as Scrapy has it
    expect = Expect(
        filled={
            "title": 1.0,
            "published": 0.95,
            "reported": 0.8,
            "reference": 0.8,
            "area": 0.8,
            "addressees": 0.7,
            "keywords": 0.8,
            "links": 0.9,
        },
    )
    notes = "Selectors seen in three public scrapers. Reports of 2014 to 2018 are often scans without text."
    max_details = 20_000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.references: dict[str, str] = {}
        self.unread = Unread(self.logger, LABELS)
        self.untitled = 0

    def parse_post(self, response: Response) -> Iterable[Any]:
        """The page of one report."""
        title = clean(response.css(".single__title").xpath("string()").get(""))
        if not title:
            self.problem(response.url, "a report's page without its title")
            self.untitled += 1
            if self.untitled > MOST_UNTITLED:
                self.tally.fall_short(f"more than {MOST_UNTITLED} pages of reports have no title")
            return
        fields = self.labelled(response)
        self.unread.tell(fields, response.url)
        if (reported := read_date(fields.get("reported"))) is None and "reported" in fields:
            self.tally.note(f"the date of report “{fields['reported']}” cannot be read: {response.url}")
        reference = clean(fields.get("reference", "")) or None
        if reference and self.references.setdefault(reference, response.url) != response.url:
            self.tally.note(f"reference {reference} is also at {self.references[reference]}: {response.url}")
        time = response.css("main header > time") or response.css("header > time")
        pills = [clean(each) for each in response.css(".single__title + p.pill--single > a::text").getall()]
        yield self.review(
            post_key(response.url),
            title,
            response.url,
            type="pfd",
            **place(clean(fields.get("area", ""))),
            reported=reported,
            published=read_date(time.attrib.get("datetime", "")[:10]),
            reference=reference,
            keywords=tuple(dict.fromkeys([*filter(None, pills), *split_list(fields.get("category", ""), "|;\n")])),
            addressees=split_list(re.sub(r"^\d+[.)]\s+", "", fields.get("addressees", ""), flags=re.MULTILINE), "|;\n"),
            links=self.files(response),
        )

    def labelled(self, response: Response) -> dict[str, str]:
        """The labelled lines of a page, in paragraphs, lists or a table; the first of each label counts."""
        parts = []
        for block in response.css("div.flow").css("p, ul, ol"):
            lines = (line for line in read_lines(block) if line.text != " ".join(text for _, text in line.links))
            parts.append("\n".join(line.text for line in lines))  # the files below the last label are not its value
        for row in response.css("tr.govuk-table__row"):
            cells = [clean(cell.xpath("string()").get("")) for cell in row.css("th, td")]
            parts.append(": ".join([cells[0].rstrip(": "), *cells[1:]]) if cells else "")
        fields: dict[str, str] = {}
        for part in re.sub(r":\n\n", ":\n", "\n\n".join(parts)).split("\n\n"):
            fields = {**read_labels(part, LABELS, inline=True), **fields}
        return fields

    def files(self, response: Response) -> tuple[Link, ...]:
        """The files of a page, told by their names: responses, and the report, which need not be the first."""
        files: dict[str, str] = {}
        for anchor in response.css("main a"):
            if UPLOADS in (href := anchor.attrib.get("href", "")):
                url = response.urljoin(href)
                files[url] = files.get(url) or clean(anchor.xpath("string()").get(""))
        if files and not any(UPLOADS in anchor.attrib.get("href", "") for anchor in response.css(FILES)):
            self.tally.fall_short(f"files are linked, and none where they are known to be: {response.url}")
        kinds: dict[str, DocumentKind] = {}
        for url, text in files.items():
            name = unquote(url.rpartition("/")[2])
            kinds[url] = "response" if "response" in f"{name} {text}".lower() else document_kind(name)
        others = [url for url, kind in kinds.items() if kind != "response"]
        if others and "report" not in kinds.values():
            kinds[others[0]] = "report"
        return tuple(Link(url, kinds[url], document_title(text, url)) for url, text in files.items())
