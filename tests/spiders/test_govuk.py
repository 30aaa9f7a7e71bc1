"""GOV.UK's parser: what it calls things, what it gathers, and answers that nobody should ever send."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.archive import StoredReview
from casereviews.model import REVIEW_TYPES, Review
from crawler.fixtures import Case, Outcome, play
from crawler.platforms.govuk_attachments import API, api_address
from crawler.spiders.govuk import REVIEWERS, SEARCH, SPEAKS_OF_REVIEWS, GovukSpider

ID = "0f2b9a52-6c1d-5d38-9c58-3d5f5a0c7a11"


def item(**changes: Any) -> dict[str, Any]:
    """A publication with one file."""
    file = {
        "attachment_type": "file",
        "content_type": "application/pdf",
        "title": "Report",
        "url": "https://assets.publishing.service.gov.uk/media/1/report.pdf",
    }
    return {
        "base_path": "/government/publications/a-review",
        "content_id": ID,
        "description": "What happened in Anytown.",
        "details": {"attachments": [file], "body": "<p>Text</p>"},
        "document_type": "independent_report",
        "first_published_at": "2025-03-04T09:30:00Z",
        "links": {"organisations": [{"title": "Department of Reviews"}]},
        "locale": "en",
        "schema_name": "publication",
        "title": "A review",
        **changes,
    }


def parse(content: object, callback: str = "parse_item", **arguments: Any) -> list[Outcome]:
    """What the spider makes of an answer."""
    url = SEARCH if callback == "parse_results" else f"{API}/government/publications/a-review"
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return play(GovukSpider, Case(url, body, callback=callback, cb_kwargs=arguments))


def review(**changes: Any) -> dict[str, Any]:
    """The review that the publication with some changes is."""
    (outcome,) = parse(item(**changes))
    found: dict[str, Any] = outcome["review"]
    return found


@pytest.mark.parametrize(
    ("document_type", "title", "description", "expected"),
    [
        ("independent_report", "Child Safeguarding Practice Review Panel: annual report 2024", "", "annual-report"),
        ("independent_report", "Child Safeguarding Practice Review Panel: bulletin", "", "other"),
        ("independent_report", "Local child safeguarding practice review: Child R", "", "cspr"),
        ("independent_report", "National review into the deaths of A and B", "", "national-review"),
        ("independent_report", "Unseen", "The Panel’s first national review.", "national-review"),
        ("policy_paper", "Our plan", "Our answer to the national review.", "other"),
        ("policy_paper", "Government response to the national review", "", "other"),
        ("independent_report", "Serious case review: Child R", "", "scr"),
        ("independent_report", "Learning lessons: CPR in custody", "", "other"),
        ("research", "Domestic homicide review: what 12 reviews say", "", "research"),
        ("independent_report", "Domestic homicide review into the death of Ms M", "", "dhr"),
        ("statutory_guidance", "Domestic homicide review: statutory guidance", "", "guidance"),
        ("detailed_guide", "Annual report forms", "", "guidance"),
        ("corporate_report", "Performance 2019 to 2020", "", "annual-report"),
        ("corporate_report", "Terms of reference", "", "other"),
        ("corporate_report", "Business plan 2025", "", "other"),
        ("research", "Thematic review of deaths from natural causes", "", "thematic-review"),
        ("independent_report", "A safe place", "A thematic review of sudden deaths.", "thematic-review"),
        ("independent_report", "Independent investigation into the death of Mr Y", "", "fatal-incident"),
        ("independent_report", "Waiting: healthcare safety investigation", "", "safety-investigation"),
        ("research", "Overlooked: a review of the response to neglect", "", "research"),
        ("", "Notes", "", "other"),
    ],
)
def test_types(document_type: str, title: str, description: str, expected: str) -> None:
    assert review(document_type=document_type, title=title, description=description)["type"] == expected


def test_a_file_called_like_the_publication_is_the_report() -> None:
    title = "Review of the response to neglect"
    files = [{"url": f"/media/{n}.pdf", "title": t} for n, t in enumerate((title, "Response to the review", "Form"))]
    found = review(title=title, details={"attachments": files})
    assert [link["kind"] for link in found["links"]] == ["report", "response", "other"]


@pytest.mark.parametrize(
    ("first", "day"),
    [
        ("2013-05-22T23:00:00.000+00:00", "2013-05-23"),
        ("2013-05-23T00:30:00+01:00", "2013-05-23"),
        ("2013-12-31T23:59:59Z", "2013-12-31"),
        ("2013-05-22", "2013-05-22"),
        ("0001-01-01T00:00:00+14:00", None),
        ("22 May 2013", None),
        ("", None),
        (20130522, None),
    ],
)
def test_days_are_those_that_the_site_shows(first: object, day: str | None) -> None:
    assert review(first_published_at=first).get("published") == day


@pytest.mark.parametrize(
    ("nations", "expected"),
    [
        ({"england": {"applicable": True}, "wales": {"applicable": False}}, "england"),
        ({"northern_ireland": {"applicable": True}}, "northern-ireland"),
        ({"england": {"applicable": True}, "wales": {"applicable": True}}, None),
        ({"england": {"applicable": "yes"}}, None),
        ({}, None),
        ([], None),
    ],
)
def test_a_nation_is_never_guessed(nations: object, expected: str | None) -> None:
    assert review(details={"national_applicability": nations, "body": "x"}).get("nation") == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://files.example/a.pdf",
        "https://user:word@assets.publishing.service.gov.uk/a.pdf",
        "http://[::1/a.pdf",
        "   ",
        None,
        7,
        ["https://assets.publishing.service.gov.uk/a.pdf"],
    ],
)
def test_a_document_has_a_plain_web_address(url: object) -> None:
    found = review(details={"attachments": [{"url": url, "title": "Report"}], "body": ""})
    assert "links" not in found


def test_addresses_are_quoted_once() -> None:
    url = "https://assets.publishing.service.gov.uk/media/1/A report%20of 50 & more.pdf"
    (link,) = review(details={"attachments": [{"url": url}]})["links"]
    assert link["url"] == "https://assets.publishing.service.gov.uk/media/1/A%20report%20of%2050%20&%20more.pdf"


def test_documents_on_other_hosts_are_offered_and_judged_by_the_crawl() -> None:
    (link,) = review(details={"attachments": [{"url": "http://10.0.0.1/a.pdf", "attachment_type": "external"}]})[
        "links"
    ]
    assert link == {"url": "http://10.0.0.1/a.pdf", "kind": "report", "media_type": "application/pdf"}


def test_a_publication_without_a_path_keeps_the_one_it_was_asked_at() -> None:
    for path in (None, "", "//other.example/x", "javascript:x", "/a b", "/x?y", 3):
        assert review(base_path=path)["url"] == "https://www.gov.uk/government/publications/a-review"


def test_text_is_cleaned_and_bounded() -> None:
    found = review(title=" A\x1b[31m title\r\n of\u202e a review\ud800 ", description="word " * 1_000_000)
    assert found["title"] == "A title of a review"
    assert len(found["summary"]) == 4000
    assert found["summary"].endswith("…")


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.gov.uk/government/publications/a/b", f"{API}/government/publications/a/b"),
        ("http://www.gov.uk/guidance/a.cy", f"{API}/guidance/a.cy"),
        ("https://www.gov.uk/government/uploads/system/uploads/attachment_data/file/5/a.pdf", None),
        ("https://www.gov.uk/api/content/government/publications/a", None),
        ("https://assets.publishing.service.gov.uk/media/1/a", None),
    ],
)
def test_pages_of_the_site_are_had_from_the_content_api(url: str, asked: str | None) -> None:
    assert api_address(url) == asked


@pytest.mark.parametrize(
    "said",
    [
        "Child death reviews: forms",
        "Learning from the deaths of five babies",
        "Tackling the neglect of children",
        "Domestic abuse-related death review",
        "Self-inflicted deaths of young people",
        "Independent review into child sexual exploitation in Anytown",
        "Working together to safeguard children",
    ],
)
def test_departments_are_narrowed_to_what_speaks_of_reviews(said: str) -> None:
    assert SPEAKS_OF_REVIEWS.search(said)
    assert not SPEAKS_OF_REVIEWS.search("The national curriculum and the pay review of teachers")


def test_a_listing_that_ignores_where_to_start_is_not_followed_for_ever() -> None:
    page = {"total": 9, "results": [{"link": "/a", "content_store_document_type": "research"}]}
    spider = GovukSpider()
    request = spider.search(REVIEWERS[0])
    seen = []
    for _ in range(3):
        (case,) = [Case(request.url, json.dumps(page).encode(), callback="parse_results")]
        response = _response(case)
        outputs = list(spider.parse_results(response, **request.cb_kwargs))
        seen.append(len(outputs))
        if len(outputs) < 2:
            break
        request = outputs[-1]
    assert seen == [2, 0]
    assert spider.tally.listed[REVIEWERS[0]] == 1


def test_a_listing_with_more_than_it_states_is_read_to_its_end_and_counted() -> None:
    listed = [{"link": f"/{n}", "content_store_document_type": "research"} for n in range(7)]
    spider = GovukSpider()
    request, found = spider.search(REVIEWERS[0]), []
    for _ in range(9):
        start = request.cb_kwargs["start"]
        page = {"total": 2, "results": listed[start : start + 3]}
        response = _response(Case(request.url, json.dumps(page).encode(), callback="parse_results"))
        outputs = list(spider.parse_results(response, **request.cb_kwargs))
        found += [output.url for output in outputs if output.meta["role"] == "detail"]
        if not outputs or outputs[-1].meta["role"] == "detail":
            break
        request = outputs[-1]
    assert found == [f"{API}/{n}" for n in range(7)]
    assert (spider.tally.listed[REVIEWERS[0]], spider.tally.stated[REVIEWERS[0]]) == (7, 2)


def _response(case: Case) -> Any:
    from scrapy.http import TextResponse

    return TextResponse(case.url, body=case.body, encoding="utf-8")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def wherever(path: tuple[str | int, ...], content: dict[str, Any], value: object) -> dict[str, Any]:
    """The content with a value put somewhere in it."""
    place: Any = content
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return content


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a content item."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for name, each in inner for place in places(each, (*path, name))]


def full_item() -> dict[str, Any]:
    """A publication with everything in it that is read."""
    link = {"base_path": "/a", "content_id": ID, "title": "A", "schema_name": "publication", "locale": "en"}
    return item(
        details={
            "attachments": [{"url": "/a/b", "title": "T", "content_type": "x/y", "unique_reference": "1"}],
            "documents": ["<a href='/x'>x</a>"],
            "national_applicability": {"england": {"applicable": True}},
            "body": "b",
            "collection_groups": [{"documents": [ID]}],
            "explanation": "e",
            "alternative_path": "/b",
        },
        links={"organisations": [link], "taxons": [link], "documents": [link]},
        redirects=[{"path": "/a", "destination": "/b", "type": "exact"}],
        withdrawn_notice={"explanation": "<p>x</p>", "withdrawn_at": "2020-01-01T00:00:00Z"},
        results=[{"link": "/a", "title": "T", "content_id": ID}],
        total=1,
    )


CALLBACKS: list[Callable[[object], list[Outcome]]] = [
    lambda content: parse(content),
    lambda content: parse(content, "parse_collection"),
    lambda content: parse(content, "parse_results", organisation="ofsted", start=0),
]


@settings(max_examples=300, deadline=None)
@given(
    schema=st.sampled_from(["publication", "redirect", "gone", "document_collection", "html_publication"]),
    place=st.sampled_from(places(full_item())),
    value=JSON,
)
def test_any_type_anywhere_is_a_record_or_a_named_refusal(
    schema: str, place: tuple[str | int, ...], value: object
) -> None:
    content = wherever(place, full_item() | {"schema_name": schema}, value)
    for callback in CALLBACKS:
        for outcome in callback(content):
            assert outcome.get("review", {"type": "other"})["type"] in REVIEW_TYPES
    page = Case(f"{API}/a", json.dumps(content).encode(), link={"url": "https://www.gov.uk/a"})
    assert {"document", "bad document"} & play(GovukSpider, page)[0].keys()


@settings(max_examples=100, deadline=None)
@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=100))
def test_any_answer_is_refused_by_name(body: bytes) -> None:
    for callback in CALLBACKS:
        outcomes = callback(body)
        assert outcomes
        assert outcomes[-1].keys() & {"problem", "wrong structure"}


@pytest.mark.parametrize("body", [b"[" * 200_000, b"9" * 10_000, b"", b"\xff\xfe{}", b'{"a":' * 50_000])
def test_monstrous_answers_are_refused(body: bytes) -> None:
    assert parse(body)[0]["problem"].startswith("the answer is not JSON")


def test_one_that_no_search_names_is_asked_for_and_tells_what_became_of_it() -> None:
    asked = parse(item())
    stored = StoredReview(
        Review("govuk", ID, "A review", "https://www.gov.uk/government/publications/a-review"), "present", "", "", 1
    )
    request = GovukSpider().recheck(stored)
    assert request is not None
    assert (request.url, request.meta["key"]) == (f"{API}/government/publications/a-review", ID)

    def told(content: object) -> list[Outcome]:
        body, meta = json.dumps(content).encode(), {"key": ID}
        return play(GovukSpider, Case(request.url, body, 200, {}, "parse_item", dict(request.cb_kwargs), meta))

    assert told(item()) == asked
    (gone,) = told({"schema_name": "gone", "details": {"explanation": "<p>Published in error</p>"}})
    assert gone["gone"]["notice"] == "Published in error"
    moved = {"schema_name": "redirect", "redirects": [{"path": "/a", "destination": "/government/new"}]}
    (gone,) = told(moved)
    assert gone["gone"]["notice"] == "replaced by https://www.gov.uk/government/new"
