"""The tags of reviews in the page store: written beside a record, read with the proof of each."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from casereviews.model import Record, Tag
from search.passages import page_url, plain

FIELDS = ("theme", "agency", "age", "listed")
"""Facts of a record that come from its tags and its listed keywords."""


def facts(record: Record) -> set[tuple[str, str]]:
    """What a record is filtered by because of its tags: each concept, and every wider one."""
    found = {("theme", theme) for theme in record.themes} | {("agency", agency) for agency in record.agencies}
    found |= {(tag.field, concept) for tag in record.tags for concept in (tag.concept, *tag.wider)}
    return found | {("listed", concept) for concept in record.listed}


def store(connection: sqlite3.Connection, number: int, tags: Iterable[Tag]) -> None:
    """Write the tags of a record that has none."""
    rows = [
        (
            number,
            tag.concept,
            tag.field,
            tag.relevance,
            tag.mentions,
            len(tag.pages),
            json.dumps(
                {"pages": tag.pages, "why": tag.why, "evidence": [asdict(each) for each in tag.evidence]},
                ensure_ascii=False,
            ),
        )
        for tag in tags
    ]
    connection.executemany("INSERT INTO tag VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def retag(connection: sqlite3.Connection, record: Record) -> bool:
    """Replace the tags of a record that is in the index; False where they are the same already."""
    found = connection.execute("SELECT number FROM record WHERE review = ?", (record.review.id,)).fetchone()
    if found is None:
        return False
    (number,) = found
    new = facts(record)
    marks = ", ".join("?" * len(FIELDS))
    query = f"SELECT field, value FROM facet WHERE record = ? AND field IN ({marks})"  # noqa: S608
    old = set(connection.execute(query, (number, *FIELDS)))
    before = connection.execute("SELECT concept, value, relevance FROM tag WHERE record = ?", (number,)).fetchall()
    connection.execute("DELETE FROM tag WHERE record = ?", (number,))
    store(connection, number, record.tags)
    after = connection.execute("SELECT concept, value, relevance FROM tag WHERE record = ?", (number,)).fetchall()
    if old == new and sorted(before) == sorted(after):
        return False
    connection.executemany(
        "DELETE FROM facet WHERE record = ? AND field = ? AND value = ?", [(number, *fact) for fact in old - new]
    )
    connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", [(*fact, number) for fact in sorted(new - old)])
    (stored,) = connection.execute("SELECT value FROM description WHERE record = ?", (number,)).fetchone()
    described = json.loads(stored) | {
        "themes": list(record.themes),
        "agencies": list(record.agencies),
        "listed": list(record.listed),
    }
    connection.execute("UPDATE description SET value = ? WHERE record = ?", (json.dumps(described), number))
    return True


def tags_of(connection: sqlite3.Connection, record: int, concepts: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The JSON of a record's tags with their proof, best first; of these concepts only, if any are given."""
    documents = connection.execute(
        "SELECT url, media_type FROM document WHERE record = ? ORDER BY id", (record,)
    ).fetchall()
    wanted = set(concepts)
    rows = connection.execute(
        "SELECT concept, field, relevance, mentions, value FROM tag WHERE record = ? ORDER BY relevance DESC, concept",
        (record,),
    )
    made = []
    for concept, field, relevance, mentions, value in rows:
        if not wanted or concept in wanted:
            held = json.loads(value)
            made.append(
                {
                    "theme": concept,
                    "field": field,
                    "relevance": relevance,
                    "mentions": mentions,
                    "pages": [
                        dict(zip(("document", "page", "relevance"), page, strict=True)) for page in held["pages"]
                    ],
                    "why": [{"feature": name, "adds": value} for name, value in held["why"]],
                    "evidence": [_evidence(each, documents) for each in held["evidence"]],
                }
            )
    return made


def _evidence(held: Mapping[str, Any], documents: list[tuple[str, str | None]]) -> dict[str, Any]:
    place = held["document"]
    url = None
    if place is not None and 1 <= place <= len(documents):
        address, media_type = documents[place - 1]
        url = page_url(address, media_type, held["page"], None)
    return {
        "words": plain(held["words"]),
        "sentence": plain(held["sentence"]),
        "document": place,
        "page": held["page"],
        "section": held["section"],
        "negated": held["negated"],
        "uncertain": held["uncertain"],
        "document_url": url,
    }


def narrower(scheme: Mapping[str, Mapping[str, Any]], concepts: Iterable[str]) -> frozenset[str]:
    """Concepts and all narrower ones, by a scheme of concept to its facts."""
    found = set(concepts)
    grown = True
    while grown:
        more = {concept for concept, facts in scheme.items() if facts["broader"] in found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def theme_evidence(connection: sqlite3.Connection, record: int, concepts: Iterable[str]) -> list[dict[str, Any]]:
    """The best sentence for each of these concepts that a record has."""
    made = []
    for tag in tags_of(connection, record, concepts):
        best = next((each for each in tag["evidence"] if not each["negated"]), None)
        if best:
            made.append({"theme": tag["theme"], "relevance": tag["relevance"], **best})
    return made
