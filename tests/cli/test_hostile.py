"""Titles and texts from the web that try to steer a terminal, a spreadsheet or a script."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.archive import Archive, SourceResult
from casereviews.model import Link, Review
from casereviews.terminal import width

from .conftest import environment, run_casereviews

TITLES = {
    "escape": "\x1b[2J\x1b]0;owned\x07Review \x9b31mof\x1b[0m Child A\u202e gnp.exe",
    "long": "Review of " + "a very long and winding title " * 10,
    "wide": "日本語の報告書：子どもの保護に関する国家レビューの要約と提言についての非常に長い題名である",
    "right": "تقرير مراجعة حماية الطفل \u2067x\u2069",
    "accents": "Ré\u0301vie\u0302w " + "e\u0301" * 60,
    "formula": '=HYPERLINK("http://evil.example","Review")',
    "mark": "<mark>bold</mark> & <script>alert(1)</script>",
}
BODY = (
    "<html><body><h1>Findings</h1><p>Professional curiosity \x1b[31m was lacking\u202e here, said the "
    "&lt;mark&gt;report&lt;/mark&gt; &amp; its authors.</p></body></html>"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose reviews come from a hostile web, indexed by the command itself."""
    home = tmp_path_factory.mktemp("hostile")
    with Archive.open(home / "data" / "archive", write=True) as archive:
        run = archive.begin_run(["govuk"], program="test")
        for key, title in TITLES.items():
            url = f"https://example.org/{key}.html"
            review = Review(
                source="govuk",
                key=key,
                title=title,
                url=f"https://example.org/{key}\x1b[31m",
                type="cspr",
                publisher="\x1b]0;x\x07-1+1",
                area="=1+1",
                published="2024-05-01",
                summary=title,
                links=(Link(url, title=title),),
            )
            archive.save_review(run.id, review)
            body = f"{BODY}<!-- {key} -->".encode()
            headers = {"content-type": "text/html"}
            capture = archive.add_capture(run.id, "govuk", url, status=200, headers=headers, body=body)
            archive.save_version(run.id, review.id, url, capture, "text/html")
        archive.finish_source(
            run.id, SourceResult("govuk", "ok", found=len(TITLES), errors=("bad \x1b[31mthing\u202e",))
        )
        archive.end_run(run.id, "ok")
    done = run_casereviews(home, "index", "--data", "data")
    assert done.returncode == 0, done.stderr
    return home


COMMANDS = [
    ("search", "curiosity"),
    ("search", "curiosity", "--in", "pages", "--facet", "area"),
    ("search", "curiosity", "--format", "json"),
    ("search", "curiosity", "--format", "jsonl"),
    ("search", "curiosity", "--format", "csv"),
    ("search", "\x1b[31m\u202ecuriosity"),
    ("show", "govuk:escape"),
    ("show", "govuk:escape", "--page", "1"),
    ("show", "govuk:escape", "--format", "json"),
    ("show", "\x1b[31mgovuk:none"),
    ("changes",),
    ("changes", "--format", "json"),
    ("status",),
    ("sources",),
    ("sources", "show", "govuk"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_nothing_that_a_terminal_acts_on_is_printed(hostile: Path, words: tuple[str, ...]) -> None:
    done = run_casereviews(hostile, *words, "--data", "data")
    shown = done.stdout + done.stderr
    assert shown
    assert not [c for c in shown if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x2069]
    assert "Traceback" not in shown


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_screen_but_for_an_address(hostile: Path, columns: int) -> None:
    for words in (
        ("search", "curiosity", "--limit", "20"),
        ("show", "govuk:long"),
        ("changes",),
        ("show", "govuk:accents"),
    ):
        done = run_casereviews(hostile, *words, "--data", "data", extra={"COLUMNS": str(columns)})
        assert [line for line in done.stdout.splitlines() if width(line) > columns and "https://" not in line] == []


def test_json_holds_the_title_as_it_came(hostile: Path) -> None:
    done = run_casereviews(hostile, "search", "curiosity", "--format", "json", "--limit", "20", "--data", "data")
    titles = {hit["review"]: hit["title"] for hit in json.loads(done.stdout)["hits"]}
    assert titles["govuk:wide"] == TITLES["wide"]
    assert titles["govuk:formula"] == TITLES["formula"]


def test_a_csv_cell_is_never_a_formula(hostile: Path) -> None:
    done = run_casereviews(hostile, "search", "curiosity", "--format", "csv", "--limit", "20", "--data", "data")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == len(TITLES)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    formula = next(row for row in rows if row["review"] == "govuk:formula")
    assert formula["title"] == "'" + TITLES["formula"]
    assert formula["area"] == "'=1+1"
    assert formula["snippet"].count("<mark>report</mark>") == 1


def test_markup_of_a_page_is_shown_as_it_is_and_only_found_words_are_marked(hostile: Path) -> None:
    done = run_casereviews(hostile, "search", "curiosity", "--data", "data")
    assert "<mark>report</mark> & its authors" in " ".join(done.stdout.split())
    assert "<mark>curiosity" not in done.stdout


def _on_a_terminal(home: Path, *words: str, extra: dict[str, str]) -> str:
    """What a command writes to a terminal of 80 columns."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "casereviews", *words], stdout=follower, stderr=follower, cwd=home,
        env=environment(home, {"TERM": "xterm-256color", "COLUMNS": "80", **extra}),
    )  # fmt: skip
    os.close(follower)
    pieces: list[bytes] = []

    def read() -> Iterator[bytes]:
        while True:
            try:
                yield os.read(leader, 4096)
            except OSError:  # the last writer is gone
                return

    reader = threading.Thread(target=lambda: pieces.extend(read()))
    reader.start()
    process.wait(60)
    reader.join(10)
    os.close(leader)
    return b"".join(pieces).decode()


def test_colour_on_a_terminal_unless_it_is_unwanted(hostile: Path) -> None:
    words = ("search", "curiosity", "--limit", "1", "--data", "data")
    coloured = _on_a_terminal(hostile, *words, extra={})
    assert "\x1b[1;35m" in coloured
    assert "\x1b[31mwas" not in coloured and "\x1b[2J" not in coloured
    assert "\x1b" not in _on_a_terminal(hostile, *words, extra={"NO_COLOR": "1"})
    assert "\x1b" not in _on_a_terminal(hostile, *words, "--no-color", extra={})
    assert "\x1b" not in _on_a_terminal(hostile, *words, extra={"TERM": "dumb"})


def test_pages_are_linked_where_the_terminal_takes_links(hostile: Path) -> None:
    words = ("search", "curiosity", "--limit", "1", "--in", "pages", "--data", "data")
    assert "\x1b]8;;https://example.org/" in _on_a_terminal(hostile, *words, extra={"VTE_VERSION": "7600"})
    assert "\x1b]8" not in _on_a_terminal(hostile, *words, extra={})


def test_a_reader_that_stops_early_is_no_error(hostile: Path) -> None:
    command = f"{sys.executable} -m casereviews search curiosity --format json --data data | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True, text=True, cwd=hostile, env=environment(hostile), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_a_screen_that_cannot_show_a_letter_is_no_error(hostile: Path) -> None:
    extra = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = run_casereviews(hostile, "search", "curiosity", "--data", "data", extra=extra)
    assert done.returncode == 0
    assert "????" in done.stdout
