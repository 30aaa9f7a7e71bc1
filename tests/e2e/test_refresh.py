"""Refresh, search and show on the bundled replica, in both of its states."""

from pathlib import Path

import pytest

from replica import Replica
from tests.e2e.conftest import Command, picture


def test_the_whole_road(command: Command, replica: Replica) -> None:
    first = command("refresh", "govuk", "--format", "json")
    assert first.code == 0, first.err
    (source,) = first.json["sources"]
    assert source["verdict"] == "ok" and len(source["new"]) >= 40
    assert source["documents"]["without_text"] >= 1

    found = command("search", '"professional curiosity"', "--format", "json").json
    assert found["total"] > 0
    hit = found["hits"][0]
    passage = hit["passages"][0]
    assert passage["document_url"].endswith(f"#page={passage['page']}") and "<mark>" in passage["snippet"]
    shown = command("show", hit["review"], "--page", str(passage["page"]))
    assert shown.code == 0 and "curiosity" in shown.out.lower()

    before = picture(command.data)
    requests = len(replica.requests)
    second = command("refresh", "govuk", "--format", "json")
    (source,) = second.json["sources"]
    assert second.code == 0 and (source["new"], source["changed"], source["missing"]) == ([], [], [])
    assert source["documents"]["fetched"] == 0 and source["not_modified"] > 0
    assert len(replica.requests) > requests, "everything is asked again"
    assert picture(command.data) == before

    replica.set_state(2)
    third = command("refresh", "govuk", "--format", "json")
    (source,) = third.json["sources"]
    assert third.code == 0, third.err
    assert source["new"] and source["changed"] and source["withdrawn"]
    told = [command("show", review, "--format", "json").json for review in source["withdrawn"]]
    assert any("Lower Dunmere" in each["title"] and "in error" in each["withdrawn"] for each in told)
    again = command("changes", "--format", "json").json
    assert again["sources"][0]["new"] == source["new"]


def test_the_invented_boards_are_gathered_in_the_place_of_the_real_ones(command: Command, replica: Replica) -> None:
    done = command("crawl", "ni", "scotland", "--format", "json", "--config", str(replica.configure()))
    assert done.code == 0, done.err
    assert {s["source"]: (s["verdict"], s["found"]) for s in done.json["sources"]} == {
        "ni": ("ok", 4),
        "scotland": ("ok", 5),
    }
    assert all(entry.host.endswith(".example") for entry in replica.requests)
    with_real_ones = command("crawl", "ni", "--format", "json")
    (ni,) = with_real_ones.json["sources"]
    assert (with_real_ones.code, ni["verdict"], ni["missing"]) == (3, "short", [])


def test_an_outage_hides_nothing_and_loses_nothing(command: Command, replica: Replica) -> None:
    assert command("refresh", "govuk").code == 0
    before = picture(command.data)
    replica.fault("503", host="www.gov.uk", count=10_000)
    outage = command("refresh", "govuk", "--format", "json")
    assert outage.code == 1
    (source,) = outage.json["sources"]
    assert source["verdict"] == "failed" and source["errors"]
    assert (source["missing"], source["gone"]) == ([], [])
    assert picture(command.data) == before
    assert command("search", "neglect", "--format", "json").json["total"] > 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["refresh", "govkk"], 2, "govuk"),
        (["serach", "neglect"], 2, "search"),
        (["search", "neglect"], 1, "refresh"),
        (["show", "govuk:nothing"], 1, "refresh"),
    ],
)
def test_wrong_words_are_told_in_one_line(command: Command, words: list[str], code: int, says: str) -> None:
    done = command(*words)
    assert done.code == code and says in done.err
    assert len(done.err.strip().splitlines()) == 1, done.err


def test_an_unreachable_replica_fails_the_source(tmp_path: Path) -> None:
    done = Command(tmp_path, "http://127.0.0.1:9")("refresh", "govuk")
    assert done.code == 1 and "Traceback" not in done.err


def test_only_loopback_is_a_replica(tmp_path: Path) -> None:
    done = Command(tmp_path, "http://example.org")("refresh", "govuk")
    assert done.code == 2 and "loopback" in done.err
