"""Text that flows: lines gathered into pages with their headings and notes, for every format but PDF."""

from casereviews.model import Heading, Page
from indexer.clean import SOFT_HYPHEN, clean_line
from indexer.extract.limits import MAX_DOCUMENT_CHARACTERS, MAX_PAGES
from indexer.extract.result import ExtractionError


class Flow:
    """Takes text in document order and cuts it into pages, numbered from 1, where it is told to."""

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._anchor: str | None = None
        self._parts: list[str] = []
        self._blocks: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._notes: list[str] = []
        self._total = 0
        self._apart = False

    @property
    def started(self) -> bool:
        """Whether the line under way has text."""
        return bool("".join(self._parts).strip())

    def add(self, text: str) -> None:
        """Text of the line under way; a tab parts two cells."""
        self._parts.append(text)

    def part(self) -> None:
        """End the line under way, and stand the next one apart as a paragraph does."""
        self.end_line()
        self._apart = True

    def end_line(self, heading: int = 0) -> None:
        """End the line under way; `heading` is its level where it is one."""
        line = "\t".join(map(clean_line, "".join(self._parts).split("\t"))).strip().replace(SOFT_HYPHEN, "")
        self._parts = []
        if not line:
            return
        if self._blocks:
            gap = "\n\n" if heading or self._apart else "\n"
            self._blocks.append(gap)
            self._length += len(gap)
        self._apart = bool(heading)
        if heading:
            self._headings.append(Heading(self._length, heading, line))
        self._blocks.append(line)
        self._length += len(line)
        self._total += len(line)
        if self._total > MAX_DOCUMENT_CHARACTERS:
            raise ExtractionError("too-large", "it holds more text than the limit")

    def note(self, text: str) -> None:
        """A footnote, to stand at the end of its page."""
        if cleaned := clean_line(text):
            self._notes.append(cleaned.replace(SOFT_HYPHEN, ""))

    def end_page(self, anchor: str | None = None) -> None:
        """End the page under way, if it has text; `anchor` is that of the next one."""
        self.end_line()
        if self._blocks:
            text = "".join(self._blocks)
            footnotes = len(text) + 2 if self._notes else None
            text = "\n\n".join([text, "\n".join(self._notes)]) if self._notes else text
            number = len(self._pages) + 1
            if number > MAX_PAGES:
                raise ExtractionError("too-large", "it has more pages than the limit")
            self._pages.append(
                Page(number, text, anchor=self._anchor, headings=tuple(self._headings), footnotes=footnotes)
            )
        self._blocks, self._headings, self._notes, self._length = [], [], [], 0
        self._anchor = anchor

    def finish(self) -> tuple[Page, ...]:
        """All pages; raises `ExtractionError` when there is no text at all."""
        self.end_page()
        if not self._pages:
            raise ExtractionError("without_text")
        return tuple(self._pages)
