"""GOV.UK: what the Child Safeguarding Practice Review Panel, departments and inspectors publish about reviews.

Organisation by organisation through the Search API, then each item through the Content API.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from casereviews.archive import StoredReview
from casereviews.model import Link, Review
from crawler.loose_json import Refusal, read_object
from crawler.outputs import BadDocument
from crawler.platforms import govuk_content as content
from crawler.platforms.govuk_attachments import API, api_address
from crawler.spider import Expect, Gone, ReviewSpider, WrongStructure

SEARCH = "https://www.gov.uk/api/search.json"
REVIEWERS = (
    "child-safeguarding-practice-review-panel",
    "health-services-safety-investigations-body",
    "prisons-and-probation-ombudsman",
    "independent-advisory-panel-on-deaths-in-custody",
)
"""Organisations that exist to review: gathered are all their reports, and what else speaks of reviews."""
DEPARTMENTS = ("department-for-education", "home-office", "ofsted")
"""Organisations of many tasks: gathered is what speaks of case reviews, deaths or harm."""
DOCUMENT_TYPES = (
    "independent_report",
    "research",
    "corporate_report",
    "statutory_guidance",
    "guidance",
    "policy_paper",
)
COLLECTION = "document_collection"
PAGE = 500
"""Results asked for at once, of the 1,500 allowed; fewer may come."""

CASE_REVIEWS = r"""
    serious\ case\ review | case\ review | safeguarding\ (?:practice\ )?review | child\ practice\ review
    | domestic\ (?:homicide|abuse[- ]related\ death)\ review | safeguarding\ adults?\ review
"""
SPEAKS_OF_CASE_REVIEWS = re.compile(CASE_REVIEWS, re.IGNORECASE | re.VERBOSE)
"""What a document collection must name for all its publications to be gathered."""
SPEAKS_OF_REVIEWS = re.compile(
    CASE_REVIEWS
    + r"""
    | national\ review | thematic\ (?:review|inspection) | joint\ targeted\ area\ inspection
    | learning\ (?:the\ )?(?:lessons\ )?from\ (?:\w+\ ){0,3}(?:review|case|death|incident|homicide|harm|abuse|tragedy)
    | homicide | murder | manslaughter | prevent\w*\ (?:of\ )?(?:future\ )?deaths? | deaths?\ in\ custody
    | child(?:ren)?(?:['’]?s)?\ (?:deaths?|mortality) | (?:infant|baby|babies)\ (?:deaths?|mortality)
    | deaths?\ of\ (?:an?\ |the\ )?(?:\w+\ )?(?:child|children|baby|babies|infants?|young\ people)
    | rapid\ review | serious\ (?:incident|harm) | sudden\ unexpected\ death | self-inflicted | non-?accidental\ injur
    | (?:abuse|neglect|exploitation|maltreatment)\ of\ (?:an?\ |the\ )?(?:\w+\ )?(?:child|children|babies|infants|young)
    | child(?:ren)?\ (?:sexual\ |criminal\ )?(?:abuse|neglect|exploitation|maltreatment|cruelty)
    | safeguard(?:ing)?\ children | child(?:ren)?\ (?:safeguarding|protection) | criminal\ exploitation
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What a department's publication must say in its title or description to be gathered."""
REPORTS = ("independent_report", "research")
SPEAKS_OF_REVIEWING = re.compile(
    r"\b(?:review|investigat|learning|lessons|incident|death|annual report)", re.IGNORECASE
)
"""What a reviewing organisation's publication must say to be gathered when it is no report."""


class GovukSpider(ReviewSpider):
    """National reviews, annual reports, thematic reviews, guidance and research on GOV.UK."""

    name = "govuk"
    title = "GOV.UK: national reviews, annual reports, guidance and research"
    licence = "OGL-UK-3.0"
    hosts = ("www.gov.uk", "assets.publishing.service.gov.uk")
    expect = Expect(
        minimum=20,
        filled={"title": 1.0, "published": 0.95, "publisher": 0.9, "summary": 0.8, "links": 0.8},
    )
    notes = (
        "Withdrawn items are asked for too (debug=include_withdrawn) and kept as withdrawn. Of departments, only "
        "what speaks of reviews is gathered. The addresses of document collections come from search."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed: defaultdict[str, set[str]] = defaultdict(set)

    async def start(self) -> AsyncIterator[Request]:
        """One search for each organisation."""
        for organisation in (*REVIEWERS, *DEPARTMENTS):
            yield self.search(organisation)

    def search(self, organisation: str, start: int = 0) -> Request:
        """A page of all that an organisation has published, newest first: that order alone is safe to page."""
        query = [
            ("filter_organisations", organisation),
            *(("filter_content_store_document_type", each) for each in (*DOCUMENT_TYPES, COLLECTION)),
            *(("fields", each) for each in ("title", "description", "link", "content_id")),
            ("fields", "content_store_document_type"),
            ("order", "-public_timestamp"),
            ("debug", "include_withdrawn"),
            ("count", PAGE),
            ("start", start),
        ]
        return self.page(
            f"{SEARCH}?{urlencode(query)}",
            self.parse_results,
            cb_kwargs={"organisation": organisation, "start": start},
            meta={"listing": organisation},
        )

    def parse_results(self, response: Response, organisation: str, start: int) -> Iterator[Request]:
        """A page of search results: the items that may be reviews, the collections of some, the next page."""
        try:
            total, came, found = content.results(read_object(response.body))
        except Refusal as refusal:
            raise WrongStructure(response.url, str(refusal)) from refusal
        fresh = [item for item in found if item.path not in self.listed[organisation]]
        self.listed[organisation].update(item.path for item in fresh)
        read = came - len(found) + len(fresh)
        self.state_total(total, organisation)
        self.read_entries(read, organisation)
        for item in fresh:
            if item.document_type == COLLECTION:
                if SPEAKS_OF_CASE_REVIEWS.search(item.said):
                    yield self.detail(API + item.path, self.parse_collection)
            elif item.document_type in ("", *DOCUMENT_TYPES) and _wanted(organisation, item):
                yield self.detail(API + item.path, self.parse_item, key=item.key)
        end = start + came
        # Beyond its own total a listing lies, and only a page without news is its end.
        if (end < total and read) or (end > total and fresh):
            yield self.search(organisation, end)

    def parse_collection(self, response: Response) -> Iterator[Request]:
        """A document collection: each of its publications."""
        try:
            found, unlinked = content.collection(read_object(response.body))
        except Refusal as refusal:
            self.problem(response.url, str(refusal))
            return
        if unlinked:
            self.problem(response.url, f"{len(unlinked)} listed without a link, the first {unlinked[0]}")
        for item in found:
            yield self.detail(API + item.path, self.parse_item, key=item.key)

    def recheck(self, stored: StoredReview) -> Request | None:
        """Its content item, which tells what became of it."""
        path = stored.review.url.removeprefix(content.SITE)
        return self.detail(API + path, self.parse_item, key=stored.review.key, cb_kwargs={"unlisted": True})

    def parse_item(
        self, response: Response, moved: bool = False, unlisted: bool = False
    ) -> Iterator[Review | Request | Gone]:
        """A content item: a review, one that was taken down, or a redirect, which is followed once."""
        path, key = response.url.removeprefix(API), response.meta.get("key")
        try:
            item = read_object(response.body)
            target = content.destination(item)
            if target and unlisted and key:
                yield Gone(key, content.SITE + path, f"replaced by {content.SITE}{target}")
            elif target and not moved:
                yield self.detail(API + target, self.parse_item, cb_kwargs={"moved": True})
            elif key and (notice := content.gone(item)) is not None:
                yield Gone(key, content.SITE + path, notice or None)
            else:
                yield self.review(**content.review_fields(item, path))
        except Refusal as refusal:
            self.problem(response.url, str(refusal))

    def document_request(self, review: Review, link: Link) -> Request:
        """Pages of the site are had from the Content API: their text without the site around it."""
        return Request(api_address(link.url) or link.url)

    def document_body(self, response: Response, link: Link) -> tuple[bytes, str]:
        """A file as it came, or a page of the site taken out of its content item."""
        if not api_address(link.url):
            return super().document_body(response, link)
        try:
            return content.web_page(read_object(response.body)), "text/html"
        except Refusal as refusal:
            raise BadDocument(str(refusal)) from refusal


def _wanted(organisation: str, item: content.Listed) -> bool:
    """Whether a publication is about reviews."""
    if organisation in DEPARTMENTS:
        return bool(SPEAKS_OF_REVIEWS.search(item.said))
    return item.document_type in REPORTS or bool(SPEAKS_OF_REVIEWING.search(item.said))
