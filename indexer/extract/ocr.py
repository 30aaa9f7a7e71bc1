"""Pages that are images, read by tesseract; pdfium draws them, in the worker that reads the document."""

import math
import os
import shutil
import subprocess
import time
from collections import defaultdict
from functools import lru_cache
from importlib.util import find_spec
from statistics import median

from indexer.extract.limits import MAX_SCANS, OCR_PAGE_SECONDS
from indexer.extract.lines import Line, PageLines

_DPI = 300
_MOST_PIXELS = 40_000_000
_POINTS_PER_INCH = 72
_READABLE = 0.5
"""A page read with less confidence is tried turned, and a photograph read as letters is not kept."""
_TURNS = (0, 90, 270, 180)
_HEADING = 1.4
"""Lines higher than this many times the page's usual one are of another size; less is the shape of their letters."""
_LANGUAGES = ("eng", "cym")
_WORD_LEVEL, _FIELDS = "5", 12
_LEAST_GAIN = 50
"""Characters that reading the image must add to those of a page's scant text layer."""


def lacking() -> str | None:
    """What must be installed before scans can be read, in words for a person; None where all is there."""
    if shutil.which("tesseract") is None:
        return "tesseract is not installed (Debian: tesseract-ocr)"
    if find_spec("pypdfium2") is None:
        return "pypdfium2 is not installed (pip install pypdfium2)"
    return None


def read_scans(body: bytes, pages: list[PageLines], seconds: float) -> list[str]:
    """Put what tesseract reads on these pages of a PDF in their lines, for `seconds` at most; returns remarks."""
    import pypdfium2

    deadline = time.monotonic() + seconds
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError:
        return ["its scanned pages cannot be drawn"]
    with document:
        for done, page in enumerate(pages):
            left = deadline - time.monotonic()
            if left <= 0 or done == MAX_SCANS:
                return [f"{done} of {len(pages)} scanned pages were read by OCR, the others are beyond the limits"]
            try:
                _read(document, page, min(left, OCR_PAGE_SECONDS))
            except (pypdfium2.PdfiumError, subprocess.SubprocessError, OSError, ValueError):
                page.ocr = None  # the page stays what it was: one without text
    return []


def _read(document: object, page: PageLines, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    best: tuple[float, list[Line], float, float] = (0.0, [], page.width, page.height)
    for turn in _TURNS:
        image, width, height, dpi = _drawn(document, page.number, turn)
        confidence, lines = _recognised(image, height, dpi, deadline - time.monotonic())
        if confidence > best[0]:
            best = (confidence, lines, width, height)
        if confidence >= _READABLE or not lines:
            break
    confidence, lines, width, height = best
    if confidence < _READABLE or _characters(lines) < _characters(page.lines) + (_LEAST_GAIN if page.lines else 1):
        return
    page.lines, page.width, page.height, page.ocr = lines, width, height, confidence


def _characters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _drawn(document: object, number: int, turn: int) -> tuple[bytes, float, float, int]:
    """A page as a grey image of the PGM format, its size in points and its dots per inch."""
    page = document[number - 1]  # type: ignore[index]
    width, height = page.get_size()
    inches = width * height / _POINTS_PER_INCH**2
    dpi = int(min(_DPI, math.sqrt(_MOST_PIXELS / max(inches, 1e-3))))
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True, rotation=turn)
    rows, stride = memoryview(bitmap.buffer).cast("B"), bitmap.stride
    pixels = b"".join(rows[at : at + bitmap.width] for at in range(0, stride * bitmap.height, stride))
    image = b"P5\n%d %d\n255\n%b" % (bitmap.width, bitmap.height, pixels)
    bitmap.close()
    page.close()
    return image, *((height, width) if turn in {90, 270} else (width, height)), dpi


def _recognised(image: bytes, height: float, dpi: int, seconds: float) -> tuple[float, list[Line]]:
    """The lines of an image and the confidence from 0 to 1 with which they were read, by letters."""
    command = ["tesseract", "stdin", "stdout", "--dpi", str(dpi), "-l", _languages(), "tsv"]
    run = subprocess.run(
        command, input=image, capture_output=True, timeout=max(seconds, 0.1), check=True, env=_environment()
    )
    words: dict[tuple[str, ...], list[tuple[float, float, float, float, float, str]]] = defaultdict(list)
    for row in run.stdout.decode("utf-8", "replace").splitlines():
        cells = row.split("\t")
        if len(cells) == _FIELDS and cells[0] == _WORD_LEVEL and cells[11].strip():
            words[tuple(cells[2:5])].append((*map(float, cells[6:11]), cells[11]))  # type: ignore[arg-type]
    letters = [(word[4], len(word[5])) for line in words.values() for word in line]
    total = sum(length for _, length in letters)
    if not total:
        return 0.0, []
    points = _POINTS_PER_INCH / dpi
    usual = median(median(word[3] for word in line) for line in words.values()) * points
    lines = [_line(line, points, height, usual) for line in words.values()]
    return round(sum(max(sure, 0.0) * length for sure, length in letters) / total / 100, 3), lines


def _line(
    words: list[tuple[float, float, float, float, float, str]], points: float, height: float, usual: float
) -> Line:
    left = min(word[0] for word in words)
    right = max(word[0] + word[2] for word in words)
    foot = max(word[1] + word[3] for word in words)
    size = median(word[3] for word in words) * points
    return Line(
        " ".join(word[5] for word in words),
        left * points,
        right * points,
        height - foot * points,
        size if size > _HEADING * usual else usual,
    )


def _environment() -> dict[str, str]:
    """One thread: the pool's workers share the cores already."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}


@lru_cache(maxsize=1)
def _languages() -> str:
    """English, and Welsh where tesseract has it."""
    run = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=OCR_PAGE_SECONDS, check=True)
    held = run.stdout.decode("utf-8", "replace").split()
    return "+".join(each for each in _LANGUAGES if each in held) or "eng"
