"""What `make dist` builds works outside of the checkout, with everything that the program reads."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_architecture import PACKAGES

NOT_NEEDED = shutil.ignore_patterns("__pycache__", "*.pyc")


def run(*words: str, cwd: Path, **environment: str) -> str:
    """What a program prints; it must end well."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env={**kept, **environment}, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source archive and the wheel that was built from it."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in (*PACKAGES, "docs", "bench"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=NOT_NEEDED)
    (tree / "tests").mkdir()
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, tree)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", ".", cwd=tree, HOME=str(tree))
    return tree / "dist"


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's files alone; what it depends on is the checkout's."""
    target = tmp_path_factory.mktemp("installed")
    wheel = str(next(built.glob("*.whl")))
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), wheel,
        cwd=built, HOME=str(built))  # fmt: skip
    return target


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(built: Path) -> None:
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    wanted = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert {name for name in names if ".dist-info/" not in name} == wanted
    assert {"crawler/partnerships.toml", "indexer/themes.toml", "search/schema.sql", "indexer/ranker.json"} <= wanted


def test_the_source_archive_holds_what_its_docs_and_tests_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"docs/tutorial.md", "mkdocs.yml", "CHANGELOG.md", "constraints.txt", "Makefile", "LICENSE"} <= inside


def test_the_installed_program_works_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    def casereviews(*words: str) -> str:
        return run(sys.executable, "-m", "casereviews", *words, cwd=tmp_path, PYTHONPATH=str(installed),
                   HOME=str(tmp_path))  # fmt: skip

    found = "import casereviews, crawler, search; print(casereviews.__file__, crawler.__file__, search.__file__)"
    places = run(sys.executable, "-c", found, cwd=tmp_path, PYTHONPATH=str(installed)).split()
    assert all(Path(place).is_relative_to(installed) for place in places)
    assert casereviews("--version").startswith("casereviews 0.")
    assert "partnerships" in casereviews("sources")
    assert "nothing is wrong" in casereviews("themes", "check")
    assert "_python_argcomplete" in casereviews("completion", "bash")
    assert "casereviews.toml" in casereviews("config", "init")
    from_data = "from replica.corpus import invented; print(len(invented()))"
    assert int(run(sys.executable, "-c", from_data, cwd=tmp_path, PYTHONPATH=str(installed))) > 100


def test_the_wheel_brings_the_program_by_its_name(built: Path) -> None:
    wheel = zipfile.ZipFile(next(built.glob("*.whl")))
    name = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "casereviews = casereviews.cli:main" in wheel.read(name).decode()
