"""A replaced report keeps both files, and the digest says which pages differ; a re-save is no change."""

import pytest

from casereviews.model import Page
from indexer.differences import compare
from tests.refresh.town import Town

PAGES = ["The bruises were seen.", "Neighbours had called twice.", "The board makes four recommendations."]


def pages(*texts: str) -> list[Page]:
    return [Page(number, text) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a b|c d", "a  b|c\nd", (0, 0, 0, 0.0)),
        ("a b|c d", "a|b c d", (0, 0, 0, 0.0)),
        ("a b|c d", "a b|c e", (0, 0, 1, 0.25)),
        ("a b|c d", "a b|x y|c d", (1, 0, 0, 0.2)),
        ("a b|c d|e f", "a b|e f", (0, 1, 0, 0.2)),
        ("a b|c d", "b a|c d", (0, 0, 1, 0.125)),
        ("a b", "x y|z", (1, 0, 1, 1.0)),
    ],
)
def test_pages_are_compared_by_their_words(before: str, after: str, told: tuple[int, int, int, float]) -> None:
    found = compare(pages(*before.split("|")), pages(*after.split("|")))
    assert (found.added, found.removed, found.changed, found.share) == told
    assert found.same_text == (told[3] == 0)


def test_a_replaced_report_is_told_page_by_page_and_a_resave_as_that(town: Town) -> None:
    town.publish("finch", *PAGES)
    town.refresh()
    town.publish("finch", PAGES[0], "Neighbours had called three times.", *PAGES[2:], "An afterword.")
    digest = town.source(town.refresh())
    (replaced,) = digest["replaced"]
    assert digest["changed"] == ["toy:finch"] and digest["resaved"] == []
    assert replaced["pages"] == {"before": 3, "after": 4, "added": 1, "removed": 0, "changed": 1}
    assert replaced["same_text"] is False and 0 < replaced["share"] < 0.5
    assert "of 3 pages 1 changed, 1 added" in town.run("changes").out
    with town.archive() as archive:
        (document,) = archive.documents("toy:finch")
        versions = archive.versions(document.id)
        assert len(versions) == 2 and all(archive.read_blob(each.sha256) for each in versions)

    town.file("finch", PAGES[0], "Neighbours had called three times.", *PAGES[2:], "An afterword.", footer="Page {n}")
    digest = town.source(town.refresh())
    assert (digest["changed"], digest["resaved"]) == ([], ["toy:finch"])
    assert digest["replaced"][0]["same_text"] is True and digest["documents"]["fetched"] == 1
    said = town.run("changes").out
    assert "re-saved by the publisher with the same text" in said and "Nothing new, nothing changed." in said


def test_what_was_only_gathered_is_compared_when_it_is_indexed(town: Town) -> None:
    town.refresh()
    town.publish("wren", "Another text altogether.", "Neighbours had called twice.")
    assert town.run("crawl", "toy").code == 0
    digest = town.run("changes", "--format", "json").json
    assert town.source(digest)["replaced"][0]["pages"] is None
    for leftover in (town.data / "cache").iterdir():
        leftover.unlink()
    assert town.run("index").code == 0
    replaced = town.source(town.run("changes", "--format", "json").json)["replaced"][0]
    assert replaced["pages"]["changed"] == 1, "the older text is read again where no cache holds it"
    with town.archive() as archive:
        assert archive.uncompared() == []
