"""The demo as a stranger meets it, three times."""

import re
import subprocess
from pathlib import Path

import pytest

from .conftest import run_casereviews


def _commands(out: str) -> list[str]:
    return re.findall(r"^  (.*casereviews .*)$", out.partition("Try next")[2], re.MULTILINE)


@pytest.mark.timeout(900)  # three whole demos
def test_the_demo_shows_the_job_then_what_changed_then_says_that_it_is_over(tmp_path: Path) -> None:
    first = run_casereviews(tmp_path, "demo", "--data", "my demo")
    assert first.returncode == 0, first.stderr
    assert str(tmp_path / "my demo") in " ".join(first.stdout.split())
    for said in ("New (", "searchable reviews match", "pages match", ": page ", "Run it again"):
        assert said in first.stdout
    assert re.search(r"page \d+ of \d+", first.stdout)
    commands = _commands(first.stdout)
    assert len(commands) == 3
    for command in commands:
        assert "--data 'my demo'" in command
        subprocess.run(["bash", "-n", "-c", command], check=True)

    second = run_casereviews(tmp_path, "demo", "--data", "my demo")
    assert second.returncode == 0, second.stderr
    lists = ("New (", "Changed (", "No longer listed, gone after 14 days (", "Withdrawn by the publisher (")
    for said in (*lists, "--reset"):
        assert said in second.stdout

    third = run_casereviews(tmp_path, "demo", "--data", "my demo")
    assert third.returncode == 0, third.stderr
    assert "Nothing new, nothing changed." in third.stdout
    assert "--reset" in third.stdout


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    precious = tmp_path / "data" / "archive" / "notes"
    precious.mkdir(parents=True)
    for flags in ((), ("--reset",)):
        done = run_casereviews(tmp_path, "demo", "--data", "data", *flags)
        assert done.returncode == 2
        assert "data" in done.stderr
        assert precious.is_dir()
