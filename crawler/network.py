"""The download handler: the one place where requests leave the machine, over aiohttp.

Everything is bounded: time, header lines, body bytes as sent and as decompressed. With a replica set, every
request goes there over plain HTTP with the original path, query and Host, and URLs stay the real ones.
"""

import asyncio
import os
import ssl
import time
import zlib
from typing import cast
from urllib.parse import urlsplit

import aiohttp
import yarl
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from crawler.documents import looks_whole
from crawler.guard import PORTS, PublicResolver
from crawler.patience import retry_after
from crawler.spider import ReviewSpider

_ENCODINGS = {"gzip": zlib.MAX_WBITS | 32, "x-gzip": zlib.MAX_WBITS | 32, "deflate": zlib.MAX_WBITS}
_CHUNK = 64 * 1024


class TooLarge(DownloadCancelledError):  # noqa: N818 - it names what is wrong with the answer
    """A body beyond the limit; asking again would not make it smaller."""


class Network(BaseDownloadHandler):
    """Fetches one request at a time per host, through the gate that all sources of the run share."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.spider = cast(ReviewSpider, crawler.spider)
        self.gate = self.spider.desk.gate
        self.replica = self.spider.desk.settings.replica
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit_per_host=0 if self.replica else 1,
                # A replica may serve one connection at a time: an idle one must not keep the others waiting.
                force_close=self.replica is not None,
                resolver=None if self.replica else PublicResolver(),
                ssl=True if self.replica else ssl.create_default_context(),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=8 * 1024,
            max_field_size=16 * 1024,
            max_headers=128,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        """The answer to a request, decompressed; raises Scrapy's download errors, Refused, Deferred or Stopped."""
        host = urlsplit(request.url).hostname or ""
        async with self.gate.turn(host, lambda: self.spider.wants(request)):
            response = await self.gate.unless_stopped(self._fetch(request))
            if response.status in (429, 503) and (wait := retry_after(response)) is not None:
                # Before the turn ends, so that nobody else asks in the meantime.
                self.gate.pause(host, wait)
            return response

    async def _fetch(self, request: Request) -> Response:
        started = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=request.meta.get("download_timeout") or self.timeout)
        try:
            async with self.session.request(
                request.method,
                self._target(request.url),
                headers=self._headers(request),
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                request.meta["download_latency"] = time.monotonic() - started
                return await self._read(answer, request)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"no complete answer within {timeout.total:.0f} s") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise CannotResolveHostError("the host name cannot be resolved") from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise DownloadCancelledError(f"the certificate is not valid: {error.certificate_error}") from error
        except aiohttp.ClientConnectorError as error:
            why = os.strerror(error.os_error.errno) if error.os_error.errno else str(error.os_error)
            raise DownloadConnectionRefusedError(f"cannot connect: {why}") from error
        except aiohttp.ClientPayloadError as error:
            raise ResponseDataLossError("the connection was cut before the end of the answer") from error
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
            raise DownloadFailedError(f"no valid answer: {type(error).__name__} {error}"[:300]) from error

    def _target(self, url: str) -> yarl.URL:
        """Where the request really goes; the URL's own escapes are kept as they are."""
        url = url.partition("#")[0]
        if self.replica:
            parts = urlsplit(url)
            url = f"{self.replica}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        return yarl.URL(url, encoded=True)

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        headers = [(name.decode(), value.decode("latin-1")) for name, value in _pairs(request.headers)]
        headers.append(("Accept-Encoding", "gzip, deflate"))
        parts = urlsplit(request.url)
        port = f":{parts.port}" if parts.port not in (None, PORTS.get(parts.scheme)) else ""
        return [*headers, ("Host", f"{parts.hostname}{port}")]

    async def _read(self, answer: aiohttp.ClientResponse, request: Request) -> Response:
        headers = Headers([(name, value) for name, value in answer.headers.items()])
        limit: int = min(request.meta.get("largest", self.limit), self.limit)
        keep: int | None = request.meta.get("keep")
        if not keep and (answer.content_length or 0) > limit:
            raise TooLarge(_larger(limit))
        decoder = _Decoder(answer.headers.get("Content-Encoding", ""), keep or limit, cut=keep is not None)
        async for chunk in answer.content.iter_chunked(_CHUNK):
            self.spider.tally.bytes += len(chunk)
            decoder.feed(chunk)
            if decoder.full:
                answer.close()
                break
        body = decoder.finish()
        headers.pop("Content-Encoding", None)
        headers.pop("Transfer-Encoding", None)
        flags = []
        if "Content-Length" not in answer.headers and "chunked" not in answer.headers.get("Transfer-Encoding", ""):
            flags.append("no-length")
            if answer.status == 200 and not keep and not looks_whole(body, answer.content_type):
                raise ResponseDataLossError("the answer came without a length and breaks off")
        headers.pop("Content-Length", None)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=answer.status, headers=headers, body=body, flags=flags)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.session.close()


class _Decoder:
    """Collects a body, decompressing as it comes; never holds more than the limit."""

    def __init__(self, encoding: str, limit: int, *, cut: bool) -> None:
        encoding = encoding.strip().lower()
        if encoding not in (*_ENCODINGS, "", "identity"):
            raise DownloadFailedError(f"the answer is encoded as {encoding!r}, which was not asked for")
        self._inflate = zlib.decompressobj(_ENCODINGS[encoding]) if encoding in _ENCODINGS else None
        self._raw = encoding == "deflate"
        self._body = bytearray()
        self._limit = limit
        self._cut = cut
        self._begun = False

    @property
    def full(self) -> bool:
        """Whether what is wanted of a cut body is there."""
        return self._cut and len(self._body) >= self._limit

    def feed(self, chunk: bytes) -> None:
        """Take the next piece as sent; raises TooLarge or DownloadFailedError."""
        if self._inflate is None:
            self._body += chunk
        else:
            self._unpack(chunk)
            self._begun = True
        if len(self._body) > self._limit and not self._cut:
            raise TooLarge(_larger(self._limit))

    def _unpack(self, chunk: bytes) -> None:
        assert self._inflate is not None
        try:
            while chunk and not self._inflate.eof:
                # Some servers send deflate without its zlib header.
                if self._raw and not self._begun and chunk[0] & 0x0F != 8:
                    self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                    self._begun = True
                self._body += self._inflate.decompress(chunk, _CHUNK)
                chunk = self._inflate.unconsumed_tail
                if len(self._body) > self._limit:
                    return
        except zlib.error as error:
            raise DownloadFailedError(f"the compressed answer is damaged: {error}") from error

    def finish(self) -> bytes:
        """The whole body; raises ResponseDataLossError when its compressed form breaks off."""
        if self._inflate is not None and self._begun and not self._inflate.eof and not self.full:
            raise ResponseDataLossError("the compressed answer breaks off")
        return bytes(self._body[: self._limit])


def _pairs(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, values in headers.items() for value in values]


def _larger(limit: int) -> str:
    return f"larger than the limit of {limit // (1024 * 1024)} MiB"
