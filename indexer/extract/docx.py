"""Word documents (DOCX) to pages, cut where Word last broke them, with the numbers it gives to lists."""

from collections import Counter

from lxml import etree

from casereviews.model import Page
from indexer.extract.flow import Flow
from indexer.extract.package import Package
from indexer.extract.result import Extraction, ExtractionError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr")}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_MOST_DIGITS = 4
_PLAIN = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "softHyphen": "\u00ad"}


def read_docx(body: bytes) -> Extraction:
    """Read a Word document."""
    package = Package(body)
    root = package.xml("word/document.xml")
    content = root.find(f"{_W}body") if root is not None else None
    if content is None:
        raise ExtractionError("damaged", "the document has no body")
    return Extraction(_Reader(package, content).pages(), None, "docx")


class _Reader:
    def __init__(self, package: Package, content: etree._Element) -> None:
        self._content = content
        self._styles = _styles(package.xml("word/styles.xml"))
        self._lists = _Lists(package.xml("word/numbering.xml"))
        self._notes = _notes(package.xml("word/footnotes.xml"))
        self._flow = Flow()
        self._cells = 0
        self._broken = False

    def pages(self) -> tuple[Page, ...]:
        content, flow = self._content, self._flow
        breaks = content.find(f".//{_W}lastRenderedPageBreak") is not None or any(
            element.get(f"{_W}type") == "page" for element in content.iter(f"{_W}br")
        )
        skipping: etree._Element | None = None
        for event, element in etree.iterwalk(content, events=("start", "end")):
            if event == "end":
                if element is skipping:
                    skipping = None
                elif skipping is None:
                    self._leave(element)
            elif skipping is None:
                if element.tag in _SKIPPED:
                    skipping = element
                else:
                    self._enter(element, breaks)
        return flow.finish()

    def _enter(self, element: etree._Element, breaks: bool) -> None:
        flow = self._flow
        name = str(element.tag).removeprefix(_W)
        if name == "t":
            flow.add(element.text or "")
        elif name == "p":
            level, numbering = self._style(element)
            if level == 1 and not breaks and not self._cells:
                flow.end_page()
            if label := self._lists.label(numbering):
                flow.add(f"{label} ")
        elif name == "tc":
            self._cells += 1
            if flow.started:
                flow.add("\t")
        elif name == "lastRenderedPageBreak" or (name == "br" and element.get(f"{_W}type") == "page"):
            self._break()
        elif name == "footnoteReference":
            number = element.get(f"{_W}id", "")
            if number in self._notes:
                flow.add(number)
                flow.note(f"{number} {self._notes[number]}")
        elif name in _PLAIN:
            flow.add(_PLAIN[name])

    def _break(self) -> None:
        """A page break; one within a table waits for the row to end."""
        if self._cells:
            self._broken = True
        else:
            self._flow.end_page()

    def _leave(self, element: etree._Element) -> None:
        name = str(element.tag).removeprefix(_W)
        if name == "tc":
            self._cells -= 1
        elif name == "p":
            if self._cells:
                self._flow.add(" ")
            else:
                self._flow.end_line(self._style(element)[0])
                self._flow.part()
        elif name == "tr" and not self._cells:
            self._flow.end_line()
            if self._broken:
                self._broken = False
                self._flow.end_page()

    def _style(self, paragraph: etree._Element) -> "_Style":
        """Heading level and numbering of a paragraph, its own before its style's."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        level, numbering = self._styles.get(_value(style), (0, None))
        return (level, _numbering(paragraph.find(f"{_W}pPr/{_W}numPr")) or numbering)


_Numbering = tuple[str, int] | None
_Style = tuple[int, _Numbering]


class _Lists:
    """Counts the items of every list, so that its numbers can be printed as Word does."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: Counter[tuple[str, int]] = Counter()
        if root is None:
            return
        for abstract in root.iterfind(f"{_W}abstractNum"):
            for level in abstract.iterfind(f"{_W}lvl"):
                key = (abstract.get(f"{_W}abstractNumId", ""), _whole(level.get(f"{_W}ilvl", ""), 0))
                start = _value(level.find(f"{_W}start"))
                text, kind = _value(level.find(f"{_W}lvlText")), _value(level.find(f"{_W}numFmt"))
                self._levels[key] = (kind, text, _whole(start, 1))
        for number in root.iterfind(f"{_W}num"):
            self._abstract[number.get(f"{_W}numId", "")] = _value(number.find(f"{_W}abstractNumId"))

    def label(self, numbering: _Numbering) -> str:
        """The number or bullet of the next item of a list; nothing outside lists."""
        if numbering is None or (self._abstract.get(numbering[0], ""), numbering[1]) not in self._levels:
            return ""
        abstract, depth = self._abstract[numbering[0]], numbering[1]
        kind, text, _ = self._levels[abstract, depth]
        if kind == "bullet":
            return "•"
        self._counts[abstract, depth] += 1
        for deeper in range(depth + 1, 9):
            self._counts.pop((abstract, deeper), None)
        for level in range(depth + 1):
            if f"%{level + 1}" in text and (abstract, level) in self._levels:
                kind, _, start = self._levels[abstract, level]
                value = start - 1 + max(self._counts[abstract, level], 1)
                text = text.replace(f"%{level + 1}", _counted(value, kind))
        return text


def _counted(value: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"}:
        roman, left = "", value
        for worth, letters in zip((50, 40, 10, 9, 5, 4, 1), ("l", "xl", "x", "ix", "v", "iv", "i"), strict=True):
            roman += letters * (left // worth)
            left %= worth
        return roman.upper() if kind == "upperRoman" else roman
    return "" if kind == "none" else str(value)


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """Heading level and numbering of every style that has either."""
    found: dict[str, _Style] = {}
    for style in root.iterfind(f"{_W}style") if root is not None else ():
        name = _value(style.find(f"{_W}name")).lower()
        level = int(name[8:9]) if name.startswith("heading ") and name[8:9].isdecimal() else int(name == "title")
        found[style.get(f"{_W}styleId", "")] = (level, _numbering(style.find(f"{_W}pPr/{_W}numPr")))
    return found


def _numbering(properties: etree._Element | None) -> _Numbering:
    if properties is None:
        return None
    depth = _value(properties.find(f"{_W}ilvl"))
    return (_value(properties.find(f"{_W}numId")), _whole(depth, 0))


def _whole(text: str, otherwise: int) -> int:
    """A number of a list, which no list outgrows."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else otherwise


def _notes(root: etree._Element | None) -> dict[str, str]:
    if root is None:
        return {}
    texts = {
        note.get(f"{_W}id", ""): "".join(text.text or "" for text in note.iter(f"{_W}t"))
        for note in root.iterfind(f"{_W}footnote")
    }
    return {number: text for number, text in texts.items() if text.strip()}


def _value(element: etree._Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""
