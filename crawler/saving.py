"""From what a source yields to the archive: reviews first, then each of their documents."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from typing import cast

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from casereviews.archive import Capture
from casereviews.model import Link, Review
from casereviews.terminal import clean
from crawler.gate import Stopped
from crawler.guard import UndeclaredHost, check
from crawler.outputs import BadDocument, Gone
from crawler.spider import ReviewSpider
from crawler.visits import Visits

TAKEN_DOWN = "was taken down on request and is not gathered again"


class Saver:
    """Writes one spider's reviews and documents into the archive and counts them."""

    def __init__(self, spider: ReviewSpider) -> None:
        self.spider = spider
        self.desk = spider.desk
        self.archive = spider.desk.archive
        self.run = spider.desk.run.id
        self.tally = spider.tally
        self.visits = Visits(spider)
        self._met: dict[str, Review] = {}

    def taken_down(self, review: Review, response: Response | None) -> bool:
        """Whether a review was taken down on request: then it counts as an entry, and its page is not kept."""
        blocked = self.archive.is_blocked("review", review.id) or self.archive.is_blocked("url", review.url)
        if blocked:
            self.tally.found(review)
            capture = response.meta.get("capture") if response is not None else None
            if capture is not None:
                with self.desk.storing():
                    self.archive.drop_body(capture.id)
        return blocked

    def review(self, review: Review, *, listed: bool = True) -> Iterator[Request]:
        """Save a review, then ask for its documents."""
        if not review.key or not review.title.strip():
            self.tally.entries += 1
            self.tally.skipped += 1
            self.tally.note(f"a review without key or title was skipped: {review.url}")
            return
        self.tally.found(review, listed=listed)
        before = self._met.get(review.id)
        if before is not None:
            if before != review:
                self.tally.note(f"{review.id} is listed twice with different details, the first counts: {review.url}")
            return
        self._met[review.id] = review
        with self.desk.storing():
            self.archive.save_review(self.run, review)
        self.spider.report()
        for link in {link.url: link for link in review.links}.values():
            if (request := self._document(review, link)) is not None:
                yield request

    def gone(self, gone: Gone) -> None:
        """A review that its source says it has taken down: withdrawn at once, with what the source says of it.

        Without a word of the source's it is left to the rule: missing now, gone after days and healthy runs.
        """
        known = self.archive.review(f"{self.spider.name}:{gone.key}")
        if known is None and self.archive.is_blocked("review", f"{self.spider.name}:{gone.key}"):
            return
        if known is None:
            self.tally.note(f"a listed review was taken down by its source ({gone.notice or 'no reason'}): {gone.url}")
            return
        if gone.notice and known.review.id not in self._met:
            with self.desk.storing():
                self.archive.withdraw(self.run, known.review.id, gone.notice)
        self.tally.note(f"{known.review.id} was taken down by its source: {gone.url}")

    def keep(self, key: str | None) -> bool:
        """Leave a review as it was, because its page cannot be had; False when it is not known to be there."""
        known = self.archive.review(f"{self.spider.name}:{key}") if key else None
        if known is None or known.state in ("missing", "gone"):
            return False
        with self.desk.storing():
            self.archive.save_review(self.run, known.review)
        return True

    def _document(self, review: Review, link: Link) -> Request | None:
        if self.archive.is_blocked("url", link.url):
            with self.desk.storing():
                self.archive.fail_document(self.run, review.id, link.url, TAKEN_DOWN)
            return None
        try:
            request = self.spider.document_request(review, link)
            check(request.url, self.spider.hosts)
        except (IgnoreRequest, ValueError) as error:
            if isinstance(error, UndeclaredHost):
                self.tally.undeclared[error.host] += 1
            else:
                self.tally.note(f"a document was left alone ({error}): {link.url}")
            with self.desk.storing():
                self.archive.fail_document(self.run, review.id, link.url, f"not fetched: {error}")
            return None
        if not self.visits.document_due(review, link.url, request):
            self.tally.documents["unchanged"] += 1
            return None
        return request.replace(
            callback=partial(self._fetched, review=review, link=link),
            errback=partial(self._failed, review=review, link=link),
            meta={**request.meta, "role": "document"},
            # Two reviews may share a document: each needs the answer, and the archive asks only once.
            dont_filter=True,
            priority=request.priority + 1,
        )

    def _fetched(self, response: Response, review: Review, link: Link) -> None:
        try:
            body, media_type = self.spider.document_body(response, link)
        except BadDocument as error:
            self._fail(review, link, str(error))
            return
        capture: Capture = response.meta["capture"]
        with self.desk.storing():
            if body is not response.body:
                capture = self._taken_out(capture, link, body, media_type)
            if capture.sha256 is None:
                self.archive.fail_document(self.run, review.id, link.url, TAKEN_DOWN)
                return
            outcome = self.archive.save_version(self.run, review.id, link.url, capture, media_type)
        self.tally.documents["unchanged" if outcome == "unchanged" else "fetched"] += 1
        self.spider.report()

    def _taken_out(self, capture: Capture, link: Link, body: bytes, media_type: str) -> Capture:
        """A capture of the document that was taken out of another answer, under the document's own address."""
        known = self.archive.latest(link.url)
        if known is not None and known.sha256 == sha256(body).hexdigest():
            return known
        headers = {"content-type": media_type}
        return self.archive.add_capture(
            self.run, self.spider.name, link.url, status=200, headers=headers, body=body, redirected_from=capture.url
        )

    def _failed(self, failure: Failure, review: Review, link: Link) -> None:
        error = cast(BaseException, failure.value)
        if isinstance(error, Stopped) or self.spider.left:
            return
        self._fail(review, link, reason(error))

    def _fail(self, review: Review, link: Link, text: str) -> None:
        with self.desk.storing():
            self.archive.fail_document(self.run, review.id, link.url, text)
        self.tally.documents["failed"] += 1
        self.tally.note(f"document of {review.id}: {text}: {link.url}")
        self.spider.report()


def reason(error: BaseException) -> str:
    """Why a page or document was not had, in words."""
    if isinstance(error, HttpError):
        status = error.response.status
        names = {401: "wants a login", 403: "is forbidden", 404: "is not there", 410: "is gone", 429: "asks to wait"}
        if 300 <= status < 400:
            return f"redirects nowhere ({status})"
        return f"{names.get(status, 'answers with an error')} ({status})"
    return clean(str(error))[:300] or type(error).__name__
