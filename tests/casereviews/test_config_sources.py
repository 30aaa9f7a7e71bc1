"""Options of single sources in casereviews.toml."""

from pathlib import Path

import pytest

from casereviews import config
from casereviews.errors import UsageError


def load(folder: Path, text: str) -> config.Settings:
    (folder / "casereviews.toml").write_text(text, encoding="utf-8")
    return config.load({"data": folder}, file=folder / "casereviews.toml", environment={})


def test_a_table_for_each_source(tmp_path: Path) -> None:
    assert load(tmp_path, "[sources.dhr]\ntheme_labels = true\n").sources == {"dhr": {"theme_labels": True}}
    assert load(tmp_path, "delay = 2\n").sources == {}


@pytest.mark.parametrize("text", ['sources = "dhr"\n', "[sources]\ndhr = true\n"])
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="a table for each source is wanted"):
        load(tmp_path, text)


def test_an_environment_variable_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sources = 'dhr' in the environment"):
        config.load({"data": tmp_path}, environment={"CASEREVIEWS_SOURCES": "dhr"})


def test_a_file_that_an_option_names_stands_beside_the_configuration(tmp_path: Path) -> None:
    boards = {"sites_file": str(tmp_path / "mine" / "boards.toml")}
    assert load(tmp_path, '[sources.wales]\nsites_file = "mine/boards.toml"\n').sources == {"wales": boards}
    elsewhere = {"sites_file": "/srv/boards.toml"}
    assert load(tmp_path, '[sources.wales]\nsites_file = "/srv/boards.toml"\n').sources == {"wales": elsewhere}
    assert load(tmp_path, "[sources.wales]\nsites_file = 3\n").sources == {"wales": {"sites_file": 3}}
