"""The walk from listing to review to documents: takes what parse methods yield, within budgets, and judges errors."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import HtmlResponse, Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from casereviews.model import Review
from crawler.gate import Deferred, Stopped
from crawler.guard import UndeclaredHost
from crawler.outputs import Gone, WrongStructure
from crawler.recheck import Recheck
from crawler.robots import RobotsUnavailable
from crawler.saving import Saver, reason
from crawler.spider import ReviewSpider

LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes of a page that is parsed; documents may be larger."""
MOST_TAGS = 400_000
"""Tags of a page that is parsed: beyond it parsers take minutes or silently lose what is nested deep."""
MOST_FAILURES = 20
"""Failures, or pages of single reviews that failed one after another, after which a source is left alone."""

log = logging.getLogger(__name__)


class WalkMiddleware:
    """Stands next to the spider: everything that a parse method yields or raises passes here first."""

    def __init__(self, crawler: Crawler, spider: ReviewSpider) -> None:
        self.crawler = crawler
        self.spider = spider
        self.tally = spider.tally
        self.saver = Saver(spider)
        self.visits = self.saver.visits
        self.recheck = Recheck(spider, self.saver)
        self._signatures: set[tuple[str, frozenset[str]]] = set()
        self._in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the crawler's spider."""
        made = cls(crawler, cast(ReviewSpider, crawler.spider))
        crawler.signals.connect(made.idle, signals.spider_idle)
        return made

    def idle(self) -> None:
        """Nothing waits any more: ask for the reviews that no listing named."""
        assert self.crawler.engine is not None
        if requests := self.recheck.requests():
            for request in requests:
                limits = {"largest": LARGEST_PAGE, **request.meta}
                self.crawler.engine.crawl(request.replace(meta=limits, errback=self._unavailable))
            raise DontCloseSpider

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The first requests."""
        try:
            async for output in start:
                for each in self._take([output], None):
                    yield each
        except Exception as error:
            self._broken(self.spider.name, error)

    def process_spider_input(self, response: Response) -> None:
        """Refuse pages that no parser should be given."""
        if response.meta.get("role") != "document" and isinstance(response, HtmlResponse):
            tags = response.body.count(b"<")
            if tags > MOST_TAGS:
                raise WrongStructure(response.url, f"the page holds {tags:,} tags, too many to be parsed")

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        """What a parse method yields."""
        outputs = []
        try:
            for output in result:
                outputs.append(output)
                if self._too_many(outputs, response):
                    break
        except Exception as error:
            self._broken(response.url, error, response)
        yield from self._take(outputs, response)

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """What an asynchronous parse method yields."""
        outputs = []
        try:
            async for output in result:
                outputs.append(output)
                if self._too_many(outputs, response):
                    break
        except Exception as error:
            self._broken(response.url, error, response)
        for each in self._take(outputs, response):
            yield each

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterable[Any] | None:
        """An error before a parse method yielded anything; refusals and bad answers go to the errback."""
        if isinstance(exception, HttpError):
            return None
        self._broken(response.url, exception, response)
        return []

    def _too_many(self, outputs: list[Any], response: Response) -> bool:
        if len(outputs) <= self.spider.max_links:
            return False
        del outputs[self.spider.max_links :]
        self.tally.fall_short(f"only the first {self.spider.max_links:,} entries of a page were taken: {response.url}")
        return True

    def _take(self, outputs: list[Any], response: Response | None) -> Iterator[Any]:
        if response is not None and response.meta.get("role") == "detail":
            if response.status < 400:  # the outputs of errbacks pass here too
                self._in_a_row = 0
            if response.meta.get("recheck"):
                yield from self.recheck.take(outputs, response)
                return
        repeats = self._repeats(outputs, response)
        ends = self.visits.ends(outputs, response)
        for output in outputs:
            if isinstance(output, Review):
                if self._within_limit() and not self.saver.taken_down(output, response):
                    yield from self.saver.review(output)
                    yield output
            elif isinstance(output, Gone):
                self.tally.entries += 1
                self.saver.gone(output)
            elif isinstance(output, Request):
                if repeats and output.meta.get("role", "listing") == "listing":
                    assert response is not None
                    self.tally.fall_short(f"the listing repeats itself and was not followed further: {response.url}")
                elif ends and self._follows(output, response):
                    self.tally.early = True
                elif (kept := self._quiet(output)) is not None:
                    yield from self.saver.review(kept)
                elif (request := self._page(output)) is not None:
                    yield request
            else:
                yield output

    def _follows(self, request: Request, response: Response | None) -> bool:
        """Whether a request is for the next page of the listing that a response is a page of."""
        if response is None or request.meta.get("role", "listing") != "listing":
            return False
        return bool(request.meta.get("listing", "") == response.meta.get("listing", ""))

    def _quiet(self, request: Request) -> Review | None:
        """The review as it is known, where its page need not be asked for today."""
        if request.meta.get("role") != "detail" or self.saver.archive.is_blocked("url", request.url):
            return None
        stored = self.visits.page_due(request)
        return None if stored is None else stored.review

    def _repeats(self, outputs: list[Any], response: Response | None) -> bool:
        """Whether a listing page yields exactly the entries that an earlier one did, so that it may go on for ever."""
        if response is None or response.meta.get("role") == "detail":
            return False
        entries = frozenset(
            output.id if isinstance(output, Review) else output.url
            for output in outputs
            if isinstance(output, Review) or (isinstance(output, Request) and output.meta.get("role") == "detail")
        )
        # Two listings of a source may well hold the same entries; only one that repeats itself goes on for ever.
        signature = (response.meta.get("listing", ""), entries)
        if entries and signature in self._signatures:
            return True
        self._signatures.add(signature)
        return False

    def _within_limit(self) -> bool:
        if not self.spider.enough:
            return True
        self.tally.stopped = self.tally.stopped or "limit"
        return False

    def _page(self, request: Request) -> Request | None:
        """A request for a page with its role, limits and errback; None when a budget is used up."""
        role = request.meta.setdefault("role", "listing")
        if not self._within_limit():
            return None
        if role == "detail" and self.saver.archive.is_blocked("url", request.url):
            self.tally.entries += 1
            return None
        if role == "detail":
            self.tally.details += 1
            used, budget, what = self.tally.details, self.spider.max_details, "pages of single reviews"
        else:
            self.tally.listings += 1
            used, budget, what = self.tally.listings, self.spider.max_listings, "listing pages"
        if used > budget:
            self.tally.stopped = self.tally.stopped or "budget"
            self.tally.fall_short(f"the budget of {budget:,} {what} is used up; is the listing endless?")
            return None
        request.meta.setdefault("largest", LARGEST_PAGE)
        return request if request.errback else request.replace(errback=self._unavailable)

    def _unavailable(self, failure: Failure) -> None:
        """A page that was not had: the source fails, unless it is one review's page that is simply not there."""
        error = cast(BaseException, failure.value)
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(error, Stopped) or self.spider.left:
            if self.spider.enough:
                self.tally.stopped = self.tally.stopped or "limit"
            return
        if request.meta.get("recheck"):
            self.recheck.unavailable(request, error)
            return
        if isinstance(error, WrongStructure):
            self._broken(request.url, error)
            return
        detail = request.meta["role"] == "detail"
        if isinstance(error, UndeclaredHost) and detail and not request.meta.get("redirect_urls"):
            self.tally.entries += 1
            self.tally.undeclared[error.host] += 1
            return
        if isinstance(error, RobotsUnavailable | Deferred | UndeclaredHost):
            self._fail(str(error))
            return
        text = f"{reason(error)}: {request.url}"
        if not detail:
            self._fail(text)
            return
        self.tally.entries += 1
        status = error.response.status if isinstance(error, HttpError) else None
        self.tally.note(f"the page of a review {text}")
        if status in (404, 410):
            self.tally.absent += 1
            self._in_a_row = 0
            return
        self.saver.keep(request.meta.get("key"))
        self.tally.unanswered += 1
        self._in_a_row += 1
        if self._in_a_row >= MOST_FAILURES:
            self._fail(f"{MOST_FAILURES} pages of reviews failed one after another, the rest is left alone", last=True)

    def _broken(self, url: str, error: Exception, response: Response | None = None) -> None:
        """The source's structure is not what its parser knows, or the parser is wrong."""
        if response is not None and response.meta.get("recheck"):
            self.recheck.unreadable(response, error)
        elif isinstance(error, WrongStructure):
            self._fail(f"the page is not built as expected ({error.what}): {error.url}", last=True)
        else:
            log.debug("parsing %s failed", url, exc_info=error)
            self._fail(f"the parser failed ({type(error).__name__}: {error}): {url}")

    def _fail(self, text: str, *, last: bool = False) -> None:
        self.tally.fail(text)
        if last or len(self.tally.failures) >= MOST_FAILURES:
            self.spider.leave()
