"""Words together: the starts of phrases and the spans of near words among sorted positions."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from heapq import merge

from search.plans import Near, Spot

_PROBE = 8
"""Many times more positions than sought ones are probed, not gone through."""


def phrase_starts(parts: Sequence[Sequence[int]]) -> list[int]:
    """Where words stand side by side in order, given each word's positions; the rarest word leads.

    >>> phrase_starts([[1, 5, 9], [2, 10]])
    [1, 9]
    """
    order = sorted(range(len(parts)), key=lambda place: len(parts[place]))
    rarest = order[0]
    starts = {position - rarest for position in parts[rarest]}
    for place in order[1:]:
        wanted, positions = {start + place for start in starts}, parts[place]
        if len(positions) > _PROBE * len(wanted):
            last = len(positions) - 1
            wanted = {at for at in wanted if positions[min(bisect_left(positions, at), last)] == at}
        else:
            wanted.intersection_update(positions)
        if not wanted:
            return []
        starts = {at - place for at in wanted}
    return sorted(starts)


def near_spans(parts: Sequence[tuple[object, Sequence[int]]], slop: int) -> list[tuple[int, ...]]:
    """The smallest spans, first to last at most `slop` apart, that hold every part, in any order.

    A part is a key and its positions; a key that comes twice must stand there twice. Spans do not overlap.

    >>> near_spans([("a", [1, 20]), ("b", [4, 40])], 5)
    [(1, 4)]
    """
    wanted = Counter(key for key, _ in parts)
    near = _near_rarest(dict(parts), slop)
    streams = [[(position, key) for position in sorted(positions)] for key, positions in near.items()]
    window: list[tuple[int, object]] = []
    held: Counter[object] = Counter()
    missing = len(parts)
    spans: list[tuple[int, ...]] = []
    for position, key in merge(*streams, key=lambda item: item[0]):
        window.append((position, key))
        held[key] += 1
        missing -= held[key] <= wanted[key]
        while window and (position - window[0][0] > slop or held[window[0][1]] > wanted[window[0][1]]):
            _, gone = window.pop(0)
            missing += held[gone] <= wanted[gone]
            held[gone] -= 1
        if not missing:
            spans.append(tuple(place for place, _ in window))
            window.clear()
            held.clear()
            missing = len(parts)
    return spans


def _near_rarest(parts: dict[object, Sequence[int]], slop: int) -> dict[object, set[int]]:
    """The positions within `slop` of one of the rarest part's that has every other part within `slop`."""
    rarest = min(parts, key=lambda key: len(parts[key]))
    near: dict[object, set[int]] = {key: set() for key in parts}
    for position in parts[rarest]:
        around = {}
        for key, positions in parts.items():
            first = bisect_left(positions, position - slop)
            if first == len(positions) or positions[first] > position + slop:
                break
            around[key] = positions[first : bisect_right(positions, position + slop)]
        else:
            for key, positions in around.items():
                near[key].update(positions)
    return near


def spots_of(near: Near, positions: Sequence[Sequence[int]]) -> list[Spot]:
    """Where words stand together as asked in one record, given each word's positions in it."""
    if not all(positions):
        return []
    if near.slop:
        return near_spans(list(zip(near.parts, positions, strict=True)), near.slop)
    return [tuple(range(start, start + len(positions))) for start in phrase_starts(positions)]
