"""Runs from the command line: the lock, signals, failing sources, and what the digest and the exit code say."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.archive import Archive
from casereviews.lock import run_lock
from replica import Replica

from .conftest import environment, run_casereviews

HOLD = """
import pathlib, time
from casereviews.lock import run_lock
with run_lock(pathlib.Path("data")):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """The bundled replica in its first state."""
    with Replica(tmp_path_factory.mktemp("replica"), state=1) as running:
        yield running


@pytest.fixture
def healthy(replica: Replica) -> Iterator[Replica]:
    """The replica without faults, before and after."""
    replica.heal()
    yield replica
    replica.heal()


def test_a_second_run_ends_at_once_and_names_the_holder(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment(tmp_path)
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for command in ("refresh", "crawl", "index"):
            (tmp_path / "data" / "archive").mkdir(exist_ok=True)
            done = run_casereviews(tmp_path, command, "--data", "data", "--replica", "http://127.0.0.1:9")
            assert done.returncode == 4
            assert f"process {holder.pid} since 20" in done.stderr
        holder.kill()
        holder.wait()
    with run_lock(tmp_path / "data"):
        pass  # the kill released it


def test_a_forked_child_does_not_keep_the_lock_of_a_killed_run(tmp_path: Path) -> None:
    code = HOLD.replace('print("held"', 'print("held", __import__("os").fork()')
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment(tmp_path)
    ) as holder:
        assert holder.stdout is not None
        child = max(int(holder.stdout.readline().split()[1]) for _ in range(2))
        try:
            holder.kill()
            holder.wait()
            with run_lock(tmp_path / "data"):
                pass
        finally:
            os.kill(child, signal.SIGKILL)


def test_refresh_gathers_reads_and_indexes_and_again_finds_nothing_new(tmp_path: Path, healthy: Replica) -> None:
    words = ("govuk", "--data", "data", "--replica", healthy.url)
    first = run_casereviews(tmp_path, "refresh", *words, "--format", "json")
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    digest = json.loads(first.stdout)
    assert digest.keys() >= {"run", "started", "finished", "verdict", "sources", "themes", "saved"}
    (source,) = digest["sources"]
    assert source["verdict"] == digest["verdict"] == "ok"
    assert len(source["new"]) == source["found"] >= 40

    second = json.loads(run_casereviews(tmp_path, "refresh", *words, "--format", "json").stdout)
    assert (second["index"]["records_indexed"], second["index"]["documents_extracted"]) == (0, 0)
    again = second["sources"][0]
    assert (again["new"], again["changed"], again["missing"]) == ([], [], [])
    assert again["documents"]["fetched"] == 0
    assert again["not_modified"] > 0.8 * (again["requests"] - again["documents"]["failed"])

    status = json.loads(run_casereviews(tmp_path, "status", "--data", "data", "--format", "json").stdout)
    assert status["index"]["in_step"] is True
    assert status["reviews"] == source["found"]
    documents = status["documents"]
    assert documents["total"] == documents["readable"] + documents["without_text"] + documents["failed"]

    since = run_casereviews(tmp_path, "changes", "--since", "1", "--data", "data", "--format", "json")
    assert json.loads(since.stdout)["sources"][0]["new"] == source["new"]
    assert "Nothing new, nothing changed." in run_casereviews(tmp_path, "changes", "--data", "data").stdout
    mixed = run_casereviews(tmp_path, "refresh", "govuk", "--data", "data")
    assert mixed.returncode == 2
    assert "replica" in mixed.stderr

    page = json.loads(
        run_casereviews(tmp_path, "search", "bruising", "--in", "pages", "--format", "json", "--data", "data").stdout
    )["hits"][0]
    shown = run_casereviews(
        tmp_path, "show", page["review"][:20], "--page", page["page"], "--format", "json", "--data", "data"
    )
    assert "bruis" in json.loads(shown.stdout)["text"].lower()
    absent = run_casereviews(tmp_path, "show", page["review"], "--page", "9999", "--data", "data")
    assert absent.returncode == 2
    assert "no page 9999" in absent.stderr


def test_an_outage_fails_the_source_and_keeps_what_was_there(tmp_path: Path, healthy: Replica) -> None:
    healthy.fault("503", host="www.gov.uk", count=None)
    done = run_casereviews(tmp_path, "refresh", "govuk", "--data", "data", "--replica", healthy.url)
    assert done.returncode == 1
    assert "failed" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unknown_source_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    done = run_casereviews(tmp_path, "refresh", "govukk", "--data", "data", "--replica", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert "did you mean govuk?" in done.stderr
    assert not (tmp_path / "data").exists()
    shown = run_casereviews(tmp_path, "sources", "show", "govukk")
    assert shown.returncode == 2
    assert "did you mean govuk?" in shown.stderr


def test_nothing_at_the_replica_is_a_failed_source_and_no_traceback(tmp_path: Path) -> None:
    done = run_casereviews(tmp_path, "crawl", "govuk", "--data", "data", "--replica", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "govuk" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_cleanly_and_the_next_run_goes_on(
    tmp_path: Path, healthy: Replica, number: signal.Signals, code: int
) -> None:
    healthy.fault("slow", host="assets.publishing.service.gov.uk", count=None)
    words = ("refresh", "govuk", "--data", "data", "--replica", healthy.url, "--format", "json")
    before = len(healthy.requests)
    with subprocess.Popen(
        [sys.executable, "-m", "casereviews", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env=environment(tmp_path),
    ) as process:  # fmt: skip
        while not [each for each in healthy.requests[before:] if each.url.endswith(".pdf")]:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    digest = json.loads(out)
    assert digest["verdict"] == "interrupted"
    assert "Traceback" not in err
    if number is signal.SIGTERM:
        return  # it goes on as after SIGINT
    healthy.heal()
    done = run_casereviews(tmp_path, *words)
    assert done.returncode == 0
    assert "going on with run 1" in done.stderr
    assert json.loads(done.stdout)["run"] == digest["run"]
    assert json.loads(done.stdout)["sources"][0]["found"] >= 40


def test_a_damaged_catalogue_or_index_is_named_with_what_to_do(tmp_path: Path) -> None:
    catalogue = tmp_path / "data" / "archive" / "catalogue.sqlite3"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(b"not a catalogue at all" * 500)
    store = tmp_path / "data" / "index" / "pages.sqlite3"
    store.parent.mkdir()
    store.write_bytes(b"nor an index" * 500)
    for words, said in (
        (("status",), "catalogue"),
        (("refresh", "govuk"), "catalogue"),
        (("search", "x"), "--rebuild"),
    ):
        done = run_casereviews(tmp_path, *words, "--data", "data", "--replica", "http://127.0.0.1:9")
        assert done.returncode == 6
        assert said in done.stderr
        assert done.stderr.count("\n") == 1


def test_an_index_of_a_newer_version_is_refused_and_rebuilt_on_demand(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "data" / "archive", write=True):
        pass
    assert run_casereviews(tmp_path, "index", "--data", "data").returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "index" / "pages.sqlite3")) as store:
        store.execute("PRAGMA user_version = 9999")
    for command in (("search", "x"), ("index",), ("status",)):
        done = run_casereviews(tmp_path, *command, "--data", "data")
        assert done.returncode == 6
        assert "newer version" in done.stderr
    assert run_casereviews(tmp_path, "index", "--rebuild", "--data", "data").returncode == 0
    assert run_casereviews(tmp_path, "search", "x", "--data", "data").returncode == 0


@pytest.mark.parametrize("command", ["refresh", "crawl"])
def test_a_wrong_option_of_a_source_begins_no_run(tmp_path: Path, command: str) -> None:
    (tmp_path / "mine.toml").write_text('[sources.wales]\nsites_file = "boards.toml"\n', encoding="utf-8")
    done = run_casereviews(tmp_path, command, "wales", "--data", "data", "--config", "mine.toml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no file of sites at boards.toml" in done.stderr
    with Archive.open(tmp_path / "data" / "archive", write=True) as archive:
        assert archive.runs() == []
