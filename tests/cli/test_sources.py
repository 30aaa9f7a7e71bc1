"""`casereviews sources`: every source with its licence, what it last gave and how far to trust it."""

import json
from pathlib import Path
from typing import Any

from casereviews.archive import Archive, SourceResult

from .conftest import Run

NAMES = {
    *("govuk", "cspr-panel", "nspcc", "sthelens", "dhr", "pfd", "sar", "partnerships", "wales", "scotland", "ni"),
    *("nspcc-library", "ppo", "nhs-homicide", "hssib"),
}


def ended(data: Path, *results: SourceResult) -> None:
    with Archive.open(data / "archive", write=True) as archive:
        run = archive.begin_run([result.source for result in results], program="test").id
        for result in results:
            archive.finish_source(run, result)
        archive.end_run(run, "ok")


def listed(casereviews: Run, data: Path) -> dict[str, Any]:
    done = casereviews("sources", "--format", "json", "--data", data)
    assert done.returncode == 0, done.stderr
    return {each["source"]: each for each in json.loads(done.stdout)["sources"]}


def test_all_are_listed_the_opt_in_ones_too(casereviews: Run, tmp_path: Path) -> None:
    found = listed(casereviews, tmp_path)
    assert found.keys() >= NAMES
    assert {name for name, each in found.items() if not each["enabled"]} == {
        *("nspcc-library", "ppo", "nhs-homicide", "hssib"),
    }
    for each in found.values():
        assert each["title"] and each["hosts"] and each["expect"]["filled"]
        assert (each["last"], each["found"], each["stale"]) == (None, None, None)
    assert found["govuk"]["licence"] == "OGL-UK-3.0" and found["nspcc"]["licence"] is None


def test_what_the_last_run_gave_stands_beside_what_was_expected(casereviews: Run, tmp_path: Path) -> None:
    ended(tmp_path, SourceResult("dhr", "ok", found=647, expected=647), SourceResult("sar", "short", found=2))
    found = listed(casereviews, tmp_path)
    dhr, sar = found["dhr"], found["sar"]
    assert (dhr["found"], dhr["expected"], dhr["stale"]) == (647, 647, False) and dhr["last_success"]
    assert (sar["found"], sar["expected"], sar["stale"], sar["last_success"]) == (2, 3, True, None)
    text = casereviews("sources", "--data", tmp_path).stdout
    told = " ".join(text.split())
    assert "ok, 647 found, 647 expected" in text and "short, 2 found, at least 3 expected" in text
    assert "not up to date" in told and "recorded shapes only" in told and "only when named" in told
    assert max(map(len, text.splitlines())) <= 80
    shown = casereviews("sources", "show", "dhr", "--data", tmp_path).stdout
    assert "theme_labels, under [sources.dhr]" in shown
