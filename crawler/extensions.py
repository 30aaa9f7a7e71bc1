"""What happens around a source's crawl: it can be ended early, and its end writes the result."""

import asyncio
import logging
from typing import Any, Self, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from casereviews.errors import CaseReviewsError
from crawler.spider import ReviewSpider
from crawler.verdict import judge

log = logging.getLogger(__name__)


class BriefLog(LogFormatter):
    """Scrapy's log lines without the texts of what was found."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Which review was found."""
        named = getattr(item, "id", type(item).__name__)
        return {"level": logging.DEBUG, "msg": "Found %(item)s", "args": {"item": named}}


class Finish:
    """Lets the desk end the spider and, when the spider closes, judges it and tells the archive."""

    def __init__(self, crawler: Crawler, spider: ReviewSpider) -> None:
        self.crawler = crawler
        self.spider = spider
        self._closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the crawler's spider."""
        return cls(crawler, cast(ReviewSpider, crawler.spider))

    def _opened(self) -> None:
        self.spider.on_leave(self._leave)
        self.spider.desk.on_stop.append(self.spider.leave)
        if self.spider.desk.stopping:
            raise CloseSpider("the run is ending")

    def _leave(self) -> None:
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="left"))

    def _closed(self) -> None:
        desk = self.spider.desk
        desk.on_stop.remove(self.spider.leave)
        try:
            if desk.error is None:
                result = judge(self.spider)
                with desk.storing():
                    desk.results[self.spider.name] = desk.archive.finish_source(desk.run.id, result)
        except CaseReviewsError as error:
            log.debug("the result of %s could not be written: %s", self.spider.name, error)
        finally:
            if desk.own is not None:
                with desk.own:
                    self._end_own_run()

    def _end_own_run(self) -> None:
        """The run of a single `scrapy crawl` ends with its spider; what was interrupted is left to be resumed."""
        desk = self.spider.desk
        result = desk.results.get(self.spider.name)
        if result is not None:
            if result.verdict != "skipped":
                desk.archive.end_run(desk.run.id, result.verdict)
            log.info("%s: %s, %d reviews", result.source, result.verdict, result.found)
            for error in result.errors:
                log.warning("%s: %s", result.source, error)
