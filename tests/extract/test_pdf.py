"""What a page shows becomes its text, in the order in which it is read."""

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from indexer.extract import Extraction, extract
from tests.extract.made import HEIGHT, WIDTH, drawn, raw, written

PDF = "application/pdf"


def read(body: bytes) -> Extraction:
    return extract(body, PDF)


def text_of(content: bytes, **more: object) -> str:
    extraction = read(raw(content, **more))  # type: ignore[arg-type]
    assert extraction.reason is None, extraction
    return extraction.pages[0].text


def test_pages_are_numbered_from_one() -> None:
    pages = read(written(["First page text"], ["Second page text"])).pages
    assert [(page.number, page.text) for page in pages] == [(1, "First page text"), (2, "Second page text")]


def test_operators_that_show_text() -> None:
    content = b"BT /F1 12 Tf 14 TL 72 700 Td (one) Tj T* [(t) 20 (wo)] TJ (three) ' 1 0 (four) \" ET"
    assert text_of(content) == "one\ntwo\nthree\nfour"


def test_strings_of_every_form() -> None:
    content = rb"BT /F1 12 Tf 72 700 Td (a \(b\) \101 (c (d (e (f)))) \\) Tj 0 -20 Td <48 69> Tj ET"
    assert text_of(content) == "a (b) A (c (d (e (f)))) \\\nHi"


def test_kerning_is_no_space_and_a_wide_kern_is_one() -> None:
    assert text_of(b"BT /F1 12 Tf 72 700 Td [(safe) 30 (guard) -40 (ing) -300 (board)] TJ ET") == "safeguarding board"


def test_letters_set_wide_apart_are_words() -> None:
    wide = b" -400 ".join(b"(%c)" % letter for letter in b"FINDINGS")
    content = b"BT /F1 12 Tf 72 700 Td [%s -1500 %s] TJ ET" % (wide, wide)
    assert text_of(content) == "FINDINGS FINDINGS"


def test_bold_made_by_drawing_twice_is_read_once() -> None:
    twice = b"BT /F1 12 Tf 72 700 Td (Overview) Tj ET BT /F1 12 Tf 72.3 700 Td (Overview) Tj ET"
    assert text_of(twice) == "Overview"
    apart = b"BT /F1 12 Tf 72 700 Td (no) Tj 60 0 Td (no) Tj ET"
    assert text_of(apart).split() == ["no", "no"]


def test_text_beyond_the_page_is_not_read() -> None:
    assert text_of(b"BT /F1 12 Tf 72 700 Td (seen) Tj 9000 9000 Td (unseen) Tj ET") == "seen"


def test_hidden_text_is_read_over_an_image_only() -> None:
    hidden = b"BT 3 Tr /F1 12 Tf 72 600 Td (hidden words) Tj ET"
    assert text_of(b"BT /F1 12 Tf 72 700 Td (shown) Tj ET " + hidden) == "shown"
    image = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q "
    assert text_of(image + hidden) == "hidden words"


def test_real_text_given_beside_glyphs_wins() -> None:
    content = b"BT /F1 12 Tf 72 700 Td /Span <</ActualText <FEFF00660066>>> BDC (?) Tj EMC (ect) Tj ET"
    assert text_of(content) == "ffect"


def test_a_turned_page_and_turned_text_read_upright() -> None:
    lines = b"BT /F1 12 Tf 0 1 -1 0 100 100 Tm (first line) Tj ET BT /F1 12 Tf 0 1 -1 0 120 100 Tm (second line) Tj ET"
    assert text_of(lines) == "first line\nsecond line"
    assert text_of(lines, page="/Rotate 90") == "first line\nsecond line"


def test_a_slanted_watermark_is_set_aside() -> None:
    content = b"BT /F1 12 Tf 72 700 Td (the body of the page stands here in full) Tj ET "
    page = read(raw(content + b"BT /F1 60 Tf .7 .7 -.7 .7 200 300 Tm (DRAFT) Tj ET")).pages[0]
    assert (page.text, page.aside) == ("the body of the page stands here in full", ("DRAFT",))


def test_forms_are_read_and_one_that_draws_itself_ends() -> None:
    resources = b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
    form = b"<</Subtype/Form/BBox[0 0 600 800]" + resources + b"/Length %d>>stream\n%s\nendstream"
    inner = b"BT /F1 12 Tf 0 0 Td (inside) Tj ET /X Do"
    body = raw(b"1 0 0 1 72 600 cm /X Do", fonts="/F1 5 0 R>>/XObject<</X 6 0 R", extra={6: form % (len(inner), inner)})
    assert read(body).pages[0].text == "inside"


def test_an_encoding_written_out_in_the_file_is_understood() -> None:
    cmap = b"1 begincodespacerange <00> <ff> endcodespacerange 1 begincidrange <01> <ff> 1 endcidrange"
    unicode = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <01> <1a> <0061> endbfrange"
    extra = {
        6: b"<</Type/Font/Subtype/Type0/BaseFont/P/Encoding 8 0 R/ToUnicode 9 0 R/DescendantFonts[7 0 R]>>",
        7: b"<</Subtype/CIDFontType2/BaseFont/P/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>/DW 500>>",
        8: b"<</Type/CMap/CMapName/Own-H/Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
        9: b"<</Length %d>>stream\n%s\nendstream" % (len(unicode), unicode),
    }
    assert text_of(b"BT /F2 12 Tf 72 700 Td <080512> Tj ET", fonts="/F2 6 0 R", extra=extra) == "her"


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(
            60, HEIGHT - 100, "A title that goes across both of the columns of this page, as titles often do here"
        )
        for row in range(14):
            y = HEIGHT - 140 - 13 * row
            canvas.drawString(60, y, f"left {row} with words enough to fill its column")
            canvas.drawString(WIDTH / 2 + 15, y, f"right {row} with words enough to fill its column")

    text = read(drawn(page)).pages[0].text
    lines = [line.split()[:2] for line in text.split("\n") if line and not line.startswith("A title")]
    assert lines == [["left", str(row)] for row in range(14)] + [["right", str(row)] for row in range(14)]


def test_a_table_stays_in_rows() -> None:
    def page(canvas: Canvas) -> None:
        for row, cells in enumerate(
            [("Agency", "Action", "By"), ("Police", "Train staff", "May"), ("Council", "Report", "June")]
        ):
            for column, cell in enumerate(cells):
                canvas.drawString(60 + 150 * column, HEIGHT - 140 - 16 * row, cell)

    assert read(drawn(page)).pages[0].text == "Agency\tAction\tBy\nPolice\tTrain staff\tMay\nCouncil\tReport\tJune"


def test_vertical_writing_falls_back_and_is_counted() -> None:
    extra = {
        6: b"<</Type/Font/Subtype/Type0/BaseFont/V/Encoding/UniJIS-UTF16-V/DescendantFonts[7 0 R]>>",
        7: b"<</Subtype/CIDFontType0/BaseFont/V/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)>>>>",
    }
    extraction = read(raw(b"BT /F2 12 Tf 300 700 Td <65E5672C> Tj ET", fonts="/F2 6 0 R", extra=extra))
    assert "".join(extraction.pages[0].text.split()) == "日本"
    assert extraction.notices == ("1 of 1 pages were read by pdfminer's own layout",)


def test_pages_without_text_are_counted_and_a_scan_is_named() -> None:
    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(_grey()), 0, 0, WIDTH, HEIGHT)

    mixed = read(drawn(lambda canvas: canvas.drawString(72, 700, "A page of real text"), scan))
    assert [page.text for page in mixed.pages] == ["A page of real text", ""]
    assert mixed.notices == ("1 of 2 pages are images without text: 2",)
    assert read(drawn(scan)).reason == "without_text"


def test_a_text_layer_of_gibberish_counts_as_a_scan() -> None:
    shifted = "".join(
        chr(ord(letter) - 29) if letter > " " else letter for letter in "we saw the reviewed recommendation " * 12
    )
    lines = [shifted[at : at + 70].translate({40: 91, 41: 93, 92: 91}) for at in range(0, len(shifted), 70)]
    extraction = read(written(lines))
    assert (extraction.reason, extraction.notices) == ("without_text", ("page 1: its text layer is not readable text",))


def _grey() -> object:
    from PIL import Image

    return Image.new("L", (8, 8), 128)
