"""The base of every source: declared attributes and the walk from listing to review to documents.

A source is a subclass with the attributes below and its parse methods, which yield requests for more pages
(`self.page`, `self.detail`), `Review` objects (`self.review`) and `Gone`. Everything else, from the archive to
the verdict, is done by the machinery around it.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from casereviews import config
from casereviews.archive import StoredReview
from casereviews.errors import UsageError
from casereviews.model import Link, Review
from crawler.desk import Desk
from crawler.documents import recognise
from crawler.expect import Expect
from crawler.outputs import BadDocument, Gone, WrongStructure
from crawler.settings import runtime
from crawler.tally import Tally

__all__ = ["BadDocument", "Expect", "Gone", "ReviewSpider", "WrongStructure"]

Callback = Callable[..., Any]


class ReviewSpider(scrapy.Spider):
    """One publisher's collection."""

    title: ClassVar[str] = ""
    """What people call the collection."""
    publisher: ClassVar[str | None] = None
    """Publisher of its reviews, unless the page names another."""
    nation: ClassVar[str | None] = None
    """One of `model.NATIONS`, when all reviews belong to one."""
    licence: ClassVar[str | None] = None
    """Licence of the texts; None means the publisher's copyright."""
    hosts: ClassVar[tuple[str, ...]] = ()
    """Every host that may be asked, exactly as in URLs, those of documents included."""
    expect: ClassVar[Expect] = Expect()
    notes: ClassVar[str] = ""
    """What is remembered and not seen, and anything else an analyst should know."""
    proven: ClassVar[bool] = False
    """Whether it has run against the live site; False means recorded shapes only."""
    keeps_months: ClassVar[int | None] = None
    """Months for which the publisher has to keep a review online, where it takes it down soon after; None else."""
    enabled: ClassVar[bool] = True
    """Whether a run without named sources includes it."""

    options: ClassVar[tuple[str, ...]] = ()
    """Attributes that `[sources.<name>]` in casereviews.toml may set, each of the type of its default."""

    newest_first: ClassVar[bool] = False
    """Whether its listings are sorted by date: then a page that holds nothing new is the last that is read."""
    sweep_days: ClassVar[int] = 7
    """Days after which listings that are sorted by date are read to their end all the same."""
    max_listings: ClassVar[int] = 500
    """Budget of listing pages in a run."""
    max_details: ClassVar[int] = 10_000
    """Budget of pages about a single review in a run."""
    max_rechecks: ClassVar[int] = 200
    """Most reviews that are asked for one by one because no listing names them any more."""
    max_links: ClassVar[int] = 5_000
    """Most reviews and requests taken from one page."""

    def __init__(self, *args: Any, desk: Desk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._desk = desk
        self.tally = Tally()
        self.left = False
        """Whether this source is being ended early."""
        self._end: Callable[[], None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy; without a desk (`scrapy crawl`) the environment says where to work."""
        desk: Desk | None = kwargs.pop("desk", None)
        settings = desk.settings if desk else config.load()
        chosen = cls.configured(settings.sources.get(cls.name, {}))
        desk = desk or Desk.alone(settings, cls.name)
        crawler.settings.setdict(runtime(settings), priority="spider")
        return super(ReviewSpider, chosen).from_crawler(crawler, *args, desk=desk, **kwargs)

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> type[Self]:
        """The source with what `[sources.<name>]` sets; UsageError where it has no such option or cannot use it."""
        for name, value in options.items():
            if name not in cls.options:
                has = f"it has {', '.join(cls.options)}" if cls.options else "it has none"
                raise UsageError(f"the source {cls.name} has no option {name!r} for [sources.{cls.name}]; {has}")
            if type(value) is not type(getattr(cls, name)):
                wanted = type(getattr(cls, name)).__name__
                raise UsageError(f"{name} = {value!r} in [sources.{cls.name}]: a value of type {wanted} is wanted")
        return type(cls.__name__, (cls,), {"__module__": cls.__module__, **options}) if options else cls

    @property
    def desk(self) -> Desk:
        """What this crawl works with; a spider made for parsing alone has none."""
        if self._desk is None:
            raise RuntimeError(f"the spider {self.name} has no desk: it was made for parsing alone")
        return self._desk

    def leave(self) -> None:
        """End this source now: what waits in its queue is dropped."""
        if not self.left and self._end is not None:
            self.left = True
            self._end()

    @property
    def enough(self) -> bool:
        """Whether as many reviews were found as the run asks for."""
        return self.desk.limit is not None and len(self.tally.reviews) >= self.desk.limit

    def wants(self, request: Request) -> bool:
        """Whether a request that waited for its turn is still to be made."""
        return not self.left and not (self.enough and request.meta.get("role") in ("listing", "detail"))

    def on_leave(self, end: Callable[[], None]) -> None:
        """Set what ends the crawl of this source."""
        self._end = end

    def report(self) -> None:
        """Tell whoever watches how far this source is."""
        if self.desk.progress is not None:
            self.desk.progress(self.name, self.tally.progress())

    async def start(self) -> AsyncIterator[Any]:
        """The first requests; by default `start_urls`, each a listing parsed by `parse`."""
        for url in self.start_urls:
            yield self.page(url)

    def page(self, url: str, callback: Callback | None = None, **options: Any) -> Request:
        """A request for a listing page: when it fails, the source fails. `options` are those of Request.

        A source with several listings names each in `meta`, as `listing`.
        """
        meta = {**options.pop("meta", {}), "role": "listing"}
        return Request(url, callback=callback or self.parse, meta=meta, **options)

    def detail(self, url: str, callback: Callback, *, key: str | None = None, **options: Any) -> Request:
        """A request for the page of one review: when it is not there (404, 410), that review alone is named.

        With the review's `key`, a page that cannot be had keeps the review as the archive knows it.
        """
        meta = {**options.pop("meta", {}), "role": "detail", "key": key}
        return Request(url, callback=callback, meta=meta, **options)

    def review(self, key: str, title: str, url: str, **fields: Any) -> Review:
        """A review of this source; publisher, nation and licence are the source's own unless given."""
        defaults = {"publisher": self.publisher, "nation": self.nation, "licence": self.licence}
        return Review(source=self.name, key=key, title=title, url=url, **{**defaults, **fields})

    def state_total(self, total: int, listing: str = "") -> None:
        """Record the total that a listing states about itself; the run is short when another number is read."""
        self.tally.stated[listing] = total

    def read_entries(self, number: int, listing: str = "") -> None:
        """Count entries read from a listing, where they are not one review each; compared with its total."""
        self.tally.listed[listing] += number

    def problem(self, url: str, text: str) -> None:
        """Name one record that is wrong and skipped; the run goes on, and is short when too many are."""
        self.tally.entries += 1
        self.tally.skipped += 1
        self.tally.note(f"{text}: {url}")

    def recheck(self, stored: StoredReview) -> Request | None:
        """The request (`self.detail`) that asks for a review which no listing names any more; None where none can.

        Its callback yields the review when it is still there, `Gone` when the source says that it is not.
        """
        return None

    def document_request(self, review: Review, link: Link) -> Request:
        """The request that fetches a document; override where the file is had from another address."""
        return Request(link.url)

    def document_body(self, response: Response, link: Link) -> tuple[bytes, str]:
        """A document's bytes and media type; the first bytes decide.

        Raises BadDocument with a reason when the answer is not the document, such as a login page. Override
        where the document has to be taken out of the answer.
        """
        return response.body, recognise(response.body, link.media_type)

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
        """Parse a listing page; every source has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no parse method")
