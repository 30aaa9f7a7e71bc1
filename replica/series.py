"""Draws many invented reviews of one kind from the lists of `reviews/series.toml`; the same ones every time."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

SERIES = Path(__file__).parent / "reviews" / "series.toml"
BOARDS = Path(__file__).parent / "sites" / "boards.toml"
"""The invented boards, as a file of sites that sources take (docs/own-boards.md)."""
Row = dict[str, Any]


@cache
def _table() -> Row:
    return tomllib.loads(SERIES.read_text(encoding="utf-8"))


def places() -> dict[str, str]:
    """Every invented place with the region that it is said to lie in."""
    return dict(_table()["places"])


@cache
def boards() -> dict[str, Row]:
    """The row of every invented board, by its id."""
    return {row["id"]: row for row in tomllib.loads(BOARDS.read_text(encoding="utf-8"))["site"]}


def rows() -> Iterator[Row]:
    """The reviews of every series, the newest of each first, as rows of a table of reviews."""
    for series in _table()["series"]:
        yield from _rows(series)


def _rows(series: Row) -> Iterator[Row]:
    count, (first, last) = series["count"], series["years"]
    begin, end = date(first, 1, 15), date(last, 11, 12)
    step = (end - begin).days / max(1, count - 1)
    for number in range(count):
        chance = Random(f"{series['id']}/{number}")  # noqa: S311 - a story, not a secret
        published = end - timedelta(days=int(number * step))
        if series.get("added", 0) > number:
            published = date(2026, 11, 17)
        incident = published - timedelta(days=chance.randint(400, 1200))
        name = _name(series, number)
        place = chance.choice([place for place in places() if place != "Glanafon" or series["id"] == "dhr"])
        row: Row = {
            "id": f"{series['id']}-{count - number:03}",
            "kind": series["kind"],
            "title": series["title"].format(name=name),
            "publisher": f"{place} {series['publisher']}" if series["id"] != "pfd" else series["publisher"],
            "published": published,
            "sites": [series["site"]],
            "area": place,
            "subject": _subject(series["subject"], name),
            "name": name,
            "incident": f"{incident:%Y-%m}",
            "themes": chance.sample(_themes(series, name), chance.choice((2, 3, 4))),
            "recommendations": chance.choice(("label", "label", "bullet", "coded", "words", "table")),
            "since": 2 if series.get("added", 0) > number else 1,
            "gone": 2 if 5 <= number < 5 + series.get("gone", 0) else 0,
            "facts": {"region": places()[place]},
        }
        row["files"] = [_file(series, row, chance)]
        if series["id"] == "pfd" and number % 2 == 0 and row["published"].year > 2014:
            trust = f"{place} NHS Foundation Trust"
            answer = {"key": "response", "kind": "response", "title": f"Response from {trust}", "pages": 1}
            row["files"].append({**answer, "since": 2 if number == 4 else 1})
        if series["id"] == "local":
            _publish_locally(row, number)
        elif ids := series.get("boards"):
            _publish(row, boards()[ids[number % len(ids)]])
        yield row


def _publish_locally(row: Row, number: int) -> None:
    """Whether the NSPCC lists a local review, its own partnership does, or both."""
    if number % 5:
        england = [board for board in boards().values() if board["source"] == "partnerships"]
        # Names come again after 20: a board that has had a name does not get it twice.
        _publish(row, england[(number * 7 + number // 60) % len(england)])
        row["sites"] = ["nspcc", "partnerships"] if number % 4 == 2 or number == 9 else ["partnerships"]
    if number % 3 == 1:
        title = f"{row['name']}: 7 minute briefing"
        row["files"].append({"key": "briefing", "kind": "briefing", "title": title, "pages": 2})


def _publish(row: Row, board: Row) -> None:
    """Make a review that of a board and its area."""
    row["facts"]["board"] = board["id"]
    row["publisher"], row["area"] = board["name"], board["area"]


def _name(series: Row, number: int) -> str:
    if "names" in series:
        return str(series["names"][number % len(series["names"])])
    first, last = series["first"], series["last"]
    return f"{first[number % len(first)]} {last[number // len(first) % len(last)]}"


def _subject(kind: str, name: str) -> str:
    if kind == "child":
        return "baby" if name.startswith("Baby") else "teen" if name.startswith("Young") else "child"
    return kind


def _themes(series: Row, name: str) -> list[str]:
    themes: list[str] = series["baby_themes"] if name.startswith("Baby") else series["themes"]
    return themes


def _file(series: Row, row: Row, chance: Random) -> Row:
    low, high = series["pages"]
    file: Row = {"key": "report", "pages": chance.randint(low, high)}
    if row["published"].year <= series.get("scans", 0) and chance.random() < 0.6:
        return {**file, "layout": "scan", "pages": 2}
    file["layout"] = chance.choice(("plain", "plain", "tagged", "coded", "footnotes"))
    if series["id"] == "sar" and chance.random() < 0.2:
        file["media"] = "docx"
    return file
