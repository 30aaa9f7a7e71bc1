"""Recommendations as records: what a report asks of whom, word for word, with number and page.

They are sought in the sections that hold them, and by their label (`Recommendation 4:`) anywhere. A sentence about
recommendations is none; nor is a heading, a line of contents, or what an earlier review recommended.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casereviews.model import Page, Recommendation, Section
from indexer.addressees import Addressed, addressed
from indexer.item_forms import items_of
from indexer.item_lines import Line, lines_of
from indexer.item_markers import marker
from indexer.items import Item
from indexer.section_names import folded

ASKING = ("recommendations",)
"""Sections whose items are recommendations."""
_PLANS = ("action_plan",)
_ELSEWHERE = frozenset({"contents", "changes_made", "references", "glossary", "terms_of_reference", "methodology"})
"""Sections in which a label is no recommendation of this review."""
_SAME_WORDS = 12
_QUESTION = re.compile(r"^(?:questions?|considerations?|issues?|challenges?) (?:for|to)\b")


def recommendations_of(
    pages: Sequence[Page], sections: Sequence[Section], document: int = 1
) -> tuple[Recommendation, ...]:
    """The recommendations of a document, in order; those of its findings where it recommends nothing.

    `document` is its place in its review, from 1.
    """
    lines = lines_of(pages, sections)
    sent_to = _sent_to(lines)
    if sent_to is not None:
        return _concerns(lines, sent_to, document)
    found: list[Recommendation] = []
    finding: str | None = None
    for block in _blocks(lines):
        own = _of_block(block, document)
        found += [replace(one, finding=one.finding or finding) if one.nature == "question" else one for one in own]
        finding = _last_finding(block) or finding
    if not any(one.nature == "recommendation" for one in found):
        found += _labelled_findings(lines, document)
    return without_repeats(found)


def _blocks(lines: Sequence[Line]) -> Iterable[list[Line]]:
    """Runs of lines that stand under one heading of a section."""
    block: list[Line] = []
    for line in lines:
        if block and line.block != block[-1].block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _last_finding(block: Sequence[Line]) -> str | None:
    """The heading of the last finding in a block, over all its lines: the questions that follow belong to it."""
    found: list[str] = []
    open_ = False
    for line in block:
        mark = marker(line.text) if line.is_heading else None
        if mark is not None and mark.what == "finding":
            found, open_ = [line.text], True
        elif open_ and line.is_heading and not line.starts_paragraph:
            found.append(line.text)
        else:
            open_ = False
    return " ".join(found) or None


def _of_block(block: list[Line], document: int) -> list[Recommendation]:
    first = block[0]
    if first.section in _ELSEWHERE:
        return []
    within = first.section in ASKING or (first.section in _PLANS and _is_table_of_recommendations(block))
    heading = first.heading if first.section in ASKING else ""
    items = items_of(block, within=within)
    asks = _QUESTION.match(folded(heading)) if heading else None
    found = []
    for item in items:
        one = _record(item, heading, document)
        found.append(replace(one, nature="question") if asks and one.nature == "recommendation" else one)
    return found


def _is_table_of_recommendations(block: list[Line]) -> bool:
    return any(line.text.casefold().count("\t") and "recommendation" in line.text.casefold() for line in block[:12])


def _record(item: Item, heading: str, document: int) -> Recommendation:
    to: Addressed = addressed(item.text, hint=item.lead or item.label_note, headings=(*item.under, heading))
    return Recommendation(
        number=item.number,
        text=item.text,
        addressees=to.names,
        kinds=to.kinds,
        document=document,
        pages=(item.page,),
        section=item.section,
        finding=item.finding,
        form=item.form,
        nature=item.nature,
        start=item.start,
        end=item.end,
    )


def _labelled_findings(lines: Sequence[Line], document: int) -> list[Recommendation]:
    """The labelled findings and questions of a review that makes no recommendations."""
    found: list[Recommendation] = []
    for block in _blocks(lines):
        if block[0].section not in _ELSEWHERE:
            items = items_of(block, within=False, findings=True)
            found += [_record(item, "", document) for item in items]
    return found


def _sent_to(lines: Sequence[Line]) -> list[str] | None:
    """To whom a coroner's report is sent; None for any other document."""
    if not any(line.section == "concerns" for line in lines):
        return None
    block = [line for line in lines if line.section == "sent_to"]
    text = " ".join(line.text for line in block)
    text = re.sub(r"^.*?\bsent\s+to\s*:?", "", text, flags=re.IGNORECASE)
    parts = re.split(r"(?:^|\s)(?:\d{1,2}|[a-z])[.)]\s+|[•;]\s+", text)
    return [part.strip(" ,.") for part in parts if part.strip(" ,.")] or [text.strip()]


def _concerns(lines: Sequence[Line], sent_to: list[str], document: int) -> tuple[Recommendation, ...]:
    """A coroner's matters of concern, one by one, addressed to those whom the report is sent to."""
    block = [line for line in lines if line.section == "concerns"]
    starts = [n for n, line in enumerate(block) if re.search(r"matters? of concern", line.text, re.IGNORECASE)]
    after = block[starts[0] + 1 :] if starts else block[1:]
    to = addressed("", hint=None, headings=("; ".join(sent_to),))
    names = tuple(name for name in sent_to if name and "deceased" not in name.casefold()) or to.names
    items = items_of(after, within=True) if after else []
    return tuple(
        replace(
            _record(item, "", document),
            addressees=names,
            kinds=to.kinds,
            nature="concern",
            section="concerns",
            finding=None,
        )
        for item in items
    )


@dataclass(slots=True)
class _Known:
    place: int
    words: tuple[str, ...]


def without_repeats(found: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """One record for what is said twice, as in summary and body: the longer one, with both pages.

    What another document says again stays with the first document, which notes where.
    """
    kept: list[Recommendation] = []
    known: list[_Known] = []
    for one in found:
        words = tuple(folded(one.text).split())
        same = next((k for k in known if _same(k.words, words)), None)
        if same is None:
            known.append(_Known(len(kept), words))
            kept.append(one)
            continue
        before = kept[same.place]
        better = len(words) > len(same.words) and one.document == before.document
        longer, other = (one, before) if better else (before, one)
        kept[same.place] = replace(
            longer,
            pages=_pages(longer, other),
            elsewhere=_elsewhere(longer, other),
            number=longer.number or other.number,
            finding=longer.finding or other.finding,
            addressees=longer.addressees or other.addressees,
            kinds=longer.kinds or other.kinds,
        )
        same.words = max(words, same.words, key=len)
    return tuple(kept)


def _pages(one: Recommendation, other: Recommendation) -> tuple[int, ...]:
    return tuple(sorted({*one.pages, *(other.pages if other.document == one.document else ())}))


def _elsewhere(one: Recommendation, other: Recommendation) -> tuple[tuple[int, int], ...]:
    there = () if other.document == one.document else tuple((other.document, page) for page in other.pages)
    return tuple(dict.fromkeys((*one.elsewhere, *other.elsewhere, *there)))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two texts are one: equal, or equal as far as the shorter goes when that is far enough."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SAME_WORDS and long[: len(short)] == short)
