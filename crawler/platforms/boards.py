"""Many boards' sites as one source: each gathered on its own, so that one that fails takes nothing from the others."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from casereviews.model import Link, Review
from crawler.documents import recognise
from crawler.gate import Stopped
from crawler.kinds import document_kind, document_title, review_type
from crawler.outputs import BadDocument
from crawler.platforms.case_names import case_name, speaks_of_reviews
from crawler.platforms.case_pages import read_cases
from crawler.platforms.cases import Case, Cases, is_further, page_id
from crawler.platforms.own_sites import own_sites
from crawler.platforms.sites import Site
from crawler.saving import reason
from crawler.spider import Expect, ReviewSpider
from crawler.walk import LARGEST_PAGE

MOST_DOCUMENTS = 40
"""Documents taken from one site."""
MOST_PAGES = 12
"""Pages of a site that are asked for after its first ones."""
FALLEN = 3
"""Reviews that a site must have had for the loss of more than half of them to be doubted."""
ERRORS = list(range(400, 600))
_SERIOUS = re.compile(r"serious case review|\bSCR", re.IGNORECASE)
_PRACTICE = re.compile(r"practice review|CSPR", re.IGNORECASE)


@dataclass(slots=True)
class Visit:
    """One site in this run: what was found, what is still to be asked for, what went wrong."""

    site: Site
    cases: Cases = field(default_factory=Cases)
    starts: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    failed: str | None = None


class BoardsSpider(ReviewSpider):
    """A source of several sites; a subclass names them, and `sites_file` may name others in their place."""

    options = ("sites_file",)
    sites_file: str = ""
    """A file of rows like those of partnerships.toml (docs/own-boards.md), instead of this source's own sites."""
    sites: ClassVar[tuple[Site, ...]] = ()
    review_type: ClassVar[str] = "other"
    """The type of a review whose page names none."""
    types: ClassVar[dict[str, str]] = {}
    """Types that the words of this nation mean otherwise."""
    dated_titles: ClassVar[bool] = True
    """Whether a date at the end of a heading is that of publication."""
    fallen_sites: ClassVar[float] = 0.25
    """Largest share of the sites that may fall short before the whole source does."""
    expect = Expect(minimum=1, filled={"title": 1.0, "links": 1.0}, failed_documents=0.2, drop=1.0)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.hosts = tuple(dict.fromkeys(host for site in cls.sites for host in site.all_hosts))
        cls.start_urls = [url for site in cls.sites for url in site.urls]

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> type[Self]:
        """The source with its options, for the sites of the file that they name, if they do."""
        chosen = super().configured(options)
        return chosen.of(own_sites(Path(chosen.sites_file), cls.name)) if chosen.sites_file else chosen

    @classmethod
    def of(cls, sites: tuple[Site, ...]) -> type[Self]:
        """The same source with other sites, expecting of them what any site has, and reviews in proportion."""
        filled = {name: share for name, share in cls.expect.filled.items() if name in ("title", "links")}
        minimum = cls.expect.minimum * len(sites) // max(1, len(cls.sites))
        expect = replace(cls.expect, minimum=minimum, filled=filled)
        return type(cls.__name__, (cls,), {"__module__": cls.__module__, "sites": sites, "expect": expect})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visits = {site.id: Visit(site, starts=list(site.urls)) for site in self.sites}

    async def start(self) -> AsyncIterator[Request]:
        """The first page of every site."""
        self.keep_others()
        for visit in self.visits.values():
            yield self.visit_page(visit, visit.starts.pop(0))

    def visit_page(self, visit: Visit, url: str, pointer: str = "", **options: Any) -> Request:
        """A page of a site: its own errback, so that its failure is that of its site alone."""
        visit.asked.add(page_id(url))
        told = {"site": visit.site.id, **({"pointer": pointer} if pointer else {})}
        meta = {"listing": visit.site.id, "largest": LARGEST_PAGE, "handle_httpstatus_list": ERRORS}
        if pointer:
            return self.detail(url, self.parse, cb_kwargs=told, meta=meta, errback=self.no_page, **options)
        return self.page(url, cb_kwargs=told, meta=meta, errback=self.no_page, **options)

    def parse(self, response: Response, site: str = "", pointer: str = "", **kwargs: Any) -> Iterable[Any]:
        """A page of a site; the next one, or all its reviews when it was the last."""
        visit = self.visits[site]
        visit.asked.add(page_id(response.url))
        if pointer:
            visit.starts.clear()
        try:
            self.read(visit, response, pointer)
        except Exception as error:  # a parser that breaks on one site is that site's failure
            visit.failed = visit.failed or f"its page could not be read ({type(error).__name__}: {error})"
        if (following := self.following(visit)) is not None:
            yield following
        else:
            yield from self.end(visit)

    def read(self, visit: Visit, response: Response, pointer: str) -> None:
        """Add what a page holds to the visit of its site."""
        if response.status in (404, 410) and pointer:
            self.tally.note(f"{visit.site.name}: a page is not there ({response.status}): {response.url}")
        elif response.status >= 400:
            visit.failed = f"the page answers {response.status}: {response.url}"
        elif (media_type := _file_type(response)) is not None:
            kind, title = document_kind(pointer, "report"), document_title(pointer, response.url)
            case = Case(pointer, case_name(pointer) or pointer, links=[Link(response.url, kind, title, media_type)])
            visit.cases.add(Cases({case.key: case}))
        elif not isinstance(response, TextResponse):
            self.tally.note(f"{visit.site.name}: neither a page nor a document: {response.url}")
        elif not speaks_of_reviews(" ".join(response.css("body ::text").getall())) and not pointer:
            visit.failed = f"the page does not speak of reviews: {response.url}"
        else:
            cases = read_cases(response, pointer)
            if pointer and not is_further(response.url):
                cases.pages.clear()  # one step and no further
            visit.cases.add(cases)

    def following(self, visit: Visit) -> Request | None:
        """The next page of a site to ask for: its own listed ones, then those that these point to."""
        while visit.starts:
            if page_id(url := visit.starts.pop(0)) not in visit.asked:
                return self.visit_page(visit, url)
        if len(visit.asked) < MOST_PAGES + len(visit.site.urls):
            for page, (url, pointer) in visit.cases.pages.items():
                if page not in visit.asked:
                    return self.visit_page(visit, url, pointer or url)
        elif visit.cases.pages.keys() - visit.asked:
            self.tally.note(f"{visit.site.name}: only the first {MOST_PAGES} pages about reviews were taken")
        return None

    def no_page(self, failure: Failure) -> Iterable[Request]:
        """A page that was not had at all; the visit goes on with the next, or ends from the first one's copy."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(error, Stopped) or self.left or error is None:
            return
        visit = self.visits[request.cb_kwargs["site"]]
        visit.failed = f"{reason(error)}: {request.url}"
        if (following := self.following(visit)) is not None:
            yield following
        elif request.url != visit.site.urls[0] and visit.cases.found:
            # What an errback yields is not saved: the first page, now in the archive, ends the visit.
            yield self.visit_page(visit, visit.site.urls[0], dont_filter=True).replace(callback=self.parse_end)
        else:
            self.short(visit)

    def parse_end(self, response: Response, site: str, **kwargs: Any) -> Iterable[Any]:
        """The end of a visit whose last page was not had."""
        yield from self.end(self.visits[site])

    def end(self, visit: Visit) -> Iterable[Review]:
        """The reviews of a site, within its budget of documents."""
        documents: Counter[str] = Counter()
        found = []
        for case in visit.cases.found.values():
            links = tuple(islice(case.links, max(0, MOST_DOCUMENTS - documents.total())))
            documents.update(link.url for link in links)
            if len(links) < len(case.links):
                self.tally.note(f"{visit.site.name}: only the first {MOST_DOCUMENTS} documents were taken")
            if links:
                found.append(self.case_review(visit.site, case, links))
        known = sum(1 for _ in self.known(visit.site))
        if not visit.failed and known >= FALLEN and len(found) * 2 < known:
            visit.failed = f"it shows {len(found)} reviews, {known} were there before: {visit.site.urls[0]}"
        if not visit.failed and not found and visit.cases.untold:
            visit.failed = f"files are linked ({visit.cases.untold}) and none names a review: {visit.site.urls[0]}"
        yield from found
        if visit.failed:
            self.short(visit, {review.id for review in found})

    def case_review(self, site: Site, case: Case, links: tuple[Link, ...]) -> Review:
        """A case as a review of its board."""
        named = self.named_type(case)
        return self.review(
            f"{site.id}.{case.key}",
            case.title,
            site.urls[0],
            type=self.types.get(named, named) if named else self.review_type,
            publisher=site.name,
            area=site.area,
            published=case.published or (case.dated if self.dated_titles else None),
            summary=case.told,
            links=links,
        )

    def named_type(self, case: Case) -> str | None:
        """The type that a case's title, files or headings name, the nearest first; None where they name two or none."""
        files = (f"{link.title} {urlsplit(link.url).path.rpartition('/')[2]}" for link in case.links)
        for each in (case.title, *files, *case.around):
            text = re.sub(r"\b(review|CSPR|SCR)s\b", r"\1", each, flags=re.IGNORECASE)
            if not (_SERIOUS.search(text) and _PRACTICE.search(text)) and (named := review_type(text)):
                return named
        return None

    def short(self, visit: Visit, found: Iterable[str] = ()) -> None:
        """Name a site that fell short and keep what it is known to have; the source falls short with too many."""
        visit.failed = visit.failed or "it fell short"
        self.tally.note(f"{visit.site.name} fell short: {visit.failed}")
        for review in list(self.known(visit.site)):
            if review.id not in found:
                with self.desk.storing():
                    self.desk.archive.save_review(self.desk.run.id, review)
        short = sum(1 for each in self.visits.values() if each.failed)
        if short > self.fallen_sites * len(self.visits):
            self.tally.fall_short(
                f"more than {self.fallen_sites:.0%} of {len(self.visits)} sites fell short, named below"
            )

    def keep_others(self) -> None:
        """Leave reviews of sites that are no longer in the table as they were: nobody asks whether they are there."""
        others = [each for each in self.present() if each.key.partition(".")[0] not in self.visits]
        for review in others:
            with self.desk.storing():
                self.desk.archive.save_review(self.desk.run.id, review)
        if others:
            names = ", ".join(sorted({review.publisher or review.key.partition(".")[0] for review in others}))
            self.tally.note(f"reviews of sites that are not asked any more are kept as they were: {names}")

    def known(self, site: Site) -> Iterable[Review]:
        """The reviews that the archive has of a site and that are still there; none when parsing alone."""
        return (review for review in self.present() if review.key.startswith(f"{site.id}."))

    def present(self) -> Iterable[Review]:
        """The reviews of this source that the archive has and that are still there; none when parsing alone."""
        if self._desk is None:
            return
        for stored in self.desk.archive.reviews(self.name):
            if stored.state in ("present", "returned"):
                yield stored.review


def _file_type(response: Response) -> str | None:
    """The type of the document that was served where a page was expected, told by its bytes; None for a page."""
    try:
        return recognise(response.body)
    except BadDocument:
        return None
