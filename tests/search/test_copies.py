"""A review of several listings is one hit, counted once, and each copy stays within reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import Index, SearchRequest, open_index, open_writer
from search.copies import CopyLink
from tests.search.records import document, record

SAME = ("neglect and housing", "the school saw neglect")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Four reviews on neglect: three are one, from two sources and with another type; one may be the same."""
    with open_writer(tmp_path) as writer:
        writer.add(record("a", *SAME, source="govuk", published="2021-05-04"))
        both = (document(*SAME), document("neglect once more", url="https://example.org/second.pdf"))
        writer.add(record("b", documents=both, source="nspcc", type="scr", published="2022-01-01"))
        writer.add(record("c", *SAME, source="nspcc", published="2020"))
        writer.add(record("d", *SAME, source="dhr", area=None))
        writer.set_copies(
            [
                CopyLink("govuk:a", "nspcc:b", "file", 1.0),
                CopyLink("govuk:a", "nspcc:c", "decision", 1.0, "confirmed"),
                CopyLink("dhr:d", "govuk:a", "text", 0.81),
            ],
            [["govuk:a", "nspcc:b", "nspcc:c"]],
        )
        writer.commit()
    with open_index(tmp_path) as opened:
        yield opened


def counts(index: Index, field: str, **request: object) -> dict[str, int]:
    found = index.search(SearchRequest("neglect", facets=(field,), **request))  # type: ignore[arg-type]
    return {str(row["value"]): int(row["count"]) for row in found.facets[field]}


def test_a_family_is_one_hit_that_names_its_copies(index: Index) -> None:
    found = index.search("neglect")
    assert (found.total, found.collapsed, len(found.hits)) == (2, 2, 2)
    (hit,) = [hit for hit in found.hits if hit.copies]
    assert {hit.review, *hit.copies} == {"govuk:a", "nspcc:b", "nspcc:c"}
    assert found.to_dict()["collapsed"] == 2
    assert hit.to_dict()["copies"] == list(hit.copies)


def test_each_copy_is_shown_when_asked_for(index: Index) -> None:
    found = index.search(SearchRequest("neglect", collapse=False))
    assert (found.total, found.collapsed) == (4, 0)
    assert {hit.review for hit in found.hits} == {"govuk:a", "nspcc:b", "nspcc:c", "dhr:d"}
    assert {hit.copies for hit in found.hits if hit.review == "govuk:a"} == {("nspcc:b", "nspcc:c")}


@pytest.mark.parametrize("inside", ["reviews", "pages"])
@pytest.mark.parametrize("field", ["source", "type", "area", "year"])
@pytest.mark.parametrize("collapse", [True, False])
def test_a_facet_counts_what_a_filter_by_its_value_finds(
    index: Index, field: str, inside: str, *, collapse: bool
) -> None:
    for value, count in counts(index, field, inside=inside, collapse=collapse).items():
        filters = {field: (value,)}
        found = index.search(SearchRequest("neglect", filters=filters, inside=inside, collapse=collapse, limit=None))
        assert (found.total, len(found.hits)) == (count, count), value


def test_a_candidate_is_never_collapsed(index: Index) -> None:
    assert "dhr:d" in {hit.review for hit in index.search("neglect").hits}


def test_pages_of_the_fullest_copy_are_shown(index: Index) -> None:
    found = index.search(SearchRequest("neglect", inside="pages", limit=None))
    assert (found.total, found.collapsed) == (5, 4)
    assert {hit.review for hit in found.hits} == {"nspcc:b", "dhr:d"}


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_one_page_of_hits_follows_the_other(index: Index, sort: str) -> None:
    whole = index.search(SearchRequest("neglect", sort=sort)).hits
    parts = [index.search(SearchRequest("neglect", sort=sort, limit=1, offset=at)).hits[0] for at in range(2)]
    assert [hit.review for hit in parts] == [hit.review for hit in whole]


def test_a_review_tells_its_copies_and_candidates(index: Index) -> None:
    told = index.review("govuk:a").copies
    assert [(each["review"], each["kind"], each["same"]) for each in told] == [
        ("nspcc:b", "file", True),
        ("nspcc:c", "decision", True),
        ("dhr:d", "text", False),
    ]
    assert told[2]["score"] == 0.81 and told[0]["title"] == "Child A"
    assert index.review("dhr:d").copies[0]["review"] == "govuk:a"


def test_a_copy_that_left_the_index_is_no_copy(index: Index, tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.delete("nspcc:b")
        writer.delete("nspcc:c")
        writer.commit()
    with open_index(tmp_path) as later:
        found = later.search("neglect")
        assert (found.total, found.collapsed) == (2, 0)
        assert not any(hit.copies for hit in found.hits)
        assert [each["review"] for each in later.review("govuk:a").copies] == ["dhr:d"]
