"""What our engine is measured against: Whoosh as its manual shows it, and SQLite's FTS5; both by page."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from casereviews.model import Record


@dataclass(frozen=True)
class Question:
    """One query in neutral form, so that each engine can ask it in its own way."""

    kind: str
    words: tuple[str, ...]
    types: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    facets: bool = False
    snippets: bool = False


class NaiveWhoosh:
    """A record for each page, the default schema and writer, its own parser, highlights and And filters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._searcher: Any = None

    def build(self, records: Iterable[Record]) -> None:
        """Index the pages of all records."""
        from whoosh import index
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import DATETIME, ID, KEYWORD, NUMERIC, TEXT, Schema

        stems = StemmingAnalyzer(stoplist=None)
        schema = Schema(
            review=ID(stored=True),
            page=NUMERIC(stored=True),
            title=TEXT(analyzer=stems, stored=True),
            text=TEXT(analyzer=stems, stored=True),
            type=ID(stored=True),
            year=NUMERIC(stored=True),
            published=DATETIME(stored=True),
            theme=KEYWORD(stored=True, commas=True),
        )
        self.folder.mkdir()
        writer = index.create_in(str(self.folder), schema).writer()
        for record in records:
            writer_fields = {
                "review": record.review.id,
                "title": record.review.title,
                "type": record.review.type,
                "year": int((record.review.published or "0")[:4]),
                "published": datetime.fromisoformat(record.review.published or "1900-01-01"),
                "theme": ",".join(record.themes),
            }
            for page in record.documents[0].pages:
                writer.add_document(page=page.number, text=page.text, **writer_fields)
        writer.commit()

    def ask(self, question: Question) -> int:
        """Answer as the manual shows; how many hits were shown."""
        from whoosh import query, sorting
        from whoosh.index import open_dir
        from whoosh.qparser import FuzzyTermPlugin, MultifieldParser

        if self._searcher is None:
            self._index = open_dir(str(self.folder))
            self._searcher = self._index.searcher()
            self._parser = MultifieldParser(["title", "text"], self._index.schema)
            self._parser.add_plugin(FuzzyTermPlugin())
        wanted = self._parser.parse(_typed(question))
        if question.years:
            first, last = question.years
            dates = query.DateRange("published", datetime(first, 1, 1), datetime(last, 12, 31))
            wanted = query.And([wanted, dates, query.Or([query.Term("type", type_) for type_ in question.types])])
        options: dict[str, Any] = {}
        if question.facets:
            options["groupedby"] = {
                "theme": sorting.FieldFacet("theme", allow_overlap=True),
                "year": sorting.FieldFacet("year"),
            }
        results = self._searcher.search(wanted, limit=20, **options)
        total = len(results)  # every answer says how many hits there are
        assert total >= results.scored_length()
        if question.facets:
            assert results.groups("theme") is not None and results.groups("year") is not None
        if question.snippets:
            for hit in results:
                hit.highlights("text")
        return int(results.scored_length())


class Fts5:
    """A row for each page in an FTS5 table with Porter stems, facts of reviews in a table beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection: sqlite3.Connection | None = None

    def build(self, records: Iterable[Record]) -> None:
        """Index the pages of all records."""
        self.folder.mkdir()
        connection = sqlite3.connect(self.folder / "fts5.sqlite3")
        connection.executescript(
            "CREATE VIRTUAL TABLE page USING fts5(text, review UNINDEXED, number UNINDEXED, tokenize='porter');"
            "CREATE TABLE review (number INTEGER PRIMARY KEY, type TEXT, published TEXT, year TEXT);"
            "CREATE TABLE theme (theme TEXT, review INTEGER, PRIMARY KEY (review, theme)) WITHOUT ROWID;"
        )
        for number, record in enumerate(records):
            published = record.review.published or ""
            row = (number, record.review.type, published, published[:4])
            connection.execute("INSERT INTO review VALUES (?, ?, ?, ?)", row)
            connection.executemany("INSERT INTO theme VALUES (?, ?)", [(theme, number) for theme in record.themes])
            pages = [(page.text, number, page.number) for page in record.documents[0].pages]
            connection.executemany("INSERT INTO page VALUES (?, ?, ?)", pages)
        connection.commit()
        connection.close()

    def ask(self, question: Question) -> int:
        """Answer in SQL; how many hits were shown."""
        if self._connection is None:
            self._connection = sqlite3.connect(self.folder / "fts5.sqlite3")
        run = self._connection.execute
        match = _fts5(question)
        shown = "snippet(page, 0, '<b>', '</b>', '…', 32)" if question.snippets else "review"
        if question.years:
            first, last = question.years
            marks = ", ".join("?" * len(question.types))
            rows = run(
                "SELECT page.rowid FROM page JOIN review ON review.number = page.review WHERE page MATCH ?"
                f" AND review.type IN ({marks}) AND review.published BETWEEN ? AND ? ORDER BY rank LIMIT 20",
                (match, *question.types, f"{first}", f"{last}-12-31"),
            ).fetchall()
        else:
            rows = run(
                f"SELECT rowid, {shown} FROM page WHERE page MATCH ? ORDER BY rank LIMIT 20", (match,)
            ).fetchall()
        if question.facets:
            hits = "WITH hit AS (SELECT DISTINCT review FROM page WHERE page MATCH ?) SELECT "
            themes = "theme, count(*) FROM hit JOIN theme USING (review) GROUP BY theme"
            years = "year, count(*) FROM hit JOIN review ON review.number = hit.review GROUP BY year"
            for counted in (themes, years):
                run(hits + counted, (match,)).fetchall()
        return len(rows)


class Ours:
    """Our own engine through the public interface; a hit is a review, its total exact."""

    engine = "whoosh"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Any = None

    def build(self, records: Iterable[Record]) -> None:
        """Index all records."""
        from search import open_writer

        with open_writer(self.folder, engine=self.engine) as writer:
            for record in records:
                writer.add(record)
            writer.commit()

    def ask(self, question: Question) -> int:
        """Search; how many hits were shown."""
        from search import SearchRequest, open_index

        if self._index is None:
            self._index = open_index(self.folder)
        since, until = map(str, question.years) if question.years else (None, None)
        request = SearchRequest(
            _typed(question),
            filters={"type": question.types},
            since=since,
            until=until,
            facets=("theme", "year") if question.facets else (),
            limit=20,
            passages=1 if question.snippets else 0,
        )
        return len(self._index.search(request).hits)


class OursOnTantivy(Ours):
    """The same interface on our tantivy engine."""

    engine = "tantivy"


class Tantivy:
    """tantivy by itself: a record for each review, its English stems, its own parser, snippets and top 20."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Any = None

    def build(self, records: Iterable[Record]) -> None:
        """Index all records."""
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem", stored=True)
        schema.add_text_field("type", tokenizer_name="raw")
        schema.add_integer_field("year", indexed=True)
        self.folder.mkdir()
        writer = tantivy.Index(schema.build(), str(self.folder)).writer(num_threads=1)
        for record in records:
            text = "\n".join(page.text for page in record.documents[0].pages)
            year = int((record.review.published or "0")[:4])
            writer.add_document(tantivy.Document(text=text, type=record.review.type, year=year))
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, question: Question) -> int:
        """Answer as its manual shows; how many hits were shown."""
        import tantivy

        if question.facets or question.kind in ("fuzzy", "prefix"):
            raise NotImplementedError("its Python parser has neither")
        if self._index is None:
            self._index = tantivy.Index.open(str(self.folder))
        text = " AND ".join(question.words) if question.kind == "word" else _typed(question)
        wanted = self._index.parse_query(text, ["text"])
        if question.years:
            types = tantivy.Query.term_set_query(self._index.schema, "type", list(question.types))
            years = tantivy.Query.range_query(self._index.schema, "year", tantivy.FieldType.Integer, *question.years)
            must = tantivy.Occur.Must
            wanted = tantivy.Query.boolean_query([(must, wanted), (must, types), (must, years)])
        searcher = self._index.searcher()
        found = searcher.search(wanted, 20, count=True)
        if question.snippets:
            snippets = tantivy.SnippetGenerator.create(searcher, wanted, self._index.schema, "text")
            for _, address in found.hits:
                snippets.snippet_from_doc(searcher.doc(address)).to_html()
        return len(found.hits)


def _typed(question: Question) -> str:
    """As an analyst types it; Whoosh's language and ours agree so far."""
    text = " ".join(question.words)
    return {"phrase": f'"{text}"', "near": f'"{text}"~5', "prefix": f"{text}*", "fuzzy": f"{text}~"}.get(
        question.kind, text
    )


def _fts5(question: Question) -> str:
    text = " ".join(question.words)
    if question.kind == "near":
        return f"NEAR({text}, 4)"
    if question.kind == "fuzzy":
        raise NotImplementedError("FTS5 has no fuzzy words")
    return {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(question.kind, text)


Engine = NaiveWhoosh | Fts5 | Ours | Tantivy


def engines(folder: Path) -> dict[str, Engine]:
    """Every engine by name, its index in a folder of its own."""
    made: dict[str, Callable[[Path], Engine]] = {
        "ours": Ours,
        "whoosh": NaiveWhoosh,
        "fts5": Fts5,
        "ours-tantivy": OursOnTantivy,
        "tantivy": Tantivy,
    }
    return {name: kind(folder / name) for name, kind in made.items()}
