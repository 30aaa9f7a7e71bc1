"""Text runs to lines in reading order, with what later steps need to know of each line."""

from collections import Counter
from dataclasses import dataclass

from indexer.extract.drawn import ARTIFACT, SLANTED, Drawn, Run

_NEW_LINE_EM = 0.5
_SPACE_EM = 0.15
_BACK_EM = 1.5
_CELL_EM = 1.8
"""A gap within a line, in multiples of the size, that parts two table cells or columns."""
_DOUBLE_EM = 0.08
_HIDDEN_NEEDS_IMAGE = 0.25


@dataclass(slots=True)
class Line:
    """One line of a page, or one cell of it; `y` counts from the page's bottom, in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    kind: int = 0
    """As in `Run`: -1 artifact, 1 to 6 tagged heading."""
    joined: bool = False
    """Stands on the same line as the one before it, after a wide gap."""
    slanted: bool = False
    """Runs across the page at an angle, as watermarks do."""


@dataclass(slots=True)
class PageLines:
    """A page's lines in reading order; `broken` says what went wrong, in a few words."""

    number: int
    width: float
    height: float
    lines: list[Line]
    images: float = 0.0
    fallback: bool = False
    broken: str | None = None
    ocr: float | None = None
    """Confidence with which the lines were read from an image; None where they were not."""


def visible(drawn: Drawn) -> list[Run]:
    """The runs a reader of the page sees: hidden ones only where they stand over an image, each once."""
    keep_hidden = drawn.images >= _HIDDEN_NEEDS_IMAGE
    width, height = drawn.width, drawn.height
    seen: dict[tuple[str, int], tuple[float, float]] = {}
    kept: list[Run] = []
    for run in drawn.runs:
        text, x0, y0, x1, y1, size = run[:6]
        if run.hidden and not keep_hidden:
            continue
        if (x0 > width and x1 > width) or (x0 < 0 and x1 < 0) or (y0 > height and y1 > height) or (y0 < -size):
            continue
        key = (text, int(y0))
        before = seen.get(key)
        if before and abs(before[0] - x0) < _DOUBLE_EM * size and text.strip():
            continue
        seen[key] = (x0, y0)
        kept.append(run)
    return kept


def lines_of(drawn: Drawn) -> list[Line]:
    """The page's lines in content order, those of its usual direction first, slanted ones as artifacts."""
    runs = visible(drawn)
    turns = Counter[int]()
    for run in runs:
        turns[run.turn] += len(run.text)
    if not turns:
        return []
    lines: list[Line] = []
    for turn, _ in sorted(turns.items(), key=lambda item: (item[0] == SLANTED, -item[1])):
        chosen = runs if len(turns) == 1 else [run for run in runs if run.turn == turn]
        lines.extend(_joined([_turned(run, turn, drawn) for run in chosen] if turn in {1, 2, 3} else chosen))
    return lines


def _turned(run: Run, turn: int, drawn: Drawn) -> Run:
    """`run` as it stands once the page is turned so that its line runs from left to right."""
    width, height = drawn.width, drawn.height
    if turn == 1:
        ends = (run.y0, width - run.x0, run.y1, width - run.x1)
    elif turn == 2:
        ends = (width - run.x0, height - run.y0, width - run.x1, height - run.y1)
    else:
        ends = (height - run.y0, run.x0, height - run.y1, run.x1)
    return run._replace(x0=ends[0], y0=ends[1], x1=ends[2], y1=ends[3])


def _joined(runs: list[Run]) -> list[Line]:
    lines: list[Line] = []
    parts: list[str] = []
    last_x = last_y = last_size = 0.0
    first: Run | None = None
    largest = 0.0
    letters = bold = 0
    joined = False

    def close() -> None:
        nonlocal parts, letters, bold, largest
        text = "".join(parts)
        if first is not None and not text.isspace():
            slanted = first.turn == SLANTED
            kind = ARTIFACT if slanted else first.kind
            heavy = bold * 2 > letters
            lines.append(Line(text, first.x0, last_x, first.y0, largest, heavy, kind, joined, slanted))
        parts, letters, bold, largest = [], 0, 0, 0.0

    for run in runs:
        text, x0, y0, x1, y1, size, heavy, kind, _, _ = run
        if first is not None:
            tall = size if size > last_size else last_size
            gap = x0 - last_x
            if abs(y0 - last_y) > _NEW_LINE_EM * tall or gap < -_BACK_EM * tall or kind != first.kind:
                close()
                first, joined = run, False
            elif gap > _CELL_EM * tall:
                close()
                first, joined = run, True
            elif gap > _SPACE_EM * tall:
                parts.append(" ")
        else:
            first = run
        parts.append(text)
        count = len(text)
        letters += count
        if heavy:
            bold += count
        if size > largest and not text.isspace():
            largest = size
        last_x, last_y, last_size = x1, y1, size
    close()
    return lines
