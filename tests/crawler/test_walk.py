"""The walk from listing to review to documents: verdicts, budgets, and single bad records among good ones."""

from collections.abc import Iterable
from typing import Any

import pytest
from scrapy.http import Response

from casereviews.model import Link, Review
from crawler import walk
from crawler.spider import BadDocument, Expect, ReviewSpider, WrongStructure
from tests.crawler.faultserver import Answer, page, pdf
from tests.crawler.toys import FILES, SITE, Lab, ToySpider, detail, furnish, listing


def test_a_healthy_collection_is_gathered_whole(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    result = lab.result()
    assert (result.verdict, result.found, result.errors) == ("ok", 3, ())
    assert result.new == ("toy:a", "toy:b", "toy:c")
    assert result.documents.fetched == 3
    with lab.archive() as archive:
        stored = archive.review("toy:a")
        assert stored is not None
        assert stored.review.url == f"https://{SITE}/review/a"
        assert (stored.review.publisher, stored.review.nation) == ("Toy Board", "england")
        (document,) = archive.documents("toy:a")
        assert document.version is not None and document.version.media_type == "application/pdf"


def test_a_listing_of_several_pages_is_followed_and_its_total_kept(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c", "d")
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", after="/list2", total=4)
    lab.web.routes[f"{SITE}/list2"] = listing("c", "d", total=4)
    result = lab.result()
    assert (result.verdict, result.found, result.expected) == ("ok", 4, 4)


def test_a_listing_that_lies_about_its_total_is_short(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", total=647)
    result = lab.result()
    assert (result.verdict, result.found, result.expected) == ("short", 2, 647)
    assert "the listing states 647 entries, 2 were read" in result.errors


def test_a_listing_that_is_suddenly_empty_is_short_and_withdraws_nothing(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    lab.web.routes[f"{SITE}/list"] = listing()
    result = lab.result()
    assert (result.verdict, result.found, result.missing) == ("short", 0, ())
    with lab.archive() as archive:
        assert {stored.state for stored in archive.reviews("toy")} == {"present"}


def test_a_field_that_is_suddenly_empty_is_short(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    for key in "ab":
        lab.web.routes[f"{SITE}/review/{key}"] = detail(key, published=None)
    result = lab.result()
    assert result.verdict == "short"
    assert "1 of 3 reviews have the field published, 90% are expected" in result.errors


def test_too_many_failed_documents_are_short_unless_the_source_says_that_is_normal(lab: Lab) -> None:
    class Lenient(ToySpider):
        expect = Expect(minimum=1, failed_documents=1.0)

    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=404)
    result = lab.result()
    assert result.verdict == "short"
    assert "1 of 2 documents failed, at most 10% are expected to" in result.errors
    assert lab.result(Lenient).verdict == "ok"


def test_a_changed_structure_fails_the_source_loudly(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = page("<h2>Nothing is as it was</h2>")
    result = lab.result()
    assert result.verdict == "failed"
    assert result.errors == (f"the page is not built as expected (no heading): https://{SITE}/list",)


def test_a_parser_that_raises_fails_the_source_and_the_others_go_on(lab: Lab) -> None:
    class Broken(ToySpider):
        name = "broken"

        def parse_review(self, response: Response) -> Iterable[Any]:
            if response.url.endswith("/a"):
                raise KeyError("date")
            return super().parse_review(response)

    furnish(lab.web, "a", "b", "c")
    broken, whole = lab.crawl(Broken, ToySpider)
    assert (broken.verdict, broken.found) == ("failed", 2)
    assert f"the parser failed (KeyError: 'date'): https://{SITE}/review/a" in broken.errors
    assert whole.verdict == "ok"


def test_a_generator_that_raises_keeps_what_it_gave_before(lab: Lab) -> None:
    class Late(ToySpider):
        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            yield from super().parse(response)
            raise WrongStructure(response.url, "the end is missing")

    furnish(lab.web, "a", "b")
    result = lab.result(Late)
    assert result.verdict == "failed" and "the end is missing" in result.errors[0]


def test_an_asynchronous_parser_is_welcome_and_its_errors_count(lab: Lab) -> None:
    class Async(ToySpider):
        async def parse(self, response: Response, **kwargs: Any) -> Any:
            for output in super().parse(response):
                yield output
            raise ValueError("at the end")

    furnish(lab.web, "a", "b")
    result = lab.result(Async)
    assert result.found == 2
    assert f"the parser failed (ValueError: at the end): https://{SITE}/list" in result.errors


def test_a_start_that_raises_fails_the_source(lab: Lab) -> None:
    class Unready(ToySpider):
        async def start(self) -> Any:
            yield self.page(f"https://{SITE}/list")
            raise RuntimeError("no configuration")

    furnish(lab.web, "a", "b")
    result = lab.result(Unready)
    assert result.verdict == "failed" and "no configuration" in result.errors[0]


@pytest.mark.parametrize("answer", [Answer(status=500), b""], ids=["500", "dropped"])
def test_a_review_whose_page_cannot_be_had_is_kept_as_it_was(lab: Lab, answer: Answer | bytes) -> None:
    furnish(lab.web, "a", "b", "c")
    lab.result()
    lab.web.routes[f"{SITE}/review/a"] = answer
    result = lab.result()
    assert result.verdict == "short" and result.missing == ()
    assert "1 of 3 pages of reviews could not be had" in result.errors
    assert any(f"{SITE}/review/a" in error for error in result.errors)
    with lab.archive() as archive:
        stored = archive.review("toy:a")
        assert stored is not None and stored.state == "present"
        assert [link.url for link in stored.review.links] == [f"https://{FILES}/a.pdf"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_review_whose_page_is_not_there_is_named_and_the_rest_counts(lab: Lab, status: int) -> None:
    furnish(lab.web, "a", "b", "c")
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", "c", total=3)
    lab.web.routes[f"{SITE}/review/a"] = Answer(status=status)
    result = lab.result()
    assert (result.verdict, result.found) == ("ok", 2)
    assert len(result.errors) == 1 and f"{SITE}/review/a" in result.errors[0]


def test_only_a_share_of_failing_pages_fails_the_source(lab: Lab) -> None:
    keys = [f"k{number:02}" for number in range(60)]
    furnish(lab.web, *keys)
    for key in keys[::12]:
        lab.web.routes[f"{SITE}/review/{key}"] = Answer(status=503)
    result = lab.result()
    assert (result.verdict, result.found) == ("short", 55)
    for key in keys[::6]:
        lab.web.routes[f"{SITE}/review/{key}"] = Answer(status=503)
    result = lab.result()
    assert (result.verdict, result.missing) == ("failed", ())
    assert "10 of 60 pages of reviews could not be had, at most 10% may fail" in result.errors


def test_many_wrong_entries_make_a_run_short(lab: Lab) -> None:
    class Wrong(Direct):
        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            yield from (entry("a"), entry("b"), entry("c"))
            for number in range(self.wrong):
                self.problem(response.url, f"entry {number} has no title")

        wrong = 1

    class Wronger(Wrong):
        wrong = 2

    lab.web.routes[f"{SITE}/all"] = page("x")
    assert lab.result(Wrong).verdict == "ok"
    result = lab.result(Wronger)
    assert result.verdict == "short"
    assert "2 of 5 entries are wrong or lead nowhere, at most 30% are expected to" in result.errors


def test_a_listing_that_mostly_leads_nowhere_is_short(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c", "d", "e", "f", "g")
    for key in "abc":
        lab.web.routes[f"{SITE}/review/{key}"] = Answer(status=404)
    result = lab.result()
    assert (result.verdict, result.found) == ("short", 4)
    assert "3 of 7 entries are wrong or lead nowhere, at most 30% are expected to" in result.errors


def test_a_review_taken_down_with_a_notice_is_withdrawn_with_it(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    lab.result()
    lab.web.routes[f"{SITE}/review/a"] = page('<p class="gone">Removed at the family’s wish</p>')
    result = lab.result()
    assert (result.verdict, result.withdrawn) == ("ok", ("toy:a",))
    with lab.archive() as archive:
        stored = archive.review("toy:a")
        assert stored is not None and stored.state == "withdrawn"
        assert stored.review.withdrawn == "Removed at the family’s wish"


class Direct(ReviewSpider):
    """A listing that holds everything about its reviews."""

    name = "direct"
    hosts = (SITE, FILES)
    start_urls = (f"https://{SITE}/all",)  # type: ignore[assignment]
    expect = Expect(minimum=1, filled={"title": 1.0})
    outputs: tuple[Any, ...] = ()

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
        yield from self.outputs


def entry(key: str, **fields: Any) -> Review:
    return Review(source="direct", key=key, title=f"Review {key}", url=f"https://{SITE}/all#{key}", **fields)


def test_a_review_listed_twice_counts_once_and_is_named_when_it_differs(lab: Lab) -> None:
    class Twice(Direct):
        outputs = (entry("a"), entry("a"), entry("b"), entry("b", published="2024"))

    lab.web.routes[f"{SITE}/all"] = page("x")
    result = lab.result(Twice)
    assert (result.verdict, result.found) == ("ok", 2)
    assert len(result.errors) == 1 and "direct:b is listed twice" in result.errors[0]


def test_a_document_of_two_reviews_is_asked_for_once(lab: Lab) -> None:
    shared = (Link(f"https://{FILES}/both.pdf"), Link(f"https://{FILES}/both.pdf", title="again"))

    class Sharing(Direct):
        outputs = (entry("a", links=shared), entry("b", links=shared[:1]))

    lab.web.routes[f"{SITE}/all"] = page("x")
    lab.web.routes[f"{FILES}/both.pdf"] = Answer(pdf("both"), "application/pdf")
    lab.result(Sharing)
    assert lab.web.times(f"{FILES}/both.pdf") == 1
    with lab.archive() as archive:
        for key in ("direct:a", "direct:b"):
            (document,) = archive.documents(key)
            assert document.version is not None


def test_a_document_may_be_taken_out_of_another_answer(lab: Lab) -> None:
    address = f"https://{SITE}/publication"

    class Wrapped(Direct):
        outputs = (entry("a", links=(Link(address, media_type="text/html"),)),)

        def document_request(self, review: Review, link: Link) -> Any:
            return super().document_request(review, Link(f"https://{SITE}/api/publication"))

        def document_body(self, response: Response, link: Link) -> tuple[bytes, str]:
            if response.status != 200:
                raise BadDocument("no publication")
            return response.body.removeprefix(b"wrapped:"), "text/html"

    lab.web.routes[f"{SITE}/all"] = page("x")
    lab.web.routes[f"{SITE}/api/publication"] = Answer(b"wrapped:<html>body</html>", validators=True)
    assert lab.result(Wrapped).documents.fetched == 1
    assert lab.result(Wrapped).documents.unchanged == 1
    with lab.archive() as archive:
        (document,) = archive.documents("direct:a")
        assert document.version is not None and document.version.url == address
        assert archive.read_blob(document.version.sha256) == b"<html>body</html>"
        assert len(archive.versions(document.id)) == 1


def test_an_endless_listing_ends_with_its_budget_and_exit_code_7(lab: Lab) -> None:
    class Trap(Direct):
        max_listings = 12

        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            day = int(response.url.rpartition("=")[2] or 0) if "=" in response.url else 0
            yield entry(f"d{day}")
            yield self.page(f"https://{SITE}/all?day={day + 1}")

    lab.web.routes[f"{SITE}/all"] = page("calendar")
    outcome = lab.crawl(Trap)
    assert (outcome[0].verdict, outcome[0].found, outcome.exit_code) == ("short", 12, 7)
    assert lab.web.times(f"{SITE}/robots.txt") + 12 == len(lab.web.asked)
    assert "the budget of 12 listing pages is used up; is the listing endless?" in outcome[0].errors


def test_a_listing_that_repeats_itself_is_not_followed_for_ever(lab: Lab) -> None:
    class Loop(Direct):
        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            number = int(response.url.rpartition("=")[2]) if "=" in response.url else 0
            yield entry(f"p{min(number, 3)}")
            yield self.page(f"https://{SITE}/all?page={number + 1}")

    lab.web.routes[f"{SITE}/all"] = page("list")
    result = lab.result(Loop)
    assert (result.verdict, result.found) == ("short", 4)
    assert any("repeats itself" in error for error in result.errors)
    assert len(lab.web.paths()) == 5


def test_links_beyond_the_cap_are_cut_and_named(lab: Lab) -> None:
    class Flood(Direct):
        max_links = 50

        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            for number in range(1_000_000):
                yield entry(str(number))

    lab.web.routes[f"{SITE}/all"] = page("x")
    result = lab.result(Flood)
    assert (result.verdict, result.found) == ("short", 50)
    assert any("only the first 50 entries" in error for error in result.errors)


@pytest.mark.parametrize("body", ["<div>" * 1_000_000, '<a href="/x">x</a>' * 300_000], ids=["nested", "links"])
def test_a_page_that_parsers_choke_on_is_refused(lab: Lab, body: str) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = page(f"<h1>x</h1>{body}")
    result = lab.result()
    assert result.verdict == "failed" and "too many to be parsed" in result.errors[0]


def test_a_source_that_keeps_failing_is_left_alone(lab: Lab) -> None:
    keys = [f"k{number}" for number in range(60)]
    furnish(lab.web, *keys)
    for key in keys:
        lab.web.routes[f"{SITE}/review/{key}"] = Answer(status=403)
    result = lab.result()
    assert result.verdict == "failed"
    assert len(lab.web.paths()) <= walk.MOST_FAILURES + 5


def test_a_limit_ends_early_judges_nothing_and_withdraws_nothing(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c", "d", "e")
    lab.result()
    result = lab.result(limit=2)
    assert (result.verdict, result.found, result.missing) == ("skipped", 2, ())
    assert result.errors == ("stopped after 2 reviews as asked",)


def test_a_limit_asks_for_little_more_than_it_takes(lab: Lab) -> None:
    furnish(lab.web, *(f"k{number}" for number in range(40)))
    assert lab.result(limit=2).verdict == "skipped"
    assert len([path for path in lab.web.paths() if "/review/" in path]) <= 4
    assert len([path for path in lab.web.paths() if path.startswith(FILES)]) == 2


def test_a_limit_that_is_not_reached_changes_nothing(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    assert lab.result(limit=10).verdict == "ok"


def test_an_undeclared_host_of_a_listing_fails_the_source(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", after="https://elsewhere.example/list")
    result = lab.result()
    assert result.verdict == "failed"
    assert "elsewhere.example is not a declared host of this source" in result.errors


def test_messages_from_outside_are_cleaned_and_bounded(lab: Lab) -> None:
    class Noisy(Direct):
        def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:
            yield entry("a")
            for number in range(1000):
                self.problem(response.url, f"\x1b[31m record {number}" + "x" * 2000)

    lab.web.routes[f"{SITE}/all"] = page("x")
    result = lab.result(Noisy)
    assert result.verdict == "short"
    assert len(result.errors) == 202 and result.errors[-1] == "and 800 more messages"
    assert max(map(len, result.errors)) <= 500 and "\x1b" not in "".join(result.errors)


def test_a_review_on_an_undeclared_host_is_named_and_left_alone(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", "https://elsewhere.example/c")
    result = lab.result()
    assert (result.verdict, result.found) == ("ok", 2)
    assert result.errors == ("1 link leads to hosts that the source does not declare: elsewhere.example (1)",)
