"""The Child Safeguarding Practice Review Panel's own site: national reviews, annual reports, practice briefings."""

import re
from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from crawler.platforms.publications import PublicationsSpider
from crawler.spider import Expect, WrongStructure

SITE = "https://childsafeguarding.independent-panel.uk"
_SECTION = re.compile(
    r"publications?|national reviews?|annual reports?|(?:practice )?briefings?|thematic reviews?|reviews and reports"
    r"|reports?(?: and .+)?|(?:all |view )?(?:our )?publications",
    re.IGNORECASE,
)


class CsprPanelSpider(PublicationsSpider):
    """From the home page to the sections that list publications, then each publication."""

    name = "cspr-panel"
    title = "Child Safeguarding Practice Review Panel: national reviews and briefings"
    publisher = "Child Safeguarding Practice Review Panel"
    nation = "england"
    licence = "OGL-UK-3.0"
    hosts = (
        "childsafeguarding.independent-panel.uk",
        "www.childsafeguarding.independent-panel.uk",
        "assets.publishing.service.gov.uk",
    )
    start_urls = [f"{SITE}/"]  # noqa: RUF012 - a list, as Scrapy has it
    entry = re.compile(
        r"/(?:[\w-]+/)*(?:publications?|national-reviews?|reviews?|annual-reports?|reports?|briefings?"
        r"|practice-briefings?|resources?|documents?)/[\w-]+/?"
    )
    expect = Expect(minimum=5, filled={"title": 1.0, "published": 0.8, "links": 0.7})
    notes = (
        "The host and what it holds are seen, its addresses and markup are not: sections and publications are told by"
        " the words of links. The same reviews are on GOV.UK."
    )

    def parse(self, response: Response, number: int = 0, **kwargs: Any) -> Iterable[Any]:
        """The home page, which leads to the sections; then the pages of these."""
        if number:
            yield from super().parse(response, number)
            return
        sections: dict[str, None] = {}
        for anchor in response.css("a[href]"):
            text = " ".join(anchor.css("::text").getall()).strip()
            url = response.urljoin(anchor.attrib["href"]).partition("#")[0]
            if _SECTION.fullmatch(text) and url.startswith(SITE) and url != response.url:
                sections.setdefault(url)
        if not sections:
            raise WrongStructure(response.url, "no link to publications, national reviews or briefings")
        for url in sections:
            yield self.page(url, cb_kwargs={"number": 1}, meta={"listing": url})
