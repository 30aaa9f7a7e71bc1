"""Page layouts, and the canvas that adds what stands on every page: headers, footers, contents, footnotes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from textwrap import shorten
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from replica.report import Report
from replica.scan import draw_scan

WIDTH, HEIGHT = A4
rl_config.useA85 = 0  # plain compressed streams, as most programs write them


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is set; `words` is about what a page holds, for the composer to aim at."""

    words: int = 410
    font: str = "Helvetica"
    size: float = 11
    leading: float = 15.5
    columns: int = 1
    numbered: bool = False
    tagged: bool = False
    footnotes: bool = False
    hyphens: bool = False
    rotated: bool = False
    breaks: bool = False
    scanned: bool = False
    justified: bool = False


LAYOUTS: dict[str, Layout] = {
    "plain": Layout(),
    "spaced": Layout(words=260, size=13, leading=22, breaks=True),
    "two-column": Layout(words=520, font="Times", size=10, leading=13, columns=2, hyphens=True, justified=True),
    "tagged": Layout(words=380, numbered=True, tagged=True, leading=16.5, breaks=True),
    "coded": Layout(numbered=True),
    "footnotes": Layout(words=430, font="Times", size=11.5, leading=15.5, footnotes=True, hyphens=True),
    "rotated": Layout(rotated=True),
    "scan-mixed": Layout(scanned=True),
    "leaflet": Layout(words=250, size=12, leading=17),
}
_LETTER = (
    "Thank you for the report, which the members have read with care.",
    "They accept its findings and ask that it be published in full.",
    "An action plan will follow within six weeks of today.",
    "",
    "Yours sincerely,",
)
FACES = {"Helvetica": ("Helvetica", "Helvetica-Bold"), "Times": ("Times-Roman", "Times-Bold")}
for _face in (face for pair in FACES.values() for face in pair):
    # Words are measured again and again: remembering their widths takes a fifth off the build.
    getFont(_face).stringWidth = lru_cache(100_000)(getFont(_face).stringWidth)  # type: ignore[method-assign]


class Pages(Canvas):  # type: ignore[misc,unused-ignore]
    """Holds pages back until their number is known, then adds headers, footers, contents and footnotes."""

    def __init__(self, report: Report, layout: Layout, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.report, self.layout = report, layout
        self.headings: list[tuple[int, str, int]] = []
        self.notes: list[str] = []
        self.contents_page = 0
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Hold the page back."""
        self._held.append({**self.__dict__, "notes": self.notes})
        self.notes = []
        self._startPage()  # type: ignore[attr-defined,unused-ignore]

    def save(self) -> None:
        """Complete each page and write the file."""
        headings, held, contents = self.headings, self._held, self.contents_page
        total = len(held) + self.layout.scanned
        for number, page in enumerate(held, 1):
            self.__dict__.update(page)
            if number > 1 or self.report.short:
                self._furniture(number, total)
            if number == contents:
                self._list(headings)
            self._footnotes()
            if self.layout.rotated and number % 7 == 5:
                self._turn()
            super().showPage()
        if self.layout.scanned:
            lines = ["", "", self.report.body, "", "Dear colleague,", "", *_LETTER, "", self.report.author]
            draw_scan(self, lines, "", Random(self.report.title))  # noqa: S311
            super().showPage()
        super().save()

    def _turn(self) -> None:
        """A page that lies on its side in the file and is shown upright."""
        code: list[str] = self._code  # type: ignore[attr-defined,unused-ignore]
        code.insert(0, f"q 0 1 -1 0 {HEIGHT:.2f} 0 cm")
        code.append("Q")
        self.setPageRotation(90)  # reportlab turns the media box along with it

    def _furniture(self, number: int, total: int) -> None:
        plain = FACES[self.layout.font][0]
        head, foot = shorten(self.report.title, 90, placeholder=" …"), f"Page {number} of {total}"
        self._artifact(lambda: self._line(plain, 2.5 * cm, HEIGHT - 1.6 * cm, head))
        self._artifact(lambda: self._line(plain, WIDTH - 2.5 * cm - 60, 1.3 * cm, foot))
        self._artifact(lambda: self._line(plain, 2.5 * cm, 1.3 * cm, f"Published {self.report.printed}"))

    def _line(self, font: str, x: float, y: float, text: str) -> None:
        self.setFont(font, 8.5)
        self.drawString(x, y, text)

    def _artifact(self, draw: Callable[[], None]) -> None:
        code: list[str] = self._code  # type: ignore[attr-defined,unused-ignore]
        if self.layout.tagged:
            code.append("/Artifact <</Type /Pagination>> BDC")
        draw()
        if self.layout.tagged:
            code.append("EMC")

    def _list(self, headings: list[tuple[int, str, int]]) -> None:
        plain, bold = FACES[self.layout.font]
        self.setFont(bold, 16)
        self.drawString(2.5 * cm, HEIGHT - 3.2 * cm, "Contents")
        y = HEIGHT - 4.4 * cm
        for level, text, page in headings:
            if y < 2.6 * cm or (level == 2 and len(headings) > 34):
                continue
            indent = 2.5 * cm + (level - 1) * 14
            self.setFont(plain, 10.5)
            room = int((WIDTH - 4.2 * cm - indent - self.stringWidth(text, plain, 10.5)) / 2.92)
            self.drawString(indent, y, f"{text} {'.' * max(0, room - 4)}")
            self.drawRightString(WIDTH - 2.5 * cm, y, str(page))
            y -= 17

    def _footnotes(self) -> None:
        for line, note in enumerate(reversed(self.notes)):
            self._line(FACES[self.layout.font][0], 2.5 * cm, 2.0 * cm + line * 11, note)
        if self.notes:
            top = 2.0 * cm + len(self.notes) * 11
            self.line(2.5 * cm, top, 7 * cm, top)
