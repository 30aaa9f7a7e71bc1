"""The Tab key: what a shell is offered, asked as a shell asks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.cli import COMMANDS
from search import open_writer
from tests.search.records import record

from .conftest import Run, environment


def offered(home: Path, line: str) -> list[str]:
    """The words offered after a line; a shell gives the program file descriptor 8 to write them to."""
    told = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line, "COMP_POINT": str(len(line.encode()))}
    reader, writer = os.pipe()
    code = (
        f"import os, sys; os.dup2({writer}, 8); os.close({writer}); "
        "from casereviews.cli import main; sys.argv[0] = 'casereviews'; main()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home, told), cwd=home, pass_fds=(writer,), check=False, timeout=60, capture_output=True,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        words = answer.read().split("\n")
    assert process.returncode == 0, process.stderr.decode()
    return [word.strip() for word in words if word]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose data folder holds a small index."""
    home = tmp_path_factory.mktemp("home")
    with open_writer(home / "data" / "index") as writer:
        writer.add(record("alder", "neglect"))
        writer.add(record("birch", "neglect"))
        writer.commit()
    return home


def test_commands_and_flags_are_offered(home: Path) -> None:
    assert set(offered(home, "casereviews ")) >= set(COMMANDS)
    assert offered(home, "casereviews stat") == ["status"]
    assert "--unreadable" in offered(home, "casereviews status --")
    assert set(offered(home, "casereviews search x --in ")) == {"reviews", "pages", "recommendations"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("casereviews refresh pf", {"pfd"}),
        ("casereviews sources show nsp", {"nspcc", "nspcc-library"}),
        ("casereviews search x --facet na", {"nation"}),
        ("casereviews themes expl", {"explain"}),
        ("casereviews config ", {"show", "init", "path"}),
        ("casereviews completion z", {"zsh"}),
    ],
)
def test_names_that_need_no_data(home: Path, line: str, words: set[str]) -> None:
    assert set(offered(home, line)) == words


def test_names_that_the_index_holds(home: Path) -> None:
    data = f"--data {home / 'data'}"
    reviews = offered(home, f"casereviews show {data} ")
    assert len([each for each in reviews if each.endswith(("alder", "birch"))]) == 2
    assert offered(home, f"casereviews search x {data} --type ")
    assert offered(home, f"casereviews search x --data {home / 'none'} --type ") == []


def test_a_completion_starts_no_framework(home: Path) -> None:
    code = (
        "import sys, casereviews.cli.completing as c\nfrom casereviews.cli import COMMANDS\n"
        "c.whole_parser(['casereviews', 'search'], COMMANDS); list(c.sources())\n"
        "print([name for name in ('scrapy', 'whoosh', 'pdfminer', 'bs4', 'rich', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=home)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("shell", "check"), [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
def test_each_shell_takes_its_script(casereviews: Run, tmp_path: Path, shell: str, check: str) -> None:
    done = casereviews("completion", shell)
    assert done.returncode == 0
    assert "casereviews" in done.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine to read the script")
    (tmp_path / "script").write_text(done.stdout)
    subprocess.run([shell, check, str(tmp_path / "script")], check=True)


def test_bash_completes_a_source_by_the_script(casereviews: Run, tmp_path: Path) -> None:
    script = casereviews("completion", "bash").stdout
    program = tmp_path / "casereviews"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m casereviews "$@"\n')
    program.chmod(0o755)
    asks = 'COMP_LINE="casereviews crawl scot"; COMP_POINT=${#COMP_LINE}; _python_argcomplete ./casereviews'
    done = subprocess.run(
        ["bash", "-c", f'{script}\n{asks}\necho "[${{COMPREPLY[*]}}]"'],
        capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=True,
    )  # fmt: skip
    assert done.stdout.strip() in ("[scotland]", "[scotland ]")
