"""Reading order where the order of drawing is not it: two columns drawn row by row, lines drawn upwards."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from indexer.extract.drawn import ARTIFACT
from indexer.extract.lines import Line

_LEAST_LINES = 8
_PROSE_FILL = 0.55
"""Lines of prose fill this share of their column, in the middle; cells of a table do not."""
_ACROSS_MOST = 0.35


def reading_order(lines: list[Line], width: float) -> list[Line]:
    """`lines` in reading order; the order of drawing unless it plainly jumps about."""
    if len(lines) < 2 * _LEAST_LINES:
        return lines
    gutter = _gutter(lines, width)
    if gutter is not None:
        sides = [_side(line, gutter) for line in lines if line.kind != ARTIFACT]
        crossings = sum(a != b and 0 not in (a, b) for a, b in pairwise(sides))
        bands = 1 + sum(a == 0 != b for a, b in pairwise(sides))
        if crossings > 2 * bands + 2:
            return _by_columns(lines, gutter)
    return lines


def _gutter(lines: list[Line], width: float) -> float | None:
    """Where two columns of prose part, if the page has them."""
    starts = Counter(round(line.x0 / 4) for line in lines if 0.35 * width < line.x0 < 0.7 * width)
    for start, count in starts.most_common(2):
        if count < _LEAST_LINES:
            return None
        gutter = start * 4 - 3.0
        left = [line for line in lines if _side(line, gutter) < 0]
        right = [line for line in lines if _side(line, gutter) > 0]
        across = len(lines) - len(left) - len(right)
        if len(left) < _LEAST_LINES or len(right) < _LEAST_LINES or across > _ACROSS_MOST * len(lines):
            continue
        if _fill(left) > _PROSE_FILL and _fill(right) > _PROSE_FILL:
            return gutter
    return None


def _side(line: Line, gutter: float) -> int:
    """-1 left of the gutter, 1 right of it, 0 across."""
    if line.x0 >= gutter - 2:
        return 1
    return -1 if line.x1 <= gutter + 2 else 0


def _fill(column: list[Line]) -> float:
    """The usual width of a column's lines, as a share of the widest."""
    widths = sorted(line.x1 - line.x0 for line in column)
    return widths[len(widths) // 2] / max(widths[-1], 1.0)


def _by_columns(lines: list[Line], gutter: float) -> list[Line]:
    """Between lines that go across the page, the left column from top to bottom, then the right one."""
    ordered = sorted(lines, key=lambda line: -line.y)
    result: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in ordered:
        side = _side(line, gutter)
        if side == 0:
            result += [*left, *right, line]
            left, right = [], []
        else:
            (left if side < 0 else right).append(line)
    result += [*left, *right]
    return [replace(line, joined=False) for line in result]
