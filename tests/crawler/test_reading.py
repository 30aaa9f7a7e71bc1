"""How publishers' text is read: dates, labels, lines, kinds and places."""

import doctest
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector
from scrapy.http import HtmlResponse

from crawler import dates, kinds, labels, lines, places
from crawler.labels import Unread, read_labels, split_list
from crawler.lines import main_part, read_lines
from crawler.platforms.case_list import LABELS, read_entries
from crawler.platforms.prose import read_prose


@pytest.mark.parametrize("module", [dates, kinds, labels, lines, places])
def test_the_examples_in_its_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("12/02/2025\xa0", "2025-02-12"),
        ("12 / 02 / 2025", "2025-02-12"),
        ("12.2.2025", "2025-02-12"),
        ("Tuesday 12th February, 2025", "2025-02-12"),
        ("12\xa0Feb\xa02025", "2025-02-12"),
        ("February 12, 2025", "2025-02-12"),
        ("2025-02-12T10:00:00+00:00", "2025-02-12"),
        ("Sept 2025", "2025-09"),
        ("June 2023", "2023-06"),
        ("December 2014", "2014-12"),
        ("2012", "2012"),
        ("/0206/2023", None),
        ("31/02/2025", None),
        ("13/13/2025", None),
        ("12/02/25", None),
        ("Unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(told: str | None, read: str | None) -> None:
    assert dates.read_date(told) == read


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert all(part.isdigit() for part in (dates.read_date(text) or "0").split("-"))
    dates.dates_in(text)
    split_list(text)
    kinds.review_type(text)
    places.place(text)
    read_labels(text, {"ref": "Ref"}, inline=True)


def test_dates_in_prose_come_in_order_and_not_out_of_numbers() -> None:
    prose = "Harmed in early 2014 and on 3 May 2015; reviewed 2019/20, file 20201-4, in September\n2021."
    assert dates.dates_in(prose) == ["2014", "2015-05-03", "2021-09"]


def test_labels_run_together_or_over_lines_are_read_alike() -> None:
    names = {"ref": "Ref", "area": "Coroner(?:['’]?s)? area", "sent": "(?:This report is being )?sent to"}
    broken = "Ref: 2026-1\nCoroner's Area :\nLowfen\nThis report is being sent to: A | B"
    run_on = "Ref: 2026-1 Coroners Area: Lowfen This report is being sent to: A | B"
    told = {"ref": "2026-1", "area": "Lowfen", "sent": "A | B"}
    assert read_labels(broken, names) == told
    assert read_labels(run_on, names, inline=True) == told


def test_a_field_that_nothing_reads_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    unread = Unread(logging.getLogger("test"), ["ref"])
    with caplog.at_level(logging.INFO):
        unread.tell({"": "x", "ref": "1", "age": "9"}, "https://one.example/")
        unread.tell({"age": "9"}, "https://two.example/")
    assert [record.getMessage() for record in caplog.records] == [
        "a field that nothing reads: “age” on https://one.example/"
    ]


def test_lines_keep_headings_and_links_and_leave_navigation_out() -> None:
    page = """<body><nav><p>menu</p></nav><main><h2>A <b>case</b></h2><script>x()</script>
    <p>One<br>two\xa0\u200b<a href=" /x "> here </a>.</p><ul><li>three</ul><!-- no -->tail</main></body>"""
    found = [(line.text, line.level, line.links) for line in read_lines(main_part(Selector(text=page)))]
    assert found == [
        ("A case", 2, []),
        ("One", 0, []),
        ("two here .", 0, [("/x", "here")]),
        ("three", 0, []),
        ("tail", 0, []),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<span>" * 5000 + "x",
        "<p>" + "<a href='x'>report</a> , " * 50_000,
        "<h2>2025 " + "- " * 50_000 + "</h2>",
        "<p>" + "2025" + "-" * 50_000,
        "<p>" + "review " + ",;:–-" * 20_000 + "<a href='/a.pdf'>x</a>",
        "<p>" + "Keywords: " + "(a, " * 20_000,
    ],
    ids=range(6),
)
@pytest.mark.timeout(20)
def test_a_hostile_page_is_read_in_time(hostile: str) -> None:
    response = HtmlResponse("https://x.example/", body=f"<body>{hostile}".encode(), encoding="utf-8")
    assert isinstance(read_lines(main_part(response)), list)
    read_entries(response)
    list(read_prose(response))
    read_labels(response.xpath("string()").get(""), LABELS, inline=True)


def test_an_area_is_named_as_today_or_as_told() -> None:
    assert places.place("Harrowdale") == {"area": "Harrowdale", "nation": None}
    assert places.place("North Wales (East & Central)")["nation"] == "wales"
    assert places.place("Carmarthenshire and Pembrokeshire")["nation"] == "wales"
    assert places.place("Lincoln LSCB")["area"] == "Lincolnshire"
    assert places.place(None) == {"area": None, "nation": None}
