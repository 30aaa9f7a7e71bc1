import io
import re
import socket
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfpage import PDFPage

from replica import Replica
from replica.build import render, write
from replica.composer import compose
from replica.corpus import File, Invented, file_name, invented
from replica.report_pages import LAYOUTS

REVIEWS = {review.id: review for review in invented()}


def report(id: str, key: str = "report") -> tuple[bytes, int]:
    review = REVIEWS[id]
    file = next(file for file in review.files if file.key == key)
    return render(review, file, 1)


def text(body: bytes, pages: list[int] | None = None) -> str:
    return extract_text(io.BytesIO(body), page_numbers=pages)


def long_reports() -> list[tuple[Invented, File]]:
    return [
        (review, file)
        for review in REVIEWS.values()
        for file in review.files
        if file.media == "pdf" and file.kind == "report" and review.kind != "none"
    ]


def test_pages_are_as_stated_and_spread(replica: Replica) -> None:
    sizes = [built.pages for name, built in replica.corpus.built.items() if name.endswith(".pdf")]
    assert min(sizes) <= 2
    assert 40 <= max(sizes) <= 60
    for name in ("scr-child-q-eastmarsh.report.v1.pdf", "dhr-key-findings-2021.report.v1.pdf"):
        built = replica.corpus.built[name]
        assert len(list(PDFPage.get_pages(io.BytesIO(built.read())))) == built.pages


def test_headers_footers_and_contents_tell_the_truth() -> None:
    body, pages = report("cspr-child-p-westfold")
    for number in (3, pages):
        page = text(body, [number - 1])
        assert f"Page {number} of {pages}" in page
        assert "Local child safeguarding practice review: Child P, Westfold" in page
    contents = text(body, [1])
    listed = re.search(r"\d+\. Recommendations", contents)
    assert listed
    assert any(listed[0] in text(body, [number]) for number in range(2, pages))


def test_recommendations_take_every_form(replica: Replica) -> None:
    def end(id: str) -> str:
        body, pages = report(id)
        return text(body, list(range(pages - 5, pages)))

    assert re.search(r"^Recommendation 1: .* should", end("national-review-child-k-northmere"), re.M)
    assert re.search(r"^(\d+\.\d+ )?R1 [A-Z]", end("cspr-child-p-westfold"), re.M)
    assert "No." in end("scr-child-q-eastmarsh")
    bulleted = end("dhr-mrs-linden-kingsbrook")
    assert "Recommendation 1" not in bulleted
    assert "•" in bulleted.split("Recommendations")[-1]


def test_line_ends_are_hyphenated_where_the_layout_says_so() -> None:
    body, _ = report("panel-annual-report-2021")
    assert len(re.findall(r"[a-z]-\n[a-z]", text(body, [3, 4, 5]))) >= 5


@pytest.mark.parametrize("id", ["men-in-the-margins-saltmere", "bruising-non-mobile-infants-briefing"])
def test_no_hyphen_is_lost_in_setting(id: str) -> None:
    assert not re.search(r"\bnonmobile|decisionmaking", text(report(id)[0]))


def test_scans_have_no_text_and_mixed_ones_lack_it_on_one_page() -> None:
    body, pages = report("scr-baby-w-thornbeck")
    assert text(body).strip() == ""
    assert len(list(PDFPage.get_pages(io.BytesIO(body)))) == pages == 12
    mixed, pages = report("ofsted-voice-of-the-child")
    assert text(mixed, [pages - 1]).strip() == ""
    assert len(text(mixed, [pages - 2]).split()) > 50


def test_some_pages_lie_on_their_side() -> None:
    body, _ = report("men-in-the-margins-saltmere")
    turned = [page.rotate for page in PDFPage.get_pages(io.BytesIO(body))]
    assert 0 < sum(angle == 90 for angle in turned) < len(turned)


def test_columns_and_footnotes() -> None:
    assert LAYOUTS["two-column"].columns == 2
    body, pages = report("iapdc-mental-health-act-deaths")
    notes = [line for page in range(pages) for line in text(body, [page]).splitlines() if re.match(r"1 [A-Z]", line)]
    assert notes


@pytest.mark.parametrize("form", ["docx", "html"])
def test_other_media_hold_the_same_kind_of_text(replica: Replica, form: str) -> None:
    names = [name for name in replica.corpus.built if name.endswith(form)]
    assert len(names) >= 2


def test_no_sentence_is_said_twice_in_a_report() -> None:
    for review, file in long_reports()[::5]:
        layout = LAYOUTS.get(file.layout, LAYOUTS["plain"])
        composed = compose(review, file, 1, file.pages * layout.words)
        said = Counter(
            part for block in composed.blocks for part in re.split(r"(?<=[.?!]) ", block.text) if len(part) > 30
        )
        assert [part for part, times in said.items() if times > 1] == [], review.id
        assert not [block for block in composed.blocks if re.search(r"[\[\]{}|]|\bNone$|: None", block.text)]


def test_thousands_of_distinct_sentences() -> None:
    said: set[str] = set()
    for review, file in long_reports():
        for block in compose(review, file, 1, 9000).blocks:
            said.update(part for part in re.split(r"(?<=[.?!]) ", block.text) if len(part) > 30)
    assert len(said) > 6000


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    some = tuple(
        REVIEWS[id] for id in ("scr-baby-w-thornbeck", "panel-annual-report-2024", "child-suicide-national-review")
    )
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, some)
    first, second = ((tmp_path / name / "manifest.json").read_text() for name in ("a", "b"))
    assert first == second
    assert file_name(some[1], some[1].files[0], 2) in first


def test_only_the_loopback_address_listens(replica: Replica) -> None:
    parts = urlsplit(replica.url)
    assert parts.hostname == "127.0.0.1"
    with socket.socket() as other, pytest.raises(OSError):
        other.settimeout(2)
        other.connect(("127.0.0.2", parts.port or 0))  # answers only where all addresses are bound
