"""A town for each test; no pause is longer than a test can wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import crawler.settings
from crawler import patience
from tests.crawler.faultserver import Web
from tests.refresh.town import TOYS, Town


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A board with two reviews."""
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(crawler.settings, "SPIDER_MODULES", TOYS)
    monkeypatch.delenv("CASEREVIEWS_DATA", raising=False)
    with Web() as web:
        made = Town(web, tmp_path)
        made.publish("wren", "The bruises were seen and nobody asked.", "Neighbours had called twice.")
        made.publish("robin", "Professional curiosity was absent.")
        yield made
