"""A takedown leaves nothing on the disk but its reason, holds against the next refreshes, and survives kills."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.archive.mentions import mentions, needles
from tests.crawler.faultserver import Answer
from tests.crawler.toys import FILES, SITE, detail, listing
from tests.refresh.town import Town

SECRET = "quillonberry"
"""A word that only the review's text holds."""
KEY = "zephyrine-quellmarsh"
"""The review's key, which is in its addresses and title too."""


def holding(data: Path, *words: str) -> Iterator[tuple[str, str]]:
    """Every file of the data folder that holds one of the words, however written, compressed text included."""
    import zlib

    wanted = needles(words) | {word.upper().encode() for word in words}
    for path in sorted(data.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            if mentions(body, wanted) or mentions(path.name.encode(), wanted):
                yield str(path.relative_to(data)), "plain"
    for store in data.rglob("*.sqlite3"):
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
            for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                for row in db.execute(f"SELECT * FROM [{table}]"):
                    for cell in row:
                        if isinstance(cell, bytes):
                            try:
                                cell = zlib.decompress(cell)
                            except zlib.error:
                                continue
                            if mentions(cell, wanted):
                                yield f"{store.relative_to(data)}:{table}", "packed"


@pytest.fixture
def told(town: Town) -> Town:
    """A board that published one review too many, and replaced its report."""
    town.publish(KEY, f"The {SECRET} was never asked about.", "Another page.")
    town.refresh()
    town.run("saved", "add", "all", "--source", "toy")
    town.publish(KEY, f"The {SECRET} was never asked about, twice.", "Another page.")
    body, town.web.routes[f"{FILES}/{KEY}.pdf"] = town.web.routes[f"{FILES}/{KEY}.pdf"], Answer(status=404)
    assert KEY in str(town.source(town.refresh(3))["errors"]), "a run's messages name it too"
    town.web.routes[f"{FILES}/{KEY}.pdf"] = body
    town.refresh()
    assert town.run("search", SECRET, "--format", "json").json["total"] == 1
    assert {name.split("/")[0] for name, _ in holding(town.data, SECRET, KEY)} >= {"archive", "index"}
    return town


def forget(town: Town, key: str = KEY) -> None:
    done = town.run("forget", f"toy:{key}", "--reason", "asked for by the board")
    assert done.code == 0, done.err


def test_nothing_is_left_on_the_disk_but_the_reason(told: Town) -> None:
    forget(told)
    assert list(holding(told.data, SECRET, KEY)) == []
    assert told.run("search", SECRET, "--format", "json").json["total"] == 0
    assert told.run("show", f"toy:{KEY}").code == 2
    assert told.run("verify").code == 0
    status = told.run("status", "--format", "json").json
    assert status["reviews"] == 2 and status["index"]["in_step"]
    (listed,) = told.run("forget", "--list", "--format", "json").json["takedowns"]
    assert (listed["reason"], listed["files"]) == ("asked for by the board", 2) and listed["finished"]
    again = told.run("forget", f"toy:{KEY}", "--reason", "again")
    assert again.code == 2 and "taken down before" in again.err


def test_it_is_not_gathered_again_by_id_address_or_hash(told: Town) -> None:
    before = told.web.times(f"{FILES}/{KEY}.pdf")
    body = told.web.routes[f"{FILES}/{KEY}.pdf"]
    forget(told)
    for _ in range(2):
        digest = told.refresh()
        source = told.source(digest)
        assert (source["verdict"], source["new"]) == ("ok", []), source
    assert told.web.times(f"{FILES}/{KEY}.pdf") == before
    assert told.web.times(f"{SITE}/review/{KEY}") == 3, "its page is not asked for either"
    told.web.routes[f"{SITE}/review/other"] = detail("other", f"https://{FILES}/moved.pdf")
    told.web.routes[f"{FILES}/moved.pdf"] = body
    told.web.routes[f"{SITE}/list"] = listing("wren", "robin", "other")
    told.refresh()
    with told.archive() as archive:
        (document,) = archive.documents("toy:other")
        assert document.version is None and document.failure is not None and "taken down" in document.failure
    assert list(holding(told.data, SECRET)) == [], "the same file under another name is not kept"


def test_a_kill_in_between_is_finished_by_the_next_refresh(told: Town) -> None:
    told.apart("forget", f"toy:{KEY}", "--reason", "asked for", kill="before:finish_takedown")
    told.apart("refresh", "toy", kill="before:erase_files")
    (listed,) = told.run("forget", "--list", "--format", "json").json["takedowns"]
    assert listed["finished"] is None and "next refresh" in told.run("forget", "--list").out
    told.web.routes[f"{SITE}/list"] = listing("wren", "robin")
    told.refresh()
    assert list(holding(told.data, SECRET, KEY)) == []
    assert told.run("forget", "--list", "--format", "json").json["takedowns"][0]["finished"]


def test_a_kill_before_anything_is_noted_changes_nothing(told: Town) -> None:
    told.apart("forget", f"toy:{KEY}", "--reason", "asked for", kill="before:forget")
    assert told.run("search", SECRET, "--format", "json").json["total"] == 1


def test_others_that_hold_the_same_file_lose_and_name_it(town: Town) -> None:
    town.publish(KEY, f"The {SECRET}.")
    town.publish("copy", "x")
    town.web.routes[f"{FILES}/copy.pdf"] = town.web.routes[f"{FILES}/{KEY}.pdf"]
    town.refresh()
    done = town.run("forget", f"toy:{KEY}", "--reason", "asked for", "--format", "json").json
    assert done["others"] == ["toy:copy"]
    assert list(holding(town.data, SECRET)) == []
    town.web.routes[f"{SITE}/list"] = listing("copy", "wren", "robin")
    town.refresh()
    assert list(holding(town.data, SECRET, KEY)) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("forget", "toy:wren"), "--reason"),
        (("forget",), "takes a review"),
        (("forget", "toy:nothing", "--reason", "x"), "no review"),
        (("forget", "toy:wren", "--list"), "--list alone"),
    ],
)
def test_wrong_words_are_told_in_one_line(town: Town, words: tuple[str, ...], said: str) -> None:
    town.refresh()
    done = town.run(*words)
    assert done.code == 2 and said in done.err and done.err.count("\n") == 1
