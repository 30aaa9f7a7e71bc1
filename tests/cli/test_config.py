"""`casereviews config`: what holds and where from, a first file that explains itself, the places."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from casereviews import config

from .conftest import Run


def test_every_key_says_what_it_means() -> None:
    told = config.documented()
    assert list(told) == [each.name for each in fields(config.Settings)]
    assert [key for key, meaning in told.items() if len(meaning) < 20] == []


def test_show_tells_each_value_and_where_it_comes_from(casereviews: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('contact = "me@example.org"\ndelay = 3\n')
    extra = {"CASEREVIEWS_DELAY": "5"}
    done = casereviews("config", "show", "--config", "mine.toml", "--data", "x", "--format", "json", extra=extra)
    keys = {each["key"]: (each["value"], each["origin"]) for each in json.loads(done.stdout)["keys"]}
    assert keys["contact"] == ("me@example.org", "mine.toml")
    assert keys["delay"] == (5, "the environment")
    assert keys["data"] == ("x", "the command line")
    assert keys["workers"] == (0, "default")
    assert '"me@example.org" (mine.toml)' in casereviews("config", "--config", "mine.toml").stdout


def test_init_writes_a_file_that_names_every_key_and_changes_nothing(casereviews: Run, tmp_path: Path) -> None:
    done = casereviews("config", "init")
    assert done.returncode == 0, done.stderr
    written = Path(casereviews("config", "path").stdout.splitlines()[0].split()[1])
    assert tmp_path in written.parents
    text = written.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    assert all(f"# {each.name} = " in text or f"[{each.name}." in text for each in fields(config.Settings))
    again = casereviews("config", "init")
    assert again.returncode == 2
    assert "is left as it is" in again.stderr
    assert written.read_text(encoding="utf-8") == text


def test_each_line_of_the_first_file_is_a_setting_once_its_mark_is_taken_off(casereviews: Run, tmp_path: Path) -> None:
    casereviews("config", "init", "--config", tmp_path / "new" / "my.toml")
    lines = (tmp_path / "new" / "my.toml").read_text(encoding="utf-8").splitlines()
    settings = [line[2:] for line in lines if " = " in line and not line.endswith("...") and line.startswith("# ")]
    settings = [line for line in settings if line.split(" = ")[0] in config.documented()]
    (tmp_path / "new" / "all.toml").write_text("\n".join(settings), encoding="utf-8")
    loaded, origins = config.load_with_origins(file=tmp_path / "new" / "all.toml", environment={})
    assert len(origins) == len(settings) > 8
    assert loaded.processes >= 1


@pytest.mark.parametrize(("key", "said"), [("contct", "did you mean 'contact'?"), ("zzz", "unknown key 'zzz'")])
def test_an_unknown_key_is_refused_with_the_nearest(casereviews: Run, tmp_path: Path, key: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f'{key} = "x"\n')
    done = casereviews("config", "--config", "mine.toml")
    assert done.returncode == 2
    assert said in done.stderr


def test_path_names_the_data_and_its_parts(casereviews: Run, tmp_path: Path) -> None:
    places = json.loads(casereviews("config", "path", "--data", tmp_path / "d", "--format", "json").stdout)
    assert places["archive"] == str(tmp_path / "d" / "archive")
    assert set(places) == {"config", "data", "archive", "index", "cache"}
    assert not (tmp_path / "d").exists()
