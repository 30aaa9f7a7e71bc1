"""Words together: the starts of phrases and the spans of near words among sorted positions."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from heapq import merge


def phrase_starts(parts: Sequence[Sequence[int]]) -> list[int]:
    """Where words stand side by side in order, given each word's positions; the rarest word leads.

    >>> phrase_starts([[1, 5, 9], [2, 10]])
    [1, 9]
    """
    order = sorted(range(len(parts)), key=lambda place: len(parts[place]))
    rarest = order[0]
    starts = {position - rarest for position in parts[rarest]}
    for place in order[1:]:
        positions = parts[place]
        if len(positions) > 16 * len(starts):
            starts = {start for start in starts if _holds(positions, start + place)}
        else:
            starts &= {position - place for position in positions}
        if not starts:
            return []
    return sorted(starts)


def _holds(positions: Sequence[int], wanted: int) -> bool:
    place = bisect_left(positions, wanted)
    return place < len(positions) and positions[place] == wanted


def near_spans(parts: Sequence[tuple[object, Sequence[int]]], slop: int) -> list[tuple[int, ...]]:
    """The smallest spans, first to last at most `slop` apart, that hold every part, in any order.

    A part is a key and its positions; a key that comes twice must stand there twice. Spans do not overlap.

    >>> near_spans([("a", [1, 20]), ("b", [4, 40])], 5)
    [(1, 4)]
    """
    wanted = Counter(key for key, _ in parts)
    streams = [[(position, key) for position in positions] for key, positions in dict(parts).items()]
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
