"""Recommendations that no marker tells apart: lists set with semicolons, and paragraphs that ask for something."""

import re
from collections.abc import Sequence

from indexer.bodies import bodies_in
from indexer.item_lines import Line
from indexer.items import ASKS, ENDED, INTRODUCES, Item, run_together

_LISTED = re.compile(
    r"\brecommendations?(?: made)? (?:includes?|are|were|were made)\b[^:;.]{0,60}:\s*"
    r"(?P<list>[^\n]+(?:\n[^\n]+)*)",
    re.IGNORECASE,
)


def listed_in(block: Sequence[Line]) -> list[Item]:
    """The items of `Recommendations include: this; that`, wherever it stands."""
    found: list[Item] = []
    text = "\n".join(line.text for line in block)
    for match in _LISTED.finditer(text):
        first = block[text.count("\n", 0, match.start("list"))]
        found += [
            Item(part, first.page, first.section, "list", (first.page, first.offset), (first.page, first.end))
            for part in listed(match["list"])
        ]
    return found


def listed(text: str) -> list[str]:
    """The parts of a list set with semicolons; none where there is only one part."""
    sentence = re.split(r"\.\s+(?=[A-Z])", text, maxsplit=1)[0]
    parts = [re.sub(r"^and\s+", "", " ".join(part.split())).strip(" .") for part in sentence.split(";")]
    return [part for part in parts if part] if len(parts) > 1 else []


def recommended_in(summary: str) -> list[str]:
    """What a catalogue's own summary lists as recommendations (`Recommendations include: …; …`)."""
    return [part for match in _LISTED.finditer(summary) for part in listed(match["list"])]


def paragraphs_that_ask(block: Sequence[Line]) -> list[Item]:
    """Paragraphs without marks that ask for something; short ones before them name who is asked."""
    items: list[Item] = []
    for paragraph in _split(block):
        text = run_together([line.text for line in paragraph])
        first = paragraph[0]
        if first.is_heading or "\t" in first.text or INTRODUCES.search(text) or text.rstrip().endswith(":"):
            continue
        if ASKS.search(text) and len(text.split()) >= 6:
            lead = " ".join(line.text for line in _before(block, first)) or None
            last = paragraph[-1]
            span = (first.page, first.offset), (last.page, last.end)
            items.append(Item(text, first.page, first.section, "table" if lead else "paragraph", *span, lead=lead))
    return items


def _before(block: Sequence[Line], first: Line) -> list[Line]:
    """The short paragraph just before a line, where it names a body and asks nothing: a table's first cell."""
    at = next(index for index, line in enumerate(block) if line is first)
    cell: list[Line] = []
    for line in reversed(block[:at]):
        cell.insert(0, line)
        if line.starts_paragraph:
            break
    text = " ".join(line.text for line in cell)
    short = (
        cell
        and len(text.split()) <= 16
        and not ASKS.search(text)
        and not any(line.is_heading or "\t" in line.text for line in cell)
    )
    if short and bodies_in(text):
        return cell
    rest = [line for line in cell if "\t" not in line.text and not line.is_heading]
    text = " ".join(line.text for line in rest)
    return (
        rest if rest and rest != cell and len(text.split()) <= 16 and not ASKS.search(text) and bodies_in(text) else []
    )


def _split(block: Sequence[Line]) -> list[list[Line]]:
    """Paragraphs; a line that itself begins to ask, after a sentence's end, begins one too."""
    found: list[list[Line]] = []
    for line in block:
        last = found[-1][-1] if found else None
        fresh = last is None or (line.starts_paragraph and not (line.starts_page and not ENDED.search(last.text)))
        if (
            last is not None
            and ENDED.search(last.text)
            and re.match(r"[A-Z](?:[\w’',-]+ ){1,9}(?:should|must)\b", line.text)
        ):
            fresh = True
        if fresh or line.is_heading or (last is not None and last.is_heading):
            found.append([line])
        else:
            found[-1].append(line)
    return found
