"""Pruning removes what nothing needs, after asking, and never the last of anything."""

import io

import pytest

from tests.refresh.town import Town


@pytest.fixture
def old(town: Town) -> Town:
    """Three versions of a report and six runs, the first of them two years ago."""
    town.days = -760
    for number in range(3):
        town.publish("finch", f"Version {number} of the text.")
        town.refresh()
        town.days += 10
    town.days = 0
    for _ in range(3):
        town.refresh()
    return town


def versions(town: Town) -> int:
    with town.archive() as archive:
        (document,) = archive.documents("toy:finch")
        return len(archive.versions(document.id))


def test_it_asks_and_shows_sizes_and_keeps_the_last_version(old: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = old
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    refused = town.run("prune")
    assert refused.code == 0 and "2 replaced versions" in refused.out and "bytes" in refused.out + " bytes"
    assert "Nothing was removed" in refused.out and versions(town) == 3
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "Nothing was removed" in town.run("prune").out, "nobody there is a no"
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "Removed." in town.run("prune").out
    assert versions(town) == 1
    again = town.run("prune", "--yes", "--format", "json").json
    assert (again["versions"], again["files"], again["removed"]) == (0, 0, False)
    assert town.run("verify").code == 0
    digest = town.refresh()
    assert town.source(digest)["documents"]["fetched"] == 0, "validators are kept: nothing is fetched again"
    assert town.run("search", "text", "--format", "json").json["total"] == 1


def test_what_is_young_or_needed_stays(old: Town) -> None:
    found = old.run("prune", "--older-than", "9999", "--yes", "--format", "json").json
    assert not found["removed"] and versions(old) == 3
    old.run("saved", "add", "text", "text")
    removed = old.run("prune", "--older-than", "0", "--yes", "--format", "json").json
    assert removed["removed"] and removed["runs"] > 0 and versions(old) == 1
    for review in ("wren", "robin", "finch"):
        assert old.run("show", f"toy:{review}").code == 0
    assert old.source(old.refresh())["documents"]["fetched"] == 0
