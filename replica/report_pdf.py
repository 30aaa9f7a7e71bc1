"""Sets an invented report as a PDF file, in one of several layouts seen in real ones; the same bytes every time."""

import re
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from replica.report import Block, Report
from replica.report_pages import FACES, HEIGHT, WIDTH, Layout, Pages

_SYLLABLES = re.compile(
    r"(?<=[a-z]{3})(?=(?:tion|ment|ing|ness|guard|gency|sional|ative|ence|ance|ability|ably|hood|ship)[a-z]*\b)"
)


def set_pdf(report: Report, layout: Layout) -> tuple[bytes, int]:
    """The report as a PDF file, and its pages."""
    out = BytesIO()
    styles = _styles(layout)
    document = _Document(out, report, layout)
    story = _short_head(report, styles) if report.short else _title_page(report, styles)
    numbers = [0, 0, 0]
    following = [*report.blocks[1:], Block("end")]
    for block, after in zip(report.blocks, following, strict=True):
        marked = layout.footnotes and after.style == "note"
        story += _flowables(block, styles, layout, numbers, f"<super>{numbers[2] + 1}</super>" if marked else "")
    document.build(story, canvasmaker=document.canvas)
    return out.getvalue(), document.page + layout.scanned


@cache
def _styles(layout: Layout) -> dict[str, ParagraphStyle]:
    plain, bold = FACES[layout.font]
    body = ParagraphStyle(
        "p", fontName=plain, fontSize=layout.size, leading=layout.leading, spaceAfter=layout.leading * 0.55
    )
    body.embeddedHyphenation = 1
    body.alignment = 4 if layout.justified else 0
    # reportlab loses a hyphen when it sets a paragraph of several faces twice, as it does for a contents page
    mixed = ParagraphStyle("m", body, embeddedHyphenation=0)
    return {
        "p": body,
        "marked": mixed,
        "title": ParagraphStyle("t", fontName=bold, fontSize=24, leading=30, spaceAfter=18),
        "sub": ParagraphStyle("s", fontName=plain, fontSize=14, leading=20, spaceAfter=8),
        "h1": ParagraphStyle("h1", fontName=bold, fontSize=16, leading=20, spaceBefore=12, spaceAfter=9),
        "h2": ParagraphStyle("h2", fontName=bold, fontSize=12.5, leading=16, spaceBefore=8, spaceAfter=5),
        "bullet": ParagraphStyle("b", body, leftIndent=18, bulletIndent=6, bulletFontName="Symbol"),
        "rec": ParagraphStyle("r", mixed, leftIndent=12, borderPadding=2),
        "reference": ParagraphStyle("ref", body, leftIndent=18, firstLineIndent=-18),
        "cell": ParagraphStyle("c", fontName=plain, fontSize=9, leading=11.5),
        "head": ParagraphStyle("ch", fontName=bold, fontSize=9, leading=11.5),
    }


def _short_head(report: Report, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    lines = (Paragraph(escape(report.title), styles["title"]), Paragraph(report.printed, styles["sub"]))
    return [NextPageTemplate("text"), *lines]


def _title_page(report: Report, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    said = [report.body[0].upper() + report.body[1:], f"Report author: {report.author}", report.printed]
    return [
        Spacer(1, 5 * cm),
        Paragraph(escape(report.title), styles["title"]),
        *(Paragraph(escape(line), styles["sub"]) for line in said),
        NextPageTemplate("contents"),
        PageBreak(),
        _Contents(),
        NextPageTemplate("text"),
        PageBreak(),
    ]


def _flowables(
    block: Block, styles: dict[str, ParagraphStyle], layout: Layout, numbers: list[int], mark: str
) -> list[Flowable]:
    text = escape(_SYLLABLES.sub("\u00ad", block.text) if layout.hyphens else block.text) + mark
    match block.style:
        case "h1":
            appendix = block.text.startswith(("Appendix", "References"))
            numbers[:2] = [numbers[0] + (not appendix), 0]
            label = f"{numbers[0]}. " if layout.numbered and not appendix else ""
            heading = _Heading(label + block.text, 1, styles["h1"])
            return [PageBreak(), heading] if layout.breaks and numbers[0] > 3 else [heading]
        case "h2":
            return [_Heading(block.text, 2, styles["h2"])]
        case "bullet":
            return [Paragraph(text, styles["bullet"], bulletText="•")]
        case "table" | "glossary":
            return [_table(block, styles, layout)]
        case "note":
            if not layout.footnotes:
                return []
            numbers[2] += 1
            return [_Note(f"{numbers[2]} {text}")]
        case "rec":
            label, colon, rest = text.partition(": ") if ": " in text[:30] else ("", "", text)
            return [KeepTogether(Paragraph(f"<b>{label}{colon}</b>{rest}", styles["rec"]))]
        case "p" if layout.numbered:
            numbers[1] += 1
            text = f"{numbers[0]}.{numbers[1]} {text}"
    return [Paragraph(text, styles["marked"] if mark else styles.get(block.style, styles["p"]))]


def _table(block: Block, styles: dict[str, ParagraphStyle], layout: Layout) -> Flowable:
    rows = [[Paragraph(escape(cell), styles["cell"]) for cell in row] for row in block.rows]
    full = (WIDTH - 5 * cm) / layout.columns - (12 if layout.columns > 1 else 0)
    shares = (0.2, 0.8) if block.style == "glossary" else (0.08, 0.56, 0.22, 0.14)
    if block.style == "table":
        rows[0] = [Paragraph(escape(cell), styles["head"]) for cell in block.rows[0]]
    return Table(
        rows,
        [full * share for share in shares],
        repeatRows=0 if block.style == "glossary" else 1,
        style=TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]),
    )


class _Heading(Paragraph):  # type: ignore[misc,unused-ignore]
    def __init__(self, text: str, level: int, style: ParagraphStyle) -> None:
        super().__init__(escape(text), style)
        self.heading, self.level = text, level
        self.keepWithNext = 1

    def draw(self) -> None:
        _pages(self).headings.append((self.level, self.heading, self.canv.getPageNumber()))
        super().draw()


class _Contents(Flowable):
    """A contents page, drawn once all headings are known."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, height

    def draw(self) -> None:
        _pages(self).contents_page = self.canv.getPageNumber()


class _Note(Flowable):
    """A footnote at the bottom of the page on which it falls, with its mark where it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        _pages(self).notes.append(self.text)


def _pages(flowable: Flowable) -> "Pages":
    canvas = flowable.canv
    assert isinstance(canvas, Pages)
    return canvas


class _Document(BaseDocTemplate):  # type: ignore[misc,unused-ignore]
    def __init__(self, out: BytesIO, report: Report, layout: Layout) -> None:
        super().__init__(
            out, pagesize=A4, title=report.title, author=report.body, subject="Invented report", invariant=1
        )
        self.report, self.layout = report, layout
        bottom, side = (3.6 if layout.footnotes else 2.6) * cm, 2.5 * cm
        width = (WIDTH - 2 * side - (layout.columns - 1) * 0.8 * cm) / layout.columns
        frames = [
            Frame(side + n * (width + 0.8 * cm), bottom, width, HEIGHT - bottom - 2.6 * cm, 0, 0, 0, 0)
            for n in range(layout.columns)
        ]
        whole = Frame(side, bottom, WIDTH - 2 * side, HEIGHT - bottom - 2.6 * cm, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("front", [whole]),
                PageTemplate("contents", [whole]),
                PageTemplate("text", frames),
            ]
        )

    def canvas(self, *arguments: Any, **options: Any) -> Canvas:
        return Pages(self.report, self.layout, *arguments, **options)
