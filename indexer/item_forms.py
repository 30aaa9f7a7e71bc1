"""Items of a section: told apart by how their list is set, each with its whole text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from indexer.bodies import bodies_in
from indexer.item_lines import Line
from indexer.item_markers import Marker, marker, with_romans
from indexer.item_prose import listed_in, paragraphs_that_ask
from indexer.items import ASKS, ENDED, INTRODUCES, Item, run_together

_WHEN = re.compile(
    r"^(?:within )?(?:\d{1,2}|one|two|three|six|nine|twelve) (?:days?|weeks?|months?|years?)\b"
    r"|^(?:immediate(?:ly)?|ongoing|completed?|[A-Z][a-z]+ 20\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})",
    re.IGNORECASE,
)
_LEAST_WORDS = 4
_MOST_WORDS = 400


@dataclass(slots=True)
class _Open:
    item: Item
    lines: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    ended: bool = False
    title_only: bool = False
    """Its label is a heading of its own: paragraphs that follow belong to it."""


def items_of(block: Sequence[Line], *, within: bool, findings: bool = False) -> list[Item]:
    """The items of a run of lines under one heading.

    `within` says that the section holds recommendations; elsewhere only labelled ones count, and with `findings`
    labelled findings and questions instead.
    """
    marks = with_romans(
        [None if line.is_section_heading and not _own_label(line) else marker(line.text) for line in block]
    )
    wanted = {"finding", "question"} if findings else {"recommendation"}
    labelled = [m for m in marks if m and m.form == "labelled" and m.what in wanted]
    if not within:
        return (
            _gathered(block, marks, lambda m: m.form == "labelled" and m.what in wanted)
            if labelled
            else listed_in(block)
        )
    if labelled:
        return _gathered(
            block, marks, lambda m: m.form == "coded" or (m.form == "labelled" and m.what == "recommendation")
        )
    if any(m and m.form == "coded" for m in marks):
        return _gathered(block, marks, lambda m: m.form == "coded", table=_is_table(block))
    shape = _top_shape(block, marks)
    if shape:
        return _gathered(block, _counting(marks, shape), lambda m: m.shape == shape, table=_is_table(block))
    if rows := _rows(block):
        return _gathered(block, rows, lambda m: m.shape == "row", table=True)
    return listed_in(block) or paragraphs_that_ask(block)


def _own_label(line: Line) -> bool:
    found = marker(line.text)
    return found is not None and found.form == "labelled" and bool(found.number)


def _is_table(block: Sequence[Line]) -> bool:
    """Whether the items are rows: their head names columns."""
    head = next((line.text.casefold() for line in block if "\t" in line.text), "")
    return head.count("\t") >= 1 and any(word in head for word in ("recommendation", "action", "lead", "agency"))


def _rows(block: Sequence[Line]) -> list[Marker | None]:
    """Where the rows of a table without numbers begin, if its first column is what is recommended; else nothing."""
    head = next((at for at, line in enumerate(block) if "\t" in line.text), len(block))
    if not _is_table(block) or not re.match(r"(?:recommendation|action)", block[head].text, re.IGNORECASE):
        return []
    rows: list[Marker | None] = [None] * len(block)
    for at, line in enumerate(block[head + 1 :], head + 1):
        cell, tab, _ = line.text.partition("\t")
        opens = line.starts_paragraph or (tab and len(cell.split()) >= _LEAST_WORDS)
        if opens and not line.is_heading and line.text[:1].isupper() and not _WHEN.match(line.text):
            rows[at] = Marker("numbered", "row", None, line.text)
    return rows


def _top_shape(block: Sequence[Line], marks: Sequence[Marker | None]) -> str | None:
    """The shape of the list's own markers: the first numbering that counts on, else bullets, else a lone number."""
    numbers = [
        m for m in marks if m and m.form == "numbered" and not INTRODUCES.search(m.text) and _plausible(m, block)
    ]
    shapes = list(dict.fromkeys(m.shape for m in numbers))
    for shape in shapes:
        if sum(m is not None and m.shape == shape for m in _counting(list(numbers), shape)) >= 2:
            return shape
    if any(m and m.form == "bulleted" for m in marks):
        return "•"
    return next((m.shape for m in numbers if len(m.text.split()) >= _LEAST_WORDS), None)


def _plausible(mark: Marker, block: Sequence[Line]) -> bool:
    """A number without a mark of its own (`4 months`) counts only where a table or a capital says so."""
    return not mark.shape.endswith("d") or mark.text[:1].isupper() or "." in (mark.number or "")


def _counting(marks: Sequence[Marker | None], shape: str) -> list[Marker | None]:
    """The marks, without those of the shape that do not count on from the one before."""
    kept: list[Marker | None] = []
    last: int | None = None
    for mark in marks:
        if mark is not None and mark.shape == shape and shape != "•":
            value = mark.value
            if last is not None and (value is None or not (last < value <= last + 3 or value == 1)):
                kept.append(None)
                continue
            last = value
        kept.append(mark)
    return kept


def _gathered(
    block: Sequence[Line], marks: Sequence[Marker | None], own: Callable[[Marker], bool], *, table: bool = False
) -> list[Item]:
    """Items from their marks on, each with the lines that belong to it."""
    items: list[_Open] = []
    now: _Open | None = None
    under: tuple[str, ...] = ()
    finding: str | None = None
    for line, mark in zip(block, marks, strict=True):
        if mark is not None and own(mark):
            now = _opened(line, mark, under, finding)
            items.append(now)
            _take(now, line, mark.text, table=table)
            continue
        if mark is not None and mark.form == "labelled" and mark.what == "finding":
            finding, now = line.text, None
            continue
        if line.is_heading and not line.is_section_heading and not (now and not now.lines):
            more = not line.starts_paragraph and now is not None and (now.title_only or _runs_on(now, line))
            if now is not None and (more or (now.title_only and not now.ended and ASKS.search(line.text))):
                _take(now, line, line.text, table=table)
                continue
            under, now = (line.text,), None
            if not bodies_in(line.text):
                finding = line.text
            continue
        if now is None or now.ended:
            if _is_subheading(line):
                under, now = (line.text,), None
            continue
        if _belongs(now, line, mark):
            _take(now, line, line.text, table=table)
        elif table:
            now.lead.append(line.text)
        else:
            now.ended = True
            if _is_subheading(line):
                under, now = (line.text,), None
    return [_closed(one, table=table) for one in items if _says_something(one)]


def _opened(line: Line, mark: Marker, under: tuple[str, ...], finding: str | None) -> _Open:
    item = Item(
        text="",
        page=line.page,
        section=line.section,
        form=mark.form,
        start=(line.page, line.offset),
        end=(line.page, line.end),
        number=mark.number.strip() if mark.number else None,
        nature=mark.what,
        label_note=mark.note,
        under=under,
        finding=finding,
    )
    return _Open(item, title_only=not mark.text or (line.is_heading and mark.what == "recommendation"))


def _take(now: _Open, line: Line, text: str, *, table: bool) -> None:
    if not text:
        return
    if table:
        cells = [cell.strip() for cell in text.split("\t")]
        if now.lines and ENDED.search(now.lines[-1]) and not cells[0][:1].islower():
            now.lead += cells
            return
        now.lines.append(cells[0])
        now.lead += cells[1:]
    else:
        now.lines.append(text)
    now.item.end = (line.page, line.end)


def _runs_on(now: _Open, line: Line) -> bool:
    return bool(now.lines) and not ENDED.search(now.lines[-1])


def _belongs(now: _Open, line: Line, mark: Marker | None) -> bool:
    """Whether a line goes on with the item that is open."""
    if not now.lines:
        return True
    if sum(len(text.split()) for text in now.lines) > _MOST_WORDS:
        return False
    if not line.starts_paragraph and not line.starts_page:
        return True
    if mark is not None and mark.form in ("bulleted", "numbered"):
        return True
    if line.text[:1].islower() or (_runs_on(now, line) and not _is_subheading(line)):
        return True
    return now.title_only and not line.is_heading


def _is_subheading(line: Line) -> bool:
    words = line.text.split()
    return (
        line.starts_paragraph
        and len(words) <= 10
        and (line.text.endswith(":") or line.is_heading or not ENDED.search(line.text))
        and line.text[:1].isupper()
        and not ASKS.search(line.text)
    )


def _says_something(one: _Open) -> bool:
    text = " ".join(one.lines)
    if len(text.split()) < _LEAST_WORDS:
        return False
    return not (
        INTRODUCES.search(text)
        and text.rstrip().endswith((":", "."))
        and len(text.split()) < 40
        and one.item.form != "labelled"
    )


def _closed(one: _Open, *, table: bool) -> Item:
    one.item.text = run_together(one.lines)
    if table:
        one.item.form = "table"
        lead: list[str] = []
        for cell in one.lead:
            if _WHEN.match(cell):
                break
            lead.append(re.sub(r"\s+(?:\d{1,2}|one|three|six|twelve) months?$", "", cell))
        one.item.lead = " ".join(lead).strip() or None
    return one.item
