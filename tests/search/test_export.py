"""Exports: read back by the libraries of each format, whole whatever happens, never a formula."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bibtexparser
import openpyxl
import pytest
import rispy

from casereviews.cli import main
from casereviews.errors import StorageError, UsageError
from casereviews.model import Recommendation
from search import Index, SearchRequest, open_index, open_writer
from search.evidence import COLUMNS
from search.export import FORMATS, Exported, export
from tests.search.records import document, record

HOSTILE = '=HYPERLINK("https://example.org")'
MANY = 40


def fill(folder: Path, many: int = 0) -> None:
    report = document(
        "=1+1 neglect was seen.\nR1 The police should record neglect.", "Neglect & {harm} 50% of days_ at #3.",
        url="https://example.org/a%20b.pdf",
    )  # fmt: skip
    page = report.pages[0].text
    asked = Recommendation(
        "R1", "The police should record neglect.", ("The police",), ("police",), 1, (1,), form="coded",
        start=(1, page.index("R1")), end=(1, len(page)),
    )  # fmt: skip
    first = record("a", title=HOSTILE, documents=(replace(report, retrieved="2026-02-03T04:05:06+00:00"),), area="@A")
    first = replace(first, recommendations=(asked,))
    licensed = replace(first.review, licence="OGL 3.0", reference="CSPR-23/04", summary="A line.\nER  - \nTY  - BOOK")
    with open_writer(folder) as writer:
        writer.add(replace(first, review=licensed))
        writer.add(record("b\\{odd}", "neglect \x1b[31mred\u202e", title="Plain: “neglect” – é", published="2020"))
        writer.add(record("c", title="Neglect undated", documents=(), published=None))
        writer.add(record("d", "nothing of it"))
        for number in range(many):
            writer.add(record(f"n{number}", f"neglect {number} " * 50))
        writer.commit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data") / "index"
    fill(made)
    return made


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_index(folder) as opened:
        yield opened


def exported(index: Index, tmp_path: Path, ending: str, **options: object) -> tuple[Path, Exported]:
    path = tmp_path / f"found.{ending}"
    return path, export(index, SearchRequest("neglect", **options), path)  # type: ignore[arg-type]


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book[name].iter_rows(values_only=True))


@pytest.mark.parametrize("inside", ["reviews", "pages", "recommendations"])
def test_a_table_holds_every_hit_and_no_formula(index: Index, tmp_path: Path, inside: str) -> None:
    path, done = exported(index, tmp_path, "csv", inside=inside, limit=1)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    total = index.search(SearchRequest("neglect", inside=inside)).total
    assert len(rows) == done.total == done.rows == total > 0
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())
        assert "\x1b" not in str(row) and "\u202e" not in str(row)
    first = next(row for row in rows if row["review"] == "govuk:a")
    assert first["title"] == "'" + HOSTILE
    assert (first["retrieved_on"], first["licence"], first["file_sha256"]) == ("2026-02-03", "OGL 3.0", "0" * 64)
    assert first["document_url"].startswith("https://example.org/a%20b.pdf#page=")
    assert first["citation"].endswith(first["document_url"]) and f"p. {first['page']}." in first["citation"]


def test_each_quote_of_a_review_when_asked_for(index: Index, tmp_path: Path) -> None:
    done = export(index, SearchRequest("neglect"), tmp_path / "x.csv", passages=5)
    assert (done.total, done.rows) == (3, 4)


def test_json_lines_are_the_hits_of_a_search(index: Index, tmp_path: Path) -> None:
    path, _ = exported(index, tmp_path, "jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    hits = [hit.to_dict() for hit in index.search("neglect").hits]
    assert [line["review"] for line in lines] == [hit["review"] for hit in hits]
    for line, hit in zip(lines, hits, strict=True):
        assert all(line[name] == hit[name] for name in hit if name != "passages")
        assert [{n: p[n] for n in q} for p, q in zip(line["passages"], hit["passages"], strict=True)] == hit["passages"]


@pytest.mark.parametrize("inside", ["reviews", "recommendations"])
def test_a_workbook_has_evidence_and_the_record_of_the_search(index: Index, tmp_path: Path, inside: str) -> None:
    path, done = exported(index, tmp_path, "xlsx", inside=inside, filters={"source": ("govuk",)}, since="2020")
    head, *rows = sheet(path, "evidence")
    assert [str(name).replace(" ", "_") for name in head] == list(COLUMNS)
    assert len(rows) == done.rows == done.total
    first = next(dict(zip(COLUMNS, row, strict=True)) for row in rows if row[0] == "govuk:a")
    assert first["title"] == HOSTILE and first["file_sha256"] == "0" * 64
    assert openpyxl.load_workbook(path)["evidence"]["B2"].data_type == "s"
    assert first["number"] == ("R1" if inside == "recommendations" else None)
    log = {str(row[0]).replace(" ", "_"): row[1] for row in sheet(path, "log")}
    assert log["query"] == "neglect" and log["hits"] == done.total and log["reviews_searched"] == 4
    assert "source" in str(log["filters"]) and "govuk" in str(log["filters"]) and "2020" in str(log["published"])
    assert {"searched_on", "index_generation", "index_built", "program", "documents_without_text"} <= log.keys()


def test_ris_that_a_parser_reads(index: Index, tmp_path: Path) -> None:
    path, done = exported(index, tmp_path, "ris", inside="pages")
    entries = rispy.loads(path.read_text(encoding="utf-8"))
    assert len(entries) == done.rows == 2
    first = next(entry for entry in entries if entry["id"] == "govuk:a")
    assert first["type_of_reference"] == "RPRT" and first["title"] == HOSTILE
    assert first["year"] == "2021" and first["date"] == "2021/05/04/"
    assert first["authors"] == ["Anytown Partnership"] and first["abstract"] == "A line. ER - TY - BOOK"
    assert sum("p. 1" in note or "p. 2" in note for note in first["notes"]) == 2
    assert any("OGL 3.0" in note for note in first["notes"])


def test_bibtex_that_a_parser_reads(index: Index, tmp_path: Path) -> None:
    path, done = exported(index, tmp_path, "bib")
    entries = bibtexparser.loads(path.read_text(encoding="utf-8")).entries
    assert len(entries) == done.rows == 3 and len({entry["ID"] for entry in entries}) == 3
    first = next(entry for entry in entries if entry["ID"] == "govuk:a")
    assert first["ENTRYTYPE"] == "techreport" and first["year"] == "2021" and first["month"] == "5"
    assert first["url"] == "https://example.org/a" and first["number"] == "CSPR-23/04"
    assert r"50\% of days\_ at \#3" in path.read_text(encoding="utf-8")
    odd = next(entry for entry in entries if "odd" in entry["ID"])
    assert odd["title"] == "{Plain: “neglect” – é}"


def test_a_file_of_no_known_format_is_refused(index: Index, tmp_path: Path) -> None:
    for path in (tmp_path / "found.doc", tmp_path / "found", tmp_path / "none" / "found.csv", tmp_path):
        with pytest.raises(UsageError):
            export(index, SearchRequest("neglect"), path, "csv" if path == tmp_path else None)
    assert not list(tmp_path.iterdir())
    assert export(index, SearchRequest("neglect"), tmp_path / "found", "csv").rows == 3


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_what_goes_wrong_leaves_the_old_file(
    index: Index, tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"found.{format}"
    path.write_text("old")
    path.chmod(0o640)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("search.export_files.os.fsync", full)
        with pytest.raises(StorageError, match="No space left"):
            export(index, SearchRequest("neglect"), path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    export(index, SearchRequest("neglect"), path)
    assert path.stat().st_size > 3 and path.stat().st_mode & 0o777 == 0o640


KILLED = """
import sys, time
from pathlib import Path
from search import SearchRequest, open_index
from search import export
index = open_index(Path(sys.argv[1]))
stream = index.stream
def slowly(request):
    found, hits = stream(request)
    def each():
        for place, hit in enumerate(hits):
            if place == 3:
                print("half", flush=True)
                time.sleep(60)
            yield hit
    return found, each()
index.stream = slowly
export.export(index, SearchRequest("neglect"), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_kill_leaves_the_old_file(tmp_path: Path, number: signal.Signals) -> None:
    fill(tmp_path / "index", MANY)
    path = tmp_path / "found.csv"
    path.write_text("old")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "index"), str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "half\n"
    process.send_signal(number)
    process.wait()
    assert path.read_text() == "old"


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(folder.parent))
    path = tmp_path / "found.xlsx"
    assert main(["export", "neglect", "-drowning", "--to", str(path), "--until", "2022", *data]) == 0
    assert "Wrote 2 reviews" in capsys.readouterr().out
    assert len(sheet(path, "evidence")) == 3
    assert main(["export", "neglect", "--to", str(path), "--as", "csv", "--format", "json", *data]) == 0
    log = json.loads(capsys.readouterr().out)
    assert (log["hits"], log["rows_written"], log["file"]) == (3, 3, str(path))
    assert main(["export", "neglect", "--to", str(path), "--as", "docx", *data]) == 2
    assert main(["export", "neglect", *data]) == 2
    if os.geteuid():
        assert main(["export", "neglect", "--to", "/found.csv", *data]) == 5
