"""A town whose board publishes invented reviews, and `casereviews` that gathers them, here or in another process."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import crawler.settings
from casereviews import clock
from casereviews.archive import Archive
from casereviews.cli import main
from tests.conftest import ROOT
from tests.crawler.faultserver import Answer, Web
from tests.crawler.toys import FILES, SITE, detail, listing
from tests.extract.made import written

TOYS = ["tests.crawler.toys"]

IN_A_PROCESS = """
import os, signal, sys
from datetime import timedelta
import crawler.settings
crawler.settings.SPIDER_MODULES = ["tests.crawler.toys"]
from casereviews import clock
from casereviews.archive import Archive
days, kill, *words = sys.argv[1:]
if limit := os.environ.get("TOWN_LARGEST_FILE"):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
clock.shift(timedelta(days=float(days)))
when, _, name = kill.partition(":")
if name:
    kept = getattr(Archive, name)
    def dying(self, *args, **options):
        if when == "after":
            kept(self, *args, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(Archive, name, dying)
from casereviews.cli import main
sys.exit(main(words))
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Town:
    """The web of a small board and the data folder that gathers it."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web = web
        self.data = folder / "data"
        self.days = 0.0
        self.listed: list[str] = []
        self.config: Path | None = None
        crawler.settings.SPIDER_MODULES = TOYS

    def publish(self, key: str, *pages: Sequence[str] | str, published: str = "2026-03-04") -> None:
        """Put up (or replace) a review with a report of these pages, each a list of lines."""
        self.file(key, *pages)
        self.web.routes[f"{SITE}/review/{key}"] = detail(key, f"https://{FILES}/{key}.pdf", published=published)
        if key not in self.listed:
            self.listed.insert(0, key)
        self.set_listing()

    def file(self, key: str, *pages: Sequence[str] | str, footer: str = "") -> None:
        """Put up (or replace) the report of a review."""
        lines = [[page] if isinstance(page, str) else page for page in pages]
        body = written(*lines, footer=footer)
        self.web.routes[f"{FILES}/{key}.pdf"] = Answer(body, "application/pdf", validators=True)

    def take_down(self, key: str) -> None:
        """List a review no more; its page is not there."""
        self.listed.remove(key)
        self.web.routes[f"{SITE}/review/{key}"] = Answer(status=404)
        self.set_listing()

    def set_listing(self) -> None:
        """Write the listing anew."""
        self.web.routes[f"{SITE}/list"] = listing(*self.listed)

    def archive(self) -> Archive:
        """Its archive, to look into."""
        return Archive.open(self.data / "archive")

    def words(self, words: Sequence[str | Path]) -> list[str]:
        """The whole command line behind `casereviews`."""
        config = ["--config", str(self.config)] if self.config else []
        return [*map(str, words), "--data", str(self.data), "--replica", self.web.base, *config]

    def run(self, *words: str | Path) -> Ended:
        """A command, in this process, at this day."""
        out, err = io.StringIO(), io.StringIO()
        clock.shift(timedelta(days=self.days))
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(self.words(words))
        finally:
            clock.shift(timedelta())
        return Ended(code, out.getvalue(), err.getvalue())

    def apart(
        self, *words: str | Path, kill: str = "", extra: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> Ended:
        """A command in a process of its own; `kill="before:close_run"` kills it there, `after:` behind it."""
        done = subprocess.run(
            [*before, sys.executable, "-c", IN_A_PROCESS, str(self.days), kill, *self.words(words)],
            capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **(extra or {})},
        )  # fmt: skip
        if kill:
            assert done.returncode == -signal.SIGKILL, done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    def refresh(self, code: int = 0, kill: str = "") -> Any:
        """A refresh that ends with this code; its digest, or None when it was killed."""
        words = ("refresh", "toy", "--format", "json")
        done = self.apart(*words, kill=kill) if kill else self.run(*words)
        if kill:
            return None
        assert done.code == code, done.err + done.out
        return done.json

    def source(self, digest: Mapping[str, Any]) -> Any:
        """The one source of a digest."""
        (source,) = digest["sources"]
        return source
