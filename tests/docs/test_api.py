"""The page on the Python API is true: its examples run and print what it says, its table names every field."""

import re
from contextlib import redirect_stdout
from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest

from search import Query, open_writer
from tests.search.records import record

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index that the page tells of, where it says."""
    folder = tmp_path / "data" / "index"
    said = "Signs of neglect were seen, and the baby was not brought to three appointments."
    with open_writer(folder) as writer:
        writer.add(record("2025-anytown-child-a", "The family.", said, source="nspcc", published="2025-03-04"))
        writer.add(record("2021-0007", "He was not brought home.", source="pfd", type="pfd", published="2021-01-09"))
        writer.add(record("other", "Another matter."))
        writer.commit()
    monkeypatch.chdir(tmp_path)
    return folder


def test_its_examples_print_what_it_says(data: Path) -> None:
    pairs = re.findall(r"^```python\n(.*?)^```.*?^```text\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert len(pairs) == TEXT.count("```python") == 3
    names: dict[str, object] = {}
    for code, expected in pairs:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, "docs/api.md", "exec"), names)
        assert printed.getvalue() == expected


def test_its_table_names_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE))))
    assert named == {field.name for field in fields(Query)}
