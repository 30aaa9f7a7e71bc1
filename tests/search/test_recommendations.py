"""Searching among recommendations and within sections: counts, ranks and places are those of the words themselves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.model import Recommendation, Record, Section
from search import Index, SearchRequest, open_index, open_writer
from tests.search.records import document, record

FIRST = (
    "Neglect was seen by many.\n7. Recommendations\nR1 The police should record neglect "
    "at every visit, as neglect is.\n"
)
SECOND = (
    "R2 Schools should share what they know of bruising.\nConclusions\nThe police and the "
    "school met. Neglect was not named."
)


def asked(number: str, page: int, text: str, page_text: str, to: str, kind: str) -> Recommendation:
    start = page_text.index(f"{number} ")
    end = page_text.index(text) + len(text)
    return Recommendation(
        number,
        text,
        (to,),
        (kind,),
        1,
        (page,),
        section="recommendations",
        form="coded",
        start=(page, start),
        end=(page, end),
    )


def two_pages() -> Record:
    report = replace(
        document(FIRST, SECOND, url="https://example.org/a.pdf", sections=("findings", "recommendations")),
        sections=(
            Section(1, 0, "findings", "Findings"),
            Section(1, FIRST.index("7."), "recommendations", "7. Recommendations"),
            Section(2, SECOND.index("Conclusions"), "conclusions", "Conclusions"),
        ),
    )
    items = (
        asked(
            "R1", 1, "The police should record neglect at every visit, as neglect is.", FIRST, "The police", "police"
        ),
        asked("R2", 2, "Schools should share what they know of bruising.", SECOND, "Schools", "school"),
    )
    return replace(record("a", documents=(report,)), recommendations=items)


def listed_only() -> Record:
    text = "ensure that neglect strategies are shared"
    found = record(
        "b", "Nothing of it here.", summary=f"Recommendations include: {text}; review bruising.", published="2024"
    )
    return replace(found, recommendations=(Recommendation(None, text, (), (), 0, (), form="list"),))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with open_writer(tmp_path) as writer:
        writer.add(two_pages())
        writer.add(listed_only())
        writer.add(record("c", "Neglect and bruising, and the police, but nothing recommended.", type="dhr"))
        writer.commit()
    with open_index(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        ("neglect", {}, [("a", "R1"), ("b", None)]),
        ("bruising", {}, [("a", "R2")]),
        ("police school", {}, []),
        ('"share what they know"', {}, [("a", "R2")]),
        ("neglect -police", {}, [("b", None)]),
        ("police OR schools", {}, [("a", "R1"), ("a", "R2")]),
        ("met", {}, []),
        ("R1", {}, [("a", "R1")]),
        ("", {"type": ("cspr",)}, [("a", "R1"), ("a", "R2"), ("b", None)]),
        ("neglect", {"type": ("dhr",)}, []),
        ("neglect year:2024", {}, [("b", None)]),
        ("title:child neglect", {}, [("a", "R1"), ("b", None)]),
    ],
)
def test_hits_are_the_recommendations_that_hold_the_words(
    index: Index, query: str, filters: dict[str, tuple[str, ...]], found: list[tuple[str, str | None]]
) -> None:
    result = index.search(SearchRequest(query, filters, inside="recommendations", limit=None)).to_dict()
    hits = sorted(((hit["review"][-1], hit["number"]) for hit in result["hits"]), key=str)
    assert hits == sorted(found, key=str)
    assert result["total"] == len(found)


def test_a_hit_names_its_text_its_addressee_its_page_and_its_review(index: Index) -> None:
    hit = index.search(SearchRequest("recording neglect", inside="recommendations")).to_dict()["hits"][0]
    assert {name: hit[name] for name in ("number", "text", "addressee", "addressee_kinds", "page", "section")} == {
        "number": "R1",
        "text": "The police should record neglect at every visit, as neglect is.",
        "addressee": "The police",
        "addressee_kinds": ["police"],
        "page": 1,
        "section": "recommendations",
    }
    assert hit["document_url"] == "https://example.org/a.pdf#page=1"
    assert (hit["title"], hit["type"], hit["url"]) == ("Child A", "cspr", "https://example.org/a")
    assert hit["marked"].count("<mark>") == 3


def test_more_of_the_words_ranks_first_and_pages_of_hits_follow_each_other(index: Index) -> None:
    whole = index.search(SearchRequest("neglect", inside="recommendations")).to_dict()["hits"]
    assert [hit["review"][-1] for hit in whole] == ["a", "b"]
    assert whole[0]["score"] > whole[1]["score"] > 0
    second = index.search(SearchRequest("neglect", inside="recommendations", limit=1, offset=1)).to_dict()["hits"]
    assert second == whole[1:]
    newest = index.search(SearchRequest("neglect", inside="recommendations", sort="newest")).to_dict()["hits"]
    assert [hit["review"][-1] for hit in newest] == ["b", "a"]


def test_a_section_is_searched_to_the_word(index: Index) -> None:
    def found(query: str, section: str, inside: str = "reviews") -> list[str]:
        result = index.search(SearchRequest(query, sections=(section,), inside=inside))
        return [f"{hit.review[-1]}" for hit in result.hits]

    assert found("many", "findings") == ["a"]
    assert found("many", "recommendations") == []
    assert found("schools", "recommendations") == ["a"]
    assert found("met", "recommendations") == []
    assert found("met", "conclusions", "pages") == ["a"]
    assert found("bruising", "conclusions", "pages") == []


def test_a_passage_is_in_the_section_of_its_words(index: Index) -> None:
    passages = index.search(SearchRequest("met")).to_dict()["hits"][0]["passages"]
    assert [(passage["page"], passage["section"]) for passage in passages] == [(2, "conclusions")]
    (facets,) = index.search(SearchRequest("police", inside="recommendations", facets=("type",))).facets.values()
    assert [(row["value"], row["count"]) for row in facets] == [("cspr", 1)]


def test_recommendations_of_a_review_and_how_many_there_are(index: Index) -> None:
    assert [item["number"] for item in index.recommendations_of("govuk:a")] == ["R1", "R2"]
    assert index.recommendations_of("govuk:c") == []
    assert index.recommendation_count == 3


def test_a_review_taken_out_takes_its_recommendations_with_it(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.add(two_pages())
        writer.add(listed_only())
        writer.delete("govuk:a")
        writer.commit()
    with open_index(tmp_path) as opened:
        assert opened.recommendation_count == 1
        assert opened.search(SearchRequest("police", inside="recommendations")).total == 0
