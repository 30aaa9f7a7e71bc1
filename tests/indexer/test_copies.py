"""Which reviews are linked as the same: by their files, by their text and facts, by an analyst's word."""

import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive, ReviewLink, SourceResult, StoredReview
from casereviews.config import Settings
from casereviews.errors import UsageError
from casereviews.model import Document, DocumentKind, Link, Review, Version
from indexer.build import build_index
from indexer.copies import links
from indexer.sketches import SIZE, Sketches, similarity, sketch
from search import SearchRequest, open_index

WORDS = [f"word{number}" for number in range(4000)]


def text(seed: int, words: int = 6000) -> list[str]:
    """Pages of an invented text of 300 words each."""
    chosen = random.Random(seed).choices(WORDS, k=words)
    return [" ".join(chosen[at : at + 300]) for at in range(0, words, 300)]


def held(
    key: str, *files: str, source: str = "one", kind: DocumentKind = "report", **facts: Any
) -> tuple[StoredReview, list[Document]]:
    """A review with files, named by their content."""
    told = {"title": "Child Wren", "area": "Anytown", "published": "2024-03-01", **facts}
    review = Review(source, key, url=f"https://example.org/{key}", **told)
    documents = [
        Document(number, review.id, f"{review.url}/{number}", kind, None, None, Version(sha, 1, "x", "", ""))
        for number, sha in enumerate(files)
    ]
    return StoredReview(review, "present", "", "", 1), documents


def found(
    *reviews: tuple[StoredReview, list[Document]],
    texts: Mapping[str, Sequence[str]] | None = None,
    decided: Sequence[tuple[str, str, Any]] = (),
) -> tuple[list[tuple[str, str, str]], list[list[str]]]:
    """The links as (first, second, kind) and the families."""
    decisions = [ReviewLink(first, second, verdict, None, "") for first, second, verdict in decided]
    made, families = links(reviews, {name: sketch(pages) for name, pages in (texts or {}).items()}, decisions)
    return [(link.first, link.second, link.kind) for link in made], families


def test_a_sketch_estimates_how_much_two_texts_share() -> None:
    whole = text(1)
    one = sketch(whole)
    assert len(one) == SIZE and sketch([page.upper() for page in whole]) == one
    assert similarity(one, one) == 1.0
    assert similarity(one, sketch(text(2))) < 0.02
    for changed in (1, 4, 10):
        other = [*text(3)[:changed], *whole[changed:]]
        share = (20 - changed) / (20 + changed)
        assert similarity(one, sketch(other)) == pytest.approx(share, abs=0.1)


def test_a_short_text_is_not_told_by() -> None:
    assert sketch(["too short"]) == ()
    assert similarity((), ()) == 0.0


def test_an_identical_report_links_whatever_else_is_said() -> None:
    reviews = held("a", "f1"), held("b", "f1", source="two", title="Another name", area="Elsewhere", published="2011")
    assert found(*reviews) == ([("one:a", "two:b", "file")], [["one:a", "two:b"]])


def test_a_shared_briefing_links_and_is_not_the_same_review() -> None:
    reviews = held("a", "f1", kind="briefing"), held("b", "f1", kind="briefing")
    assert found(*reviews) == ([("one:a", "one:b", "file")], [])


def test_reports_of_their_own_beside_a_shared_one_are_two_reviews() -> None:
    assert found(held("a", "f1", "f2"), held("b", "f1", "f3", source="two"))[1] == []
    assert found(held("a", "f1", "f2"), held("b", "f1", source="two"))[1] == [["one:a", "two:b"]]


def test_one_listing_that_gives_a_file_twice_means_two_reviews() -> None:
    twice = held("a", "f1"), held("b", "f1")
    assert found(*twice) == ([("one:a", "one:b", "file")], [])
    assert found(*twice, decided=[("one:a", "one:b", "confirmed")])[1] == [["one:a", "one:b"]]
    assert found(*twice, held("c", "f1", source="two"))[1] == [["one:a", "two:c"]], "never through a third"


def test_a_file_of_many_reviews_is_a_leaflet() -> None:
    assert found(*(held(f"k{number:02}", "leaflet") for number in range(40))) == ([], [])


@pytest.mark.parametrize(
    ("facts", "linked"),
    [
        ({}, True),
        ({"title": "Learning from the death of Wren", "area": None, "published": None}, True),
        ({"published": "2025"}, True),
        ({"published": "2019-01-01"}, False),
        ({"area": "Elsewhere"}, False),
        ({"title": "Child Rook"}, False),
        ({"title": "Serious case review", "area": None, "published": None}, False),
    ],
)
def test_near_identical_text_needs_facts_that_agree(facts: dict[str, Any], *, linked: bool) -> None:
    whole = text(1)
    texts = {"f1": whole, "f2": [*whole[:-1], "a page of another kind"]}
    made, families = found(held("a", "f1"), held("b", "f2", source="two", **facts), texts=texts)
    assert bool(made) is linked
    assert families == [], "a candidate is never the same for certain"


def test_other_text_is_no_candidate() -> None:
    assert found(held("a", "f1"), held("b", "f2"), texts={"f1": text(1), "f2": text(2)}) == ([], [])


def test_an_analyst_confirms_and_splits() -> None:
    pair = [("one:a", "two:b", "confirmed")]
    assert found(held("a", "f1"), held("b", "f2", source="two"), decided=pair) == (
        [("one:a", "two:b", "decision")],
        [["one:a", "two:b"]],
    )
    assert found(held("a", "f1"), held("b", "f1", source="two"), decided=[("one:a", "two:b", "split")])[1] == []


def test_two_that_were_split_are_not_joined_through_a_third() -> None:
    reviews = held("a", "f1"), held("b", "f1", source="two"), held("c", "f1", source="three")
    families = found(*reviews, decided=[("one:a", "three:c", "split")])[1]
    assert not any({"one:a", "three:c"} <= set(family) for family in families)
    assert len(families) == 1 and len(families[0]) == 2


def test_ten_thousand_reviews_are_compared_in_seconds() -> None:
    numbers = random.Random(5)
    sketches = {f"f{number}": tuple(sorted(numbers.sample(range(2**32), SIZE))) for number in range(10_000)}
    reviews = [held(f"k{number}", f"f{number}") for number in range(10_000)]
    reviews += [held(f"c{number}", f"f{number}", source="two") for number in range(100)]
    begun = time.process_time()
    made, families = links(reviews, sketches, [])
    assert len(made) == len(families) == 100
    assert time.process_time() - begun < 20


def test_sketches_are_kept_and_a_damaged_store_is_begun_anew(tmp_path: Path) -> None:
    with Sketches(tmp_path, "1") as sketches:
        sketches.put({"a": (1, 2**32 - 1), "b": ()}.items())
    with Sketches(tmp_path, "1") as sketches:
        assert sketches.all() == {"a": (1, 2**32 - 1), "b": ()}
    with Sketches(tmp_path, "2") as sketches:
        assert sketches.all() == {}
    (tmp_path / "sketches.sqlite3").write_bytes(b"no database at all" * 100)
    with Sketches(tmp_path, "1") as sketches:
        assert sketches.all() == {}


def fill(archive: Archive, key: str, pages: Sequence[str], source: str = "one", **facts: Any) -> None:
    """A review whose report is a web page."""
    run = archive.begin_run([source], program="test").id
    url = f"https://{source}.example.org/{key}.html"
    told = {"title": "Child Wren", "area": "Anytown", "published": "2024-03-01", **facts}
    archive.save_review(run, Review(source, key, url=url, links=(Link(url),), **told))
    body = ("<html><body><main>" + "".join(f"<p>{page}</p>" for page in pages) + "</main></body></html>").encode()
    capture = archive.add_capture(run, source, url, status=200, headers={}, body=body)
    archive.save_version(run, f"{source}:{key}", url, capture, "text/html")
    archive.finish_source(run, SourceResult(source, "ok"))
    archive.end_run(run, "ok")


def test_a_build_links_what_the_archive_holds_and_follows_decisions(tmp_path: Path) -> None:
    settings = Settings(tmp_path, workers=1)
    whole = text(1)

    def total(archive: Archive) -> tuple[int, int]:
        build_index(archive, settings)
        with open_index(settings.index_folder) as index:
            result = index.search(SearchRequest("word1"))
            return result.total, result.collapsed

    with Archive.open(settings.archive_folder, write=True) as archive:
        fill(archive, "a", whole)
        fill(archive, "b", whole, source="two", published="2011")
        fill(archive, "c", [*whole[:-1], "something else on the last page"], source="three")
        fill(archive, "d", [*whole[:10], *text(2)[10:]], source="four")
        assert total(archive) == (3, 1)
        with open_index(settings.index_folder) as index:
            assert {each["review"]: each["kind"] for each in index.review("one:a").copies} == {
                "two:b": "file",
                "three:c": "text",
            }
        archive.decide("three:c", "one:a", "confirmed", "the same pages")
        assert total(archive) == (2, 2)
        archive.decide("one:a", "two:b", "split")
        assert total(archive) == (3, 1)
        assert [(d.first, d.second, d.verdict, d.note) for d in archive.decisions()] == [
            ("one:a", "three:c", "confirmed", "the same pages"),
            ("one:a", "two:b", "split", None),
        ]
        for other in ("one:a", "one:nobody"):
            with pytest.raises(UsageError):
                archive.decide("one:a", other, "split")


def test_a_build_without_changes_computes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(tmp_path, workers=1)
    with Archive.open(settings.archive_folder, write=True) as archive:
        fill(archive, "a", text(1))
        build_index(archive, settings)
        monkeypatch.setattr("indexer.copies.links", None)
        build_index(archive, settings)
