import json
from typing import Any
from urllib.parse import urlencode

import pytest

from replica import Replica
from tests.replica.conftest import Ask

SEARCH = "https://www.gov.uk/api/search.json"
CONTENT = "https://www.gov.uk/api/content/government/publications/"
REVIEW_TYPES = ("independent_report", "research", "corporate_report", "statutory_guidance", "guidance", "policy_paper")


def search(ask: Ask, **parameters: Any) -> dict[str, Any]:
    answer = ask(f"{SEARCH}?{urlencode(parameters, doseq=True)}")
    assert answer.status == 200, answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def content(ask: Ask, slug: str) -> dict[str, Any]:
    answer = ask(CONTENT + slug)
    assert answer.status == 200
    item: dict[str, Any] = json.loads(answer.body)
    return item


def attachment(ask: Ask, slug: str, index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = content(ask, slug)["details"]["attachments"][index]
    return found


def test_paging_reaches_the_stated_total_without_doubles(ask: Ask) -> None:
    order = {"order": "-public_timestamp", "count": 7, "fields": "link"}
    links: list[str] = []
    while True:
        page = search(ask, start=len(links), **order)
        if not page["results"]:
            break
        links += [result["link"] for result in page["results"]]
    assert len(links) == len(set(links)) == page["total"] > 60
    assert page["start"] == page["total"]


def test_default_page_holds_ten(ask: Ask) -> None:
    assert len(search(ask)["results"]) == 10
    assert search(ask, count=0)["results"] == []
    assert len(search(ask, count=1500)["results"]) == search(ask)["total"]


def test_at_least_forty_reviews_among_things_that_are_not(replica: Replica, ask: Ask) -> None:
    reviews = [each for each in replica.corpus.on("govuk", 1) if each.kind != "none"]
    others = [each for each in replica.corpus.on("govuk", 1) if each.kind == "none"]
    assert len(reviews) >= 40
    assert len(others) >= 10
    assert len({each.publisher for each in reviews}) >= 6
    assert {each.published.year for each in reviews} >= set(range(2014, 2026))
    narrowed = search(ask, filter_content_store_document_type=REVIEW_TYPES, count=0)["total"]
    assert narrowed < search(ask, count=0)["total"]


def test_filters_join_within_a_field_and_narrow_across(ask: Ask) -> None:
    ofsted = search(ask, filter_organisations="ofsted", count=100)
    office = search(ask, filter_organisations="home-office", count=100)
    both = search(ask, filter_organisations=["ofsted", "home-office"], count=100)
    assert both["total"] == ofsted["total"] + office["total"]
    research = search(ask, filter_organisations="ofsted", filter_content_store_document_type="research")
    assert 0 < research["total"] < ofsted["total"]
    held = search(ask, filter_document_collections="domestic-homicide-reviews")
    assert all("homicide" in result["title"].lower() for result in held["results"])
    dated = search(ask, filter_public_timestamp="from:2020-01-01,to:2020-12-31", count=100)
    assert {result["public_timestamp"][:4] for result in dated["results"]} == {"2020"}


@pytest.mark.parametrize(
    "query",
    ["foo=1", "count=1501", "count=-1", "count=ten", "start=x", "order=shoe_size", "fields=secret",
     "filter_colour=red", "filter_public_timestamp=yesterday", "count=1&count=2"],
)  # fmt: skip
def test_unknown_or_bad_parameters_are_refused(ask: Ask, query: str) -> None:
    answer = ask(f"{SEARCH}?{query}")
    assert answer.status == 422
    assert "error" in json.loads(answer.body)


def test_search_has_no_validator(ask: Ask) -> None:
    answer = ask(SEARCH)
    assert not {"ETag", "Last-Modified"} & set(answer.headers)


def test_withdrawn_items_are_hidden_unless_asked_for(ask: Ask) -> None:
    title = {"q": "statutory guidance chapter", "count": 100}
    slug = "working-together-serious-incidents"
    assert slug not in str(search(ask, **title))
    assert slug in str(search(ask, debug="include_withdrawn", **title))
    assert content(ask, slug)["withdrawn_notice"]["explanation"]


def test_content_revalidates(ask: Ask) -> None:
    url = f"{CONTENT}panel-annual-report-2019"
    first = ask(url)
    assert first.headers["Cache-Control"] == "max-age=300, public"
    again = ask(url, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert ask(url, If_None_Match='"other"').status == 200


def test_assets_revalidate_by_tag_and_by_date(ask: Ask) -> None:
    held = attachment(ask, "panel-annual-report-2019")
    first = ask(held["url"])
    assert first.body.startswith(b"%PDF-")
    assert len(first.body) == held["file_size"]
    stamp, size = first.headers["ETag"].strip('"').split("-")
    assert int(size, 16) == len(first.body)
    assert int(stamp, 16) > 1.5e9
    assert ask(held["url"], If_None_Match=first.headers["ETag"]).status == 304
    assert ask(held["url"], If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert ask(held["url"], If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    both = ask(held["url"], If_None_Match='"x-1"', If_Modified_Since=first.headers["Last-Modified"])
    assert both.status == 200, "If-None-Match goes before If-Modified-Since"


def test_items_that_are_gone_or_moved(ask: Ask) -> None:
    assert content(ask, "dhr-gone-with-explanation")["schema_name"] == "gone"
    assert ask(f"{CONTENT}dhr-gone-for-good").status == 410
    moved = content(ask, "learning-lessons-redirected")
    assert moved["schema_name"] == "redirect"
    assert ask("https://www.gov.uk/api/content" + moved["redirects"][0]["destination"]).status == 200
    missing = ask(f"{CONTENT}never-was")
    assert missing.status == 404
    assert missing.headers["Content-Type"].startswith("text/html")
    assert ask(f"{CONTENT}panel-annual-report-2019/print").status == 303


def test_collections_hold_an_empty_group_and_an_id_without_a_link(ask: Ask) -> None:
    path = "https://www.gov.uk/api/content/government/collections/"
    for slug in ("serious-case-reviews-and-national-learning", "domestic-homicide-reviews"):
        item = json.loads(ask(path + slug).body)
        groups = [group["documents"] for group in item["details"]["collection_groups"]]
        linked = {link["content_id"] for link in item["links"]["documents"]}
        assert [] in groups
        assert len({each for group in groups for each in group} - linked) == 1


def test_kinds_of_attachments(ask: Ask) -> None:
    lena = content(ask, "national-review-lena-and-tomas-harrowdale")["details"]["attachments"]
    html = next(each for each in lena if each["attachment_type"] == "html")
    assert json.loads(ask("https://www.gov.uk/api/content" + html["url"]).body)["details"]["body"].count("<p>") > 5
    external = attachment(ask, "stonebridge-vale-external-review", 1)
    assert external["attachment_type"] == "external"
    assert ask(external["url"]).status == 404
    word = attachment(ask, "child-suicide-national-review", 1)
    assert ask(word["url"]).body.startswith(b"PK")
    older = content(ask, "ofsted-voice-of-the-child")["details"]
    assert "attachments" not in older
    assert "/government/uploads/system/uploads/attachment_data/file/" in older["documents"][0]


def test_assets_that_are_not_files(ask: Ask) -> None:
    unchecked = ask(attachment(ask, "ofsted-unregistered-settings-review", 1)["url"])
    assert (unchecked.status, unchecked.headers["Location"]) == (302, "https://www.gov.uk/government/placeholder")
    assert ask(unchecked.headers["Location"]).headers["Content-Type"].startswith("text/html")
    deleted = ask(attachment(ask, "dhr-older-victims-paper", 1)["url"])
    assert deleted.status == 410
    assert json.loads(deleted.body)
    unpublished = ask(attachment(ask, "dhr-older-victims-paper", 2)["url"])
    assert unpublished.status == 302
    assert b"<html" in ask(unpublished.headers["Location"]).body


def test_robots_and_human_pages(ask: Ask) -> None:
    assert b"Disallow: /*/print$" in ask("https://www.gov.uk/robots.txt").body
    page = ask("https://www.gov.uk/government/publications/panel-annual-report-2019")
    assert b"annual report 2018 to 2019</h1>" in page.body
    head = ask("https://www.gov.uk/robots.txt", method="HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) > 100
