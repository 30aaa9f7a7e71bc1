"""The catalogue opens, refuses, migrates, survives kills and is read while it is written."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casereviews.archive import Archive
from casereviews.archive import catalogue as catalogue_module
from casereviews.errors import DamagedError, StorageError, UsageError
from tests.archive.conftest import PDF, Filler, a_review


def test_reading_where_no_archive_is_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no archive at .*refresh"):
        Archive.open(tmp_path / "nowhere")


def test_a_replicas_archive_refuses_the_live_web(tmp_path: Path) -> None:
    Archive.open(tmp_path, write=True, replica=True).close()
    with pytest.raises(UsageError, match="filled from a replica"):
        Archive.open(tmp_path, write=True, replica=False)
    Archive.open(tmp_path, write=True, replica=True).close()


def test_a_corrupt_catalogue_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(b"this is no database, and long enough to be looked at" * 100)
    for write in (True, False):
        with pytest.raises(DamagedError, match=r"catalogue\.sqlite3 is damaged"):
            Archive.open(tmp_path, write=write)


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    Archive.open(tmp_path, write=True).close()
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(DamagedError, match="newer casereviews"):
        Archive.open(tmp_path, write=True)


def test_schema_moves_forward_and_keeps_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(tmp_path, write=True) as archive:
        Filler(archive).review()
    steps = [*catalogue_module.schema_steps(), "ALTER TABLE review ADD COLUMN extra TEXT;"]
    monkeypatch.setattr(catalogue_module, "schema_steps", lambda: steps)
    with pytest.raises(UsageError, match="older schema"):
        Archive.open(tmp_path)
    with Archive.open(tmp_path, write=True) as archive:
        assert archive.db.execute("SELECT extra FROM review").fetchone()[0] is None
        assert archive.review("example:child-q") is not None


def test_two_readers_while_one_writes(tmp_path: Path) -> None:
    with Archive.open(tmp_path, write=True) as writer:
        filler = Filler(writer)
        filler.review()
        with writer.transaction(), Archive.open(tmp_path) as one, Archive.open(tmp_path) as two:
            writer.save_review(filler.run, a_review("child-z"))
            assert [len(list(reader.reviews())) for reader in (one, two)] == [1, 1]
        with Archive.open(tmp_path) as later:
            assert len(list(later.reviews())) == 2


def test_a_killed_run_is_resumed_and_an_old_one_closed(archive: Archive) -> None:
    run = archive.begin_run(["example"], program="test")
    archive.add_capture(run.id, "example", PDF, status=200, headers={}, body=b"%PDF-1.4")
    again = archive.begin_run(["example"], program="test")
    assert (again.id, again.resumed) == (run.id, True)
    assert archive.captured_in(again.id, PDF) is not None
    old = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    archive.db.execute("UPDATE run SET started = ?", (old,))
    fresh = archive.begin_run(["example"], program="test")
    assert (fresh.id != run.id, fresh.resumed) == (True, False)
    assert archive.runs()[-1].verdict == "interrupted"
    assert archive.captured_in(fresh.id, PDF) is None


def test_validators_come_from_the_last_good_body(archive: Archive) -> None:
    run = archive.begin_run(["example"], program="test").id
    archive.add_capture(run, "example", PDF, status=200, headers={"ETag": '"a"'}, body=b"%PDF-1.4")
    archive.add_capture(run, "example", PDF, status=503, headers={}, body=b"<html>busy")
    archive.add_capture(run, "example", PDF, status=None, headers={}, body=None, error="connection refused")
    confirmed = archive.add_capture(run, "example", PDF, status=304, headers={}, body=None)
    latest = archive.latest(PDF)
    assert latest is not None and latest.etag == '"a"'
    assert confirmed.sha256 == latest.sha256
    assert archive.body(latest) == b"%PDF-1.4"


def test_cookies_are_not_kept(archive: Archive) -> None:
    run = archive.begin_run(["example"], program="test").id
    capture = archive.add_capture(run, "example", PDF, status=200, headers={"Set-Cookie": "id=1"}, body=b"x")
    assert capture.headers == {}


def test_a_damaged_blob_is_never_handed_out(archive: Archive) -> None:
    run = archive.begin_run(["example"], program="test").id
    capture = archive.add_capture(run, "example", PDF, status=200, headers={}, body=b"%PDF-1.4 whole")
    assert capture.sha256 is not None
    archive.blob_path(capture.sha256).write_bytes(b"%PDF-1.4 whola")
    with pytest.raises(DamagedError, match="not what was stored"):
        archive.body(capture)
    archive.blob_path(capture.sha256).unlink()
    with pytest.raises(DamagedError, match="not in the archive"):
        archive.body(capture)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_hash_becomes_a_path(archive: Archive, name: str) -> None:
    with pytest.raises(DamagedError):
        archive.read_blob(name)


WRITER = """
import os, sys
from pathlib import Path
from casereviews.archive.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    blobs.put(os.urandom(3_000_000))
"""


def test_a_killed_writer_leaves_no_blob_that_does_not_match_its_name(tmp_path: Path) -> None:
    for attempt in range(4):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
            time.sleep(0.15 + attempt * 0.037)
            os.kill(writer.pid, signal.SIGKILL)
    from casereviews.archive.blobs import Blobs

    blobs = Blobs(tmp_path)
    stored = [p.name for p in tmp_path.rglob("*") if p.is_file() and p.parent.name != "incoming"]
    assert stored
    for name in stored:
        blobs.read(name)
    blobs.sweep()
    assert not list((tmp_path / "incoming").iterdir())


def test_a_full_disk_is_a_storage_error_and_leaves_no_torn_file(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from casereviews.archive.blobs import Blobs\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from casereviews.errors import StorageError\n"
        "try: Blobs(Path(sys.argv[1])).put(b'x' * 5000)\n"
        "except StorageError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_a_storage_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError):
        Archive.open(tmp_path / "archive", write=True)
