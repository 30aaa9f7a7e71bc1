import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.cli import main
from casereviews.errors import QueryError
from casereviews.model import Record, Section
from indexer.tags import Tags
from search import SearchRequest, open_index
from search.theme_tables import ThemeTables
from search.writer import open_writer
from tests.themes.made import record

NEGLECT = (
    "The child lived with neglect, and home conditions were poor. Chronic neglect was plain. Signs of neglect grew. "
)
CURIOUS = "Professional curiosity was missing. Nobody was professionally curious. A lack of curiosity was plain. "
HEAD = "The baby had a subdural haematoma. Abusive head trauma by shaking was found; shaken baby syndrome was named."
DENIED = "There was no evidence of domestic abuse. Domestic violence was ruled out. She denied domestic abuse."


def dated(made: Record, key: str, year: int, **facts: object) -> Record:
    review = replace(made.review, key=key, published=f"{year}-05-01", **facts)  # type: ignore[arg-type]
    return replace(made, review=review, first_seen=f"{year}-06-01T00:00:00+00:00")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index holds five tagged reviews."""
    folder = tmp_path_factory.mktemp("data")
    tags = Tags()
    made = (
        dated(
            record(NEGLECT + CURIOUS, title="Neglect of Child A"),
            "a",
            2019,
            keywords=("Suicide (from 2015)", "odd one"),
        ),
        dated(record(NEGLECT + HEAD, HEAD, title="Neglect and abusive head trauma"), "b", 2019, area="Anytown"),
        dated(record(HEAD, title="Abusive head trauma of Child C"), "c", 2021),
        dated(record(DENIED, title="Child D"), "d", 2021),
        dated(record(NEGLECT + CURIOUS, title="Neglect of Child E"), "e", 2021, type="scr"),
    )
    with open_writer(folder / "index") as writer:
        for each in made:
            writer.add(tags.tagged(each))
        writer.set_ledger(tags.ledger())
        writer.commit()
    return folder


@pytest.fixture
def tables(data: Path) -> Iterator[ThemeTables]:
    with open_index(data / "index") as index:
        yield ThemeTables(index, SearchRequest())


def test_counts_have_their_denominator_and_heed_what_is_narrower(tables: ThemeTables) -> None:
    found = tables.counts()
    rows = {row["theme"]: row for row in found["rows"]}
    assert found["reviews"] == 5
    assert (rows["harm.neglect"]["reviews"], rows["harm.neglect"]["share"]) == (3, 0.6)
    assert rows["harm.head_trauma"]["reviews"] == rows["harm.physical_abuse"]["reviews"] == 2
    assert rows["harm.physical_abuse"]["pages"] == 3
    assert "harm.domestic_abuse" not in rows, "what is only denied is no theme"


def test_listed_keywords_are_counted_apart(tables: ThemeTables) -> None:
    rows = {row["theme"]: row for row in tables.counts(every=True)["rows"]}
    assert (rows["harm.suicide"]["reviews"], rows["harm.suicide"]["listed"]) == (0, 1)
    shown = tables.explain("govuk:a")
    assert shown["keywords"] == ["Suicide (from 2015)", "odd one"]
    assert [each["theme"] for each in shown["listed"]] == ["harm.suicide"]
    assert "harm.suicide" not in [row["theme"] for row in shown["rows"]]


def test_trend_has_every_year_with_its_denominator(tables: ThemeTables) -> None:
    rows = tables.trend(["neglect"])["rows"]
    assert [(row["year"], row["reviews"], row["of"], row["share"]) for row in rows] == [
        (2019, 2, 2, 1.0),
        (2020, 0, 0, None),
        (2021, 1, 3, 0.3333),
    ]


def test_pairs_leave_out_what_is_broader(tables: ThemeTables) -> None:
    for row in tables.pairs()["rows"]:
        assert {row["theme"], row["with"]} != {"harm.head_trauma", "harm.physical_abuse"}
        expected = row["reviews"] * 5 / (row["theme_reviews"] * row["with_reviews"])
        assert row["lift"] == pytest.approx(expected, abs=0.01)


def test_by_a_field(tables: ThemeTables) -> None:
    rows = tables.by("type", ["harm.neglect"])["rows"]
    assert [(row["type"], row["of"], row["reviews"]) for row in rows] == [("cspr", 4, 2), ("scr", 1, 1)]


def test_diff_between_two_moments(tables: ThemeTables) -> None:
    found = tables.diff("2020-01-01", "2022-01-01")
    assert (found["reviews_before"], found["reviews_after"]) == (2, 5)
    row = next(row for row in found["rows"] if row["theme"] == "harm.neglect")
    assert (row["before"], row["after"], row["change"]) == (2, 3, 1)


def test_an_unknown_theme_names_the_nearest(tables: ThemeTables) -> None:
    with pytest.raises(QueryError, match=r"did you mean 'harm\.neglect'"):
        tables.trend(["neglekt"])


def test_filters_apply(data: Path) -> None:
    with open_index(data / "index") as index:
        assert ThemeTables(index, SearchRequest(filters={"type": ("scr",)})).counts()["reviews"] == 1
        assert ThemeTables(index, SearchRequest(since="2020")).counts()["reviews"] == 3


def test_no_tag_lacks_evidence_and_each_is_on_its_page(tables: ThemeTables, data: Path) -> None:
    with open_index(data / "index") as index:
        for key in "abcde":
            for row in tables.explain(f"govuk:{key}")["rows"]:
                proofs = [each for each in row["evidence"] if not each["negated"]]
                assert proofs and row["mentions"] >= len(proofs)
                for proof in proofs:
                    text = " ".join(index.page(f"govuk:{key}", proof["page"]).text.split())
                    assert proof["sentence"] in text and proof["words"] in proof["sentence"]
                    assert proof["document_url"].endswith(f"#page={proof['page']}")


def test_search_takes_broader_themes_and_says_why(data: Path) -> None:
    with open_index(data / "index") as index:
        found = index.search(SearchRequest(filters={"theme": ("physical_abuse",)}, facets=("theme",))).to_dict()
        assert {hit["review"] for hit in found["hits"]} == {"govuk:b", "govuk:c"}
        proof = found["hits"][0]["evidence"][0]
        assert proof["theme"] == "harm.head_trauma" and proof["page"] and "subdural" in proof["sentence"]
        counts = {row["value"]: row["count"] for row in found["facets"]["theme"]}
        assert counts["harm.physical_abuse"] == counts["harm.head_trauma"] == 2
        typed = index.search('theme:"Abusive head trauma"')
        assert {hit.review for hit in typed.hits} == {"govuk:b", "govuk:c"}


def test_sections_that_do_not_count_prove_nothing() -> None:
    glossary = (Section(1, 0, "glossary", "Glossary"),)
    assert not Tags().of(record(NEGLECT, sections=glossary))


def test_tagging_again_changes_only_tags(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[harm.neglect]\nreplace = true\nlabel = "Child neglect"\naliases = ["nothing at all like it"]\n')
    before, after = Tags(), Tags(own)
    assert before.version != after.version
    made = dated(record(NEGLECT, HEAD, title="Child F"), "f", 2019)
    with open_writer(tmp_path / "index") as writer:
        writer.add(before.tagged(made))
        writer.commit()
        assert not writer.retag(before.tagged(made))
        assert writer.retag(after.tagged(made))
        writer.set_ledger(after.ledger())
        writer.commit()
    with open_index(tmp_path / "index") as index:
        assert index.search("neglect").total == 1
        assert index.search(SearchRequest(filters={"theme": ("harm.neglect",)})).total == 0
        assert "harm.neglect" not in index.review("govuk:f").facts["themes"]
        assert index.search(SearchRequest(filters={"theme": ("harm.physical_abuse",)})).total == 1


@pytest.mark.parametrize(
    "words", [["list"], ["tree"], ["pairs"], ["trend", "neglect"], ["by", "type"], ["explain", "govuk:b"]]
)
def test_every_table_is_text_json_and_csv(data: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["themes", *words, "--data", str(data)]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert main(["themes", *words, "--data", str(data), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["themes", *words, "--data", str(data), "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    wanted = sum(len(row["evidence"]) for row in found["rows"]) if words[0] == "explain" else len(found["rows"])
    assert len(lines) == wanted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "did you mean list"),
        (["trend"], "takes THEME"),
        (["by", "colour"], "told apart by area"),
        (["list", "--format", "skos"], "themes export"),
        (["diff", "7", "8"], "no run"),
        (["tree", "--plot", "x.svg"], "has no picture"),
        (["list", "--plot", "x.gif"], "must end in"),
    ],
)
def test_a_slip_is_told_in_a_line(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from casereviews.archive import Archive

    monkeypatch.chdir(tmp_path)
    Archive.open(data / "archive", write=True).close()
    assert main(["themes", *words, "--data", str(data)]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_check_fails_on_a_list_that_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[harm.x]\nlabel = "X"\nbroader = "harm.y"\n')
    assert main(["themes", "check", str(own)]) == 1
    assert "[harm.x] broader names 'harm.y'" in " ".join(capsys.readouterr().out.split())
    assert main(["themes", "check"]) == 0


@pytest.mark.parametrize(
    ("words", "name"),
    [(["trend", "neglect"], "t.svg"), (["pairs"], "p.html"), (["list"], "l.png"), (["by", "type"], "b.svg")],
)
def test_pictures_say_what_they_count(data: Path, tmp_path: Path, words: list[str], name: str) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / name
    assert main(["themes", *words, "--plot", str(file), "--data", str(data)]) == 0
    if name.endswith("png"):
        assert file.read_bytes().startswith(b"\x89PNG")
    else:
        drawn = file.read_text(encoding="utf-8")
        assert "5 reviews, each counted once" in drawn and "<svg" in drawn
        assert "hild neglect" in drawn or "pairs" in words
