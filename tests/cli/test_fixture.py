"""`casereviews fixture`: from an archived answer to a test case, the callback found by the walk itself."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crawler.fixtures import play, read_case, spiders
from tests.crawler.faultserver import Answer, Web
from tests.crawler.toys import Lab
from tests.spiders.test_whole_sources import furnish

from .conftest import Run

DETAIL = (
    "https://www.judiciary.uk/prevention-of-future-death-reports/orla-tamsin-wren-prevention-of-future-deaths-report/"
)
RECORDED = Path(__file__).parents[1] / "spiders" / "pfd"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """An archive that holds a source's recorded site."""
    (tmp_path / "cases").mkdir()
    with Web() as web:
        lab = Lab(web, tmp_path / "data")
        furnish(web, "pfd")
        lab.result(spiders()["pfd"])
    return lab


def fixture(casereviews: Run, lab: Lab, *words: str, code: int = 0) -> Any:
    done = casereviews("fixture", *words, "--data", lab.folder, "--to", lab.folder.parent / "cases")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if code == 0 else done.stderr


def test_a_review_is_recorded_as_its_listing_leads_to_it(casereviews: Run, lab: Lab) -> None:
    shown = fixture(casereviews, lab, "pfd", DETAIL, "--case", "detail")
    assert shown == play(spiders()["pfd"], read_case(RECORDED / "detail"))
    folder = lab.folder.parent / "cases" / "pfd" / "detail"
    assert sorted(path.name for path in folder.iterdir()) == ["body", "meta.json"], "no expectation is written unasked"
    case = read_case(folder)
    assert (case.url, case.callback) == (DETAIL, "parse_post")
    assert case.meta == {"key": "orla-tamsin-wren-prevention-of-future-deaths-report"}
    assert case.body == (RECORDED / "detail" / "body").read_bytes()


def test_the_expectation_is_what_was_shown_once_it_is_accepted(casereviews: Run, lab: Lab) -> None:
    first = fixture(casereviews, lab, "pfd", DETAIL, "--case", "detail")
    folder = lab.folder.parent / "cases" / "pfd" / "detail"
    body = (folder / "body").read_bytes().replace(b"Orla", b"Ilse")
    (folder / "body").write_bytes(body)
    again = fixture(casereviews, lab, "pfd", DETAIL, "--case", "detail", "--accept")
    assert (folder / "body").read_bytes() == body, "what a person wrote into the case stays"
    assert again != first and json.loads((folder / "expected.json").read_text()) == again


def test_listings_documents_and_refusals_are_found_too(casereviews: Run, lab: Lab) -> None:
    start = spiders()["pfd"].start_urls[0]
    assert any("request" in each for each in fixture(casereviews, lab, "pfd", start, "--case", "listing"))
    refusal = start.replace("&page=1", "&page=2")
    assert fixture(casereviews, lab, "pfd", refusal, "--case", "last-page") == []
    case = read_case(lab.folder.parent / "cases" / "pfd" / "last-page")
    assert (case.status, case.cb_kwargs) == (400, {"number": 2})
    (review,) = (each["review"] for each in play(spiders()["pfd"], read_case(RECORDED / "detail")))
    (document,) = fixture(casereviews, lab, "pfd", review["links"][0]["url"], "--case", "file")
    assert document["document"] == "application/pdf"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("pfd", "https://www.judiciary.uk/nowhere"),
            "the archive holds no answer of https://www.judiciary.uk/nowhere",
        ),
        (("dhr", DETAIL), "name the method that parses it with --callback"),
        (("pfd", DETAIL, "--callback", "parse_nothing"), "has no method 'parse_nothing'"),
        (("pfd", DETAIL, "--case", "../../x"), "small letters, digits and hyphens"),
        (("pdf", DETAIL), "did you mean pfd?"),
    ],
)
def test_what_cannot_be_recorded_is_one_line(casereviews: Run, lab: Lab, words: tuple[str, ...], says: str) -> None:
    told = fixture(casereviews, lab, *words, code=2)
    assert says in told and told.count("\n") == 1
    assert not list((lab.folder.parent / "cases").rglob("body"))


def test_a_page_of_a_board_of_one_s_own_is_recorded_with_the_file_that_names_it(
    casereviews: Run, tmp_path: Path
) -> None:
    recorded = read_case(RECORDED.parent / "wales" / "review")
    boards = tmp_path / "boards.toml"
    shutil.copy(recorded.options["sites_file"], boards)
    (tmp_path / "mine.toml").write_text('[sources.wales]\nsites_file = "boards.toml"\n', encoding="utf-8")
    (tmp_path / "cases").mkdir()
    with Web() as web:
        for case in (read_case(RECORDED.parent / "wales" / "listing"), recorded):
            web.routes[case.url.removeprefix("https://")] = Answer(case.body)
        lab = Lab(web, tmp_path / "data")
        lab.options["sources"] = {"wales": {"sites_file": str(boards)}}
        lab.result(spiders()["wales"])
    shown = fixture(casereviews, lab, "wales", recorded.url, "--case", "review", "--config", "mine.toml")
    assert shown == play(spiders()["wales"], recorded)
    folder = tmp_path / "cases" / "wales" / "review"
    told = json.loads((folder / "meta.json").read_text("utf-8"))
    assert told["options"] == {"sites_file": "../../../boards.toml"}
    assert read_case(folder).options == {"sites_file": str(boards)}


def test_a_case_is_never_that_of_another_address(casereviews: Run, lab: Lab) -> None:
    fixture(casereviews, lab, "pfd", DETAIL, "--case", "one")
    told = fixture(casereviews, lab, "pfd", spiders()["pfd"].start_urls[0], "--case", "one", code=2)
    assert "choose another name with --case" in told
