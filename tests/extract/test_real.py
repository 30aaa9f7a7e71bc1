"""Real documents read as well as by two other readers, faster; broken and hostile ones end with a name."""

import re
import time
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from pdfminer.high_level import extract_text

from indexer.extract import REASONS, Extraction, Extractor, extract

PDF = "application/pdf"
COMPARED = (
    "ofsted-norfolk-2018", "jtai-blackburn-2023", "pfd-henderson-word-redacted",
    "ons-mortality-statistics-metadata", "foi-psni-letter", "ewhc-judgment-2017",
)  # fmt: skip
NAMED = {
    "enc-aes256-user-password": "encrypted",
    "enc-aes256-r6": "encrypted",
    "real-html-saved-as-pdf": "not-a-pdf",
    "made-docx-zip-named-pdf": "not-a-pdf",
    "made-flate-bomb-4GB-double": "memory",
    "made-flate-bomb-1GB": "memory",
    "made-only-header": "damaged",
    "made-pages-kids-loop": "damaged",
    "trunc-0.9-stockton": "damaged",
    "trunc-0.999-stockton": "damaged",
    "no-tounicode-ttf": "without_text",
}
READ = {  # at least so many words, without a reason
    "enc-aes256-owner-only": 1500,
    "gov-silent-504076": 15_000,
    "gov-silent-507618": 6_000,
    "rotate90-hampshire": 5_000,
    "mixed-croydon-text-liverpool-scan": 2_000,
    "silent-bug1019475": 200,
    "made-layout-20k-boxes": 20_000,
    "made-content-array-nested-200k": 6,
    "leading-junk": 60,
}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def f1(one: list[str], other: list[str]) -> float:
    return 2 * sum((Counter(one) & Counter(other)).values()) / (len(one) + len(other))


def order(one: list[str], other: list[str]) -> float:
    return f1(list(zip(one, one[1:], one[2:], strict=False)), list(zip(other, other[1:], other[2:], strict=False)))  # type: ignore[arg-type]


def whole(extraction: Extraction) -> list[str]:
    return words(" ".join(" ".join((*page.aside[:1], page.text, *page.aside[1:])) for page in extraction.pages))


@pytest.fixture(scope="module")
def compared(shared: Path) -> dict[str, tuple[list[str], list[str], list[str], float]]:
    """Our words, pdfminer's, pdfium's, and how many times faster ours came."""
    found = {}
    for name in COMPARED:
        path = shared / "real/pdf" / f"{name}.pdf"
        body = path.read_bytes()
        clock = time.process_time
        start = clock()
        ours = extract(body, PDF)
        took, start = clock() - start, clock()
        plain = extract_text(path)
        ratio = (clock() - start) / took
        document = pypdfium2.PdfDocument(body)
        pdfium = "\n".join(page.get_textpage().get_text_range() for page in document).replace("\ufffe", "")
        assert len(ours.pages) == len(document)
        found[name] = (whole(ours), words(plain), words(pdfium), ratio)
    return found


@pytest.mark.parametrize("name", COMPARED)
def test_nothing_is_lost_or_shuffled(
    compared: dict[str, tuple[list[str], list[str], list[str], float]], name: str
) -> None:
    ours, plain, pdfium, _ = compared[name]
    assert f1(ours, plain) >= 0.985
    assert f1(ours, pdfium) >= f1(plain, pdfium) - 0.002
    assert order(ours, pdfium) >= order(plain, pdfium) - 0.01


def test_several_times_as_fast_as_plain_pdfminer(
    compared: dict[str, tuple[list[str], list[str], list[str], float]],
) -> None:
    ratios = sorted(ratio for *_, ratio in compared.values())
    assert ratios[len(ratios) // 2] >= 4


def test_printed_numbers_and_running_lines_of_real_reports(shared: Path) -> None:
    pages = extract((shared / "real/pdf/ofsted-devon-2015.pdf").read_bytes(), PDF).pages
    assert [page.printed for page in pages] == [str(page.number) for page in pages]
    assert any(heading.text == "Summary of findings" for page in pages for heading in page.headings)


def test_scans_are_named(shared: Path) -> None:
    for name in ("scan-image-only-opinion", "scan-image-only-multipage"):
        assert extract((shared / f"real/pdf/{name}.pdf").read_bytes(), PDF).reason == "without_text"


def test_every_hostile_file_ends_and_the_pool_goes_on(shared: Path) -> None:
    paths = sorted((shared / "real/hostile").glob("*.pdf"))
    with Extractor(workers=2, seconds=25, megabytes=768) as extractor:
        read = dict(extractor.map((path.stem, path, PDF) for path in paths))
    assert set(read) == {path.stem for path in paths}
    for name, extraction in read.items():
        assert extraction.reason in {None, *REASONS}, name
        text = "".join(page.text for page in extraction.pages)
        assert text.strip() or extraction.reason, name
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text), name
    assert {name: read[name].reason for name in NAMED} == NAMED
    for name, least in READ.items():
        found = sum(len(page.text.split()) for page in read[name].pages)
        assert (read[name].reason, found >= least) == (None, True), name
    for name in ("trunc-0.9-stockton", "trunc-0.999-stockton"):
        assert len(read[name].pages) == 45, name
