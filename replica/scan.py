"""Turns a set report into what a copier makes of it: pages that are pictures, without a text layer."""

from io import BytesIO
from pathlib import Path
from random import Random

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from replica.report import Report

_SIZE = (827, 1169)
"""Dots of an A4 page at 100 to the inch: what an office copier makes when nobody asks for better."""
_WIDE = 78


def scan_pdf(report: Report, pages: int) -> tuple[bytes, int]:
    """So many pages of the report as pictures, each a little askew."""
    lines = _lines(report)
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle("SCN_0001")
    chance = Random(report.title)  # noqa: S311 - dust, not secrets
    for number in range(1, pages + 1):
        part = lines[(number - 1) * 46 : number * 46]
        draw_scan(canvas, part, f"Page {number} of {pages}", chance)
        canvas.showPage()
    canvas.save()
    return out.getvalue(), pages


def draw_scan(canvas: Canvas, lines: list[str], foot: str, chance: Random) -> None:
    """A page of lines as one picture over the whole page."""
    image = Image.new("L", _SIZE, 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 15)
    for row, line in enumerate(lines):
        draw.text((95, 95 + row * 21), line, fill=35, font=font)
    draw.text((620, 1105), foot, fill=60, font=font)
    for _ in range(60):
        x, y = chance.randrange(_SIZE[0]), chance.randrange(_SIZE[1])
        draw.ellipse((x, y, x + 1, y + 1), fill=150)
    tilted = image.rotate(chance.uniform(-0.8, 0.8), fillcolor=250, resample=Image.Resampling.BILINEAR)
    canvas.drawImage(ImageReader(tilted.point(lambda shade: shade | 0x1F)), 0, 0, *A4)


def _lines(report: Report) -> list[str]:
    lines = ["", "", report.title, "", report.body, "", report.author, report.printed, ""]
    for block in report.blocks:
        lines += ["", *_wrapped(block.text or " ".join(" ".join(row) for row in block.rows))]
    return lines


def _wrapped(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) >= _WIDE:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]
