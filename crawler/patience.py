"""Retries with patience: a host that says when to come back is believed, the others get growing pauses."""

import time
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

from crawler.spider import ReviewSpider

FIRST_PAUSE = 0.5
"""Seconds before the first retry, doubled for each that follows; the crawl delay when that is longer."""


class PatienceMiddleware(RetryMiddleware):
    """Scrapy's retries, with pauses that hold for the whole host; Retry-After is honoured by the network."""

    crawler: Crawler

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Ask again later on 429, 503 and their like."""
        if response.status in self.retry_http_codes and "replayed" not in response.flags:
            self._pause(request)
        return super().process_response(request, response)

    def process_exception(
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | Response | None:
        """Ask again later after an error on the way."""
        if isinstance(exception, self.exceptions_to_retry):
            self._pause(request)
        return super().process_exception(request, exception)

    def _pause(self, request: Request) -> None:
        tried: int = request.meta.get("retry_times", 0)
        if tried < self.max_retry_times:
            desk = cast(ReviewSpider, self.crawler.spider).desk
            pause = max(FIRST_PAUSE, desk.settings.crawl_delay) * 2**tried
            desk.gate.pause(urlsplit(request.url).hostname or "", pause)


def retry_after(response: Response) -> float | None:
    """Seconds that Retry-After asks for, given as seconds or as a date; None without a readable one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
