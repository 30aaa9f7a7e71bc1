"""Every command that help, README and docs show can be typed as it stands; those of the demo's data are run."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from casereviews.cli import COMMANDS, arguments
from docs import generate
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "reference")]
NEED_MORE = ("refresh", "crawl", "fixture", "demo")
"""Commands that ask the web or start one of their own: their examples are read, not run; so is what takes minutes."""


def _of_help() -> list[str]:
    return [
        line.strip()
        for name in COMMANDS
        for line in import_module(f"casereviews.cli.{name}").EXAMPLES.strip().splitlines()
    ]


def _of_pages() -> list[str]:
    """Commands in blocks that are marked as of a shell, with or without a prompt."""
    blocks = [
        block for page in PAGES for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", page.read_text(), re.M | re.S)
    ]
    lines = (line.removeprefix("$ ") for block in blocks for line in block.splitlines())
    return [line for line in lines if line.startswith("casereviews ")]


def _words(line: str) -> list[str]:
    """The words of a command without what the shell does with its output."""
    return shlex.split(line.partition(" > ")[0], comments=True)[1:]


@pytest.mark.parametrize("line", dict.fromkeys([*_of_help(), *_of_pages()]))
def test_each_is_understood(line: str) -> None:
    name, rest = arguments.find_command(_words(line), COMMANDS)
    assert name is not None
    arguments.read(name, import_module(f"casereviews.cli.{name}"), rest)


@pytest.mark.timeout(900)  # a demo, then a hundred commands
def test_each_runs_on_the_demos_data(demo: Path) -> None:
    lines = [line for line in dict.fromkeys([*_of_pages(), *_of_help()]) if not _needs_more(line)]
    assert len(lines) > 40
    failed = []
    for line in sorted(lines, key=lambda line: _words(line)[0] in ("forget", "prune")):
        try:
            said = generate.printed(line.partition(" > ")[0], demo)
        except ValueError as error:
            failed.append(str(error))
        else:
            if line.startswith("casereviews search") and said.startswith("Nothing matches"):
                failed.append(f"{line}: {said}")
    assert failed == []


def _needs_more(line: str) -> bool:
    words = _words(line)
    elsewhere = any(word.startswith("/") for word in words)
    return words[0] in NEED_MORE or "isle-of-man" in line or "--rebuild" in words or "--all" in words or elsewhere


@pytest.mark.parametrize("page", generate.SHOWN)
def test_what_a_page_shows_is_what_is_printed(page: str, demo: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert generate.shown(text, demo) == text, "run: python -m docs.generate --demo demo-data"
