"""A refresh killed at random moments ends, when run again, where an undisturbed one does."""

import random
from dataclasses import replace
from pathlib import Path

from tests.e2e.conftest import Command, picture, seconds

KILLS = 10


def test_ten_kills_change_nothing_in_the_end(command: Command, tmp_path: Path) -> None:
    undisturbed, took = seconds(command, "refresh", "govuk")
    assert undisturbed.code == 0, undisturbed.err
    disturbed = replace(command, data=tmp_path / "disturbed")
    moments = random.Random(20261123)
    kills = 0
    for _ in range(KILLS * 3):
        kills += disturbed.killed("refresh", "govuk", after=moments.uniform(0.3, max(1.0, took * 0.6)))
        if kills == KILLS:
            break
    last = disturbed("refresh", "govuk")
    assert last.code == 0, last.err
    assert kills >= 3, "the kills have to hit a running refresh"
    assert picture(disturbed.data) == picture(command.data)
    for query in ("neglect", '"professional curiosity"', "health visitor bruising"):
        answers = [c("search", query, "--format", "json").json for c in (command, disturbed)]
        assert answers[0]["total"] == answers[1]["total"] > 0
        assert [h["review"] for h in answers[0]["hits"]] == [h["review"] for h in answers[1]["hits"]]
