"""OpenDocument text to pages, cut where the word processor last broke them."""

from lxml import etree

from casereviews.model import Page
from indexer.extract.flow import Flow
from indexer.extract.package import Package
from indexer.extract.result import Extraction, ExtractionError

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}sequence-decls", f"{_TEXT}note"}
_MOST_SPACES = 100


def read_odt(body: bytes) -> Extraction:
    """Read an OpenDocument text file."""
    root = Package(body).xml("content.xml")
    content = root.find(f".//{_OFFICE}text") if root is not None else None
    if content is None:
        raise ExtractionError("unsupported", "it is an OpenDocument file, but not a text")
    return Extraction(_Reader(content).pages(), None, "odt")


class _Reader:
    def __init__(self, content: etree._Element) -> None:
        self._content = content
        self._has_breaks = content.find(f".//{_TEXT}soft-page-break") is not None
        self._flow = Flow()
        self._cells = 0

    def pages(self) -> tuple[Page, ...]:
        skipping: etree._Element | None = None
        for event, element in etree.iterwalk(self._content, events=("start", "end")):
            if event == "start" and skipping is None:
                if element.tag in _SKIPPED:
                    skipping = element
                    if element.tag == f"{_TEXT}note":
                        self._note(element)
                else:
                    self._enter(element)
            elif event == "end" and (skipping is None or skipping is element):
                if skipping is None:
                    self._leave(element)
                skipping = None
                self._flow.add(element.tail or "" if element is not self._content else "")
        return self._flow.finish()

    def _enter(self, element: etree._Element) -> None:
        tag, flow = str(element.tag), self._flow
        if tag == f"{_TABLE}table-cell":
            self._cells += 1
            if flow.started:
                flow.add("\t")
        elif tag == f"{_TEXT}list-item" and not flow.started:
            flow.add("• ")
        elif not self._cells:
            opens = tag == f"{_TEXT}h" and not self._has_breaks and _level(element) == 1
            if opens or tag == f"{_TEXT}soft-page-break":
                flow.end_page()
        flow.add(_own_text(element, tag))

    def _leave(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == f"{_TABLE}table-cell":
            self._cells -= 1
        elif tag == f"{_TABLE}table-row" and not self._cells:
            self._flow.end_line()
        elif tag in {f"{_TEXT}h", f"{_TEXT}p"}:
            if self._cells:
                self._flow.add(" ")
            else:
                self._flow.end_line(_level(element))
                self._flow.part()

    def _note(self, note: etree._Element) -> None:
        parts = (note.find(f"{_TEXT}note-citation"), note.find(f"{_TEXT}note-body"))
        mark, text = ("".join(part.itertext()).strip() if part is not None else "" for part in parts)
        self._flow.add(mark)
        self._flow.note(f"{mark} {text}")


def _level(element: etree._Element) -> int:
    """The level of a heading; 0 for a paragraph."""
    level = element.get(f"{_TEXT}outline-level", "1")
    return (int(level) if level.isdecimal() else 1) if element.tag == f"{_TEXT}h" else 0


def _own_text(element: etree._Element, tag: str) -> str:
    if tag == f"{_TEXT}s":
        count = element.get(f"{_TEXT}c", "1")
        return " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES)
    return " " if tag in {f"{_TEXT}tab", f"{_TEXT}line-break"} else element.text or ""
