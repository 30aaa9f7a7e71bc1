"""Lines to text: what repeats is set aside, broken words are mended, headings and notes are marked."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from indexer.clean import clean_block, clean_line, clean_text, gibberish
from indexer.extract import extract
from indexer.extract.hyphens import Words, mended
from tests.extract.made import BODY, HEIGHT, Draw, drawn, written

PDF = "application/pdf"
FILL = [BODY * 2] * 3


def test_running_lines_are_set_aside_and_printed_numbers_kept() -> None:
    body = written(
        *[[f"Text of leaf {n}", *FILL] for n in range(5)], header="Safeguarding Board", footer="Page {n} of {of}"
    )
    pages = extract(body, PDF).pages
    assert [page.printed for page in pages] == ["1", "2", "3", "4", "5"]
    assert pages[2].aside == ("Safeguarding Board", "Page 3 of 5")
    assert pages[2].text.startswith("Text of leaf 2\n")


def test_roman_front_matter_and_a_body_counted_from_one() -> None:
    numbers = ["i", "ii", "iii", "1", "2", "3", "4"]

    def page(number: str) -> bytes:
        return number.encode()

    def draw(number: str):  # type: ignore[no-untyped-def]
        def on(canvas: Canvas) -> None:
            canvas.drawString(72, 700, f"{BODY} {number}")
            canvas.drawString(300, 30, number)

        return on

    assert [page.printed for page in extract(drawn(*map(draw, numbers)), PDF).pages] == numbers


def test_a_page_that_opens_with_its_own_number_keeps_it() -> None:
    def page(*lines: str) -> Draw:
        def draw(canvas: Canvas) -> None:
            for at, line in enumerate(("Board", *lines, *FILL)):
                canvas.drawString(72, HEIGHT - 30 - 18 * at, line)

        return draw

    made = drawn(*(page(f"Finding {n}", f"What went wrong the {n}. time") for n in range(1, 7)))
    assert [p.text.splitlines()[0] for p in extract(made, PDF).pages] == [f"Finding {n}" for n in range(1, 7)]
    said = "1. The Board should act."
    made = drawn(page("Summary", said), page("One"), page("Two"), page("Recommendations", said))
    pages = extract(made, PDF).pages
    assert said in pages[0].text
    assert said in pages[3].text
    assert "Board" in pages[3].aside


def test_a_year_in_a_footer_is_no_page_number() -> None:
    pages = extract(written(*[[f"{n}", *FILL] for n in range(4)], footer="Final report 2019"), PDF).pages
    assert [page.printed for page in pages] == [None] * 4


def test_a_document_of_like_pages_keeps_its_text() -> None:
    pages = extract(written(*[[]] * 4, header="Slip {n}"), PDF).pages
    assert [page.text for page in pages] == ["Slip 1", "Slip 2", "Slip 3", "Slip 4"]


@pytest.mark.parametrize(
    ("upper", "lower", "elsewhere", "expected"),
    [
        ("the recom-", "mendation stands", "a recommendation", ("the recommendation", "stands")),
        ("good decision-", "making, here", "nothing", ("good decision-making,", "here")),
        ("it is child-", "centred work", "be child-centred", ("it is child-centred", "work")),
        ("of non-", "mobile babies", "bruising in non-mobile infants", ("of non-mobile", "babies")),
        ("of non-", "mobile babies", "nothing", ("of non-mobile", "babies")),
        ("of non-", "mobile babies", "non-mobile once, nonmobile once", ("of non-mobile", "babies")),
        ("the co-", "ordination of", "they coordinate, coordination is", ("the coordination", "of")),
        ("day-to-", "day care", "day by day", ("day-to-day", "care")),
        ("good decision-", "making was", "decision-making and decisionmaking", ("good decision-making", "was")),
        *(
            (f"a {prefix}-", "evaluated plan", "nothing", (f"a {prefix}-evaluated", "plan"))
            for prefix in ("non", "self", "multi", "co", "well", "pre", "post", "re")
        ),
        ("the multi-", "agency plan", "our multi agency", ("the multi-agency", "plan")),
        ("for safe-", "guarding and", "nothing", ("for safeguarding", "and")),
        ("from 2015-", "16 on", "nothing", ("from 2015-16", "on")),
        ("the soft\u00ad", "ened blow", "nothing", ("the softened", "blow")),
        ("the Kent-", "Sussex line", "nothing", ("the Kent-Sussex", "line")),
        ("a dash -", "and more", "nothing", None),
    ],
)
def test_broken_words(upper: str, lower: str, elsewhere: str, expected: tuple[str, str] | None) -> None:
    assert mended(upper, lower, Words(["", f"x {elsewhere}"])) == expected


def test_a_word_broken_between_two_pages_is_whole_on_the_first() -> None:
    first, second = extract(written([*FILL, "the safeguarding board and safe-"], ["guarding partners met"]), PDF).pages
    assert first.text.endswith("safeguarding board and safeguarding")
    assert second.text == "partners met"


def test_headings_by_size_and_weight_with_their_places() -> None:
    def page(canvas: Canvas) -> None:
        y = HEIGHT - 150
        for font, size, line in [
            ("Helvetica-Bold", 18, "Findings of the review"), *[("Helvetica", 11, BODY * 2)] * 5,
            ("Helvetica-Bold", 11, "Voice of the child"), *[("Helvetica", 11, BODY * 2)] * 5,
        ]:  # fmt: skip
            canvas.setFont(font, size)
            canvas.drawString(72, y, line)
            y -= 24 if size > 11 else 14

    page_read = extract(drawn(page), PDF).pages[0]
    assert [(heading.level, heading.text) for heading in page_read.headings] == [
        (1, "Findings of the review"), (2, "Voice of the child"),
    ]  # fmt: skip
    for heading in page_read.headings:
        assert page_read.text[heading.offset :].startswith(heading.text)


def test_footnotes_stay_and_are_marked() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row in range(12):
            canvas.drawString(72, HEIGHT - 150 - 14 * row, BODY * 2)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 150, "1 Working together to safeguard children, 2018.")
        canvas.drawString(72, 140, "It was revised later.")

    text, start = (read := extract(drawn(page), PDF).pages[0]).text, read.footnotes
    assert start is not None
    assert text[start:] == "1 Working together to safeguard children, 2018.\nIt was revised later."


def test_paragraphs_part() -> None:
    assert extract(written([*FILL, "", *FILL]), PDF).pages[0].text.count("\n\n") == 1


def test_dangerous_and_invisible_characters_go() -> None:
    assert clean_text("a\x1b]0;x\x07b\u202ec\u200bd\ufeff\x85\ue000\ud800") == "a]0;xbcd"
    assert clean_line("  e\ufb03cient\u00a0 care\u2011plan\u00ad ") == "efficient care-plan\u00ad"
    assert clean_line("\uf0b7 first") == "• first"
    assert clean_line("½ naïve x² №") == "½ naïve x² №"
    assert clean_block("a\tb \n\n\n\nc") == "a\tb\n\nc"


def test_gibberish_is_told_from_other_languages_and_tables() -> None:
    assert gibberish("\ufffd" * 50)
    assert gibberish("WKH UHYLHZ IRXQG WKDW WKH ZDV QRW VHHQ " * 6)
    assert not gibberish("O inquérito mostrou que as famílias vivem longe dos centros de saúde " * 5)
    assert not gibberish("Roedd y plentyn yn byw gyda ei fam ac nid oedd neb yn gwybod am hyn " * 5)
    assert not gibberish("12 345 67.8 " * 50)
