"""The parts of the Whoosh engine against the plainest way to say the same."""

# mypy: disable-error-code="union-attr"
# Reviews and pages are sought here, whose hits are never those of recommendations.

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.errors import QueryError
from search import SearchRequest, open_index, open_writer
from search.phrases import near_spans, phrase_starts
from search.vocabulary import edits_between
from search.whoosh_engine import building
from search.whoosh_engine.stems import stem
from search.words import words
from tests.search.records import document, record

positions = st.lists(st.integers(0, 60), max_size=40, unique=True).map(sorted)


@given(st.lists(positions, min_size=2, max_size=4))
def test_phrases(parts: list[list[int]]) -> None:
    plain = [at for at in range(61) if all(at + place in part for place, part in enumerate(parts))]
    assert phrase_starts(parts) == plain


@st.composite
def apart(draw: st.DrawFn) -> list[tuple[object, list[int]]]:
    """Positions of two to four different words, no two of them in the same place."""
    count = draw(st.integers(2, 4))
    text = draw(st.lists(st.integers(0, count), max_size=60))
    return [(word, [at for at, found in enumerate(text) if found == word]) for word in range(count)]


@given(apart(), st.integers(1, 12))
def test_near(parts: list[tuple[object, list[int]]], slop: int) -> None:
    spans = near_spans(parts, slop)
    together = any(max(chosen) - min(chosen) <= slop for chosen in product(*(places for _, places in parts)))
    assert bool(spans) == together
    for span in spans:
        assert span == tuple(sorted(span)) and span[-1] - span[0] <= slop
        assert all(set(span) & set(places) for _, places in parts)


def test_a_word_near_itself_must_stand_twice() -> None:
    assert near_spans([("a", [3]), ("a", [3])], 5) == []
    assert near_spans([("a", [3, 6]), ("a", [3, 6])], 5) == [(3, 6)]


def _edits(one: str, other: str) -> int:
    rows = [[max(i, j) if not min(i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_edits(one: str, other: str, most: int) -> None:
    plain = _edits(one, other)
    assert edits_between(one, other, most) == (plain if plain <= most else None)


def test_possessives_share_their_words_stem() -> None:
    assert stem("child's") == stem("child")
    assert stem("children's") == stem("children")
    assert stem("'") == "'"


texts = st.lists(
    st.lists(st.sampled_from(["baby", "babies", "harm", "harmed", "risk", "home"]), max_size=12).map(" ".join),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from([3, 10_000]))
def test_every_hit_is_where_the_words_are(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[list[str]], batch: int
) -> None:
    """Whatever the texts and however they fall into segments: found, counted and located as a plain reading does."""
    folder = tmp_path_factory.mktemp("hits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "BATCH_WORDS", batch)
        with open_writer(folder) as writer:
            for number, pages in enumerate(corpus):
                writer.add(record(f"k{number}", *pages, title="Untitled"))
            writer.commit()
    with open_index(folder) as index:
        for word in ("baby", "harm", "risk"):
            result = index.search(SearchRequest(word, inside="pages", limit=None))
            found = {(hit.review, hit.passages[0].page) for hit in result.hits}
            assert found == {
                (f"govuk:k{number}", place)
                for number, pages in enumerate(corpus)
                for place, page in enumerate(pages, 1)
                if any(stem(each) == stem(word) for each in page.split())
            }
            for hit in result.hits:
                text = corpus[int(hit.review.partition(":k")[2])][(hit.passages[0].page or 0) - 1]
                marked = hit.passages[0].snippet.count("<mark>")
                assert marked == sum(stem(each) == stem(word) for each in text.split())
        phrase = {hit.review for hit in index.search(SearchRequest('"baby harmed"', limit=None)).hits}
        assert phrase == {
            f"govuk:k{number}"
            for number, pages in enumerate(corpus)
            if "baby harmed" in " ".join(" ".join(pages).split())
        }


def test_segments_stay_few_and_memory_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BATCH_WORDS", 1000)
    with open_writer(tmp_path / "index") as writer:
        for number in range(60):
            writer.add(record(f"k{number:02d}", f"baby{number} " * 150))
        writer.commit()
    segments = {path.stem for path in (tmp_path / "index" / "whoosh").iterdir()}
    assert len(segments) <= 4
    with open_index(tmp_path / "index") as index:
        assert index.search("baby*").total == 60


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of many different words."""
    folder = tmp_path_factory.mktemp("wide")
    with open_writer(folder) as writer:
        for number in range(8):
            writer.add(record(f"k{number}", " ".join(f"zq{number:02d}{at:04d}ab" for at in range(500))))
        writer.commit()
    return folder


def test_a_prefix_of_too_many_words_is_refused(wide: Path) -> None:
    with open_index(wide) as index:
        with pytest.raises(QueryError, match="more letters"):
            index.search("zq*")
        assert index.search("zq01*").total == 1


def test_a_search_that_takes_too_long_is_ended(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.clock.SEARCH_SECONDS", 0.002)
    with open_index(wide) as index:
        for query in ("zq01* OR zq02* OR zq03* OR zq04*", "zqqqqqqqqab~2 OR zqqqqqqqqbb~2"):
            with pytest.raises(QueryError, match="longer than"):
                index.search(query)
        monkeypatch.undo()
        assert index.search("zq010001ab").total == 1, "the index stays usable"


def test_words_that_no_index_holds_are_no_error(wide: Path) -> None:
    with open_index(wide) as index:
        for query in ("ß", "日本語", "\U0001f600", "é" * 60, "'", "x" * 64, "''''", "a&e"):
            assert index.search(query).total in (0, 8)


def test_a_page_without_words_keeps_its_place(tmp_path: Path) -> None:
    with open_writer(tmp_path / "index") as writer:
        blank = document("", "…", "risk here", "", url="https://example.org/r.pdf")
        writer.add(record("a", documents=(blank, document("", url="https://example.org/s.pdf"), document("risk"))))
        writer.commit()
    with open_index(tmp_path / "index") as index:
        (hit,) = index.search("risk").hits
        assert sorted((passage.page, passage.document_url) for passage in hit.passages) == [
            (1, "https://example.org/report.pdf#page=1"),
            (3, "https://example.org/r.pdf#page=3"),
        ]
    assert words("…") == []
