"""An archive in a folder of its own, and short ways to fill it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.archive import Archive, SourceResult
from casereviews.model import Link, Review

PAGE = "https://reviews.example.org/harrowdale"
PDF = f"{PAGE}/report.pdf"


def a_review(key: str = "child-q", **changes: object) -> Review:
    """An invented review with one report."""
    values: dict[str, object] = {"title": "Child Q", "url": PAGE, "links": (Link(PDF, title="Child Q report"),)}
    return Review(source="example", key=key, **(values | changes))  # type: ignore[arg-type]


class Filler:
    """One run of the source `example`."""

    def __init__(self, archive: Archive, program: str = "test") -> None:
        self.archive = archive
        self.run = archive.begin_run(["example"], program=program).id

    def review(self, **changes: object) -> str:
        """Save a review in this run."""
        return self.archive.save_review(self.run, a_review(**changes))  # type: ignore[arg-type]

    def file(self, body: bytes, url: str = PDF) -> str:
        """Fetch a file of the review `example:child-q`."""
        capture = self.archive.add_capture(self.run, "example", url, status=200, headers={"ETag": '"1"'}, body=body)
        return self.archive.save_version(self.run, "example:child-q", url, capture, "application/pdf")

    def finish(self, verdict: str = "ok") -> SourceResult:
        """End the source and the run."""
        result = self.archive.finish_source(self.run, SourceResult("example", verdict))  # type: ignore[arg-type]
        self.archive.end_run(self.run, verdict)
        return result


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive, open for writing."""
    with Archive.open(tmp_path / "archive", write=True, replica=True) as opened:
        yield opened
