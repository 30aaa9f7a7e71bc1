"""A web and an archive for each test; no pause is longer than a test can wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import patience
from tests.crawler.faultserver import Web
from tests.crawler.toys import Lab


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def lab(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.02)
    return Lab(web, tmp_path)
