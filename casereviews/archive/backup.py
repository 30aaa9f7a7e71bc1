"""A copy of the archive that is whole at every moment, made while a refresh may run."""

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from casereviews.archive.blobs import Blobs
from casereviews.archive.captures import Captures
from casereviews.archive.faults import catalogue_errors, storage_errors
from casereviews.errors import UsageError

CATALOGUE = "catalogue.sqlite3"


@dataclass(slots=True)
class BackedUp:
    """What a backup copied, what it had already, and what the archive itself lacks."""

    files: int = 0
    bytes: int = 0
    kept: int = 0
    missing: int = 0
    removed: int = 0
    """Files of reviews that were taken down since the last backup."""


def back_up(archive: Captures, folder: Path) -> BackedUp:
    """Bring the copy in `folder` up to date; it can be used as an archive folder itself.

    The catalogue is copied at one moment and takes the older one's place only when every file that it names is
    there. UsageError for a folder that holds something else, or is part of the archive.
    """
    _refuse(archive, folder)
    done = BackedUp()
    blobs = Blobs(folder / "blobs")
    fresh = folder / f"{CATALOGUE}.new"
    with storage_errors(folder), catalogue_errors(fresh):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.closing(sqlite3.connect(fresh)) as copy:
            archive.db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            named = {row[0] for row in copy.execute("SELECT sha256 FROM version UNION SELECT sha256 FROM capture")}
            taken_down = {
                row[0] for row in copy.execute("SELECT hash FROM takedown_hash WHERE kind IN ('file', 'page')")
            }
        for sha256 in sorted(named - {None}):
            _copy(archive, blobs, sha256, done)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(folder / CATALOGUE)
        for leftover in (f"{CATALOGUE}-wal", f"{CATALOGUE}-shm"):
            (folder / leftover).unlink(missing_ok=True)
        for sha256 in taken_down - named:
            if blobs.path(sha256).is_file():
                blobs.path(sha256).unlink()
                done.removed += 1
    return done


def _refuse(archive: Captures, folder: Path) -> None:
    own, wanted = archive.path.parent.resolve(), folder.resolve()
    if wanted == own or own in wanted.parents or wanted in own.parents:
        raise UsageError(f"a backup of {own} cannot stand in {wanted}; choose a folder elsewhere, best on another disk")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not _ours(folder):
        raise UsageError(f"{folder} holds something that is no backup of an archive; choose another folder")


def _ours(folder: Path) -> bool:
    return (folder / CATALOGUE).is_file() or (folder / f"{CATALOGUE}.new").is_file()


def _copy(archive: Captures, blobs: Blobs, sha256: str, done: BackedUp) -> None:
    """One file, whole or not at all; one that is there already is left."""
    source, target = archive.blob_path(sha256), blobs.path(sha256)
    try:
        size = source.stat().st_size
    except FileNotFoundError:
        done.missing += 1
        return
    if target.is_file() and target.stat().st_size == size:
        done.kept += 1
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f"{sha256}.new")
    try:
        shutil.copyfile(source, fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    except FileNotFoundError:  # taken down while the backup ran
        done.missing += 1
        return
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    done.files += 1
    done.bytes += size
