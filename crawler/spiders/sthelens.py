"""St Helens Safeguarding Children Partnership: one page of prose that points to local and to national reviews."""

from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from crawler.kinds import review_type
from crawler.platforms.prose import read_prose
from crawler.spider import Expect, ReviewSpider, WrongStructure


class StHelensSpider(ReviewSpider):
    """The partnership's page; reports stay on it for a year, so an empty list is valid."""

    name = "sthelens"
    title = "St Helens Safeguarding Children Partnership"
    publisher = "St Helens Safeguarding Children Partnership"
    nation = "england"
    keeps_months = 12
    hosts = (
        "sthelenssafeguarding.org.uk",
        "www.sthelenssafeguarding.org.uk",
        "assets.publishing.service.gov.uk",
    )
    start_urls = [  # noqa: RUF012 - a list, as Scrapy has it
        "https://sthelenssafeguarding.org.uk/p/about-us/local-and-national-child-safeguarding-practice-reviews"
    ]
    expect = Expect(minimum=0, filled={"title": 1.0}, failed_documents=0.5, drop=1.0)
    notes = (
        "The page's text is seen, its tags are not. Local reports are shown for twelve months. A national review with a"
        " page of its own is listed with that address; its files are gathered by the source of that site."
    )

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
        """The reviews that the page's sentences point to."""
        if "child safeguarding practice review" not in " ".join(response.css("body ::text").getall()).lower():
            raise WrongStructure(response.url, "the page does not speak of child safeguarding practice reviews")
        for told in read_prose(response):
            yield self.review(
                told.key,
                told.about,
                told.page or response.url,
                type="national-review" if told.national else review_type(told.about) or "cspr",
                publisher="Child Safeguarding Practice Review Panel" if told.national else self.publisher,
                area=None if told.national else "St Helens",
                published=told.published,
                links=told.links,
            )
