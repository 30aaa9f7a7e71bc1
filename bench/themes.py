"""How long tagging takes, against reading the same PDFs: python -m bench.themes [FOLDER] [--rounds N]

CPU time of one core, the least of interleaved rounds. Prints words a second and tagging as a share of reading.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from casereviews.model import ReadDocument, Record, Review
from indexer.derive import with_derived_sections
from indexer.extract import extract
from indexer.tags import Tags, passages

T = TypeVar("T")
FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "real" / "pdf"
REPORTS = ("jtai-*.pdf", "ofsted-*.pdf", "send-*.pdf", "pfd-*.pdf")
"""British reports; the other files there are odd on purpose."""


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(argv)
    files = sorted({file for pattern in REPORTS for file in options.folder.glob(pattern)})
    if not files:
        raise SystemExit(f"no reports in {options.folder}")
    tags = Tags()
    reading = tagging = 0.0
    words = pages = 0
    for file in files:
        body = file.read_bytes()
        read, tag = [], []
        record = None
        for _ in range(options.rounds):
            spent, extraction = _timed(lambda body=body: extract(body, "application/pdf"))  # type: ignore[misc]
            read.append(spent)
            url = f"https://example.org/{file.name}"
            held = ReadDocument(url, "report", None, "application/pdf", None, "readable", None, extraction.pages)
            review = Review("bench", file.stem, file.stem, url)
            record = Record(review, "present", "2026-01-01", (with_derived_sections(held),), "")
            tag.append(_timed(lambda record=record: tags.of(record))[0])  # type: ignore[misc]
        assert record is not None
        reading, tagging = reading + min(read), tagging + min(tag)
        words += sum(len(passage.text.split()) for passage in passages(record))
        pages += len(record.documents[0].pages)
    print(f"{len(files)} reports, {pages:,} pages, {words:,} words")
    print(f"reading  {pages / reading:10,.0f} pages a second {words / reading:10,.0f} words a second")
    print(f"tagging  {pages / tagging:10,.0f} pages a second {words / tagging:10,.0f} words a second")
    print(f"tagging costs {tagging / reading:.1%} of reading (bar: 15 %)")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


if __name__ == "__main__":
    main()
