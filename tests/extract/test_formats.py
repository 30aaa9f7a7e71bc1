"""Web pages, Word and OpenDocument files and plain text; bombs and entities are refused."""

import io
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from indexer.extract import Extraction, extract, extract_isolated

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)


def package(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def docx(body: str, **more: str) -> Extraction:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return extract(package(**{"word__document.xml": document, **more}), DOCX)


def odt(body: str) -> Extraction:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {ODT_NAMESPACES}>{text}</office:document-content>"
    return extract(package(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}), "x/y")


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_web_page_is_cut_at_its_second_headings() -> None:
    page = """<!doctype html><html><head><title>No</title><style>p{}</style></head><body><nav>Menu</nav>
      <header>Site</header><main><h1>Review of <em>Child A</em></h1><p>It   began.</p>
      <h2 id="findings">Findings</h2><p>One&nbsp;thing<br>another</p><ul><li>first</li><li>second</li></ul>
      <ol start="3"><li>third</li></ol><h3>Health</h3><p>Seen.</p>
      <section id="learning"><h2>Learning</h2><table><tr><th>Who</th><th>What</th></tr><tr><td>Police</td>
      <td><p>Train</p></td></tr></table></section></main><footer>Crown copyright</footer><script>x()</script>"""
    pages = extract(page.encode(), "text/html; charset=utf-8").pages
    assert [(page.number, page.anchor) for page in pages] == [(1, None), (2, "findings"), (3, "learning")]
    assert pages[0].text == "Review of Child A\n\nIt began."
    assert pages[1].text == "Findings\n\nOne thing\nanother\n\n• first\n• second\n\n3. third\n\nHealth\n\nSeen."
    assert pages[2].text == "Learning\n\nWho\tWhat\nPolice\tTrain"
    for page_read in pages:
        for heading in page_read.headings:
            assert page_read.text[heading.offset :].startswith(heading.text)
    assert [(heading.level, heading.text) for heading in pages[1].headings] == [(2, "Findings"), (3, "Health")]


def test_a_page_nested_twenty_thousand_deep_is_read() -> None:
    body = b"<html><body>" + b"<div>" * 20_000 + b"deep text" + b"</div>" * 20_000
    assert extract(body, "text/html").reason in {None, "without_text", "damaged"}


def test_an_empty_web_page_has_no_text() -> None:
    assert extract(b"<html><body><script>1</script></body></html>", "text/html").reason == "without_text"


def test_a_word_document() -> None:
    styles = f"""<w:styles {W}><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>"""
    numbering = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="7">
      <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
      <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.(%2)"/></w:lvl>
      </w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""
    notes = f'<w:footnotes {W}><w:footnote w:id="1"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>'

    def item(level: int) -> str:
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="2"/></w:numPr>'

    body = (
        paragraph("Findings", '<w:pStyle w:val="H1"/>')
        + paragraph("The Board should act", item(0)) + paragraph("soon", item(1)) + paragraph("and well", item(1))
        + paragraph("Police should train", item(0))
        + "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:t>deleted</w:t></w:r></w:del>"
        + '<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + f"<w:tbl><w:tr><w:tc>{paragraph('Who')}</w:tc><w:tc>{paragraph('What')}</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    more = {"word__styles.xml": styles, "word__numbering.xml": numbering, "word__footnotes.xml": notes}
    extraction = docx(body, **more)
    assert (extraction.reason, len(extraction.pages)) == (None, 2), extraction
    first, second = extraction.pages
    assert first.text.split("\n\n") == [
        "Findings", "1. The Board should act", "1.(a) soon", "1.(b) and well", "2. Police should train",
        "Kept1", "1 A note.",
    ]  # fmt: skip
    assert first.footnotes == first.text.index("1 A note.")
    assert [(heading.level, heading.text) for heading in first.headings] == [(1, "Findings")]
    assert second.text == "Who\tWhat"


def test_the_content_decides_not_the_header() -> None:
    body = package(**{"word__document.xml": f"<w:document {W}><w:body>{paragraph('As Word')}</w:body></w:document>"})
    assert extract(body, "application/pdf").pages[0].text == "As Word"
    assert extract(b"\n%PDF-1.4 broken", "text/html").reason == "damaged"


def test_an_opendocument_text() -> None:
    extraction = odt(
        '<text:h text:outline-level="1">One</text:h><text:p>Some<text:s text:c="2"/>text<text:note>'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Noted.</text:p></text:note-body>"
        "</text:note> on.</text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
        '<text:h text:outline-level="1">Two</text:h><table:table><table:table-row><table:table-cell><text:p>a</text:p>'
        "</table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
    )
    assert [page.text for page in extraction.pages] == ["One\n\nSome text1 on.\n\n• item\n\n1 Noted.", "Two\n\na\tb"]


def test_bombs_and_entities_are_refused() -> None:
    assert docx("<w:p/>" + " " * 80_000_000).reason == "too-large"
    for entities in ('<!ENTITY a "ha"><!ENTITY e "&a;&a;">', '<!ENTITY e SYSTEM "file:///etc/hostname">'):
        document = f"<!DOCTYPE d [{entities}]><w:document {W}><w:body>{paragraph('&e;')}</w:body></w:document>"
        assert extract(package(**{"word__document.xml": document}), DOCX).reason == "damaged"
    assert docx("<w:p>").reason == "damaged"


def test_numbers_that_are_none_are_passed_over() -> None:
    level = '<w:lvl w:ilvl="²"><w:start w:val="²"/></w:lvl><w:lvl w:ilvl="0"><w:start w:val="999999999999"/>'
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="1">{level}<w:numFmt w:val="lowerRoman"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        "</w:numbering>"
    )
    listed = paragraph("Words", '<w:numPr><w:ilvl w:val="²"/><w:numId w:val="1"/></w:numPr>')
    document = f"<w:document {W}><w:body>{listed}</w:body></w:document>"
    read = extract(package(**{"word__document.xml": document, "word__numbering.xml": numbering}), DOCX)
    assert read.pages[0].text == "i. Words"
    assert odt('<text:h text:outline-level="²">Head</text:h>').pages[0].text == "Head"
    page = extract("<body><ol start='²'><li>one</li><li>two</li></ol></body>".encode(), "text/html").pages[0]
    assert page.text == "1. one\n2. two"


def test_what_a_parser_does_not_expect_is_a_named_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(body: bytes) -> Extraction:
        raise AssertionError(body)

    monkeypatch.setattr("indexer.extract.docx.read_docx", broken)
    assert docx("<w:p/>").notices == ("the file is broken (AssertionError)",)


def test_a_list_of_fifty_thousand_items_is_read_within_the_limits() -> None:
    page = extract(b"<body><ol>" + b"<li>x" * 50_000, "text/html").pages[0]
    assert page.text.endswith("\n50000. x")


def test_plain_text() -> None:
    assert (
        extract("Première page\r\n\r\nmore\fnext".encode("cp1252"), "text/plain").pages[0].text
        == "Première page\n\nmore"
    )
    assert extract("\ufeffwith a mark".encode("utf-16"), "text/plain").pages[0].text == "with a mark"
    assert len(extract(("line\n\n" * 200).encode(), "text/plain").pages) > 2


@pytest.mark.parametrize("body", [b"{\\rtf1 text}", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"PK\x03\x04" + b"\0" * 99])
def test_other_kinds_are_refused_by_name(body: bytes) -> None:
    assert extract(body, "application/octet-stream").reason == "unsupported"


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def test_an_old_word_file_without_a_converter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    extraction = extract(OLD_WORD, "application/msword")
    assert extraction.reason == "unsupported"
    assert "antiword" in extraction.notices[0]


def test_an_old_word_file_with_antiword(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    converter = tmp_path / "antiword"
    converter.write_text('#!/bin/sh\nfor last; do :; done\n[ -s "$last" ] && echo "From the old file"\n')
    converter.chmod(converter.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr("shutil.which", lambda name: str(converter) if name == "antiword" else None)
    extraction = extract(OLD_WORD, "application/msword")
    assert (extraction.engine, [page.text for page in extraction.pages]) == ("antiword", ["From the old file"])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_an_old_word_file_with_libreoffice(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("<h1>What was found</h1><p>The school told nobody.</p>")
    command = ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to"]
    command += ["doc:MS Word 97", "--infilter=HTML (StarWriter)", "--outdir", str(tmp_path), str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    extraction = extract_isolated((tmp_path / "report.doc").read_bytes(), "application/msword")
    assert (extraction.engine, extraction.pages[0].text) == (
        "soffice-docx", "What was found\n\nThe school told nobody.",
    )  # fmt: skip
    assert [heading.text for heading in extraction.pages[0].headings] == ["What was found"]
    assert extract_isolated(OLD_WORD, "application/msword").reason == "damaged"
