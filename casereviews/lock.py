"""One run at a time: a kernel lock on `data/lock`, which a kill releases by itself."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from casereviews.errors import LockedError, StorageError


def holder(data: Path) -> str | None:
    """Who works on a data folder and since when; None where nobody does. Never in a run's way."""
    try:
        said = (data / "lock").read_text(encoding="ascii", errors="replace").strip()
        number = int(said.split()[1])
        os.kill(number, 0)
    except (OSError, IndexError, ValueError) as error:
        return said if isinstance(error, PermissionError) else None  # another user's process is one too
    return said


@contextmanager
def run_lock(data: Path) -> Iterator[None]:
    """Hold the run lock of a data folder, which is made if need be; LockedError says who holds it since when."""
    path = data / "lock"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"cannot write to the data folder {data}: {error.strerror}; choose with --data") from error
    try:
        try:
            # A record lock and not flock: a forked worker that outlives a killed run must not keep it.
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            holder = os.read(lock, 200).decode("ascii", "replace").strip() or "another process"
            raise LockedError(f"another run works on {data}: {holder}; wait for it or stop it") from None
        os.ftruncate(lock, 0)
        os.write(lock, f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
        yield
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)
