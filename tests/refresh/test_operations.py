"""What befalls a machine that nobody watches: full and read-only disks, clocks set back, other tools, long logs."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.archive import catalogue
from casereviews.cli import progress
from tests.refresh.town import Town


def one_line(err: str) -> bool:
    return err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize("largest", [20_000, 60_000, 150_000])
def test_a_full_disk_is_exit_5_and_the_next_run_completes(town: Town, largest: int) -> None:
    for number in range(20):
        town.publish(f"bird-{number}", *(f"Page {page} of {number}." for page in range(5)))
    full = town.apart("refresh", "toy", extra={"TOWN_LARGEST_FILE": str(largest)})
    assert full.code == 5 and one_line(full.err), full.err[-2000:]
    digest = town.refresh()
    assert town.source(digest)["found"] == 22
    assert town.run("verify").code == 0
    assert town.run("search", "", "--source", "toy", "--format", "json").json["total"] == 22
    with town.archive() as archive:
        torn = [c.url for c in archive.captures() if c.sha256 and not archive.body(c)]
        assert torn == []


def test_a_read_only_folder_is_exit_5(town: Town) -> None:
    town.refresh()
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:  # the superuser writes everywhere, unless that power is taken from it
        if not shutil.which("setpriv"):
            pytest.skip("setpriv is not installed")
        before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    for folder in (town.data, *town.data.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    try:
        done = town.apart("refresh", "toy", before=before)
        assert done.code == 5 and one_line(done.err), done.err
        found = town.apart("search", "bruises", "--format", "json", before=before)
        assert found.code == 0 and found.json["total"] == 1, found.err
    finally:
        for folder in (town.data, *town.data.rglob("*")):
            folder.chmod(0o700)


def test_another_tool_in_the_catalogue_is_exit_4_and_readers_go_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.refresh()
    monkeypatch.setattr(catalogue, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(town.data / "archive" / "catalogue.sqlite3", isolation_level=None)) as tool:
        tool.execute("BEGIN EXCLUSIVE")
        done = town.run("refresh", "toy")
        assert done.code == 4 and one_line(done.err) and "another program holds" in done.err
        for words in (("search", "bruises"), ("status",), ("changes",), ("show", "toy:wren")):
            assert town.run(*words).code == 0, words
    assert town.source(town.refresh())["verdict"] == "ok"


def test_a_clock_that_is_set_back_makes_nothing_gone_and_loses_nothing(town: Town) -> None:
    for bird in ("finch", "dunnock", "siskin", "brambling"):
        town.publish(bird, "Bruises.")
    town.refresh()
    town.days = 1
    town.take_down("finch")
    assert town.source(town.refresh())["missing"] == ["toy:finch"]
    town.publish("linnet", "Another.")
    for town.days in (-30, -29, -60, 0.5):
        digest = town.refresh()
        assert digest["verdict"] == "ok" and town.source(digest)["gone"] == []
        if town.days == -30:
            assert town.source(digest)["new"] == ["toy:linnet"]
            assert town.source(town.run("changes", "--format", "json").json)["new"] == ["toy:linnet"]
    town.days = 16
    assert town.source(town.refresh())["gone"] == ["toy:finch"]
    assert all(each["seconds"] >= 0 for each in town.run("status", "--runs", "--format", "json").json["runs"])


def test_a_deadline_ends_cleanly_and_the_next_run_goes_on(town: Town) -> None:
    done = town.run("refresh", "toy", "--deadline", "0", "--format", "json")
    assert done.code == 7 and done.json["verdict"] == "deadline"
    assert town.source(town.refresh())["found"] == 2


def test_the_log_is_written_in_turns_and_names_no_text(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "logs" / "casereviews.log"
    monkeypatch.setattr(progress, "LOG_BYTES", 2_000)
    monkeypatch.setattr(progress, "LOGS_KEPT", 2)
    for _ in range(6):
        done = town.run("refresh", "toy", "--log-file", log)
        assert done.code == 0 and done.err == "", "stderr stays as quiet as without"
    logs = sorted(each.name for each in log.parent.iterdir())
    assert logs == ["casereviews.log", "casereviews.log.1", "casereviews.log.2"]
    written = "".join(each.read_text() for each in log.parent.iterdir())
    assert "run 6 ends: ok" in written and "bruises" not in written
    assert log.stat().st_mode & 0o077 == 0
    refused = town.run("refresh", "toy", "--log-file", "/proc/no/such.log")
    assert refused.code == 5 and one_line(refused.err)
