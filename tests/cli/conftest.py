"""The command line as a stranger meets it: a process of its own, with nothing configured."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without any configuration of casereviews or of the terminal."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", **(extra or {})}


def run_casereviews(
    home: Path, *words: str | Path, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "casereviews", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment(home, extra),
        cwd=home,
        timeout=280,
        check=False,
    )


@pytest.fixture
def casereviews(tmp_path: Path) -> Run:
    """Runs `casereviews` with the words given, in an empty home."""
    return lambda *words, **options: run_casereviews(tmp_path, *words, **options)
