"""Saved searches: what each newly finds is told once for ever, whatever happens in between."""

import sqlite3
from contextlib import closing
from typing import Any

from tests.refresh.town import Town


def new(digest: Any) -> dict[str, list[str]]:
    return {saved["name"]: saved["new"] for saved in digest["saved"]}


def test_a_new_hit_is_told_once_for_ever(town: Town) -> None:
    town.refresh()
    assert town.run("saved", "add", "bruises", "bruises", "-nothing", "--note", "for March").code == 0
    added = town.run("saved", "add", "all", "--source", "toy", "--format", "json").json
    assert added["hits"] == 2
    assert new(town.refresh()) == {"bruises": [], "all": []}, "what it found when it was saved is known"

    town.publish("finch", "Bruises on both arms were noted.")
    assert new(town.refresh()) == {"bruises": ["toy:finch"], "all": ["toy:finch"]}
    assert new(town.run("changes", "--format", "json").json)["bruises"] == ["toy:finch"]
    assert "Saved search bruises: newly found (1)" in town.run("changes").out
    assert new(town.refresh())["bruises"] == []

    town.publish("finch", "Bruises on both arms were noted, later twice.", published="2026-03-05")
    again = town.refresh()
    assert town.source(again)["changed"] == ["toy:finch"]
    assert new(again)["bruises"] == [], "an update tells nothing again"
    town.publish("finch", "Nothing of the kind.")
    town.refresh()
    town.publish("finch", "Bruises on both arms.")
    assert new(town.refresh())["bruises"] == [], "one that fitted no more and fits again is known"
    assert town.run("index", "--rebuild").code == 0
    assert new(town.refresh())["bruises"] == [], "nor does an index built anew"
    assert new(town.run("changes", "--since", "1", "--format", "json").json)["bruises"] == ["toy:finch"]


def test_a_kill_around_the_note_neither_loses_nor_doubles(town: Town) -> None:
    town.refresh()
    town.run("saved", "add", "bruises", "bruises")
    town.publish("finch", "Bruises on both arms were noted.")
    town.refresh(kill="before:close_run")
    with town.archive() as archive:
        assert archive.runs(1)[0].finished is None
    told = town.refresh()
    assert new(told)["bruises"] == ["toy:finch"], "killed before the note: the next run tells"
    assert new(town.refresh())["bruises"] == []

    town.publish("linnet", "Bruises again.")
    town.refresh(kill="after:close_run")
    again = town.run("refresh", "toy", "--format", "json")
    assert new(again.json)["bruises"] == [], "killed after the note: never a second time"
    since = town.run("changes", "--since", str(again.json["run"] - 1), "--format", "json").json
    assert new(since)["bruises"] == ["toy:linnet"], "and it is not lost"


def test_one_that_can_no_longer_be_answered_is_reported_and_kept(town: Town) -> None:
    town.refresh()
    town.run("saved", "add", "odd", "bruises")
    with closing(sqlite3.connect(town.data / "archive" / "catalogue.sqlite3")) as db:
        db.execute("UPDATE saved SET query = ? WHERE name = 'odd'", ("(" * 2000 + "x" + ")" * 2000,))
        db.commit()
    digest = town.refresh()
    (odd,) = digest["saved"]
    assert odd["new"] == [] and odd["error"]
    assert "Saved search odd cannot be answered" in town.run("changes").out
    assert town.run("saved", "list", "--format", "json").json["saved"][0]["error"] == odd["error"]
    town.run("saved", "add", "gone-theme", "--theme", "neglect")
    with closing(sqlite3.connect(town.data / "archive" / "catalogue.sqlite3")) as db:
        db.execute("UPDATE saved SET narrowing = replace(narrowing, 'neglect', 'no_such_theme')")
        db.commit()
    assert "no theme 'no_such_theme'" in {s["name"]: s["error"] for s in town.refresh()["saved"]}["gone-theme"]
    assert "(" * 2000 in town.run("saved", "list", "--format", "json").out, "it is never dropped"


def test_wrong_words_are_told_in_one_line(town: Town) -> None:
    assert town.run("saved", "list").code == 2, "there is no archive yet"
    assert town.run("saved", "add", "early", "bruises").code == 0, "a search may be saved before anything is there"
    assert new(town.refresh()) == {"early": ["toy:wren"]}
    for words, said in (
        (("add", "early", "x"), "already"),
        (("add", "empty"), "takes a query"),
        (("add",), "takes a name"),
        (("remove", "late"), "there are: early"),
        (("run", "early", "x"), "a name alone"),
        (("lsit",), "did you mean list?"),
        (("add", "long", "(" * 2000), ""),
    ):
        done = town.run("saved", *words)
        assert done.code == 2 and said in done.err and done.err.count("\n") == 1, done
    assert "<mark>bruises</mark>" in town.run("saved", "run", "early", "--format", "json").out
    assert "bruises" in town.run("saved", "list").out
    assert town.run("saved", "remove", "early").code == 0
    assert town.run("saved", "list", "--format", "json").json == {"saved": []}
