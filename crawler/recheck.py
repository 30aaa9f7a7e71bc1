"""Reviews that no listing names any more, asked for one by one before they count as missing.

One that its source withdrew, or took down with a word of why, is told as that. All else that left its listing is
missing, and gone by the rule of days and healthy runs, whether or not its page still answers.
"""

from collections.abc import Iterable, Iterator

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError

from casereviews.model import Review
from crawler.guard import UndeclaredHost
from crawler.outputs import Gone
from crawler.saving import Saver, reason
from crawler.spider import ReviewSpider
from crawler.verdict import judge

_THERE = ("present", "returned", "missing")


class Recheck:
    """The second look of one spider's run."""

    def __init__(self, spider: ReviewSpider, saver: Saver) -> None:
        self.spider = spider
        self.tally = spider.tally
        self.saver = saver
        self._begun = False

    def requests(self) -> list[Request]:
        """What to ask for, once, when the listings are read; nothing in a run that lets nothing go missing."""
        desk, spider = self.spider.desk, self.spider
        if self._begun or spider.left or desk.offline or desk.stopping or self.tally.early:
            return []
        self._begun = True
        if judge(spider).verdict != "ok":
            return []
        unseen = [each for each in desk.archive.unseen(desk.run.id, spider.name) if each.state in _THERE]
        requests = [request for each in unseen if (request := spider.recheck(each)) is not None]
        if len(requests) > spider.max_rechecks:
            self.tally.fall_short(
                f"{len(requests)} reviews are listed no more, at most {spider.max_rechecks} are asked for one by one"
            )
            return []
        # Its page may have been asked for under another name in this run: the archive then answers.
        self.tally.details += len(requests)
        return [each.replace(meta={**each.meta, "recheck": True}, dont_filter=True) for each in requests]

    def take(self, outputs: Iterable[object], response: Response) -> Iterator[object]:
        """What the page of a review says of it; whatever else it holds is left alone."""
        key = response.meta["key"]
        for output in outputs:
            if isinstance(output, Gone) and output.key == key:
                self.saver.gone(output)
            elif isinstance(output, Review) and output.key == key and output.withdrawn is not None:
                yield from self.saver.review(output, listed=False)
                yield output

    def unavailable(self, request: Request, error: BaseException) -> None:
        """Its page was not had: missing where the answer says so; without any answer the source is short."""
        key, status = request.meta["key"], error.response.status if isinstance(error, HttpError) else None
        elsewhere = isinstance(error, UndeclaredHost) or status in (404, 410)
        self.tally.unanswered += not elsewhere
        self.tally.note(f"{self.spider.name}:{key} is listed no more and its page {reason(error)}: {request.url}")

    def unreadable(self, response: Response, error: Exception) -> None:
        """Its page is another one now."""
        key = response.meta["key"]
        self.tally.note(f"{self.spider.name}:{key} is listed no more and its page cannot be read ({error})")
