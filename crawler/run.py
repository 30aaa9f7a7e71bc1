"""Run sources: several side by side in this process, one polite slot per host, with a clean end."""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings as ScrapySettings
from scrapy.spiderloader import get_spider_loader

from casereviews.archive import Archive, Run, SourceResult
from casereviews.config import Settings
from casereviews.errors import UsageError, exit_code
from casereviews.terminal import clean
from crawler.desk import Desk, Progress
from crawler.gate import Gate
from crawler.spider import Expect, ReviewSpider

SIDE_BY_SIDE = 8
"""Sources crawled at the same time; more would only hold more memory."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source declares, without running anything."""

    name: str
    title: str
    publisher: str | None
    nation: str | None
    licence: str | None
    hosts: tuple[str, ...]
    start_urls: tuple[str, ...]
    expect: Expect
    notes: str
    proven: bool
    enabled: bool
    keeps_months: int | None
    sweep_days: int | None
    """Days between two readings of its listings to their end; None where each run reads them so."""
    options: tuple[str, ...]


class Outcome(list[SourceResult]):
    """The results of a crawl, in the order asked for, with how it ended."""

    signal: int | None = None
    """The signal that ended it early, after a clean end."""
    budgets: frozenset[str] = frozenset()
    """Sources that reached the deadline or their own budget."""

    @property
    def exit_code(self) -> int:
        """The one exit code for the whole crawl, see casereviews.errors."""
        if self.signal is not None:
            return 128 + self.signal
        codes = {"failed": 1, "short": 3}
        return exit_code({7 if r.source in self.budgets and r.verdict != "failed" else codes.get(r.verdict, 0)
                          for r in self})  # fmt: skip


def project_settings() -> ScrapySettings:
    """Scrapy's settings for this project."""
    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    return settings


def sources() -> list[SourceInfo]:
    """Every source there is, by name."""
    loader = get_spider_loader(project_settings())
    return [_describe(cast(type[ReviewSpider], loader.load(name))) for name in sorted(loader.list())]


def _describe(spider: type[ReviewSpider]) -> SourceInfo:
    return SourceInfo(
        name=spider.name,
        title=spider.title or spider.name,
        publisher=spider.publisher,
        nation=spider.nation,
        licence=spider.licence,
        hosts=tuple(spider.hosts),
        start_urls=tuple(getattr(spider, "start_urls", ())),
        expect=spider.expect,
        notes=spider.notes,
        proven=spider.proven,
        enabled=spider.enabled,
        keeps_months=spider.keeps_months,
        sweep_days=spider.sweep_days if spider.newest_first else None,
        options=spider.options,
    )


def find(names: Sequence[str]) -> list[type[ReviewSpider]]:
    """The spiders of the named sources; of all enabled ones without names. UsageError for an unknown one."""
    loader = get_spider_loader(project_settings())
    known = sorted(loader.list())
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"unknown source {name!r}; {hint}")
    spiders = [cast(type[ReviewSpider], loader.load(name)) for name in dict.fromkeys(names or known)]
    return [spider for spider in spiders if names or spider.enabled]


def select(settings: Settings, names: Sequence[str]) -> list[type[ReviewSpider]]:
    """As `find`; UsageError also where the configuration sets what they cannot use. Asks and writes nothing."""
    find(tuple(settings.sources))  # a misspelt table of the configuration is no silent one
    spiders = find(names)
    _check_options(settings, spiders)
    return spiders


def _check_options(settings: Settings, spiders: Sequence[type[ReviewSpider]]) -> None:
    for spider in spiders:
        spider.configured(settings.sources.get(spider.name, {}))


def crawl(
    settings: Settings,
    sources: Sequence[str],
    archive: Archive,
    run: Run,
    *,
    offline: bool = False,
    limit: int | None = None,
    full: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Crawl the named sources (all enabled ones when none is named) into the archive, as part of `run`.

    SIGINT, SIGTERM and the deadline end it cleanly within seconds; the run is then left for the caller to end or
    to resume. Raises UsageError for an unknown source and StorageError or DamagedError when the archive fails.
    """
    spiders = select(settings, sources)
    return crawl_spiders(settings, spiders, archive, run, offline=offline, limit=limit, full=full, progress=progress)


def crawl_spiders(
    settings: Settings,
    spiders: Sequence[type[ReviewSpider]],
    archive: Archive,
    run: Run,
    *,
    offline: bool = False,
    limit: int | None = None,
    full: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """As `crawl`, for spider classes."""
    _check_options(settings, spiders)
    desk = Desk(archive, run, settings, Gate(settings.crawl_delay), offline, limit, full, progress)
    outcome = Outcome()
    asyncio.run(_all(desk, spiders, outcome))
    if desk.error is not None:
        raise desk.error
    outcome.extend(desk.results[s.name] for s in spiders if s.name in desk.results)
    outcome.budgets = frozenset(desk.budgets)
    return outcome


async def _all(desk: Desk, spiders: Sequence[type[ReviewSpider]], outcome: Outcome) -> None:
    runner = AsyncCrawlerRunner(project_settings())
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(spider: type[ReviewSpider]) -> None:
        async with room:
            result = SourceResult(spider.name, "skipped", errors=("not begun: the run was ended before",))
            try:
                if not desk.stopping:
                    await runner.crawl(spider, desk=desk)
            except Exception as error:  # one source that cannot even begin is no reason to lose the others
                log.debug("the source %s did not begin", spider.name, exc_info=True)
                text = clean(f"the source cannot be run ({type(error).__name__}: {error})")
                result = SourceResult(spider.name, "failed", errors=(text,))
            if spider.name not in desk.results and desk.error is None:
                desk.results[spider.name] = desk.archive.finish_source(desk.run.id, result)

    loop = asyncio.get_running_loop()
    if desk.settings.deadline is not None:
        loop.call_later(desk.settings.deadline, desk.stop, "deadline")
    with _signals(desk, outcome):
        await asyncio.gather(*(one(spider) for spider in spiders))


@contextmanager
def _signals(desk: Desk, outcome: Outcome) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM end the crawl cleanly; a second one acts as if this were not here."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    watched = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in watched}

    def release() -> None:
        for number in watched:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])

    def received(number: int) -> None:
        outcome.signal = number
        release()
        desk.stop("interrupted")

    for number in watched:
        loop.add_signal_handler(number, received, number)
    try:
        yield
    finally:
        release()
