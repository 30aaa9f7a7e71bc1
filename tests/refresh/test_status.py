"""What a person or a monitor asks of an archive that runs unattended."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casereviews.cli import health
from casereviews.cli.at_risk import later
from casereviews.cli.history import duration
from casereviews.lock import holder, run_lock
from tests.crawler.faultserver import Answer
from tests.crawler.toys import SITE
from tests.refresh.town import Town


def problems(town: Town, *words: str, code: int) -> dict[str, Any]:
    done = town.run("status", "--check", *words, "--format", "json")
    assert done.code == code, done
    assert done.json["exit_code"] == code and done.json["healthy"] == (code == 0)
    return {each["what"]: each for each in done.json["problems"]}


def test_the_probe_answers_with_its_exit_code(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no archive" in problems(town, code=2)["data"]["told"]
    town.refresh()
    assert problems(town, code=0) == {}
    assert town.run("status", "--check").out.strip() == "healthy"
    town.days = 4
    assert "toy was last gathered whole 4 days ago" in problems(town, code=1)["freshness"]["told"]
    assert problems(town, "--fresh", "5", code=0) == {}
    town.days = 0
    town.publish("finch", "Bruises.")
    town.run("crawl", "toy")
    assert "casereviews index" in problems(town, code=1)["index"]["told"]
    with run_lock(town.data):
        assert problems(town, code=0) == {}, "a run under way brings the index in step"
    town.run("index")
    town.web.routes[f"{SITE}/list"] = Answer(b"<h1>Reviews</h1>")
    town.refresh(3)
    assert problems(town, code=3)["expectations"]["code"] == 3
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert problems(town, code=5)["disk"]["code"] == 5, "3 yields to 5"


def test_a_run_that_was_stopped_and_never_taken_up_is_seen(town: Town) -> None:
    town.refresh()
    town.refresh(kill="before:close_run")
    assert problems(town, code=0) == {}
    town.days = 2
    assert "not taken up again" in problems(town, "--fresh", "9", code=1)["runs"]["told"]


def test_who_holds_the_lock_is_known_without_being_in_the_way(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with run_lock(tmp_path):
        assert str(os.getpid()) in (holder(tmp_path) or "")
    assert holder(tmp_path) is None
    (tmp_path / "lock").write_text("process 999999999 since yesterday\n")
    assert holder(tmp_path) is None, "a killed run holds nothing"


def test_the_history_of_runs_has_durations_and_counts(town: Town) -> None:
    town.refresh()
    town.publish("finch", "Bruises.")
    town.refresh()
    second, first = town.run("status", "--runs", "--format", "json").json["runs"]
    assert (first["run"], first["new"], second["new"], second["verdict"]) == (1, 2, 1, "ok")
    assert first["requests"] > 0 and second["not_modified"] > 0 and 0 <= second["seconds"] < 60
    assert town.run("status", "--runs").out.splitlines()[0].split()[0] == "run"
    assert [duration(each) for each in (None, 12.4, 245.0, 7380.0)] == ["", "12 s", "4 min 5 s", "2 h 3 min"]


def test_local_reviews_near_the_end_of_their_months_are_listed(town: Town) -> None:
    today = datetime.now(UTC).date()

    def published(left: int) -> str:
        """A day whose twelve months end in about so many days."""
        return (today - timedelta(days=365 - left)).isoformat()

    town.publish("soon", "A.", published=published(10))
    town.publish("later", "B.", published=published(100))
    town.publish("past", "C.", published=published(-30))
    town.refresh()
    found = town.run("status", "--at-risk", "30", "--format", "json").json["at_risk"]
    assert [(each["review"], each["kept"]) for each in found] == [("toy:soon", True)]
    assert 8 <= found[0]["days_left"] <= 12
    assert "Review soon" in town.run("status", "--at-risk", "30").out
    assert {e["review"] for e in town.run("status", "--at-risk", "120", "--format", "json").json["at_risk"]} >= {
        "toy:soon",
        "toy:later",
    }
    assert later(date(2024, 2, 29), 12) == date(2025, 2, 28)
