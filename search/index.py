"""The index as it is searched and read: one generation, unmoved by what is written meanwhile."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from casereviews.errors import DamagedError, NoIndexError, UsageError
from search import integrity, pages
from search.clock import Clock
from search.copies import Families, copies_of, links
from search.engine import engine
from search.facets import Facets
from search.passages import page_url, plain
from search.recommendations import recommendation_facts
from search.results import (
    DocumentEntry,
    Hit,
    PageText,
    RecommendationHit,
    ReviewEntry,
    Searched,
    SearchRequest,
    SearchResult,
)
from search.staleness import stale_sources
from search.stretches import Parts, Recommendations
from search.vocabulary import Vocabulary

_RETRIES = 5


def open_index(folder: Path) -> "Index":
    """Open the newest generation of the index in `folder`; use it in a `with`, or close it.

    Raises NoIndexError where there is none, DamagedError where it is not what this program wrote.
    """
    failure: DamagedError | None = None
    last = None
    for _ in range(_RETRIES):
        with pages.storage_errors(folder):
            connection = pages.connect(folder)
            generation = None
            try:
                integrity.check_seal(folder)
                connection.execute("BEGIN")
                state = pages.read_state(connection)
                generation = state.get("generation", 0)
                if failure and generation == last:
                    raise failure
                if not generation:
                    raise NoIndexError(f"the search index in {folder} is empty; run: casereviews refresh")
                return Index(folder, connection, state)
            except DamagedError as error:
                connection.close()
                if error is failure or generation is None:
                    raise
                failure, last = error, generation  # a commit may have come between: then look again
            except BaseException:
                connection.close()
                raise
    raise failure or AssertionError


class Index:
    """One generation of the index, for one thread."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, state: Mapping[str, Any]) -> None:
        self.folder = folder
        self.connection = connection
        self.generation: int = state["generation"]
        self.built: str = state["built"]
        """When it was committed, in UTC."""
        self._engine = engine(state["engine"])
        self._files = folder / self._engine.folder
        integrity.check(self._files, state["files"])
        self.clock = Clock()
        self._starts: dict[int, Sequence[int]] = {}
        lengths = dict(connection.execute("SELECT number, words FROM record"))
        try:
            self.reader = self._engine.reader(self._files, state["engine_state"], lengths, self.clock.check)
        except FileNotFoundError as error:  # removed since it was checked: a commit came between
            raise DamagedError(f"the search index in {folder} lost {error.filename}; {pages.REBUILD}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()
        self.connection.close()

    def stem(self, word: str) -> str:
        """What the forms of a word have in common."""
        return self._engine.stem(word)

    @cached_property
    def ledger(self) -> dict[str, Any]:
        """What the last build noted about the archive and itself."""
        return pages.read_state(self.connection, "ledger")

    @cached_property
    def facets(self) -> Facets:
        """The facts of this generation's records."""
        return Facets(self.connection, self.ledger.get("labels", {}))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of this generation."""
        return Vocabulary(self.connection, self._engine.stem, self.clock.check)

    @cached_property
    def searched(self) -> Searched:
        """What a search looks through, and what it cannot."""
        states = dict(self.connection.execute("SELECT state, count(*) FROM document GROUP BY state"))
        return Searched(
            reviews=self.connection.execute("SELECT count(*) FROM record").fetchone()[0],
            documents=sum(states.values()),
            documents_without_text=states.get("without_text", 0),
            documents_failed=states.get("failed", 0),
            stale=stale_sources(self.ledger.get("sources", {}), datetime.now(UTC)),
        )

    @cached_property
    def parts(self) -> Parts:
        """Where sections start among the words of records."""
        return Parts(self.connection)

    @cached_property
    def recommendations(self) -> Recommendations:
        """Where recommendations stand among the words of records, and what they are."""
        return Recommendations(self.connection)

    @cached_property
    def recommendation_count(self) -> int:
        """How many recommendations there are."""
        return int(self.connection.execute("SELECT count(*) FROM recommendation").fetchone()[0])

    def recommendations_of(self, id: str) -> list[dict[str, Any]]:
        """The recommendations of a review in the order in which they stand, each with its page and where to open it."""
        with pages.storage_errors(self.folder):
            record, _ = self.find(id)
            return [recommendation_facts(row) for row in self.recommendations.all_of(record)]

    @cached_property
    def families(self) -> Families:
        """Which reviews are the same for certain."""
        return Families.read(self.connection)

    def links(self) -> list[dict[str, Any]]:
        """Every two reviews that are or may be the same, see `search.copies.links`."""
        with pages.storage_errors(self.folder):
            return links(self.connection)

    @cached_property
    def theme_count(self) -> int:
        """How many themes any review has."""
        query = "SELECT count(DISTINCT concept) FROM tag WHERE field = 'theme'"
        return int(self.connection.execute(query).fetchone()[0])

    @cached_property
    def page_count(self) -> int:
        """How many pages of documents there are."""
        return int(self.connection.execute("SELECT count(*) FROM page WHERE document NOT NULL").fetchone()[0])

    def search(self, request: SearchRequest | str) -> SearchResult:
        """Answer a search; QueryError (a UsageError) for one that breaks a limit or names what there is not."""
        from search.searching import Search

        if isinstance(request, str):
            request = SearchRequest(request)
        with pages.storage_errors(self.folder):
            self.clock.start()
            return Search(self, request).result()

    def stream(self, request: SearchRequest) -> tuple[SearchResult, Iterator[Hit | RecommendationHit]]:
        """The answer to a search without its hits, and these one by one: however many, they take no memory."""
        from search.searching import Search

        with pages.storage_errors(self.folder):
            self.clock.start()
            found, hits = Search(self, request).stream()
        return found, self._told(hits)

    def _told(self, hits: Iterator[Hit | RecommendationHit]) -> Iterator[Hit | RecommendationHit]:
        with pages.storage_errors(self.folder):
            for hit in hits:
                yield hit
                self.clock.start()  # each hit has a search's time

    def review(self, id: str) -> ReviewEntry:
        """A review by its id or the beginning of it; UsageError where none or several begin so."""
        with pages.storage_errors(self.folder):
            number, found = self.find(id)
            (facts,) = self.connection.execute("SELECT value FROM description WHERE record = ?", (number,)).fetchone()
            copies = tuple(copies_of(self.connection, found))
            return ReviewEntry(found, json.loads(facts), self._documents(number), copies)

    def find(self, id: str) -> tuple[int, str]:
        """The record and the whole id of a review, by its id or the beginning of it; UsageError as `review`."""
        query = "SELECT number, review FROM record WHERE review >= ? AND review < ? ORDER BY review LIMIT 4"
        rows = self.connection.execute(query, (id, id + "\U0010ffff")).fetchall()
        if not rows and ":" not in id:
            query = "SELECT number, review FROM record WHERE instr(review, ?) > 0 ORDER BY review LIMIT 4"
            rows = self.connection.execute(query, (f":{id}",)).fetchall()
        if not rows:
            raise UsageError(f"no review {plain(id)!r} in the index")
        exact = [row for row in rows if id in (row[1], row[1].partition(":")[2])]
        if len(rows) > 1 and len(exact) != 1:
            names = ", ".join(row[1] for row in rows[:3]) + (" and others" if len(rows) > 3 else "")
            raise UsageError(f"{plain(id)!r} may be {names}; write more of it")
        number, found = (exact or rows)[0]
        return int(number), str(found)

    def _documents(self, number: int) -> tuple[DocumentEntry, ...]:
        rows = self.connection.execute(
            "SELECT url, kind, title, media_type, sha256, state, reason, retrieved,"
            " (SELECT count(*) FROM page WHERE page.document = document.id"
            "  AND page.id BETWEEN ? AND ?) FROM document WHERE record = ? ORDER BY id",
            (pages.page_id(number, 0), pages.page_id(number + 1, 0), number),
        )
        return tuple(DocumentEntry(place, *row) for place, row in enumerate(rows, 1))

    def page(self, review: str, number: int, document: int | None = None) -> PageText:
        """One page by its number in its document; `document` is the document's place in the review, from 1.

        Without it the first document that has text is meant. UsageError where there is no such page.
        """
        entry = self.review(review)
        with pages.storage_errors(self.folder):
            record, _ = self.find(entry.id)
            chosen = entry.document(document)
            row = self.connection.execute(
                "SELECT page.number, printed, section, anchor, text, ocr FROM page"
                " JOIN document ON document.id = page.document AND document.record = ? AND document.url = ?"
                " WHERE page.id BETWEEN ? AND ? AND page.number = ?",
                (record, chosen.url, pages.page_id(record, 0), pages.page_id(record + 1, 0), number),
            ).fetchone()
        if row is None:
            raise UsageError(f"{entry.id} has no page {number} in document {chosen.place}, which has {chosen.pages}")
        return PageText(
            review=entry.id,
            title=plain(entry.facts["title"]),
            number=row[0],
            printed=row[1],
            section=row[2],
            anchor=row[3],
            text=pages.unpack_text(row[4]),
            document=chosen.place,
            document_url=page_url(chosen.url, chosen.media_type, row[0], row[3]),
            document_title=chosen.title,
            kind=chosen.kind,
            pages=chosen.pages,
            ocr=row[5],
        )

    def unread(self) -> list[dict[str, Any]]:
        """Every document that was not read, or in part only: its review, URL, state and the reason."""
        with pages.storage_errors(self.folder):
            rows = self.connection.execute(
                "SELECT review, url, state, reason FROM document JOIN record ON record.number = document.record"
                " WHERE state != 'readable' OR reason NOT NULL ORDER BY review, document.id"
            )
            names = ("review", "url", "state", "reason")
            return [dict(zip(names, row, strict=True)) for row in rows]

    def every_page(self) -> Iterator[tuple[str, str, str | None, int, str]]:
        """Every page as the index holds it: its review, its document's URL and SHA-256, its number and text."""
        with pages.storage_errors(self.folder):
            rows = self.connection.execute(
                "SELECT record.review, document.url, document.sha256, page.number, page.text FROM record"
                " JOIN document ON document.record = record.number JOIN page ON page.document = document.id"
                " AND page.id BETWEEN record.number << ? AND (record.number + 1) << ? ORDER BY document.id, page.id",
                (pages.PAGE_BITS, pages.PAGE_BITS),
            )
            for review, url, sha256, number, text in rows:
                yield review, url, sha256, number, pages.unpack_text(text)

    def starts(self, record: int) -> Sequence[int]:
        """The position at which each page of a record starts, its description first."""
        if record not in self._starts:
            (stored,) = self.connection.execute("SELECT starts FROM record WHERE number = ?", (record,)).fetchone()
            self._starts[record] = pages.unpack_starts(stored)
        return self._starts[record]

    @cached_property
    def order(self) -> dict[int, tuple[str, str]]:
        """For each record its review id and date of publication, to sort hits by."""
        rows = self.connection.execute("SELECT number, review, published FROM record")
        return {number: (review, published or "") for number, review, published in rows}
