"""A document that breaks a limit fails alone, with its reason; real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from indexer.extract import Extractor, extract_isolated
from tests.extract.made import raw, written

PDF = "application/pdf"
GOOD = written(["A readable page"])
SLOW = raw(b"BT /F1 1 Tf " + b"1 0 0 1 9 9 Tm " * 5_000_000 + b"ET")


def put(folder: Path, **bodies: bytes) -> list[tuple[str, Path, str]]:
    items = []
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
        items.append((name, folder / name, PDF))
    return items


def test_one_document_alone() -> None:
    assert extract_isolated(GOOD, PDF).pages[0].text == "A readable page"
    assert extract_isolated(b"<html><p>Please log in", PDF).reason == "not-a-pdf"
    assert extract_isolated(b"", PDF).reason == "not-a-pdf"


def test_time_and_memory_are_limited_and_the_others_are_read(tmp_path: Path) -> None:
    hungry = raw(b"0 0 m " * 25_000_000)
    items = put(tmp_path, first=GOOD, slow=SLOW, hungry=hungry, last=GOOD)
    with Extractor(workers=2, seconds=5, megabytes=500) as extractor:
        read = dict(extractor.map(items))
    assert {key: found.reason for key, found in read.items()} == {
        "first": None, "slow": "timeout", "hungry": "memory", "last": None,
    }  # fmt: skip


@pytest.mark.parametrize(("kills", "reason"), [(1, None), (2, "memory")])
def test_a_document_whose_worker_is_killed_from_outside_is_read_once_more(
    tmp_path: Path, kills: int, reason: str | None
) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}

    def kill_the_busy_ones() -> None:
        deadline, left = time.monotonic() + 20, kills
        while left and time.monotonic() < deadline:
            for child in psutil.Process().children(recursive=True):
                if child.pid not in before and child.cpu_times().user > 0.6:
                    before.add(child.pid)
                    os.kill(child.pid, signal.SIGKILL)
                    left -= 1
            time.sleep(0.02)

    killer = threading.Thread(target=kill_the_busy_ones)
    long = raw(b"BT /F1 1 Tf " + b"1 0 0 1 9 9 Tm " * 700_000 + b"(Read) Tj ET")
    with Extractor(workers=1, seconds=60, megabytes=768) as extractor:
        killer.start()
        read = dict(extractor.map(put(tmp_path, long=long, good=GOOD)))
        killer.join()
    assert read["long"].reason == reason
    assert read["good"].pages[0].text == "A readable page"


def test_ctrl_c_in_a_terminal_is_left_to_the_caller() -> None:
    code = (
        "import os, signal, threading, time\nfrom indexer.extract import Extractor\n"
        "signal.signal(signal.SIGINT, lambda *_: None)\n"
        "def interrupt():\n    while True:\n        os.killpg(0, signal.SIGINT)\n        time.sleep(0.02)\n"
        "threading.Thread(target=interrupt, daemon=True).start()\n"
        f"with Extractor() as extractor:\n    print(extractor.read({GOOD!r}, {PDF!r}).pages[0].text)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, start_new_session=True
    )
    assert (run.stdout, run.stderr) == ("A readable page\n", "")


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    with Extractor() as extractor:
        assert dict(extractor.map([("gone", tmp_path / "gone", PDF)]))["gone"].reason == "damaged"


def test_a_script_without_a_guard_may_read(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"from indexer.extract import extract_isolated\nprint(extract_isolated({GOOD!r}, {PDF!r}).pages[0].text)"
    )
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.splitlines() == ["A readable page"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the process table")
def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    (tmp_path / "slow.pdf").write_bytes(SLOW)
    script.write_text(
        "from pathlib import Path\nfrom indexer.extract import Extractor\n"
        f"with Extractor(2, 60) as e:\n    print(list(e.map([('a', Path({str(tmp_path / 'slow.pdf')!r}), {PDF!r})])))"
    )
    parent = subprocess.Popen([sys.executable, str(script)])
    process = psutil.Process(parent.pid)
    wait_for(lambda: any(child.cpu_times().user > 0.4 for child in process.children(recursive=True)))
    children = process.children(recursive=True)
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children))


def wait_for(condition, seconds: float = 20.0) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
