"""Where a digest goes, when, and that nothing in it acts on whoever reads it."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casereviews.cli.digest_markdown import markdown, plain
from casereviews.config import load
from casereviews.errors import UsageError
from tests.crawler.faultserver import Answer
from tests.crawler.toys import FILES, SITE
from tests.refresh.town import Town

KEEP = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write(sys.stdin.read() + '=====')"


def configure(town: Town, **values: Any) -> None:
    town.config = town.data.parent / "casereviews.toml"
    town.config.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()))


def test_file_and_command_get_it_when_there_is_something_to_tell(town: Town, tmp_path: Path) -> None:
    mail, file = tmp_path / "mail; touch pwned", tmp_path / "digest.md"
    configure(town, digest_file=str(file), digest_command=[sys.executable, "-c", KEEP, str(mail)])
    town.refresh()
    assert "## New (2)" in file.read_text() and "Review robin" in file.read_text()
    assert mail.read_text().count("=====") == 1 and "New (2)" in mail.read_text()
    file.unlink()
    town.refresh()
    assert not file.exists() and mail.read_text().count("=====") == 1, "nothing new, nothing wrong: nobody is told"
    town.web.routes[f"{SITE}/list"] = Answer(status=503)
    town.refresh(1)
    assert "what went wrong" in file.read_text() and mail.read_text().count("=====") == 2
    assert not list(tmp_path.glob("pwned*")) and not list(tmp_path.glob(".digest*"))


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        ({"digest_command": [sys.executable, "-c", "import sys; sys.exit('no such mailbox')"]}, 1, "no such mailbox"),
        ({"digest_command": ["/no/such/program"]}, 1, "cannot be run"),
        ({"digest_file": "/proc/no/digest.txt"}, 1, ""),
    ],
)
def test_a_digest_that_cannot_be_sent_is_no_silent_one(
    town: Town, values: dict[str, Any], code: int, said: str
) -> None:
    configure(town, **values)
    done = town.run("refresh", "toy", "--format", "json")
    assert done.code in (code, 5) and said in done.err and done.err.count("\n") == 1, done.err
    assert done.json["verdict"] == "ok", "the run itself is whole, and told"


def test_a_run_that_was_stopped_before_it_was_told_is_named_by_the_next(town: Town) -> None:
    town.refresh()
    town.publish("finch", "Bruises.")
    town.refresh(kill="after:close_run")
    digest = town.refresh()
    assert digest["untold"] == [2]
    assert town.refresh()["untold"] == []


def test_a_file_that_breaks_off_is_named_by_the_run_that_met_it(town: Town) -> None:
    town.publish("finch", *("Nobody asked about the bruises." for _ in range(30)))
    cut = town.web.routes[f"{FILES}/finch.pdf"]
    assert isinstance(cut, Answer)
    town.web.routes[f"{FILES}/finch.pdf"] = replace(cut, body=cut.body[: len(cut.body) // 2])
    for form in ("text", "markdown"):
        told = town.run("refresh", "toy", "--format", form).out
        assert ("Not read, or in part (1)" in told) is (form == "text"), "once: the next run reads nothing"
        assert ("finch.pdf" in told) is (form == "text")
    told = markdown(town.run("changes", "--format", "json").json | {"index": {"failures": ["<b>x</b>: damaged"]}}, {})
    assert "## Not read, or in part (1)" in told and "<b>" not in told


def test_themes_that_moved_are_told_with_before_and_after(town: Town) -> None:
    first = {each["theme"]: (each["before"], each["after"]) for each in town.refresh()["themes"]}
    assert first and all(before == 0 < after for before, after in first.values())
    assert town.refresh()["themes"] == []
    town.publish("finch", "Professional curiosity was absent; professional curiosity is what the review asks for.")
    moved = {each["theme"]: (each["before"], each["after"]) for each in town.refresh()["themes"]}
    assert moved and all(before + 1 == after for before, after in moved.values())
    assert moved.items() >= {(theme, (first[theme][1], first[theme][1] + 1)) for theme in moved if theme in first}
    assert "Themes that moved" in town.run("changes").out
    since = town.run("changes", "--since", "1", "--format", "json").json["themes"]
    assert all(each["before"] == 0 for each in since)


def test_markdown_shows_hostile_text_as_text(town: Town) -> None:
    town.refresh()
    digest = town.run("changes", "--format", "json").json
    digest["sources"][0]["errors"] = [
        "<script>alert(1)</script> [x](javascript:y) | a\x1b[31m `b` https://evil.example"
    ]
    text = markdown(digest, {"toy:wren": "# Wren <img src=x onerror=y> *bold*"})
    for bad in ("<script", "<img", "](", "\x1b", "https://evil"):
        assert bad not in text
    assert plain("A-1_b") == "A\\-1\\_b"
    assert town.run("changes", "--format", "markdown").out.startswith("# Run 1: ok")
    assert town.run("refresh", "toy", "--format", "markdown").out.startswith("# Run 2: ok")


def test_the_command_is_a_list_of_words() -> None:
    split = load({}, environment={"CASEREVIEWS_DIGEST_COMMAND": "mail -s 'New reviews' me"})
    assert split.digest_command == ("mail", "-s", "New reviews", "me")
    with pytest.raises(UsageError, match="a list of words"):
        load({"digest_command": [1]})
