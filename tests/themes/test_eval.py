import json
from pathlib import Path

import pytest

from casereviews.cli import main
from casereviews.errors import UsageError
from indexer import gold, ranker, themes
from indexer.tagger import Passage, Tagger
from tests.themes.made import scheme


def write(file: Path, *rows: dict[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return file


def test_the_bars_are_met_by_cross_validation(shared: Path) -> None:
    found = gold.evaluate_file(shared / "themes" / "gold_dev.jsonl", themes.load(), ranker.load())
    assert found["cross_validated"] == found["documents"] == 766
    assert found["folds"] == 5
    assert found["micro_f1"] >= 0.66
    assert found["strata"]["pfd_clinician"]["f1"] >= 0.90
    assert found["interval"][0] < found["micro_f1"] < found["interval"][1]


def test_the_numbers_come_from_the_list_as_it_is(shared: Path) -> None:
    """After an edit of themes.toml or the tagger: python -m bench.ranker GOLD --write."""
    held = ranker.load()
    assert held.made["cross_validated"]["micro_f1"] == pytest.approx(
        gold.evaluate_file(shared / "themes" / "gold_dev.jsonl", themes.load(), held)["micro_f1"], abs=0.005
    )


def test_a_text_that_was_learnt_from_is_judged_by_weights_that_have_not_seen_it(tmp_path: Path) -> None:
    small = scheme(tmp_path)
    reading = Tagger(small).read([Passage("neglect " * 5)])
    sure, never = ranker.Weights({"always": 9.0}), ranker.Weights({"always": -9.0})
    text = "neglect " * 5
    document = gold.Labelled(text, frozenset({"harm.neglect"}), "")
    using = ranker.Ranker(sure, {}, (never,), frozenset({gold.text_key(text)}))
    assert gold.predictions([document], [reading], small, using)[0]["harm.neglect"] < 0
    unseen = ranker.Ranker(sure, {}, (never,), frozenset())
    assert gold.predictions([document], [reading], small, unseen)[0]["harm.neglect"] > 0


def test_figures_are_right() -> None:
    texts = [
        gold.Labelled(str(n), themes_, "s") for n, themes_ in enumerate((frozenset("a"), frozenset("ab"), frozenset()))
    ]
    found = gold.evaluate(texts, [{"a": 1.0, "b": -1.0}, {"a": 0.5, "b": 2.0}, {"b": 0.0, "c": 5.0}])
    assert (found["precision"], found["recall"]) == (0.75, 1.0)
    assert found["micro_f1"] == pytest.approx(6 / 7, abs=1e-4)
    assert found["per_theme"]["b"]["precision"] == 0.5
    assert "c" not in found["per_theme"], "a theme that nobody looked for is not judged"
    assert found["p_at_1"] == 1.0


def test_a_stratum_is_judged_by_the_themes_looked_for_in_it() -> None:
    texts = [gold.Labelled("x", frozenset("a"), "one"), gold.Labelled("y", frozenset("b"), "two")]
    found = gold.evaluate(texts, [{"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 1.0}])
    assert found["micro_f1"] == 1.0


@pytest.mark.parametrize("line", ["not json", '{"text": 1, "themes": []}', '["x"]', ""])
def test_a_file_that_is_no_gold_is_refused_in_a_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"gold\.jsonl"):
        gold.load(file)


def test_the_command_prints_the_json_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(
        tmp_path / "gold.jsonl",
        {"text": "She died by suicide. He took his own life by hanging.", "themes": ["harm.suicide"], "stratum": "x"},
        {
            "text": "A lorry on the carriageway struck a cyclist at the junction.",
            "themes": ["harm.road"],
            "stratum": "x",
        },
    )
    assert main(["themes", "eval", str(file), "--format", "json", "--data", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    names = (
        "documents",
        "labels",
        "micro_f1",
        "precision",
        "recall",
        "macro_f1",
        "f1_at_5",
        "p_at_1",
        "interval",
        "per_theme",
    )
    assert set(names) <= found.keys()
    assert (found["documents"], found["labels"], found["cross_validated"]) == (2, 2, 0)
    assert found["recall"] == 1.0


def test_every_step_of_a_score_can_be_shown() -> None:
    weights = ranker.Weights({"mentions": 2.0, "early": 0.5}, {"x": {"mentions": 1.0}}, {"": 1.0, "x": 4.0})
    features = {"mentions": 1.5, "early": 1.0, "length": 3.0}
    assert weights.parts("x", features) == [("mentions", 4.5), ("early", 0.5)]
    assert weights.score("x", features) == 5.0
    assert (weights.over("x", 5.0), weights.over("y", 5.0)) == (1.0, 4.0)


def test_weak_words_count_only_beside_other_evidence(tmp_path: Path) -> None:
    tagger = Tagger(scheme(tmp_path))
    held = {
        text: ranker.holds(tagger.read([Passage(text)]).mentions["harm.suicide"])
        for text in (
            "an overdose, another overdose",
            "an overdose at the bridge",
            "an overdose, suicidal",
            "not suicidal",
        )
    }
    assert list(held.values()) == [False, True, True, False]


def test_the_ranker_can_be_switched_off(shared: Path) -> None:
    found = gold.evaluate_file(shared / "themes" / "gold_dev.jsonl", themes.load(), ranker.plain())
    assert found["cross_validated"] == 0
    assert (
        0.5
        < found["micro_f1"]
        < gold.evaluate_file(shared / "themes" / "gold_dev.jsonl", themes.load(), ranker.load())["micro_f1"]
    )
