"""Whether the engine's files are the ones that this program wrote."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casereviews.errors import DamagedError
from search.pages import REBUILD, refuse_foreign


def manifest(folder: Path, names: Iterable[str], known: Mapping[str, Any]) -> dict[str, Any]:
    """For each file its hash and stamp; what is `known` and unchanged is not read again."""
    made: dict[str, Any] = {}
    for name in names:
        stamp = _stamp(folder / name)
        entry = known.get(name)
        unchanged = entry and entry["stamp"] == stamp
        made[name] = entry if unchanged else {"sha256": _digest(folder / name), "stamp": stamp}
        if entry and made[name]["sha256"] != entry["sha256"]:
            raise DamagedError(f"{folder / name} is not what was written; {REBUILD}")
    return made


def check(folder: Path, files: Mapping[str, Any]) -> None:
    """DamagedError unless every file is as its manifest says.

    A file whose size, times and place on disk are those of its stamp was not written since; any other is
    read and hashed.
    """
    for name, entry in files.items():
        path = folder / name
        try:
            refuse_foreign(path)
            if _stamp(path) == entry["stamp"]:
                continue
            same = _digest(path) == entry["sha256"]
        except FileNotFoundError:
            raise DamagedError(f"{path} is missing from the search index; {REBUILD}") from None
        if not same:
            raise DamagedError(f"{path} is not what was written; {REBUILD}")


def _stamp(path: Path) -> list[int]:
    """Size, modification and change time in nanoseconds, and inode."""
    found = path.lstat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
