"""robots.txt as RFC 9309 has it: unavailable (4xx) allows everything, unreachable (5xx, no answer) nothing."""

import asyncio
from typing import Self, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from casereviews.terminal import clean
from crawler.gate import Deferred, Stopped
from crawler.guard import Refused
from crawler.spider import ReviewSpider

PRODUCT = "casereviews"
"""The product token that rules may name."""
LARGEST = 500 * 1024
"""Bytes of a robots.txt that are read, as the RFC asks at least; the rest is ignored."""


class RobotsUnavailable(Refused):
    """A host whose robots.txt cannot be had: nothing is asked of it in this run."""


class DisallowedByRobots(Refused):
    """The host's robots.txt does not allow the address."""


class RobotsMiddleware:
    """Asks for each host's robots.txt once, obeys it and its Crawl-delay."""

    def __init__(self, crawler: Crawler, spider: ReviewSpider) -> None:
        self.crawler = crawler
        self.spider = spider
        self._rules: dict[str, asyncio.Task[Protego | IgnoreRequest]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the crawler's spider."""
        return cls(crawler, cast(ReviewSpider, crawler.spider))

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise DisallowedByRobots or RobotsUnavailable."""
        if request.meta.get("robots") or self.spider.desk.offline:
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin, parts.hostname or ""))
        # Shielded: one request's cancellation must not take the rules from the others.
        rules = await asyncio.shield(self._rules[origin])
        if isinstance(rules, IgnoreRequest):
            raise type(rules)(*rules.args)
        if not rules.can_fetch(request.url, PRODUCT):
            raise DisallowedByRobots(f"robots.txt of {parts.hostname} does not allow it")

    async def _fetch(self, origin: str, host: str) -> Protego | IgnoreRequest:
        meta = {"robots": True, "keep": LARGEST}
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta=meta, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except (Deferred, Stopped) as error:
            return error
        except IgnoreRequest as error:
            return RobotsUnavailable(f"robots.txt of {host} cannot be had ({error}); nothing is asked of the host")
        except Exception as error:  # whatever went wrong on the way, the host counts as unreachable
            why = clean(str(error)) or type(error).__name__
            return RobotsUnavailable(f"robots.txt of {host} cannot be had ({why}); nothing is asked of the host")
        if response.status >= 500 or response.status == 429 or 300 <= response.status < 400:
            return RobotsUnavailable(
                f"robots.txt of {host} answers {response.status}; nothing is asked of the host until it is back"
            )
        rules = parse(response.body if response.status == 200 else b"")
        if delay := rules.crawl_delay(PRODUCT):
            self.spider.desk.gate.slow_down(host, float(delay))
        return rules


def parse(body: bytes) -> Protego:
    """The rules of a robots.txt; a file that was cut at the limit loses its last, partial line."""
    if len(body) >= LARGEST:
        body = body[: body.rfind(b"\n") + 1]
    return Protego.parse(body.decode("utf-8", "replace"))
