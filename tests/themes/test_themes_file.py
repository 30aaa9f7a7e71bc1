import re
from pathlib import Path

import pytest

from indexer import keywords, ranker, skos, themes
from indexer.tagger import Passage, Tagger
from tests.conftest import ROOT
from tests.themes.made import SMALL, scheme


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "themes.toml"
    file.write_text(text, encoding="utf-8")
    return [str(problem) for problem in themes.read(base=file)[1]]


def test_the_list_that_comes_with_the_program_is_sound() -> None:
    whole, found = themes.read()
    assert not found
    assert len(whole.concepts) >= 161
    assert {"harm", "person", "age", "family", "practice", "system", "agency", "review", "nation"} == set(whole.facets)
    assert all(concept.scope_note for concept in whole.concepts.values())
    assert {"harm.neglect", "practice.curiosity"} <= whole.concepts.keys()


def test_a_table_may_be_named_in_quotes_and_a_file_begin_with_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('["harm.lighthouse"]\nlabel = "Harm in lighthouses"\nbroader = "harm.neglect"\n', "utf-8-sig")
    whole, found = themes.read(file)
    assert not found
    assert whole.concepts["harm.lighthouse"].broader == "harm.neglect"


@pytest.mark.parametrize(
    ("added", "table", "said"),
    [
        ('[harm.x]\nlabel = "X"\nbroader = "harm.nothing"', "harm.x", "broader names 'harm.nothing'"),
        ('[harm.x]\nlabel = "X"\nrelated = ["harm.nothing"]', "harm.x", "related names 'harm.nothing'"),
        ('[harm.x]\nlabel = "X"\naliases = ["Neglect"]', "harm.x", "which is also in [harm.neglect]"),
        ('[harm.x]\nlabel = "X"\naliases = ["self-made", " "]', "harm.x", "an empty label"),
        ('[harm.x]\nlabel = " "', "harm.x", "has no label"),
        ('[harm.x]\nlabel = "X"\nalias = ["y"]', "harm.x", "unknown key 'alias'"),
        ('[harm.x]\nlabel = "X"\naliases = "y"', "harm.x", "aliases must be a list of texts"),
        ('[harm.x]\nlabel = "X"\nages = [5]', "harm.x", "ages must be two whole numbers"),
        ('[other.x]\nlabel = "X"', "other.x", "belongs to the facet 'other'"),
        ('[harm.X]\nlabel = "X"', "harm.X", "is no name for a concept"),
        (
            '[harm.x]\nlabel = "X"\nbroader = "harm.y"\n[harm.y]\nlabel = "Y"\nbroader = "harm.x"',
            "harm.x",
            "than itself",
        ),
        ('[harm.x]\nlabel = "X"\naliases = ["y"]\nweak = ["y"]', "harm.x", "both as a label and as weak"),
    ],
)
def test_a_problem_names_file_table_and_what_is_wrong(tmp_path: Path, added: str, table: str, said: str) -> None:
    found = problems(tmp_path, SMALL + "\n" + added + "\n")
    assert any(f"themes.toml: [{table}]" in each and said in each for each in found), found


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[harm.x\n", encoding="utf-8")
    with pytest.raises(themes.ThemesError, match=re.escape(str(file))):
        themes.load(file)
    with pytest.raises(themes.ThemesError, match=r"none\.toml"):
        themes.load(tmp_path / "none.toml")


def test_ones_own_file_adds_changes_and_replaces(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[harm.neglect]\nlabel = "Going without"\naliases = ["bare cupboards"]\n[harm.new]\nlabel = "New"\n')
    added = themes.load(own)
    assert added.concepts["harm.neglect"].label == "Going without"
    assert {"chronic neglect", "bare cupboards"} <= set(added.concepts["harm.neglect"].aliases)
    assert "harm.new" in added.concepts and "harm.suicide" in added.concepts
    assert added.fingerprint != themes.load().fingerprint
    own.write_text('[harm.neglect]\nreplace = true\nlabel = "Neglect"\naliases = ["bare cupboards"]\n')
    assert themes.load(own).concepts["harm.neglect"].aliases == ("bare cupboards",)
    own.write_text("replace = true\n" + SMALL)
    assert set(themes.load(own).facets) == {"harm", "practice", "age"}


def test_the_fingerprint_heeds_what_decides_a_tag_and_nothing_else(tmp_path: Path) -> None:
    before = scheme(tmp_path).fingerprint
    assert scheme(tmp_path, SMALL + '\n[harm.x]\nlabel = "X"\n').fingerprint != before
    noted = SMALL.replace('label = "Suicide"', 'label = "Suicide"\nscope_note = "A note"')
    assert scheme(tmp_path, noted).fingerprint == before


def test_skos_is_read_by_another_program() -> None:
    rdflib = pytest.importorskip("rdflib")
    whole = themes.load()
    graph = rdflib.Graph()
    graph.parse(data=skos.turtle(whole), format="turtle")
    words = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    concepts = set(graph.subjects(rdflib.RDF.type, words.Concept))
    assert len(concepts) == len(whole.concepts)
    head = rdflib.URIRef(skos.BASE + "harm.head_trauma")
    assert (head, words.broader, rdflib.URIRef(skos.BASE + "harm.physical_abuse")) in graph
    assert (rdflib.URIRef(skos.BASE + "harm.physical_abuse"), words.narrower, head) in graph
    assert str(graph.value(head, words.prefLabel)) == whole.concepts["harm.head_trauma"].label
    for concept in concepts:
        assert len(list(graph.objects(concept, words.prefLabel))) == 1
        named = [set(graph.objects(concept, kind)) for kind in (words.prefLabel, words.altLabel, words.hiddenLabel)]
        assert not named[0] & named[1] and not named[1] & named[2] and not named[0] & named[2]


def test_skos_escapes_what_turtle_would_read(tmp_path: Path) -> None:
    rdflib = pytest.importorskip("rdflib")
    label = 'Say "x" \\ and\\n'
    hostile = scheme(tmp_path, SMALL + f"\n[harm.x]\nlabel = '{label}'\n")
    graph = rdflib.Graph().parse(data=skos.turtle(hostile), format="turtle")
    words = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    assert str(graph.value(rdflib.URIRef(skos.BASE + "harm.x"), words.prefLabel)) == label


def test_listed_keywords_stand_for_concepts_only_where_that_is_sure() -> None:
    mapped = keywords.load(themes.load())
    assert mapped.concepts(("Suicide (from 2015)", "Other related deaths")) == ("harm.suicide",)
    assert mapped.concepts(("Non-accidental head injuries", "DISGUISED COMPLIANCE")) == (
        "harm.head_trauma",
        "family.resistance",
    )
    assert mapped.concepts(("Community health care and emergency services related deaths", "accidents")) == ()
    named = {c for meanings in mapped.meanings.values() for c in meanings}
    assert named <= themes.load().concepts.keys()


def test_every_mapped_keyword_names_a_concept_there_is() -> None:
    import tomllib

    whole = themes.load()
    for table in tomllib.loads(keywords.KEYWORDS_FILE.read_text(encoding="utf-8")).values():
        for given in table.values():
            assert {given} if isinstance(given, str) else set(given) <= whole.concepts.keys()


def test_the_theme_that_the_docs_add_is_sound_and_found(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
    block = re.search(r"\n((?:    .*\n)*    \[harm\.nitrous_oxide\]\n(?:    .*\n)+)", text)
    assert block
    own = tmp_path / "my-themes.toml"
    own.write_text(block[1].replace("    ", ""), encoding="utf-8")
    tagger = Tagger(themes.load(own))
    assert "harm.nitrous_oxide" in tagger.read([Passage("He had used gas canisters.")]).mentions


def test_the_docs_tell_the_measured_figures() -> None:
    text = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
    told = ranker.load().made["cross_validated"]
    assert f"{told['micro_f1']:.3f}".lstrip("0") in text
    assert all(f"{bound:.3f}".lstrip("0") in text for bound in told["interval"])
