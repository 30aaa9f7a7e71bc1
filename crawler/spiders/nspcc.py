"""The NSPCC's lists of recently published case reviews: entries inline, a link to the report while it is kept."""

import hashlib
from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from casereviews.model import Link, Review
from crawler.dates import dates_in
from crawler.kinds import document_kind, document_title, review_type
from crawler.places import place
from crawler.platforms.case_list import Entry, read_entries
from crawler.spider import Expect, ReviewSpider

SITE = "https://learning.nspcc.org.uk/case-reviews"


class NspccSpider(ReviewSpider):
    """The year list, then the monthly update."""

    name = "nspcc"
    title = "National Collection of Case Reviews (NSPCC lists)"
    hosts = ("learning.nspcc.org.uk", "library.nspcc.org.uk", "www.nspcc.org.uk")
    start_urls = [f"{SITE}/recently-published-case-reviews"]  # noqa: RUF012 - a list, as Scrapy has it
    # The list begins anew each January.
    expect = Expect(
        minimum=3,
        filled={"title": 1.0, "published": 1.0, "summary": 0.95, "keywords": 0.8},
        failed_documents=0.5,
        drop=1.0,
    )
    notes = (
        "The lists' text is seen, their tags are not: entries are told by the shape of their headings. Copyright stays"
        " with the publishing boards. The repository keeps a report for five years; a dead link is normal."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: dict[str, str] = {}

    def parse(self, response: Response, update: bool = False, **kwargs: Any) -> Iterable[Any]:
        """The entries of a list; the update follows the year list, so that what is in both is told by one."""
        entries = read_entries(response)
        if not entries:
            # The year list is empty early in January; the update is asked for all the same.
            self.tally.fall_short(f"no entry with a heading such as “2025 - Anytown - Child A”: {response.url}")
        for entry in entries:
            if entry.merged:
                self.tally.fall_short(f"the entry after “{entry.heading}” has no heading we know: {response.url}")
            key = self.key(entry)
            if key not in self.told:
                self.told[key] = entry.summary
                yield self.entry_review(key, entry, response)
        if not update:
            yield self.page(f"{SITE}/monthly-case-reviews-update", cb_kwargs={"update": True})

    def key(self, entry: Entry) -> str:
        """Year, place and name; different reviews under one heading are told apart by how their text begins."""
        start = entry.summary[:60]
        if self.told.get(entry.key, start)[:60] == start:
            return entry.key
        return f"{entry.key}-{hashlib.sha256(start.encode()).hexdigest()[:6]}"

    def entry_review(self, key: str, entry: Entry, response: Response) -> Review:
        """An entry as a review; its type is known only where the heading or the link names it."""
        return self.review(
            key,
            entry.heading,
            response.url,
            type=review_type(" ".join([entry.name, *(text for _, text in entry.links)])) or "other",
            **place(entry.area),
            published=entry.published,
            incident=_incident(entry.summary),
            summary=entry.summary or None,
            keywords=entry.keywords,
            links=tuple(
                Link(response.urljoin(href), document_kind(text, "report"), document_title(text, href))
                for href, text in entry.links
            ),
        )


def _incident(summary: str) -> str | None:
    """The date in the first sentence (“Death of a boy in November 2022.”), when it is the only one there."""
    dates = dates_in(summary.split(". ", 1)[0])
    return dates[0] if len(dates) == 1 else None
