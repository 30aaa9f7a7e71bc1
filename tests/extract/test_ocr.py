"""Scanned pages are read by OCR where it is asked for and installed; real tesseract, real workers."""

import shutil
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader

from indexer.extract import Extractor, extract, lacking_for_ocr
from indexer.extract.lines import PageLines
from indexer.extract.ocr import read_scans
from tests.extract.made import scanned, written

PDF = "application/pdf"
SAID = [
    "The police and the school met twice about the family in May.",
    "Nobody asked the child what life at home was like for her.",
    "The review found that information was not shared in good time.",
    "A health visitor called on three occasions and had no answer.",
]
needs_tesseract = pytest.mark.skipif(
    lacking_for_ocr() is not None, reason=f"OCR cannot be tried here: {lacking_for_ocr()}"
)


def words(text: str) -> set[str]:
    return set(text.lower().replace(".", " ").split())


def test_scans_are_counted_without_ocr() -> None:
    found = extract(scanned(written(SAID, SAID), 2), PDF)
    assert (found.reason, found.scans, found.pages[1].text, found.pages[1].ocr) == (None, (2,), "", None)
    found = extract(scanned(written(SAID, SAID)), PDF)
    assert (found.reason, found.scans, found.pages) == ("without_text", (1, 2), ())


def test_pages_stamped_with_a_number_alone_are_scans_and_a_titled_picture_is_none() -> None:
    from reportlab.pdfgen.canvas import Canvas

    from tests.extract.made import HEIGHT, WIDTH, drawn

    def stamped(canvas: Canvas) -> None:
        from PIL import Image

        canvas.drawImage(ImageReader(Image.new("L", (8, 8), 128)), 0, 0, WIDTH, HEIGHT)
        canvas.drawString(72, 30, "Bundle 17")

    def text(canvas: Canvas) -> None:
        for row, line in enumerate(SAID):
            canvas.drawString(72, 700 - 20 * row, line)

    assert extract(drawn(stamped, stamped, text), PDF).scans == (1, 2)
    assert extract(drawn(stamped, text, text, text, text), PDF).scans == ()


@needs_tesseract
def test_a_mixed_file_is_read_in_a_worker_with_confidence_by_page(tmp_path: Path) -> None:
    path = tmp_path / "mixed.pdf"
    path.write_bytes(scanned(written(SAID[:2], SAID), 2))
    with Extractor() as extractor:
        ((key, found),) = extractor.read_scans([("mixed", path, 1)])
    assert (key, found.reason, found.scans, found.engine) == ("mixed", None, (), "pdfminer-fast+tesseract")
    text, scan = found.pages
    assert (text.ocr, text.text) == (None, "\n".join(SAID[:2]))
    assert scan.ocr is not None
    assert 0.8 < scan.ocr <= 1
    assert len(words(" ".join(SAID)) & words(scan.text)) >= 0.9 * len(words(" ".join(SAID)))


@needs_tesseract
def test_a_page_scanned_on_its_side_is_read() -> None:
    found = extract(scanned(written(SAID), turned=90), PDF, ocr_seconds=120)
    assert "information was not shared" in found.pages[0].text


@needs_tesseract
def test_a_page_of_noise_stays_without_text() -> None:
    from PIL import Image
    from reportlab.pdfgen.canvas import Canvas

    from tests.extract.made import HEIGHT, WIDTH, drawn

    def noise(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.effect_noise((300, 420), 90)), 0, 0, WIDTH, HEIGHT)

    found = extract(drawn(noise), PDF, ocr_seconds=120)
    assert (found.reason, found.scans, found.pages) == ("without_text", (1,), ())


@needs_tesseract
def test_no_time_left_is_said() -> None:
    page = PageLines(1, 595, 842, [])
    assert read_scans(scanned(written(SAID)), [page], 0) == [
        "0 of 1 scanned pages were read by OCR, the others are beyond the limits"
    ]
    assert page.ocr is None


def test_what_is_lacking_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "tesseract is not installed" in (lacking_for_ocr() or "")
