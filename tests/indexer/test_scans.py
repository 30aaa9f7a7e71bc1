"""Scans from the archive to the command line: without OCR they are named, with it they are read, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive
from casereviews.cli import main
from casereviews.config import load
from indexer.build import BuildReport, build_index
from tests.archive.conftest import PDF, Filler
from tests.extract.made import scanned, written
from tests.extract.test_ocr import SAID, needs_tesseract


def build(data: Path, *, ocr: bool, notes: list[str] | None = None) -> BuildReport:
    with Archive.open(data / "archive", write=True, replica=True) as archive:
        notes = [] if notes is None else notes
        return build_index(archive, load({"data": data, "ocr": ocr}), note=notes.append)


def filled(data: Path, body: bytes) -> Path:
    with Archive.open(data / "archive", write=True, replica=True) as archive:
        filler = Filler(archive)
        filler.review()
        filler.file(body)
        filler.finish()
    return data


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """An archive with one report, whose second page is a scan."""
    return filled(tmp_path, scanned(written(SAID[:2], SAID), 2))


def told(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--data", str(data), "--format", "json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def said(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> str:
    capsys.readouterr()
    assert main([*words, "--data", str(data)]) == 0
    return capsys.readouterr().out


def test_a_file_read_in_part_is_readable_and_says_so(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = "1 of 2 pages are images without text: 2"
    assert build(mixed, ocr=False).failures == [f"{PDF}: read in part, {part}"]
    status = told(capsys, mixed, "status")
    assert status["documents"] == {"total": 1, "readable": 1, "without_text": 0, "failed": 0, "in_part": 1}
    assert status["unreadable"] == [{"review": "example:child-q", "url": PDF, "state": "readable", "reason": part}]
    assert "1 read in part" in said(capsys, mixed, "status")
    listed = said(capsys, mixed, "status", "--unreadable")
    assert PDF in listed
    assert "read in part: 1 of 2 pages" in " ".join(listed.split())
    assert "read in part: 1 of 2 pages" in " ".join(said(capsys, mixed, "show", "child-q").split())
    assert told(capsys, mixed, "search", "school")["total"] == 1


def test_a_damaged_file_with_pages_is_readable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = written(*[[*SAID, f"Page {number} of many"] for number in range(30)])
    data = filled(tmp_path, whole[: int(len(whole) * 0.7)])
    build(data, ocr=False)
    status = told(capsys, data, "status")
    assert (status["documents"]["readable"], status["documents"]["in_part"]) == (1, 1)
    assert status["unreadable"][0]["reason"] == "damaged"
    assert "read in part: damaged" in said(capsys, data, "show", "child-q")
    assert told(capsys, data, "search", "school")["searched"]["documents_failed"] == 0


def test_a_scan_without_ocr_is_told_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = filled(tmp_path, scanned(written(SAID)))
    build(data, ocr=False)
    assert told(capsys, data, "status")["documents"]["without_text"] == 1
    assert told(capsys, data, "search", "school")["searched"]["documents_without_text"] == 1
    assert told(capsys, data, "changes")["sources"][0]["documents"]["without_text"] == 1


def test_ocr_without_its_tool_is_one_notice(
    mixed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.reading.lacking_for_ocr", lambda: "tesseract is not installed")
    notes: list[str] = []
    assert build(mixed, ocr=True, notes=notes).records_indexed == 1
    assert notes == ["ocr is on, but tesseract is not installed; documents with scanned pages: 1, left as they are"]
    assert told(capsys, mixed, "search", "school")["total"] == 1


@needs_tesseract
def test_a_file_read_without_ocr_is_read_again_once_it_is_on(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(mixed, ocr=False)
    assert told(capsys, mixed, "search", "occasions")["total"] == 0
    report = build(mixed, ocr=True)
    assert (report.records_indexed, report.documents_extracted, report.failures) == (1, 0, [])
    assert told(capsys, mixed, "search", "occasions")["total"] == 1
    page = told(capsys, mixed, "show", "child-q", "--page", "2")
    assert page["ocr"] > 0.8
    assert told(capsys, mixed, "show", "child-q", "--page", "1")["ocr"] is None
    assert "read from an image by OCR, confidence 9" in said(capsys, mixed, "show", "child-q", "--page", "2")
    assert told(capsys, mixed, "status")["unreadable"] == []
    assert build(mixed, ocr=True).records_indexed == 0
    assert build(mixed, ocr=False).records_indexed == 1
    assert told(capsys, mixed, "search", "occasions")["total"] == 0
    assert build(mixed, ocr=True).records_indexed == 1
    config = mixed / "casereviews.toml"
    config.write_text("ocr = true\n")
    assert told(capsys, mixed, "verify", "--all", "--config", str(config))["ok"]
