"""Content-addressed files: `blobs/ab/<sha256>`, each whole or absent."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from casereviews.archive.faults import storage_errors
from casereviews.errors import DamagedError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of bodies named by their SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a blob is; only a well-formed hash ever becomes a path."""
        if not _SHA256.fullmatch(sha256):
            raise DamagedError(f"{sha256!r} in the catalogue is no SHA-256; restore the archive from a backup")
        return self.folder / sha256[:2] / sha256

    def put(self, body: bytes) -> str:
        """Store `body` and return its SHA-256: written aside, flushed to disk, then renamed."""
        sha256 = hashlib.sha256(body).hexdigest()
        path = self.path(sha256)
        with storage_errors(path):
            if path.is_file() and path.stat().st_size == len(body):
                return sha256
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=self._incoming())
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The body, checked against its name; DamagedError when it is absent or differs."""
        path = self.path(sha256)
        try:
            with storage_errors(path):
                body = path.read_bytes()
        except FileNotFoundError:
            raise DamagedError(f"blob {sha256} is not in the archive; the next refresh fetches it again") from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise DamagedError(f"blob {sha256} is not what was stored; the next refresh fetches it again")
        return body

    def all(self) -> Iterator[Path]:
        """Every stored file."""
        with storage_errors(self.folder):
            for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
                yield from sorted(path for path in folder.iterdir() if _SHA256.fullmatch(path.name))

    def sweep(self) -> None:
        """Remove what interrupted writes left; only for the one process that may write."""
        with storage_errors(self.folder):
            for leftover in self._incoming().iterdir():
                leftover.unlink(missing_ok=True)

    def _incoming(self) -> Path:
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
