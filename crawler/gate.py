"""One polite slot per host, shared by all sources of a run: one request at a time, spaced, and stoppable."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scrapy.exceptions import IgnoreRequest

T = TypeVar("T")

LONGEST_WAIT = 120.0
"""Seconds a host may ask us to wait within a run; beyond it the host is left for the next run."""
LONGEST_CRAWL_DELAY = 30.0
"""Seconds of a robots.txt Crawl-delay that are honoured."""


class Deferred(IgnoreRequest):
    """A host asked for more patience than this run has."""


class Stopped(IgnoreRequest):
    """The run is ending; no further request is made."""


@dataclass(slots=True)
class _Host:
    delay: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    not_before: float = 0.0
    deferred: str | None = None


class Gate:
    """Lets one request through to each host at a time, not sooner than the host may expect it."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._hosts: dict[str, _Host] = {}
        self._stop = asyncio.Event()

    @property
    def stopped(self) -> bool:
        """Whether the run is ending."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Let nothing through any more and cut short what is under way."""
        self._stop.set()

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to a host (its Crawl-delay), up to a cap."""
        entry = self._host(host)
        entry.delay = max(entry.delay, min(delay, LONGEST_CRAWL_DELAY))

    def pause(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for some seconds; more than the longest wait defers it to the next run."""
        entry = self._host(host)
        if seconds > LONGEST_WAIT:
            entry.deferred = f"{host} asked to wait {seconds:.0f} s: left for the next run"
        entry.not_before = max(entry.not_before, _now() + min(seconds, LONGEST_WAIT))

    @asynccontextmanager
    async def turn(self, host: str, wanted: Callable[[], bool]) -> AsyncIterator[None]:
        """Wait for this host's slot and hold it; raises Deferred, or Stopped when it is no longer wanted."""
        entry = self._host(host)
        async with entry.lock:
            while wanted() and not entry.deferred and (wait := entry.not_before - _now()) > 0:
                await self.unless_stopped(asyncio.sleep(wait))
            if not wanted():
                raise Stopped("no longer wanted")
            if entry.deferred:
                raise Deferred(entry.deferred)
            entry.not_before = _now() + entry.delay
            yield

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """The outcome of `work`, or Stopped as soon as the run ends."""
        if self.stopped:
            work.close()
            raise Stopped("the run was stopped")
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise Stopped("the run was stopped")
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(self.delay))


def _now() -> float:
    return asyncio.get_running_loop().time()
