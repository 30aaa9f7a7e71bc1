"""Every real GOV.UK file at hand: a sensible record or a named refusal, never an error."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casereviews.model import NATIONS, REVIEW_TYPES
from crawler.fixtures import Case, Outcome, play
from crawler.platforms.govuk_attachments import API, MEDIA_TYPES
from crawler.spiders.govuk import GovukSpider

FOLDERS = ("content_items", "content_items_live_2026", "organisations", "search", "schemas", "docs", "http_headers")


@pytest.fixture(scope="module")
def files(shared: Path) -> dict[str, bytes]:
    """The answers by folder and name; a collector's envelope is opened."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((shared / "real/govuk" / folder).glob("*.json")):
            body = path.read_bytes()
            if ".envelope." in path.name:
                body = json.dumps(json.loads(body)["metadata"]).encode()
            found[f"{folder}/{path.name}"] = body
    assert len(found) > 50
    return found


def parse(body: bytes, callback: str, **arguments: Any) -> list[Outcome]:
    """What the spider makes of a body."""
    url = f"{API}/asked/for" if callback != "parse_results" else "https://www.gov.uk/api/search.json"
    return play(GovukSpider, Case(url, body, callback=callback, cb_kwargs=arguments))


def items(files: dict[str, bytes]) -> Iterator[tuple[str, dict[str, Any], Outcome]]:
    """Each content item with the first thing that it yields."""
    for name, body in files.items():
        if name.startswith(("content_items", "organisations")):
            yield name, json.loads(body), parse(body, "parse_item")[0]


def test_each_item_is_a_sensible_record_or_a_named_refusal(files: dict[str, bytes]) -> None:
    seen = set()
    for name, item, outcome in items(files):
        if "review" not in outcome:
            assert "request" in outcome or outcome["problem"].endswith("/asked/for"), name
            continue
        review = outcome["review"]
        seen.add(item["schema_name"])
        assert review["key"] == item["content_id"], name
        assert review["title"] == " ".join(item["title"].split()), name
        assert review["url"] == f"https://www.gov.uk{item['base_path']}", name
        assert review["type"] in REVIEW_TYPES, name
        assert review.get("nation") in (None, *NATIONS), name
        assert review["updated"][:7] == item["public_updated_at"][:7], name
        assert ("withdrawn" in review) == bool(item.get("withdrawn_notice")), name
        assert review["links"], name
        for link in review["links"]:
            assert link["url"].startswith("https://"), name
            assert link.get("media_type") in MEDIA_TYPES.values(), name
    assert seen == {"publication", "detailed_guide", "consultation", "specialist_document"}


def test_what_each_schema_comes_to(files: dict[str, bytes]) -> None:
    told: dict[str, set[str]] = {}
    for _, item, outcome in items(files):
        what = "review" if "review" in outcome else outcome.get("request") or outcome["problem"].split(":")[0]
        told.setdefault(item["schema_name"], set()).add(what)
    assert told == {
        "consultation": {"review"},
        "detailed_guide": {"review"},
        "document_collection": {"document collection, not a publication"},
        "gone": {
            "gone (Incorrect title)",
            "gone (Incorrect title; see https",
        },
        "html_publication": {"html publication, not a publication"},
        "news_article": {"news article, not a publication"},
        "organisation": {"organisation, not a publication"},
        "publication": {"review"},
        "redirect": {
            f"{API}/government/collections/brexit-guidance",
            f"{API}/maritime-safety-weather-and-navigation/register-406-mhz-beacons",
            "redirected to https",
        },
        "specialist_document": {"review"},
    }


def test_the_live_publication_of_2026(files: dict[str, bytes]) -> None:
    name = "content_items_live_2026/publication__jamaica_cpin__html+pdf__with_details.documents.json"
    (outcome,) = parse(files[name], "parse_item")
    links = outcome["review"].pop("links")
    assert outcome["review"] == {
        "source": "govuk",
        "key": "369e811f-71ac-402e-ba16-ae0e5b0fcee3",
        "title": "Jamaica: country policy and information notes",
        "url": "https://www.gov.uk/government/publications/jamaica-country-policy-and-information-notes",
        "type": "guidance",
        "publisher": "UK Visas and Immigration",
        "published": "2016-12-09",
        "updated": "2024-05-22",
        "summary": "Guidance used by UK Visas and Immigration to make decisions in asylum and "
        "human rights applications.",
        "keywords": ["Refugee, asylum and human rights claims"],
        "licence": "OGL-UK-3.0",
    }
    assert [(link["media_type"], link.get("asked", "").startswith(API)) for link in links] == [
        ("text/html", True),
        ("application/pdf", False),
    ]


def test_the_older_shape_offers_the_same_documents(files: dict[str, bytes]) -> None:
    name = "content_items_live_2026/publication__jamaica_cpin__html+pdf__with_details.documents.json"
    item = json.loads(files[name])
    (newer,) = parse(files[name], "parse_item")
    del item["details"]["attachments"]
    (older,) = parse(json.dumps(item).encode(), "parse_item")
    assert older == newer


@pytest.mark.parametrize(
    ("name", "publications", "unlinked"),
    [
        ("content_items/document_collection__best-practice-document-collection.json", 7, 0),
        ("content_items/document_collection__document_collection_with_body.json", 3, 0),
        ("content_items/document_collection__document_collection_with_group_but_no_documents.json", 0, 2),
        ("content_items/document_collection__document_collection_with_missing_links_documents.json", 0, 3),
        ("content_items/document_collection__document_collection_with_single_missing_document.json", 1, 1),
        ("content_items/document_collection__document_collection_with_withdrawn_links_documents.json", 3, 0),
        ("content_items/document_collection__document_collection_withdrawn.json", 9, 0),
        ("content_items_live_2026/document_collection__cpin__TRIMMED_group_ids_missing_from_links.json", 6, 2),
    ],
)
def test_collections(files: dict[str, bytes], name: str, publications: int, unlinked: int) -> None:
    outcomes = parse(files[name], "parse_collection")
    assert sum("request" in each for each in outcomes) == publications
    problems = [each["problem"] for each in outcomes if "problem" in each]
    assert [int(problem.split()[0]) for problem in problems] == ([unlinked] if unlinked else [])


def test_bodies_of_html_publications_are_pages(files: dict[str, bytes]) -> None:
    link = {"url": "https://www.gov.uk/government/publications/a/b", "media_type": "text/html"}
    bodies = [body for name, body in files.items() if "/html_publication__" in name]
    assert len(bodies) >= 8
    for body in bodies:
        (outcome,) = play(GovukSpider, Case(f"{API}/government/publications/a/b", body, link=link))
        assert outcome["document"] == "text/html"
        assert json.loads(body)["details"]["body"] in outcome["body"]


def test_search_pages_are_read_to_the_stated_total(files: dict[str, bytes]) -> None:
    pages = {int(name.split("start")[1].split("_")[0]): body for name, body in files.items() if "DERIVED" in name}
    spider_total, start, read = 0, 0, 0
    for _ in range(9):
        outcomes = parse(pages[start], "parse_results", organisation="department-for-education", start=start)
        spider_total = next(each["stated"] for each in outcomes if "stated" in each)
        read += next(each["listed"] for each in outcomes if "listed" in each)
        following = [each["cb_kwargs"]["start"] for each in outcomes if each.get("callback") == "parse_results"]
        if not following:
            break
        (start,) = following
    assert (spider_total, read) == (69, 69)


def test_every_other_file_is_refused_by_name(files: dict[str, bytes]) -> None:
    for name, body in files.items():
        for callback in ("parse_item", "parse_collection"):
            assert parse(body, callback), name
        (*_, outcome) = parse(body, "parse_results", organisation="ofsted", start=0)
        assert name.startswith("search/") != ("wrong structure" in outcome), name
