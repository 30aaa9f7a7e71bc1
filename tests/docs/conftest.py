"""The demo's data, for pages whose commands are run as they stand."""

import fcntl
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import run_casereviews


@pytest.fixture(scope="session")
def first_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder as the first demo leaves it; made once for all workers, to be copied."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "demo-for-docs"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            shared.mkdir(exist_ok=True)
            done = run_casereviews(shared, "demo", "--data", "demo-data", "-q")
            assert done.returncode == 0, done.stderr
            (shared / "done").touch()
    return shared / "demo-data"


@pytest.fixture
def demo(first_demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's data, for one test to do with as it likes."""
    own: Path = shutil.copytree(first_demo, tmp_path / "demo-data")
    return own
