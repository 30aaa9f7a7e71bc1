"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


# The invented reports take seconds to set: built once, for every replica of every test and process.
os.environ.setdefault("CASEREVIEWS_REPLICA_FILES", str(ROOT / "build" / "replica"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents that is never part of the repository; skips where it is absent."""
    folder = (ROOT / os.environ.get("CASEREVIEWS_SHARED", "../shared")).resolve()
    if not folder.is_dir():
        pytest.skip(f"CASEREVIEWS_SHARED: no folder of real documents at {folder}")
    return folder
