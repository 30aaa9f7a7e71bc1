"""A small invented collection on two hosts, and the machinery to crawl it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from scrapy.http import Response

from casereviews.archive import Archive, SourceResult
from casereviews.config import Settings
from casereviews.model import Link
from crawler.run import Outcome, crawl_spiders
from crawler.spider import Expect, Gone, ReviewSpider, WrongStructure
from tests.crawler.faultserver import Answer, Web, page, pdf

SITE = "www.toy.example"
FILES = "files.toy.example"


class ToySpider(ReviewSpider):
    """Listing pages with links to one page per review, each with a date and its documents."""

    name = "toy"
    title = "Toy reviews"
    publisher = "Toy Board"
    nation = "england"
    keeps_months = 12
    hosts: ClassVar[tuple[str, ...]] = (SITE, FILES)
    start_urls = (f"https://{SITE}/list",)  # type: ignore[assignment]
    expect = Expect(minimum=2)

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
        if not response.css("h1"):
            raise WrongStructure(response.url, "no heading")
        if total := response.css(".total::text").get():
            self.state_total(int(total))
        for href in response.css("a.review::attr(href)").getall():
            url = response.urljoin(href)
            yield self.detail(url, self.parse_review, key=url.rsplit("/", 1)[-1])
        if following := response.css("a.next::attr(href)").get():
            yield self.page(response.urljoin(following))

    def parse_review(self, response: Response) -> Iterable[Any]:
        key = response.url.rsplit("/", 1)[-1]
        if notice := response.css(".gone::text").get():
            yield Gone(key, response.url, notice)
            return
        links = tuple(Link(response.urljoin(href)) for href in response.css("a.file::attr(href)").getall())
        title = response.css("h1::text").get() or ""
        published = response.css("time::text").get()
        yield self.review(key, title, response.url, published=published, links=links)


def listing(*keys: str, after: str | None = None, total: int | None = None) -> Answer:
    links = "".join(f'<a class="review" href="{key if "/" in key else f"/review/{key}"}">{key}</a>' for key in keys)
    stated = f'<p class="total">{total}</p>' if total is not None else ""
    following = f'<a class="next" href="{after}">next</a>' if after else ""
    return page(f"<h1>Reviews</h1>{stated}{links}{following}", validators=True)


def detail(key: str, *files: str, published: str | None = "2025-03-04") -> Answer:
    links = "".join(f'<a class="file" href="{file}">file</a>' for file in files)
    date = f"<time>{published}</time>" if published else ""
    return page(f"<h1>Review {key}</h1>{date}{links}", validators=True)


def furnish(web: Web, *keys: str) -> None:
    """Put a healthy collection into the web: a listing, a page and a file for each key."""
    web.routes[f"{SITE}/list"] = listing(*keys)
    for key in keys:
        web.routes[f"{SITE}/review/{key}"] = detail(key, f"https://{FILES}/{key}.pdf")
        web.routes[f"{FILES}/{key}.pdf"] = Answer(pdf(key), "application/pdf", validators=True)


class Lab:
    """An archive and a web of its own for one test."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web = web
        self.folder = folder
        self.options: dict[str, Any] = {}

    def archive(self) -> Archive:
        return Archive.open(self.folder / "archive", write=True, replica=True)

    def crawl(self, *spiders: type[ReviewSpider], end: bool = True, **options: Any) -> Outcome:
        """One run over the web, as the command does it."""
        settings = Settings(**{"data": self.folder, "replica": self.web.base, **self.options})
        chosen = spiders or (ToySpider,)
        with self.archive() as archive:
            run = archive.begin_run([spider.name for spider in chosen], program="test")
            outcome = crawl_spiders(settings, chosen, archive, run, **options)
            if end:
                archive.end_run(run.id, "ok")
        return outcome

    def result(self, *spiders: type[ReviewSpider], **options: Any) -> SourceResult:
        """The result of a run over one source."""
        (result,) = self.crawl(*spiders, **options)
        return result
