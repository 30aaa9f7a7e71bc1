"""Log and progress on stderr: bars on a terminal, plain lines with -v, otherwise only what went wrong."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from casereviews.errors import StorageError
from casereviews.terminal import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LINE_EVERY = 5.0
"""Seconds between two plain lines of the same step."""

LOG_BYTES = 5_000_000
LOGS_KEPT = 5
"""Size of a log file, and how many older ones are kept beside it."""

_STEPS = {
    "read": "Reading documents",
    "ocr": "Reading scanned pages",
    "index": "Indexing reviews",
    "tag": "Finding themes",
    "hash": "Checking files",
    "pages": "Checking pages",
}


class Reporter:
    """Told by the crawl and the build how far they are."""

    def __init__(self, bars: "Progress | None", *, lines: bool) -> None:
        self._bars = bars
        self._lines = lines
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}

    def note(self, text: str) -> None:
        """Say something once, whatever else is shown."""
        print(f"note: {clean(text)}", file=sys.stderr)

    def build(self, step: str, done: int, of: int) -> None:
        """The build has done `done` of `of` of a step."""
        self._show(_STEPS.get(step, step), done, of)

    def crawl(self, source: str, counts: Mapping[str, int | None]) -> None:
        """A source's counts: requests, reviews, documents, expected."""
        self._show(f"Gathering from {clean(source)}", counts.get("reviews") or 0, counts.get("expected") or 0)

    def _show(self, name: str, done: int, of: int) -> None:
        told = f"{done:,} of {of:,}" if of else f"{done:,}"
        if self._bars is not None:
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(name, told=told)
            self._bars.update(self._tasks[name], completed=done, total=of or None, told=told)
        elif self._lines and (done == of or time.monotonic() - self._said.get(name, -_LINE_EVERY) >= _LINE_EVERY):
            self._said[name] = time.monotonic()
            print(f"{name}: {told}", file=sys.stderr, flush=True)


@contextmanager
def reporter(options: argparse.Namespace, log_file: Path | None = None) -> Iterator[Reporter]:
    """A reporter as this run's stderr and flags want it, with the log set up beside it, in a file too if named."""
    _start_log(options.verbose - options.quiet)
    if log_file is not None:
        _log_to(log_file)
    if options.quiet or options.verbose or not sys.stderr.isatty():
        yield Reporter(None, lines=options.verbose > options.quiet)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, no_color=True if options.no_color else None, highlight=False)
    columns = TextColumn("{task.description:<22}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        yield Reporter(bars, lines=False)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what sys.stderr is now: a progress bar puts itself there."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """Today's standard error."""
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Never kept."""


class _Line(logging.Formatter):
    """A record as lines without control characters; what a server sent must not steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record, cleaned."""
        return clean(super().format(record), lines=True)


class _File(RotatingFileHandler):
    """A log that is kept; when its disk is full the run goes on without it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing: what is wrong is told on stderr anyway."""

    def _open(self) -> TextIOWrapper:
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT, 0o600))
        return super()._open()


def _log_to(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _File(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", errors="replace")
    except OSError as error:
        raise StorageError(f"cannot write the log to {path}: {error.strerror}; choose with --log-file") from error
    handler.setFormatter(_Line("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    for each in root.handlers:
        each.setLevel(root.level)  # stderr stays as quiet as it was
    root.setLevel(min(root.level, logging.INFO))
    root.addHandler(handler)


def _start_log(loudness: int) -> None:
    handler = _Stderr()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(handlers=[handler], force=True)
    levels = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
    logging.getLogger().setLevel(levels.get(max(-1, min(loudness, 2)), logging.DEBUG))
