"""The front door: first screen, help, slips of the finger, exit codes, what starting costs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.cli import COMMANDS

from .conftest import Run, environment

COSTLY = ("scrapy", "twisted", "whoosh", "pdfminer", "bs4", "rich", "lxml", "logging", "casereviews.config")


def _one_line(text: str) -> str:
    assert text.startswith("casereviews: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


def test_importing_the_command_line_costs_no_framework(tmp_path: Path) -> None:
    code = f"import sys, casereviews.cli; print([name for name in {COSTLY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(tmp_path), check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_two_examples_and_starts_without_a_framework(tmp_path: Path, command: str) -> None:
    code = (
        "import sys, casereviews.cli\n"
        f"try: casereviews.cli.main([{command!r}, '--help'])\n"
        f"finally: print([name for name in {COSTLY[:-1]!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(tmp_path), check=True
    )
    assert done.stdout.endswith("[]\n")
    examples = done.stdout.partition("examples:")[2]
    assert examples.count(f"casereviews {command}") >= 2
    assert "--data" in done.stdout


def test_alone_it_says_what_to_do_next(casereviews: Run, tmp_path: Path) -> None:
    done = casereviews()
    assert done.returncode == 0
    assert "casereviews demo" in done.stdout
    assert all(command in done.stdout for command in COMMANDS)
    assert max(map(len, done.stdout.replace(str(tmp_path), "").splitlines())) <= 80
    assert casereviews("--help").stdout == done.stdout


def test_version_names_what_matters(casereviews: Run) -> None:
    done = casereviews("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("casereviews 0.")
    for named in (
        "archive format",
        "index format",
        "text extractor",
        "themes",
        "Python",
        "Scrapy",
        "pdfminer.six",
        "Whoosh",
    ):
        assert re.search(rf"^ *{named} \S+$", done.stdout, re.MULTILINE)
    assert casereviews("search", "--version").stdout == done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serach", "x"), "did you mean search?"),
        (("nothing-like-it",), "there is no command 'nothing-like-it'"),
        (("search", "x", "--limt", "3"), "did you mean --limit?"),
        (("search", "x", "--sort", "random"), "--sort"),
        (("search", "x", "--limit", "many"), "'many' is not a number"),
        (("search", "x", "--limit", "-1"), "'-1' is not a number"),
        (("--dta", "x"), "did you mean --data?"),
        (("search", "x", "--replica", "http://example.org"), "loopback"),
        (("refresh", "--replica", "http://93.184.216.34:80"), "loopback"),
        (("status", "--config", "absent.toml"), "absent.toml"),
        (("changes", "--since", "yesterday"), "yesterday"),
    ],
)
def test_a_slip_is_one_line_with_the_nearest_name(casereviews: Run, words: tuple[str, ...], said: str) -> None:
    done = casereviews(*words)
    assert done.returncode == 2
    assert said in _one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["search", "status", "changes", "index", "sources", "refresh", "crawl", "show"])
def test_a_data_folder_that_is_a_file_is_refused(casereviews: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    done = casereviews(command, *(["x"] if command in ("search", "show") else []), "--data", file)
    assert done.returncode == 2
    assert "is a file" in _one_line(done.stderr)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("command", ["refresh", "crawl"])
def test_a_data_folder_out_of_reach_is_a_storage_error(casereviews: Run, command: str) -> None:
    done = casereviews(command, "--data", "/proc/nowhere/data", "--replica", "http://127.0.0.1:9")
    assert done.returncode == 5
    assert "/proc/nowhere/data" in _one_line(done.stderr)


@pytest.mark.parametrize("words", [("search", "x"), ("show", "govuk:x"), ("status",), ("changes",), ("index",)])
def test_reading_before_any_refresh_says_what_to_do_and_makes_nothing(
    casereviews: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = casereviews(*words, "--data", tmp_path / "data")
    assert done.returncode in (1, 2)
    assert "casereviews refresh" in _one_line(done.stderr)
    assert not (tmp_path / "data").exists()


def test_flags_that_go_anywhere_may_stand_before_the_command(casereviews: Run, tmp_path: Path) -> None:
    before = casereviews("--data", tmp_path / "data", "-q", "search", "x")
    after = casereviews("search", "x", "-q", f"--data={tmp_path / 'data'}")
    assert (before.returncode, before.stderr) == (after.returncode, after.stderr)
    assert str(tmp_path / "data") in after.stderr


def test_an_unexpected_error_is_one_line_and_a_traceback_only_when_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys, casereviews.cli, casereviews.cli.search as search\n"
        "search.run = lambda options: 1 / 0\n"
        "sys.exit(casereviews.cli.main(sys.argv[1:]))"
    )
    for flags, traces in ((), False), (("-vv",), True):
        done = subprocess.run(
            [sys.executable, "-c", code, "search", "x", *flags],
            capture_output=True,
            text=True,
            env=environment(tmp_path),
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("casereviews: unexpected ZeroDivisionError")
        assert ("Traceback" in done.stderr) is traces
        assert ("-vv" in done.stderr) is not traces


def test_sources_are_listed_without_any_data(casereviews: Run) -> None:
    done = casereviews("sources", "--format", "json")
    assert done.returncode == 0
    assert "govuk" in [each["source"] for each in json.loads(done.stdout)["sources"]]
