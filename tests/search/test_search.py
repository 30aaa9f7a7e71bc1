"""What a search finds, where, and what it says beside its hits."""

# mypy: disable-error-code="union-attr"
# Reviews and pages are sought here, whose hits are never those of recommendations.

import json
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.errors import QueryError
from search import Index, SearchRequest, open_index, open_writer
from search.engine import ENGINES
from tests.search.records import document, record

RECORDS = (
    record(
        "a",
        "The baby was neglected. Nobody asked why. They were working",
        "together towards Working Together 2018. A mother’s fear & <b>isolation</b> went unseen.",
        "The child was not brought to appointments. Was bruising noted? The police were told.",
        title="Baby A: neglect in Anytown",
        themes=("neglect", "was-not-brought"),
        agencies=("police",),
        sections=("introduction", "narrative", "findings"),
        published="2019-03-01",
    ),
    record(
        "b",
        "Neglectful care was seen by the health visitor.",
        "Professional curiosity was lacking; the police did not challenge.",
        title="Child B",
        themes=("neglect",),
        agencies=("police", "health"),
        sections=("findings", "findings"),
        type="dhr",
        area="Otherton",
        published="2021",
        state="gone",
    ),
    record("c", "An unrelated report on drowning.", title="Child C", published=None, nation="wales", area=None),
    record("d", title="Twin D", documents=(), summary="A summary that mentions neglecting\x1b[31m \u202etwins."),
    record(
        "e",
        title="Letters",
        source="pfd",
        published="2023-07-09",
        documents=(
            document("first one ends with sunken", url="https://example.org/e1.pdf"),
            document("garden begins this one", "about gardens", url="https://example.org/e.html",
                     media_type="text/html", anchors=("s1", "s2")),
            document(url="https://example.org/scan.pdf", state="without_text"),
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="module", params=sorted(ENGINES))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The same contract for every engine."""
    folder = tmp_path_factory.mktemp("search") / "index"
    with open_writer(folder, engine=request.param) as writer:
        for each in RECORDS:
            writer.add(each)
        writer.set_ledger(
            {
                "sources": {
                    "govuk": {"last_success": "2999-01-01T00:00:00+00:00", "verdict": "ok"},
                    "nspcc": {"last_success": "2999-01-01", "verdict": "short"},
                    "pfd": {"last_success": "2020-01-01T00:00:00+00:00", "verdict": "ok"},
                },
                "labels": {"theme": {"neglect": "Neglect of a child"}},
            }
        )
        writer.commit()
    with open_index(folder) as opened:
        yield opened


def keys(index: Index, query: str, **options: object) -> set[str]:
    result = index.search(SearchRequest(query, **options))  # type: ignore[arg-type]
    assert result.total == len(result.hits)
    return {hit.review.partition(":")[2] for hit in result.hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("neglect", {"a", "b", "d"}),
        ("Neglected", {"a", "b", "d"}),
        ('"neglect"', {"a"}),
        ('"neglected"', {"a"}),
        ("neglect police", {"a", "b"}),
        ("neglect -police", {"d"}),
        ("neglect NOT police", {"d"}),
        ("drowning OR twins", {"c", "d"}),
        ("(drowning OR police) neglect", {"a", "b"}),
        ('"was not brought"', {"a"}),
        ('"not was brought"', set()),
        ('"working together towards"', {"a"}),
        ('"working together 2018"', {"a"}),
        ('"work together"', set()),
        ('"sunken garden"', set()),
        ('"sunken garden"~100', set()),
        ('"lacking curiosity"~3', {"b"}),
        ('"lacking curiosity"~1', set()),
        ("neglectf*", {"b"}),
        ("neg*", {"a", "b", "d"}),
        ("bruisng~", {"a"}),
        ("mother's", {"a"}),
        ("mothers", {"a"}),
        ("title:child", {"b", "c"}),
        ('title:"child b"', {"b"}),
        ("anytown", {"a", "b", "c", "d", "e"}),
        ("theme:neglect", {"a", "b"}),
        ("type:dhr", {"b"}),
        ("area:otherton", {"b"}),
        ("agency:police -type:dhr", {"a"}),
        ("state:gone", {"b"}),
        ("source:pfd", {"e"}),
        ("year:2019..2021", {"a", "b", "d"}),
        ("year:2022..", {"e"}),
        ("section:findings neglect", {"b"}),
        ("section:findings was", {"a", "b"}),
        ("-neglect", {"c", "e"}),
        ("the of zzzz", set()),
        ("", {"a", "b", "c", "d", "e"}),
    ],
)
def test_query(index: Index, query: str, found: set[str]) -> None:
    assert keys(index, query) == found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"filters": {"theme": ("neglect",)}}, {"a", "b"}),
        ({"filters": {"theme": ("Neglect of a child",)}}, {"a", "b"}),
        ({"filters": {"type": ("dhr", "cspr"), "area": ("ANYTOWN",)}}, {"a", "d", "e"}),
        ({"filters": {"nation": ("wales",), "source": ("pfd",)}}, set()),
        ({"since": "2021"}, {"b", "d", "e"}),
        ({"since": "2021-06", "until": "2023-07-08"}, {"b"}),
        ({"until": "2020"}, {"a"}),
        ({"sections": ("findings",)}, {"a", "b"}),
    ],
)
def test_an_empty_query_lists_what_the_filters_let_through(index: Index, options: dict[str, object], found: set[str]):  # type: ignore[no-untyped-def]
    assert keys(index, "", **options) == found


def test_dates_say_what_they_cannot_find(index: Index) -> None:
    def notices(query: str, **options: object) -> tuple[str, ...]:
        return index.search(SearchRequest(query, **options)).notices  # type: ignore[arg-type]

    unknown = "reviews without a date of publication, which no year or date finds: 1"
    assert notices("", since="2019", until="2021-05") == notices("year:2019..2021") == (unknown,)
    assert notices("child") == ()
    empty = "no date is from 2022 on and until 2021-05: give the earlier one first"
    assert notices("", since="2022", until="2021-05") == (empty, unknown)


def test_a_hit_is_proved_by_its_pages(index: Index) -> None:
    (hit,) = index.search(SearchRequest('"was not brought"')).hits
    (passage,) = hit.passages
    assert (passage.page, passage.printed, passage.section) == (3, "5", "findings")
    assert passage.document_url == "https://example.org/a.pdf#page=3"
    assert "<mark>was</mark> <mark>not</mark> <mark>brought</mark>" in passage.snippet
    assert "<mark>Was</mark>" not in passage.snippet, "only the phrase is marked"
    assert hit.pages_matched == 1


def test_a_phrase_across_a_page_break_counts_where_it_starts(index: Index) -> None:
    (hit,) = index.search(SearchRequest('"working together towards"')).hits
    assert [passage.page for passage in hit.passages] == [1]
    assert "<mark>working</mark>" in hit.passages[0].snippet


def test_a_web_page_is_linked_by_its_anchor(index: Index) -> None:
    (hit,) = index.search(SearchRequest("gardens")).hits
    assert {passage.document_url for passage in hit.passages} == {
        "https://example.org/e.html#s1",
        "https://example.org/e.html#s2",
    }


def test_snippets_are_safe_to_show_anywhere(index: Index) -> None:
    (hit,) = index.search(SearchRequest("isolation")).hits
    assert "fear &amp; &lt;b&gt;<mark>isolation</mark>&lt;/b&gt;" in hit.passages[0].snippet
    (hit,) = index.search(SearchRequest("twins")).hits
    shown = hit.passages[0].snippet
    assert "\x1b" not in shown and "\u202e" not in shown and "<mark>twins</mark>" in shown
    assert hit.passages[0].page is None and hit.passages[0].document_url == "https://example.org/d"


def test_pages_are_hits_of_their_own(index: Index) -> None:
    result = index.search(SearchRequest("police", inside="pages", facets=("section", "agency")))
    pages = {(hit.review, hit.passages[0].page) for hit in result.hits}
    assert pages == {("govuk:a", 3), ("govuk:b", 2)}
    assert result.total == 2
    assert [(row["value"], row["count"]) for row in result.facets["section"]] == [("findings", 2)]
    assert result.to_dict()["hits"][0].keys() >= {"page", "snippet", "section", "document_url", "review", "title"}


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("neglect police", set()),
        ("curiosity police", {("b", 2)}),
        ("was -police", {("a", 1), ("b", 1)}),
        ("title:baby told", {("a", 3)}),
        ("(neglect OR told) section:findings", {("b", 1), ("a", 3)}),
        ('"working together towards"', {("a", 1)}),
    ],
)
def test_a_page_must_hold_the_whole_query(index: Index, query: str, pages: set[tuple[str, int]]) -> None:
    hits = index.search(SearchRequest(query, inside="pages")).hits
    assert {(hit.review.partition(":")[2], hit.passages[0].page) for hit in hits} == pages


def test_sections_say_where_to_look(index: Index) -> None:
    (hit,) = index.search(SearchRequest("was", sections=("introduction",))).hits
    assert [passage.page for passage in hit.passages] == [1] and hit.pages_matched == 1


def test_a_nation_is_written_as_its_people_do(tmp_path: Path) -> None:
    with open_writer(tmp_path / "index") as writer:
        writer.add(record("ni", "Neglect was seen.", nation="northern-ireland"))
        writer.commit()
    with open_index(tmp_path / "index") as made:
        rows = made.search(SearchRequest("neglect", facets=("nation",))).facets["nation"]
    assert [(row["value"], row["label"]) for row in rows] == [("northern-ireland", "Northern Ireland")]


def test_facets_count_every_hit(index: Index) -> None:
    result = index.search(SearchRequest("neglect", limit=1, facets=("theme", "year", "type", "state", "agency")))
    assert result.facets["theme"] == [
        {"value": "neglect", "label": "Neglect of a child", "count": 2},
        {"value": "was-not-brought", "label": "Was not brought", "count": 1},
    ]
    assert [(row["value"], row["count"]) for row in result.facets["year"]] == [("2021", 2), ("2019", 1)]
    assert {row["label"]: row["count"] for row in result.facets["type"]} == {
        "Child safeguarding practice review": 2,
        "Domestic homicide review": 1,
    }


def test_every_answer_says_what_was_searched(index: Index) -> None:
    searched = index.search(SearchRequest("drowning")).to_dict()["searched"]
    assert searched["reviews"] == 5 and searched["documents"] == 6 and searched["documents_without_text"] == 1
    assert searched["stale_sources"] == ["nspcc", "pfd"]
    assert searched["stale_since"] == {"nspcc": "2999-01-01", "pfd": "2020-01-01T00:00:00+00:00"}


def test_sorted_by_date_with_unknown_dates_last(index: Index) -> None:
    def order(sort: str) -> list[str]:
        return [hit.review[-1] for hit in index.search(SearchRequest("", sort=sort)).hits]

    assert order("newest") == ["e", "d", "b", "a", "c"]
    assert order("oldest") == ["a", "b", "d", "e", "c"]


def test_the_better_answer_comes_first(index: Index) -> None:
    hits = index.search(SearchRequest("neglect")).hits
    assert hits[0].review == "govuk:a", "in its title as well"
    assert hits[0].score >= hits[1].score >= hits[2].score > 0


def test_no_hits_bring_a_suggestion(index: Index) -> None:
    assert index.search(SearchRequest("Negelct police")).suggestion == "neglect police"
    assert index.search(SearchRequest("qqqqq")).suggestion is None
    assert index.search(SearchRequest("neglect")).suggestion is None


def test_unknown_values_are_named_with_the_nearest(index: Index) -> None:
    result = index.search(SearchRequest("", filters={"theme": ("negelct",)}))
    assert result.total == 0
    assert any("'negelct'" in notice and "'neglect'" in notice for notice in result.notices)


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest("x", sort="random"),
        SearchRequest("x", inside="sentences"),
        SearchRequest("x", facets=("them",)),
        SearchRequest("x", filters={"sauce": ("govuk",)}),
        SearchRequest("x", since="yesterday"),
        SearchRequest("x", since="2020-13"),
        SearchRequest("x", until="2021-02-30"),
        SearchRequest("x", until="2020-1"),
        SearchRequest("x", offset=-1),
    ],
)
def test_what_there_is_not_is_refused(index: Index, request_: SearchRequest) -> None:
    with pytest.raises(QueryError) as refused:
        index.search(request_)
    assert "\n" not in str(refused.value)


def test_the_json_has_every_field_of_the_contract(index: Index) -> None:
    found = json.loads(json.dumps(index.search(SearchRequest("neglect", facets=("theme",))).to_dict()))
    assert found.keys() == {
        *("query", "total", "collapsed", "in", "searched", "suggestion", "notices", "facets", "hits"),
    }
    for hit in found["hits"]:
        assert hit.keys() == {
            *("review", "title", "source", "publisher", "type", "area", "nation", "published", "url", "score"),
            *("state", "themes", "evidence", "copies", "pages_matched", "passages"),
        }
        for passage in hit["passages"]:
            assert passage.keys() == {"page", "printed", "section", "snippet", "document_url"}


_PIECES = [
    "neglect",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    '"',
    "“",
    "-",
    "neg*",
    "negelct~2",
    "was not",
    "~5",
    "title:",
    "theme:neglect",
    "titel:x",
    "year:2019..",
    "section:findings",
    "A&E",
    "C.",
    "CSPR-23/04",
    "mother’s",
    "*",
    "\x1b[31m",
    "\u202e",
    "é",
]


def harmless(text: str) -> bool:
    """One line without control and direction characters."""
    return not any(category(each) in ("Cc", "Cs", "Zl", "Zp") or each in "\u202a\u202b\u202d\u202e" for each in text)


@settings(max_examples=200, deadline=None)
@given(query=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join)))
@pytest.mark.parametrize("inside", ["reviews", "pages"])
def test_whatever_is_typed_is_answered_or_refused_in_one_line(index: Index, inside: str, query: str) -> None:
    try:
        result = index.search(SearchRequest(query, inside=inside, facets=("theme", "section")))
    except QueryError as refused:
        assert harmless(str(refused))
        return
    assert result.total >= len(result.hits)
    for hit in result.hits:
        assert hit.passages or not hit.page_hit
        assert all(harmless(passage.snippet) for passage in hit.passages)
