"""The Home Office's library of domestic homicide reviews: cards, fifty a page, one file each."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from parsel import Selector
from scrapy.http import Request, Response

from casereviews.model import Link, Review
from casereviews.terminal import clean
from crawler.dates import read_date
from crawler.labels import Unread
from crawler.places import place
from crawler.spider import Expect, ReviewSpider, WrongStructure

SITE = "https://homicide-review.homeoffice.gov.uk"
PAGE_SIZE = 50

_SHOWING = re.compile(r"Showing results (\d+) to (\d+) of ([\d,]+)")


def _address(number: int, theme: str | None = None) -> str:
    paging = {"pagination[pageNumber]": number, "pagination[pageSize]": PAGE_SIZE}
    return f"{SITE}/?{urlencode({**paging, **({'Keywords[]': theme} if theme else {})})}"


class DhrSpider(ReviewSpider):
    """Every card of the library; with `theme_labels`, one query more for each of its theme filters."""

    name = "dhr"
    title = "Domestic Homicide Review Library (Home Office)"
    licence = "OGL-UK-3.0"
    hosts = ("homicide-review.homeoffice.gov.uk",)
    start_urls = [_address(0)]  # noqa: RUF012 - a list, as Scrapy has it
    expect = Expect(filled={"title": 1.0, "area": 0.9, "published": 0.95, "incident": 0.7, "links": 1.0})
    notes = "Shape from a saved page of February 2026. Its theme labels cost 120 queries or more: theme_labels = true."
    options = ("theme_labels",)
    theme_labels = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: dict[str, Review] = {}
        self.themes: list[str] = []
        self.unread = Unread(self.logger, ("CSP", "CSP Region", "Uploaded on", "Date of death"))

    def listing(self, number: int, after: int = 0, theme: str | None = None) -> Request:
        """A page of the library, from 0; its own links forget the page size, so addresses are made here."""
        told = {"number": number, "after": after, **({"theme": theme} if theme else {})}
        return self.page(_address(number, theme), self.parse_theme if theme else self.parse, cb_kwargs=told)

    def parse(self, response: Response, number: int = 0, after: int = 0, **kwargs: Any) -> Iterable[Any]:
        """The cards of a page; with theme labels they are held until every theme was asked for."""
        cards, last, total = self.cards(response, after)
        self.state_total(total)
        for card in cards:
            if (review := self.card(card, response)) and self.theme_labels:
                self.held[review.key] = review
            elif review:
                yield review
        if last:
            yield self.listing(number + 1, last)
        elif self.theme_labels:
            self.themes = response.css("select[name='Keywords[]'] option::attr(value)").getall()
            yield from self.next_theme()

    def parse_theme(self, response: Response, number: int = 0, after: int = 0, theme: str = "") -> Iterable[Any]:
        """The cards that carry a theme: each review held gets it as a keyword."""
        cards, last, _ = self.cards(response, after)
        for card in cards:
            if review := self.held.get(_identity(card)):
                self.held[review.key] = replace(review, keywords=(*review.keywords, theme))
        yield from [self.listing(number + 1, last, theme)] if last else self.next_theme()

    def next_theme(self) -> Iterable[Any]:
        """The query for the next theme; all reviews, once every theme was asked for."""
        while self.themes:
            if theme := self.themes.pop(0).strip():
                yield self.listing(0, theme=theme)
                return
        yield from self.held.values()

    def cards(self, response: Response, after: int) -> tuple[list[Selector], int, int]:
        """The cards of a page; the number of the last when a next page follows, else 0; the total stated."""
        cards = list(response.css("section[aria-label^='DHR result']"))
        showing = _SHOWING.search(clean(" ".join(response.css("main ::text").getall())))
        if not showing:
            raise WrongStructure(response.url, "the count “Showing results 1 to 50 of 647” is not there")
        first, last, total = (int(each.replace(",", "")) for each in showing.groups())
        if total and not cards:
            raise WrongStructure(response.url, f"results {first} to {last} are announced and no card is there")
        if total and first != after + 1:
            self.tally.fall_short(f"results from {after + 1} on were asked for, from {first} on came: {response.url}")
            return [], 0, total
        if total and len(cards) != last - first + 1:
            self.tally.fall_short(f"results {first} to {last} are announced, {len(cards)} came: {response.url}")
        return cards, last if response.css("li#nextButton a") else 0, total

    def card(self, card: Selector, response: Response) -> Review | None:
        """A card as a review; None, and named, when it lacks its title or its file."""
        key = _identity(card)
        title = clean("".join(card.css("h3.govuk-heading-s::text").getall()))
        if not key or not title:
            self.problem(response.url, f"a card without {'a title' if key else 'a download'}")
            return None
        label = card.css("a::attr(download)").get("")
        details = {
            clean(value.xpath("preceding-sibling::span[1]").xpath("string()").get("")).rstrip(" :"): clean(
                value.xpath("string()").get("")
            )
            for value in card.css(".dhrr-results-card--detail-value")
        }
        self.unread.tell(details, response.url)
        area, region = details.get("CSP") or None, details.get("CSP Region")
        reference = re.search(r" - (\d{4}/\w+) - DHR$", clean(label))
        return self.review(
            key,
            title,
            f"{SITE}/download/{key}",  # a card moves from page to page
            type="dhr",
            publisher=_partnership(area),
            area=place(area)["area"],
            nation=region and ("wales" if region == "Wales" else "england"),
            incident=read_date(details.get("Date of death")),
            published=read_date(details.get("Uploaded on")),
            reference=reference and reference[1],
            links=(Link(f"{SITE}/download/{key}", "report", clean(label) or title),),
        )


def _partnership(area: str | None) -> str | None:
    return area if not area or "partnership" in area.lower() else f"{area} Community Safety Partnership"


def _identity(card: Selector) -> str:
    """The 24 hexadecimal digits of a card's file; both its links have the same."""
    return card.css("a::attr(href)").re_first(r"/download/([0-9a-f]{24})\b", default="")
