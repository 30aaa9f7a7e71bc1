"""What runs inside a worker process: its limits, and one document at a time."""

import gc
import multiprocessing
import os
import resource
import threading
from pathlib import Path

from indexer.extract.limits import MEGABYTE
from indexer.extract.read import extract
from indexer.extract.result import Extraction

_CONVERTED = 64 * MEGABYTE
"""The most that a converter of old formats may be handed in a file; nothing else is written."""


def start(memory: int) -> None:
    """Limit this process to `memory` bytes and to writing no file, and end it when its parent ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, _CONVERTED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    gc.disable()  # collected after each document; within one it costs a tenth of the time and frees little
    threading.Thread(target=_end_with_parent, daemon=True).start()


def read(source: Path | bytes, media_type: str, seconds: float, ocr_seconds: float = 0.0) -> Extraction:
    """Read one document; processor time is limited to `seconds` so that no loop in C outlives it."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))
    try:
        body = source if isinstance(source, bytes) else source.read_bytes()
        return extract(body, media_type, ocr_seconds=ocr_seconds)
    except MemoryError:
        return Extraction(reason="memory")
    finally:
        gc.collect()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
