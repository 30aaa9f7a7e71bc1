"""The verdict on a source's run: `ok` only when everything that the source promises is there."""

from casereviews.archive import DocumentCounts, SourceResult
from casereviews.archive.rows import SourceVerdict
from crawler.spider import ReviewSpider

FEWEST_FAILING = 5
"""Pages of single reviews that must fail before their share decides that the source failed."""
FEWEST_ABSENT = 3
"""Reviews whose page is not there that it takes to doubt the listing; dead links are normal."""


def judge(spider: ReviewSpider) -> SourceResult:
    """The result of a source, still without the archive's lists of new, changed and missing reviews."""
    tally = spider.tally
    shortfalls = [] if tally.stopped == "limit" else [*tally.shortfalls, *_shortfalls(spider)]
    reason = spider.desk.stopping
    verdict: SourceVerdict = "ok"
    failures = [*tally.failures, *_failing(spider)]
    if failures:
        verdict, shortfalls = "failed", tally.shortfalls
    elif reason == "interrupted":
        verdict, shortfalls = "skipped", ["interrupted; the next run goes on from here"]
    elif reason == "deadline":
        verdict, shortfalls = "short", ["the deadline was reached; the next run goes on from here"]
    elif shortfalls:
        verdict = "short"
    elif tally.stopped == "limit":
        verdict, shortfalls = "skipped", [f"stopped after {len(tally.reviews)} reviews as asked"]
    if reason == "deadline" or tally.stopped == "budget":
        spider.desk.budgets.add(spider.name)
    errors = [*failures, *shortfalls, *_undeclared(spider), *tally.problems]
    if tally.unnamed:
        errors.append(f"and {tally.unnamed} more messages")
    documents = tally.documents
    return SourceResult(
        source=spider.name,
        verdict=verdict,
        found=_found(spider),
        expected=tally.expected,
        requests=tally.requests,
        not_modified=tally.not_modified,
        bytes=tally.bytes,
        documents=DocumentCounts(documents["fetched"], documents["unchanged"], documents["failed"]),
        errors=tuple(errors),
        whole=not tally.early,
    )


def _found(spider: ReviewSpider) -> int:
    """How many reviews there are: those met, and where a listing was left because nothing was new those known."""
    met = spider.tally.reviews
    if not spider.tally.early:
        return len(met)
    known = (each for each in spider.desk.archive.reviews(spider.name) if each.state in ("present", "returned"))
    return len(met | {each.review.id for each in known})


def _failing(spider: ReviewSpider) -> list[str]:
    """Too many pages of single reviews that could not be had; a few leave the source short, never quietly whole."""
    tally, allowed = spider.tally, spider.expect.failed_details
    if tally.unanswered < FEWEST_FAILING or tally.unanswered <= allowed * tally.details:
        return []
    return [f"{tally.unanswered} of {tally.details} pages of reviews could not be had, at most {allowed:.0%} may fail"]


def _shortfalls(spider: ReviewSpider) -> list[str]:
    tally, expect = spider.tally, spider.expect
    found = len(tally.reviews)
    short: list[str] = []
    if tally.unanswered:
        short.append(f"{tally.unanswered} of {tally.details} pages of reviews could not be had")
    wrong = tally.skipped + (tally.absent if tally.absent >= FEWEST_ABSENT else 0)
    if wrong > expect.problems * tally.entries:
        allowed = f"at most {expect.problems:.0%} are expected to"
        short.append(f"{wrong} of {tally.entries} entries are wrong or lead nowhere, {allowed}")
    if tally.early:
        return short  # what is behind the part that was read is taken as it is known
    if found < expect.minimum:
        short.append(f"found {found} reviews, at least {expect.minimum} are expected")
    for field, share in expect.filled.items():
        filled = tally.filled[field]
        if found and filled < share * found:
            short.append(f"{filled} of {found} reviews have the field {field}, {share:.0%} are expected")
    for listing, total in tally.stated.items():
        read = tally.listed[listing] if tally.listed else tally.entries
        # Without counts of their own, several listings can only be compared as a whole.
        wanted = total if tally.listed else sum(tally.stated.values())
        if read != wanted:
            short.append(f"the listing{' ' + listing if listing else ''} states {wanted} entries, {read} were read")
            if not tally.listed:
                break
    tried = sum(tally.documents.values())
    if tried and tally.documents["failed"] > expect.failed_documents * tried:
        allowed = f"at most {expect.failed_documents:.0%} are expected to"
        short.append(f"{tally.documents['failed']} of {tried} documents failed, {allowed}")
    known = sum(1 for r in spider.desk.archive.reviews(spider.name) if r.state in ("present", "returned"))
    if found < (1 - expect.drop) * known:
        short.append(f"found {found} reviews, {known} were there before")
    return short


def _undeclared(spider: ReviewSpider) -> list[str]:
    hosts = spider.tally.undeclared
    if not hosts:
        return []
    named = ", ".join(f"{host} ({number})" for host, number in hosts.most_common(10))
    more = f" and {len(hosts) - 10} more hosts" if len(hosts) > 10 else ""
    links = "1 link leads" if hosts.total() == 1 else f"{hosts.total()} links lead"
    return [f"{links} to hosts that the source does not declare: {named}{more}"]
