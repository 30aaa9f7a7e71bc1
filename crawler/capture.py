"""Between the crawler and the network: every attempt is archived, and what did not change is replayed.

A 304 replays the archived body to the parser, so a better parser applies to unchanged pages too. An error or an
outage is never hidden behind an archived body. A run that was killed and resumed asks for nothing twice.
"""

import asyncio
from typing import Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from casereviews.archive import Capture
from casereviews.errors import DamagedError
from casereviews.terminal import clean
from crawler.guard import Refused
from crawler.spider import ReviewSpider

REPLAYED = "replayed"
"""Flag of a response that comes from the archive."""
RUNS_BACK = 30
"""Runs searched for an answer when nothing may be asked of the network."""


class NotArchived(Refused):
    """Offline, and the archive holds no good answer for the address."""


class CaptureMiddleware:
    """Stores each attempt as a capture and leaves the capture of the body in the request's meta."""

    def __init__(self, spider: ReviewSpider) -> None:
        self.spider = spider
        self.desk = spider.desk
        self.archive = spider.desk.archive
        self._under_way: dict[str, asyncio.Event] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the crawler's spider."""
        return cls(cast(ReviewSpider, crawler.spider))

    async def process_request(self, request: Request) -> Response | None:
        """Replay what this run has already; otherwise send the validators of the last body."""
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)
        meta = request.meta
        meta.pop("validated", None)
        # Two reviews may share a document: the second waits for the answer to the first.
        while (other := self._under_way.get(request.url)) is not None:
            await other.wait()
        with self.desk.storing():
            if self.desk.offline:
                return self._offline(request)
            if not meta.get("afresh"):
                known = self.archive.captured_in(self.desk.run.id, request.url)
                if known is not None and (response := self._replay(request, known)):
                    return response
                before = self.archive.latest(request.url)
                if before is not None:
                    self._validate(request, before)
        self._under_way[request.url] = asyncio.Event()
        return None

    def _done(self, url: str) -> None:
        if (event := self._under_way.pop(url, None)) is not None:
            event.set()

    def _validate(self, request: Request, before: Capture) -> None:
        if before.etag:
            request.headers["If-None-Match"] = before.etag
        if before.last_modified:
            request.headers["If-Modified-Since"] = before.last_modified
        request.meta["validated"] = bool(before.etag or before.last_modified)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Archive an answer; turn a 304 into the body that it confirms."""
        if REPLAYED in response.flags:
            return response
        self._done(request.url)
        confirmed = response.status == 304
        with self.desk.storing():
            capture = self._add(request, response.status, response.headers, None if confirmed else response.body)
            if not confirmed:
                request.meta["capture"] = capture
                return response
            self.spider.tally.not_modified += 1
            before = self.archive.latest(request.url)
            if request.meta.get("validated") and before and (replayed := self._replay(request, before)):
                return replayed
        if request.meta.get("afresh"):
            return response
        # The stored body is damaged or was never asked about: only the whole file helps.
        meta = {**request.meta, "afresh": True}
        return request.replace(meta=meta, dont_filter=True)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Archive an attempt that brought no answer; refusals were never sent."""
        self._done(request.url)
        if isinstance(exception, IgnoreRequest):
            return
        with self.desk.storing():
            text = clean(str(exception))[:300] or type(exception).__name__
            self._add(request, None, Headers(), None, error=text)

    def _add(
        self, request: Request, status: int | None, headers: Headers, body: bytes | None, error: str | None = None
    ) -> Capture:
        self.spider.tally.requests += 1
        self.spider.report()
        texts = {k.decode("latin-1"): b", ".join(v).decode("latin-1") for k, v in headers.items()}
        hops = request.meta.get("redirect_urls") or [None]
        return self.archive.add_capture(
            self.desk.run.id,
            self.spider.name,
            request.url,
            status=status,
            headers=texts,
            body=body,
            redirected_from=hops[-1],
            error=error,
        )

    def _replay(self, request: Request, capture: Capture) -> Response | None:
        """The answer of a capture; None when its stored body is no longer what was stored."""
        if capture.status == 304:
            capture = self.archive.latest(request.url) or capture
        body = b""
        if capture.sha256 is not None:
            try:
                body = self.archive.body(capture)
            except DamagedError:
                # Out of the way, so that the whole body can take its place.
                self.archive.blob_path(capture.sha256).unlink(missing_ok=True)
                self.spider.tally.note(f"an archived body was damaged and has to be fetched again: {request.url}")
                return None
        request.meta["capture"] = capture
        headers = Headers(capture.headers)
        for name in ("Content-Encoding", "Content-Length"):
            headers.pop(name, None)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=capture.status or 200, headers=headers, body=body, flags=[REPLAYED])

    def _offline(self, request: Request) -> Response:
        for run in self.archive.runs(RUNS_BACK):
            capture = self.archive.captured_in(run.id, request.url)
            if capture is not None and (response := self._replay(request, capture)):
                return response
        capture = self.archive.latest(request.url)
        if capture is not None and (response := self._replay(request, capture)):
            return response
        raise NotArchived("not in the archive, and --offline asks nothing of the network")
