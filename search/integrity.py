"""Whether the files of an index are the ones that this program wrote.

The engine's files never change once written; the page store names them with their hashes. The page store
itself does change, so its own seal, a file beside it, is broken before a writer begins and renewed when it
ends; an index whose last writer was killed has none, and its next writer examines it instead.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casereviews.errors import DamagedError
from search.pages import REBUILD, STORE, refuse_foreign

SEAL = "pages.seal"


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


def seal(folder: Path, known: Mapping[str, Any]) -> bool:
    """Seal the page store as it is; False, and no seal, while some of it is still in its write-ahead log."""
    if _pending(folder):
        return False
    stamp = _stamp(folder / STORE)
    made = known if known.get("stamp") == stamp else {"sha256": _digest(folder / STORE), "stamp": stamp}
    draft = folder / f"{SEAL}.new"
    draft.write_text(json.dumps(made), encoding="utf-8")
    draft.replace(folder / SEAL)
    return True


def break_seal(folder: Path) -> dict[str, Any]:
    """Take the seal off before the page store is changed; what it said, nothing where there was none."""
    path = folder / SEAL
    try:
        entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        entry = {}
    path.unlink(missing_ok=True)
    return entry


def check_seal(folder: Path) -> None:
    """DamagedError when the page store is not as it was sealed; nothing is said while a writer is at work."""
    path = folder / SEAL
    for _ in range(3):
        try:
            sealed = path.read_text(encoding="utf-8")
            entry = json.loads(sealed)
            check(folder, {STORE: {"stamp": entry["stamp"], "sha256": entry["sha256"]}})
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            raise DamagedError(f"{path} is not what was written; {REBUILD}") from None
        except DamagedError:
            if path.exists() and path.read_text(encoding="utf-8") == sealed and not _pending(folder):
                raise
        else:
            return


def _pending(folder: Path) -> bool:
    try:
        return (folder / f"{STORE}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def _stamp(path: Path) -> list[int]:
    """Size, modification and change time in nanoseconds, and inode."""
    found = path.lstat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
