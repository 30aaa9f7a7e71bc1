"""Sets an invented report as a Word file or as the HTML that GOV.UK makes of it."""

import re
import zipfile
from html import escape
from io import BytesIO

from replica.report import Block, Report

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def set_docx(report: Report) -> bytes:
    """The report as a Word file; the same bytes every time."""
    parts = [_paragraph(report.title, "Title"), _paragraph(report.body), _paragraph(report.printed)]
    for block in report.blocks:
        if block.rows:
            parts.append(_word_table(block))
        elif block.style != "note":
            parts.append(_paragraph(block.text, {"h1": "Heading1", "h2": "Heading2"}.get(block.style, "")))
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(parts)}</w:body></w:document>'
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_table(block: Block) -> str:
    rows = ("<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in block.rows)
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def set_html(report: Report) -> str:
    """The report as the `govspeak` HTML of a GOV.UK page."""
    parts: list[str] = []
    for block in report.blocks:
        text = escape(block.text, quote=False)
        match block.style:
            case "h1" | "h2":
                level = 2 if block.style == "h1" else 3
                anchor = re.sub(r"[^a-z0-9]+", "-", block.text.lower()).strip("-")
                parts.append(f'<h{level} id="{anchor}">{text}</h{level}>')
            case "bullet":
                parts.append(f"<ul>\n  <li>{text}</li>\n</ul>")
            case "table" | "glossary":
                parts.append(_html_table(block))
            case "note":
                continue
            case _:
                parts.append(f"<p>{text}</p>")
    joined = "\n\n".join(parts).replace("</ul>\n\n<ul>\n", "")
    return f'<div class="govspeak">{joined}\n</div>'


def _html_table(block: Block) -> str:
    rows = (
        "    <tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>" for row in block.rows
    )
    return "<table>\n  <tbody>\n" + "\n".join(rows) + "\n  </tbody>\n</table>"
