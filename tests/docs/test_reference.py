"""The reference says what the code says, and the site of the docs builds without a warning."""

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from docs import generate
from search import query
from tests.conftest import ROOT

DOCS = ROOT / "docs"


def test_no_page_of_the_reference_is_stale() -> None:
    assert list(generate.stale()) == [], "run: python -m docs.generate"


def test_the_fields_of_json_are_told(demo: Path) -> None:
    written = (generate.REFERENCE / "json.md").read_text(encoding="utf-8")
    assert generate.answers(demo) == written, "run: python -m docs.generate --demo demo-data"


def test_every_page_is_in_the_navigation_and_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    told = str(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert {page for page in pages if f"'{page}'" not in told} == set()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    assert (tmp_path / "site" / "how-to" / "cite-a-page.html").exists()


@pytest.mark.parametrize(
    "text", re.findall(r"^\| (`.*?`) \|", (DOCS / "reference" / "query-language.md").read_text("utf-8"), re.MULTILINE)
)
def test_every_form_of_the_query_language_is_understood_as_it_stands(text: str) -> None:
    for form in re.findall(r"`(.+?)`", text):
        assert not query.parse(form).notices, form


def test_the_fields_and_limits_of_the_query_language_are_those_of_the_code() -> None:
    from search.query_fields import FIELDS
    from search.query_leaves import MAX_PHRASE, MAX_SLOP, MAX_TERMS
    from search.query_lexer import MAX_DEPTH, MAX_LENGTH
    from search.vocabulary import MAX_FORMS

    page = (DOCS / "reference" / "query-language.md").read_text(encoding="utf-8")
    fields = page.partition("Fields: ")[2].partition(".")[0]
    assert set(re.findall(r"`(\w+)`", fields)) == set(FIELDS)
    limits = page.partition("Limits: ")[2].partition("\n\n")[0]
    for limit in (MAX_LENGTH, MAX_TERMS, MAX_DEPTH, MAX_PHRASE, MAX_SLOP, MAX_FORMS):
        assert f"{limit:,} " in limits.replace("\n", " ") or f"{limit:,}," in limits


def test_no_address_of_the_repository_is_broken() -> None:
    for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_package_we_depend_on_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][name] for name in project["optional-dependencies"] if name != "dev")
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## What it depends on")[2].lower()
    told = told.replace("beautiful soup", "beautifulsoup4")
    for needed in (*project["dependencies"], *itertools.chain(*extras)):
        name = re.match(r"[\w.-]+", needed)
        assert name and f"| {name[0].lower()} " in told, needed
