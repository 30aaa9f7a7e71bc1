"""Worker processes that read documents within limits of time and memory.

A document that breaks a limit loses its worker and is recorded with the reason; the others go on.
"""

import atexit
import os
import signal
import sys
import threading
import types
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from indexer.extract.kinds import PDF_TYPE
from indexer.extract.limits import MAX_SCANS, MEGABYTE, OCR_USUAL_SECONDS
from indexer.extract.result import Extraction
from indexer.extract.worker import read, start

_DOCUMENTS_PER_WORKER = 50
_SECONDS_PER_MEGABYTE = 20.0
"""A megabyte of plain text is some 200 pages."""
_LARGEST = 10
"""However large it is, a document has no more than this many times the seconds of a small one."""
_WALL = 3
"""Wall time for each second of processor time: on a busy machine a document waits, and is not to fail for it."""
_WAITING_PER_WORKER = 4
_XCPU_EXIT, _SEGMENTATION_EXIT = -24, -11
_OUTSIDE_EXITS = (-signal.SIGKILL, -signal.SIGTERM, 255)
"""How a worker ends that was stopped from outside, 255 where its server was: no limit of ours ends one so."""
_LAUNCH = threading.Lock()


class _Process(ForkServerProcess):
    """A worker that never imports the caller's main module: a script without a guard may read documents.

    Nor does it see SIGINT: Ctrl-C goes to every process of a terminal, and the caller stops its workers itself.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with _LAUNCH:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = types.ModuleType("__main__")
            before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
            try:
                return ForkServerProcess._Popen(process_obj)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                sys.modules["__main__"] = main


class _Context(ForkServerContext):
    Process = _Process


@dataclass(frozen=True, slots=True)
class _Job:
    """A document to be read; `again` when the worker that read it was stopped from outside."""

    key: str
    source: Path | bytes
    media_type: str
    scans: int = 0
    again: bool = False


class Extractor:
    """A pool of `workers` processes; `seconds` of processor time for a small document (more for a large one,
    and thrice as much by the clock) and `megabytes` of memory for any.
    """

    def __init__(self, workers: int = 1, seconds: float = 60.0, megabytes: int = 768) -> None:
        self._seconds = seconds
        self._workers = max(1, workers)
        context = _Context()
        context.set_forkserver_preload(["indexer.extract.worker", "indexer.extract.pdf"])
        self._pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_DOCUMENTS_PER_WORKER,
            initializer=start,
            initargs=(megabytes * MEGABYTE,),
            context=context,
        )

    def __enter__(self) -> "Extractor":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the workers, whatever they are reading."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def map(self, items: Iterable[tuple[str, Path, str]]) -> Iterator[tuple[str, Extraction]]:
        """Read `(key, path, media type)` items; yields `(key, extraction)` as they finish."""
        return self._each(_Job(*item) for item in items)

    def read_scans(self, items: Iterable[tuple[str, Path, int]]) -> Iterator[tuple[str, Extraction]]:
        """Read `(key, path of a PDF, scanned pages in it)` items anew, with OCR; the time grows by the pages."""
        return self._each(_Job(key, path, PDF_TYPE, scans) for key, path, scans in items)

    def read(self, source: Path | bytes, media_type: str) -> Extraction:
        """Read one document."""
        ((_, extraction),) = self._each([_Job("", source, media_type)])
        return extraction

    def _each(self, jobs: Iterable[_Job]) -> Iterator[tuple[str, Extraction]]:
        waiting: dict[Future[Extraction], _Job] = {}
        for job in jobs:
            waiting[self._schedule(job)] = job
            if len(waiting) >= self._workers * _WAITING_PER_WORKER:
                yield from self._finished(waiting)
        while waiting:
            yield from self._finished(waiting)

    def _schedule(self, job: _Job) -> "Future[Extraction]":
        size = len(job.source) if isinstance(job.source, bytes) else _size(job.source)
        seconds = min(self._seconds + _SECONDS_PER_MEGABYTE * size / MEGABYTE, self._seconds * _LARGEST)
        ocr_seconds = OCR_USUAL_SECONDS * min(job.scans, MAX_SCANS)
        arguments = (job.source, job.media_type, seconds + ocr_seconds, ocr_seconds)
        future: Future[Extraction] = self._pool.schedule(read, args=arguments, timeout=_WALL * seconds + ocr_seconds)
        return future

    def _finished(self, waiting: dict["Future[Extraction]", _Job]) -> Iterator[tuple[str, Extraction]]:
        """What is done; a document whose worker was stopped from outside is read once more."""
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            job = waiting.pop(future)
            if not job.again and _stopped_from_outside(future):
                waiting[self._schedule(job)] = replace(job, again=True)
            else:
                yield job.key, _outcome(future)


def _stopped_from_outside(future: "Future[Extraction]") -> bool:
    error = future.exception()
    return isinstance(error, ProcessExpired) and error.exitcode in _OUTSIDE_EXITS


def _outcome(future: "Future[Extraction]") -> Extraction:
    try:
        return future.result()
    except TimeoutError:
        return Extraction(reason="timeout")
    except ProcessExpired as error:
        return Extraction(reason=_reason(error.exitcode), notices=("the process that read it was stopped",))
    except MemoryError:
        return Extraction(reason="memory")
    except FileNotFoundError:
        return Extraction(reason="damaged", notices=("the stored file is missing",))


def _reason(exit_code: int) -> str:
    if exit_code == _XCPU_EXIT:
        return "timeout"
    return "damaged" if exit_code == _SEGMENTATION_EXIT else "memory"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


_single: Extractor | None = None
_single_owner = 0
_single_lock = threading.Lock()


def extract_isolated(body: bytes, media_type: str) -> Extraction:
    """Read one document in a limited worker process, kept for the next one; never raises for its content."""
    global _single, _single_owner
    with _single_lock:
        if _single is None or _single_owner != os.getpid():
            _single, _single_owner = Extractor(), os.getpid()
            atexit.register(_single.close)
        extractor = _single
    return extractor.read(body, media_type)
