"""How a spider came to ask for an address: its walk, gone again over what the archive holds, without a network."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from casereviews.archive import Archive, Capture
from casereviews.errors import CaseReviewsError, UsageError
from casereviews.model import Review
from crawler.fixtures import Case
from crawler.spider import ReviewSpider

FARTHEST = 5_000
"""Pages gone over at most."""
HEADERS = ("content-type", "x-wp-total", "x-wp-totalpages")
"""Headers of an answer that parsers read."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A request, or the document that it is for."""

    request: Request
    link: dict[str, Any] | None = None


def record(
    spider: type[ReviewSpider],
    archive: Archive,
    url: str,
    *,
    callback: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Case:
    """The newest archived answer of `url` as a fixture case, with the method that parses it and what it is told.

    `callback` overrides what the walk finds, `options` are those of the source. UsageError when the archive holds no
    answer of the address, or no way leads to it and no callback is given.
    """
    capture = archive.answer(url)
    if capture is None:
        raise UsageError(f"the archive holds no answer of {url}; run: casereviews crawl {spider.name}")
    if callback is not None and not callable(getattr(spider, callback, None)):
        raise UsageError(f"the source {spider.name} has no method {callback!r}")
    step = _Step(Request(url)) if callback else _walk(spider.configured(options or {}), archive, {url, capture.url})
    if step is None:
        raise UsageError(
            f"no archived page of {spider.name} leads to {url}; name the method that parses it with --callback"
        )
    named = callback or getattr(step.request.callback, "__name__", None) or "parse"
    names = {name.title().replace("Wp", "WP"): capture.headers[name] for name in HEADERS if name in capture.headers}
    return Case(
        url=capture.url,
        body=archive.body(capture),
        status=capture.status or 200,
        headers=names,
        callback=named,
        cb_kwargs=step.request.cb_kwargs,
        meta={name: value for name, value in step.request.meta.items() if name in ("listing", "key") and value},
        link=step.link,
        options=dict(options or {}),
    )


def _walk(spider: type[ReviewSpider], archive: Archive, wanted: set[str]) -> _Step | None:
    source = spider()
    waiting: deque[_Step] = deque(_Step(each) for each in asyncio.run(_starts(source)))
    met: set[tuple[str, str]] = set()
    while waiting and len(met) < FARTHEST:
        step = waiting.popleft()
        if step.request.url in wanted or (step.link and step.link["url"] in wanted):
            return step
        mark = (step.request.url, repr(step.request.cb_kwargs))
        if step.link is None and mark not in met:
            met.add(mark)
            waiting.extend(_onward(source, archive, step.request))
    return None


async def _starts(source: ReviewSpider) -> list[Request]:
    return [each async for each in source.start() if isinstance(each, Request)]


def _onward(source: ReviewSpider, archive: Archive, request: Request) -> Iterable[_Step]:
    """What the archived answer of a request leads to; a page that cannot be parsed leads nowhere."""
    capture = archive.answer(request.url)
    if capture is None:
        return
    try:
        for output in (request.callback or source.parse)(answer(archive, capture, request), **request.cb_kwargs) or ():
            if isinstance(output, Request):
                yield _Step(output)
            elif isinstance(output, Review):
                for link in output.links:
                    told = {name: value for name, value in asdict(link).items() if value}
                    yield _Step(source.document_request(output, link), told)
    except CaseReviewsError:
        raise
    except Exception:
        return


def answer(archive: Archive, capture: Capture, request: Request) -> Response:
    """An archived answer as the parser was given it."""
    headers, body = Headers(capture.headers), archive.body(capture)
    for name in ("Content-Encoding", "Content-Length"):
        headers.pop(name, None)
    kind = responsetypes.from_args(headers=headers, url=capture.url, body=body)
    return kind(url=capture.url, status=capture.status or 200, headers=headers, body=body, request=request)
