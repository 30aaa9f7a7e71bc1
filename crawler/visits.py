"""Whom to ask again, and when: what was quiet for long is asked more rarely, listings end where nothing is new.

Whatever came or changed within four days is asked in every run; after that the pause grows with the quiet.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zlib import crc32

from scrapy.http import Request, Response

from casereviews.archive import StoredReview
from casereviews.clock import utc
from casereviews.model import Review
from crawler.spider import ReviewSpider

PAUSES = (1, 2, 4, 8, 16, 30)
"""Days between two visits of a document; each holds once it was quiet for four times as long."""
LONGEST_FOR_PAGES = 7
"""Most days between two visits of a review's own page, which tells of withdrawals and new documents."""
_EARLIER = 0.25
"""Share of a pause by which visits are spread, so that what came on one day is not asked for on one day for ever."""


def pause(quiet: timedelta, address: str, longest: int = PAUSES[-1]) -> timedelta:
    """How long to leave an address alone that has been quiet so long; nothing for what is young.

    >>> pause(timedelta(days=3), "x"), pause(timedelta(days=200), "x", 7).days <= 7
    (datetime.timedelta(0), True)
    """
    days = max((each for each in PAUSES if timedelta(days=4 * each) <= quiet), default=0)
    spread = 1 - _EARLIER * (crc32(address.encode()) % 1000) / 1000
    return timedelta(days=min(days, longest)) * spread


class Visits:
    """The patience of one spider's run."""

    def __init__(self, spider: ReviewSpider) -> None:
        self.spider = spider
        self.desk = spider.desk
        self.archive = spider.desk.archive
        self.patient = not (spider.desk.full or spider.desk.offline)
        run = spider.desk.run
        self.may_stop = (
            self.patient
            and spider.newest_first
            and not run.resumed
            and self.archive.may_stop_early(spider.name, run.id, spider.sweep_days)
        )

    def document_due(self, review: Review, url: str, request: Request) -> bool:
        """Whether a document is to be asked for; one that is missing, damaged or young always is."""
        if not self.patient:
            return True
        held = next((each for each in self.archive.documents(review.id) if each.url == url), None)
        if held is None or held.version is None or held.failure or not self.archive.holds(held.version.sha256):
            return True
        return self._due(review.id, request.url, PAUSES[-1])

    def page_due(self, request: Request) -> StoredReview | None:
        """The review whose page need not be asked for today; None where it is to be asked."""
        key = request.meta.get("key")
        stored = self.archive.review(f"{self.spider.name}:{key}") if self.patient and key else None
        if stored is None or stored.state not in ("present", "returned"):
            return None
        return None if self._due(stored.review.id, request.url, LONGEST_FOR_PAGES) else stored

    def _due(self, review: str, url: str, longest: int) -> bool:
        asked, changed = self.archive.last_asked(url), self.archive.last_change(review)
        if asked is None or changed is None:
            return True
        elapsed = utc() - asked
        # A clock that was set back makes everything due, never nothing.
        return elapsed < timedelta(0) or elapsed >= pause(utc() - changed, url, longest)

    def ends(self, outputs: Sequence[Any], response: Response | None) -> bool:
        """Whether a page of a listing, newest first, holds nothing that is new or changed: it need not be followed."""
        if not self.may_stop or response is None or response.meta.get("role") != "listing":
            return False
        entries = 0
        for output in outputs:
            if isinstance(output, Review):
                stored = self.archive.review(output.id)
                if stored is None or stored.review != output:
                    return False
            elif isinstance(output, Request) and output.meta.get("role") == "detail":
                key = output.meta.get("key")
                stored = self.archive.review(f"{self.spider.name}:{key}") if key else None
                if key is None:
                    continue  # no review's own page
            else:
                continue
            if stored is None or stored.state not in ("present", "returned"):
                return False
            entries += 1
        return entries > 0
