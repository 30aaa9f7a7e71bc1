"""Writing the index: records in and out, and a commit that switches to the next generation at once."""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from casereviews.errors import DamagedError, LockedError, UsageError
from casereviews.model import Record
from search import copies, integrity, pages, tags
from search.engine import ENGINES, Engine, EngineWriter
from search.engine import engine as engine_named
from search.entries import describe, facets_of, laid_out
from search.plans import TEXT, TITLE
from search.stretches import Placed, part_rows, recommendation_rows
from search.words import words

DOCUMENT_GAP = 1000
"""Positions left free between two documents, so that nothing is near across them."""


def open_writer(folder: Path, engine: str = "whoosh", *, rebuild: bool = False) -> "Writer":
    """Begin to change the index in `folder`, which is made where there is none.

    One writer at a time (LockedError). With `rebuild` the index starts empty, whatever was there; readers
    keep the old one until the commit. Without it an index that is damaged is DamagedError, and one that
    another engine wrote UsageError.
    """
    chosen = engine_named(engine)
    with pages.storage_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if not (folder / pages.STORE).exists():
            pages.create(folder)
        try:
            return Writer(folder, chosen, rebuild=rebuild)
        except DamagedError:
            if not rebuild:
                raise
        except sqlite3.DatabaseError as error:
            if not rebuild or getattr(error, "sqlite_errorcode", 0) & 0xFF in (
                sqlite3.SQLITE_BUSY,
                sqlite3.SQLITE_LOCKED,
            ):
                raise
        shutil.rmtree(folder / chosen.folder, ignore_errors=True)
        for leftover in (*folder.glob(f"{pages.STORE}*"), *folder.glob(f"{integrity.SEAL}*")):
            leftover.unlink()
        pages.create(folder)
        return Writer(folder, chosen, rebuild=True)


class Writer:
    """A session that changes the index; nothing is seen before `commit`, and leaving it undoes the rest."""

    def __init__(self, folder: Path, engine: Engine, *, rebuild: bool) -> None:
        self._folder, self._engine = folder, engine
        self._files = folder / engine.folder
        self._files.mkdir(mode=0o700, exist_ok=True)
        self._connection = pages.connect(folder, write=True)
        try:
            for pragma in ("synchronous = FULL", "cache_size = -65536", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.execute("BEGIN IMMEDIATE")
            self._begin(rebuild)
        except BaseException:
            self._connection.close()
            raise

    def _begin(self, rebuild: bool) -> None:
        state = pages.read_state(self._connection)
        integrity.check_seal(self._folder)
        self._seal = integrity.break_seal(self._folder)
        if not self._seal:
            self._examine()
        self._changed = rebuild
        if rebuild:
            self._clear()
        elif state.get("engine", self._engine.name) != self._engine.name:
            raise UsageError(
                f"the search index in {self._folder} was built with the engine {state['engine']}, "
                f"the configuration says {self._engine.name}; to change over, {pages.REBUILD}"
            )
        else:
            integrity.check(self._files, state.get("files", {}))
        self._generation: int = state.get("generation", 0)
        self._manifest = {} if rebuild else state.get("files", {})
        self._previous = set(state.get("files", {}))
        self._sweep(self._previous)
        engine_state = {} if rebuild else state.get("engine_state", {})
        self._writer: EngineWriter = self._engine.writer(self._files, engine_state)

    def _examine(self) -> None:
        """DamagedError unless the page store, which its last writer did not seal, is sound."""
        if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise DamagedError(f"the search index in {self._folder} is damaged; {pages.REBUILD}")

    def _clear(self) -> None:
        for table in (
            "state",
            "ledger",
            "record",
            "description",
            "document",
            "page",
            "part",
            "recommendation",
            "tag",
            "copy",
            "family",
            "facet",
            "word",
        ):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608

    def _sweep(self, keep: AbstractSet[str]) -> None:
        """Remove files of no generation that anyone may still open."""
        tops = {name.partition("/")[0] for name in keep}
        for path in self._files.iterdir():
            if path.name not in tops:
                with contextlib.suppress(PermissionError):  # a system that keeps open files: next time
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session; what was not committed is undone."""
        self._writer.discard()
        with contextlib.suppress(sqlite3.Error):
            self._connection.rollback()
        with contextlib.suppress(sqlite3.Error, OSError):  # a reader may be in the way: then it stays unsealed
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            integrity.seal(self._folder, self._seal)
        self._connection.close()

    def fingerprints(self) -> dict[str, str]:
        """Review id to the fingerprint of its record, for every record in the index."""
        with pages.storage_errors(self._folder):
            return dict(self._connection.execute("SELECT review, fingerprint FROM record"))

    def ledger(self) -> dict[str, Any]:
        """What `set_ledger` set."""
        with pages.storage_errors(self._folder):
            return pages.read_state(self._connection, "ledger")

    def set_ledger(self, values: Mapping[str, Any]) -> None:
        """Note facts about the whole index (JSON values); keys that are not named keep theirs."""
        with pages.storage_errors(self._folder):
            held = pages.read_state(self._connection, "ledger")
            changed = {key: value for key, value in values.items() if key not in held or held[key] != value}
            pages.write_state(self._connection, changed, "ledger")
            self._changed |= bool(changed)

    def set_copies(self, links: Sequence[copies.CopyLink], families: Iterable[Sequence[str]]) -> None:
        """Replace what is known of reviews that are or may be the same."""
        with pages.storage_errors(self._folder):
            copies.store(self._connection, links, families)
            self._changed = True

    def delete(self, review: str) -> bool:
        """Take a review out; False where it was not in."""
        with pages.storage_errors(self._folder):
            run = self._connection.execute
            found = run("SELECT number FROM record WHERE review = ?", (review,)).fetchone()
            if not found:
                return False
            (number,) = found
            self._changed = True
            run("DELETE FROM record WHERE number = ?", (number,))
            for table in ("description", "document", "facet", "part", "recommendation", "tag"):
                run(f"DELETE FROM {table} WHERE record = ?", (number,))  # noqa: S608
            first, last = pages.page_id(number, 0), pages.page_id(number + 1, 0)
            run("DELETE FROM page WHERE id >= ? AND id < ?", (first, last))
            return True

    def add(self, record: Record) -> None:
        """Put a review in; one with the same id is replaced."""
        self.delete(record.review.id)
        with pages.storage_errors(self._folder):
            self._changed = True
            self._add(record)

    def retag(self, record: Record) -> bool:
        """Give a review that is in the index other tags and nothing else; False where it has them already."""
        with pages.storage_errors(self._folder):
            changed = tags.retag(self._connection, record)
            self._changed |= changed
            return changed

    def _add(self, record: Record) -> None:
        review, run = record.review, self._connection.execute
        cursor = run(
            "INSERT INTO record (review, fingerprint, words, published, starts) VALUES (?, ?, 0, ?, '')",
            (review.id, record.fingerprint, review.published),
        )
        number = cursor.lastrowid
        assert number is not None
        run("INSERT INTO description VALUES (?, ?)", (number, json.dumps(describe(record))))
        runs: list[tuple[int, list[str]]] = []
        rows: list[tuple[Any, ...]] = []
        start = count = 0
        document_ids = self._document_ids(number, record)
        placed: list[Placed] = []
        for page, document in laid_out(record, document_ids):
            if page is None:
                start += DOCUMENT_GAP
                continue
            found = words(page.text)
            runs.append((start, found))
            placed.append(Placed(len(rows), document_ids.index(document) + 1 if document else 0, page, start))
            rows.append(
                (
                    pages.page_id(number, len(rows)),
                    document,
                    page.number or None,
                    page.printed,
                    page.section,
                    page.anchor,
                    pages.pack_text(page.text),
                    page.ocr,
                )
            )
            start += len(found)
            count += len(found)
        self._connection.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany("INSERT INTO part VALUES (?, ?, ?, ?, ?)", part_rows(number, record, placed))
        asked = recommendation_rows(number, record, placed, document_ids)
        self._connection.executemany("INSERT INTO recommendation VALUES (?, ?, ?, ?, ?, ?, ?)", asked)
        starts = pages.pack_starts([start for start, _ in runs])
        run("UPDATE record SET words = ?, starts = ? WHERE number = ?", (count, starts, number))
        facts = {(field, value, number) for field, value in facets_of(record) if value}
        self._connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", sorted(facts))
        tags.store(self._connection, number, record.tags)
        self._writer.add(number, {TEXT: runs, TITLE: [(0, words(review.title))]})

    def _document_ids(self, number: int, record: Record) -> list[int]:
        ids: list[int] = []
        for d in record.documents:
            row = (number, d.url, d.kind, d.title, d.media_type, d.sha256, d.state, d.reason, d.retrieved)
            cursor = self._connection.execute(
                "INSERT INTO document (record, url, kind, title, media_type, sha256, state, reason, retrieved)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            assert cursor.lastrowid is not None
            ids.append(cursor.lastrowid)
        return ids

    def commit(self, *, compact: bool = False) -> int:
        """Switch to a new generation that holds all changes so far, if there are any; its number.

        With `compact` whatever was deleted is gone from the files too, and the generation before with it.
        """
        if not (self._changed or compact) and self._generation:
            return self._generation
        with pages.storage_errors(self._folder):
            self._note_words(self._writer.forms())
            live = {number for (number,) in self._connection.execute("SELECT number FROM record")}
            engine_state, files = self._writer.finish(live, compact=compact)
            if compact:
                self._connection.execute("DELETE FROM word")
                self._note_words(self._writer.all_forms())
            self._manifest = integrity.manifest(self._files, files, self._manifest)
            self._generation += 1
            state = {
                "generation": self._generation,
                "engine": self._engine.name,
                "engine_state": engine_state,
                "files": self._manifest,
                "built": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            pages.write_state(self._connection, state)
            self._connection.execute("COMMIT")
            self._sweep(self._manifest.keys() | (set() if compact else self._previous))
            for other in ENGINES.keys() - {self._engine.name}:
                shutil.rmtree(self._folder / other, ignore_errors=True)
            self._previous = set(self._manifest)
            self._changed = False
            self._connection.execute("BEGIN IMMEDIATE")
            if pages.read_state(self._connection)["generation"] != self._generation:
                raise LockedError(f"another program has written the search index in {self._folder}; run it again")
        return self._generation

    def _note_words(self, forms: Iterable[str]) -> None:
        stem = self._engine.stem
        rows = ((form, stem(form)) for form in sorted(forms))
        self._connection.executemany("INSERT OR IGNORE INTO word VALUES (?, ?)", rows)
