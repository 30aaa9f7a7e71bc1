"""The directions of imports, the one home of each framework, and the size of modules."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("casereviews", "crawler", "indexer", "search", "replica")
HOMES = {
    "scrapy": "crawler",
    "twisted": "crawler",
    "pdfminer": "indexer/extract",
    "bs4": "indexer/extract",
    "whoosh": "search/whoosh_engine",
    "tantivy": "search/tantivy_engine",
}
FORBIDDEN = {
    "casereviews": {"crawler", "indexer", "search", "replica"},
    "crawler": {"indexer", "search", "replica", "casereviews.cli"},
    "indexer": {"crawler", "replica", "casereviews.cli"},
    "search": {"crawler", "indexer", "replica", "casereviews.cli", "casereviews.archive"},
    "replica": {"crawler", "indexer", "search", "casereviews.cli", "casereviews.archive"},
}
LONG_WITH_REASON: dict[str, str] = {}
"""Modules over 300 lines, each with why it is still one thing."""


def modules() -> Iterator[Path]:
    """Every module of the product."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    """Whether a dotted name is the package or something in it."""
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    names = list(imports(path))
    for framework, home in HOMES.items():
        if not where.startswith(home + "/"):
            assert not [n for n in names if within(n, framework)], f"only {home} imports {framework}"
    if where.startswith("casereviews/cli/"):
        return  # the front door knows every package, late; see below
    for package in FORBIDDEN[where.split("/")[0]]:
        assert not [n for n in names if within(n, package)], f"{where} must not import {package}"


def test_the_front_door_costs_no_framework() -> None:
    code = "import sys, casereviews.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"scrapy", "twisted", "whoosh", "pdfminer", "bs4", "rich", "crawler", "indexer", "search", "replica"}
    assert not heavy & set(loaded.stdout.split())


def test_modules_stay_readable() -> None:
    long = {
        p.relative_to(ROOT).as_posix(): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert set(long) == set(LONG_WITH_REASON), long
