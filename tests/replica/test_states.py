import json
from pathlib import Path
from typing import Any

import pytest

from replica import Replica
from replica.sites.govuk_items import items
from tests.replica.conftest import Ask
from tests.replica.test_govuk import CONTENT, attachment, content, search


def everything(ask: Ask) -> dict[str, str]:
    found = search(ask, count=1500, fields="link")["results"]
    links = [result["link"] for result in found]
    return {link: ask(f"https://www.gov.uk/api/content{link}").headers.get("ETag", "") for link in links}


def test_second_state_differs_exactly_as_promised(replica: Replica, ask: Ask) -> None:
    before = everything(ask)
    replica.set_state(2)
    after = everything(ask)
    path = "/government/publications/"
    assert after.keys() - before.keys() == {f"{path}panel-annual-report-2026"}
    assert before.keys() - after.keys() == {f"{path}dhr-removed-by-request", f"{path}ofsted-annual-safeguarding-report"}
    assert {link for link in before.keys() & after.keys() if before[link] != after[link]} == {
        f"{path}national-review-child-k-northmere",
        f"{path}panel-annual-report-2024",
    }
    assert content(ask, "ofsted-annual-safeguarding-report")["withdrawn_notice"]["withdrawn_at"]
    assert content(ask, "dhr-removed-by-request")["schema_name"] == "gone"


def test_collections_are_the_same_in_both_states(replica: Replica) -> None:
    def collections(state: int) -> list[Any]:
        held = items(replica.corpus, state).values()
        return [item for item in held if item["schema_name"] == "document_collection"]

    assert collections(1) == collections(2)


def test_a_file_that_moves_redirects_to_the_newest(replica: Replica, ask: Ask) -> None:
    old = attachment(ask, "national-review-child-k-northmere")["url"]
    first = ask(old)
    replica.set_state(2)
    moved = ask(old, If_None_Match=first.headers["ETag"])
    new = attachment(ask, "national-review-child-k-northmere")["url"]
    assert (moved.status, moved.headers["Location"]) == (301, new)
    assert new != old
    assert ask(new).body != first.body
    replica.set_state(1)
    assert ask(new).status == 404


def test_a_file_replaced_at_its_own_address(replica: Replica, ask: Ask) -> None:
    url = attachment(ask, "panel-annual-report-2024")["url"]
    first = ask(url)
    replica.set_state(2)
    assert attachment(ask, "panel-annual-report-2024")["url"] == url
    second = ask(url, If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"])
    assert second.status == 200
    assert second.body != first.body


def test_all_other_files_keep_their_validators(replica: Replica, ask: Ask) -> None:
    held = [
        each["url"]
        for item in items(replica.corpus, 1).values()
        for each in item["details"].get("attachments", [])
        if each["attachment_type"] == "file"
    ]
    tags = {url: ask(url).headers.get("ETag") for url in held}
    replica.set_state(2)
    changed = {url for url in held if ask(url).headers.get("ETag") != tags[url]}
    assert len(held) > 50
    assert sorted(url.rsplit("/", 1)[1] for url in changed) == [
        "dhr_removed_by_request_report.pdf",
        "national_review_child_k_northmere_report.pdf",
        "panel_annual_report_2024_report.pdf",
    ]


def test_the_state_outlives_the_process(tmp_path: Path, files: Path) -> None:
    with Replica(tmp_path, files=files) as replica:
        assert replica.state == 1
        replica.set_state(2)
    with Replica(tmp_path, files=files) as replica:
        assert replica.state == 2
    with Replica(tmp_path, 1, files=files) as replica:
        assert replica.state == 1
        with pytest.raises(ValueError, match="no such state: 7"):
            replica.set_state(7)


def test_faults_are_counted_and_bound_to_a_host(replica: Replica, ask: Ask) -> None:
    replica.fault("503", host="www.gov.uk", count=2)
    assert [ask(f"{CONTENT}panel-annual-report-2019").status for _ in range(3)] == [503, 503, 200]
    replica.fault("429", path="/search.json")
    assert ask("https://www.gov.uk/robots.txt").status == 200
    refused = ask("https://www.gov.uk/api/search.json")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    replica.fault("html", count=None)
    page = ask("https://www.gov.uk/api/search.json")
    assert page.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(page.body)
    replica.heal()
    assert search(ask)["total"]


def test_requests_are_logged(replica: Replica, ask: Ask) -> None:
    etag = ask(f"{CONTENT}panel-annual-report-2019").headers["ETag"]
    ask(f"{CONTENT}panel-annual-report-2019", If_None_Match=etag)
    first, second = replica.requests
    assert (first.status, first.conditional, second.status, second.conditional) == (200, False, 304, True)
    assert first.url == f"{CONTENT}panel-annual-report-2019"
    assert first.bytes > second.bytes == 0
