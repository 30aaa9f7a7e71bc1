"""The command in real processes, and what a data folder holds in the end."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive
from replica import Replica
from tests.conftest import ROOT


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


@dataclass
class Command:
    """`casereviews` with its own data folder, asking a replica."""

    data: Path
    replica: str

    def arguments(self, *words: str) -> list[str]:
        """The whole command line."""
        return [sys.executable, "-m", "casereviews", *words, "--data", str(self.data), "--replica", self.replica]

    def __call__(self, *words: str) -> Done:
        """Run to the end."""
        done = subprocess.run(
            self.arguments(*words), capture_output=True, text=True, check=False, cwd=ROOT, env=_environment()
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def killed(self, *words: str, after: float) -> bool:
        """Run and SIGKILL it and its workers after some seconds; False when it ended before."""
        with subprocess.Popen(
            self.arguments(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
            env=_environment(), start_new_session=True,
        ) as process:  # fmt: skip
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return True
            return False


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CASEREVIEWS_") or k.endswith("_FILES")}
    return kept | {"NO_COLOR": "1"}


def picture(data: Path) -> dict[str, Any]:
    """What an archive and an index hold, without times and run numbers: equal pictures, equal contents."""
    with Archive.open(data / "archive") as archive:
        rows = archive.db.execute(
            "SELECT id, title, url, type, publisher, area, nation, incident, reported, published, updated, reference, "
            "summary, keywords, licence, withdrawn, state FROM review ORDER BY id"
        )
        reviews = [tuple(row) for row in rows]
        rows = archive.db.execute(
            "SELECT d.review, d.url, d.kind, d.title, d.state, d.failure, v.sha256, v.bytes, v.media_type "
            "FROM document d LEFT JOIN version v ON v.document = d.id ORDER BY d.review, d.url, v.id"
        )
        documents = [tuple(row) for row in rows]
        missing = [r["sha256"] for r in archive.db.execute("SELECT sha256 FROM version") if not _whole(archive, r[0])]
    with sqlite3.connect(data / "index" / "pages.sqlite3") as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        counts = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables & {"record", "page"}}
    return {"reviews": reviews, "documents": documents, "damaged": missing, "index": counts}


def _whole(archive: Archive, sha256: str) -> bool:
    return bool(archive.read_blob(sha256))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the invented reviews, built once."""
    return tmp_path_factory.mktemp("replica")


@pytest.fixture
def replica(corpus: Path) -> Iterator[Replica]:
    """The bundled replica in its first state."""
    with Replica(corpus, state=1) as running:
        yield running


@pytest.fixture
def command(replica: Replica, tmp_path: Path) -> Command:
    """The command on the bundled replica, with an empty data folder."""
    return Command(tmp_path / "data", replica.url)


def seconds(command: Command, *words: str) -> tuple[Done, float]:
    """Run and time a command."""
    start = time.monotonic()
    done = command(*words)
    return done, time.monotonic() - start
