"""Collections that a WordPress site lists through its REST API and tells on a page for each."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameter

from casereviews.archive import StoredReview
from crawler.capture import NotArchived
from crawler.gate import Stopped
from crawler.loose_json import at, dicts, text
from crawler.saving import reason
from crawler.spider import ReviewSpider, WrongStructure


class WordPressSpider(ReviewSpider):
    """Walks the list of posts; a source starts at `listing(…)` and parses the page of a post in `parse_post`."""

    def parse(self, response: Response, number: int = 1, **kwargs: Any) -> Iterable[Any]:
        """The posts of a page; that the page after the last is refused is the normal end of the list."""
        try:
            posts = json.loads(response.body)
        except (ValueError, RecursionError):
            posts = None
        if response.status == 400 and number > 1 and at(posts, "code") == "rest_post_invalid_page_number":
            return
        if response.status != 200 or not isinstance(posts, list):
            raise WrongStructure(response.url, f"no list of posts (status {response.status})")
        links = [link for post in dicts(posts) if (link := text(post.get("link")))]
        if len(links) < len(posts):
            raise WrongStructure(response.url, f"{len(posts) - len(links)} posts without a link")
        if (total := _number(response, "X-WP-Total")) is not None:
            self.state_total(total)
        for link in links:
            yield self.detail(link, self.parse_post, key=post_key(link))
        if links and number != _number(response, "X-WP-TotalPages"):
            yield self.page(
                add_or_replace_parameter(response.url, "page", str(number + 1)),
                cb_kwargs={"number": number + 1},
                meta={"handle_httpstatus_list": [400]},
                errback=self.no_page,
            )

    def recheck(self, stored: StoredReview) -> Request:
        """Its page; what is no post any more is not there, or leads elsewhere."""
        return self.detail(stored.review.url, self.parse_post, key=stored.review.key)

    def parse_post(self, response: Response) -> Iterable[Any]:
        """The page of one post; every source has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no parse_post method")

    def no_page(self, failure: Failure) -> None:
        """A page that was not had; the refusal that ends a list is not in the archive, so offline it just ends."""
        error = failure.value
        if error is not None and not isinstance(error, NotArchived | Stopped):
            request: Request = failure.request  # type: ignore[attr-defined]
            self.tally.fail(f"{reason(error)}: {request.url}")


def listing(posts: str) -> str:
    """The first page of a list such as `https://example.org/wp-json/wp/v2/posts`: a hundred posts, newest first."""
    return f"{posts}?per_page=100&page=1&orderby=date&order=desc"


def post_key(url: str) -> str:
    """A post's slug, the last part of its address."""
    return urlsplit(url).path.strip("/").rpartition("/")[2]


def _number(response: Response, header: str) -> int | None:
    value = (response.headers.get(header) or b"").decode("latin-1").strip()
    return int(value) if value.isascii() and value.isdigit() else None
