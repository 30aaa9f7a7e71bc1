"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents that is never part of the repository; skips where it is absent."""
    folder = (ROOT / os.environ.get("CASEREVIEWS_SHARED", "../shared")).resolve()
    if not folder.is_dir():
        pytest.skip(f"CASEREVIEWS_SHARED: no folder of real documents at {folder}")
    return folder
