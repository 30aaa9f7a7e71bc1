"""Headings of a document from its layout: tags where the file has them, else size and weight."""

import re
from collections import Counter

from indexer.extract.lines import Line, PageLines

_LARGER = 1.12
_MOST_CHARACTERS = 160
_MOST_WORDS = 22
_MOST_BOLD = 0.3
"""A document with a larger share of bold text than this does not mark headings by it."""
_LEAST_TAGGED = 3
_MOST_A_PAGE = 6
"""A size or weight that more lines a page have than this is a table's or a form's."""
_LEVELS = 4
_SENTENCE_END = re.compile(r"[.;,]$")
_OPENING = re.compile(r"[\"'‘“(]?(?:[A-Z]|\d)")
_LETTER = re.compile(r"[^\W\d_]{2}")


class HeadingRule:
    """What makes a line of this document a heading, and of which level."""

    def __init__(self, pages: list[PageLines]) -> None:
        sizes: Counter[float] = Counter()
        bold = bold_lines = tagged = 0
        for page in pages:
            for line in page.lines:
                sizes[_rounded(line.size)] += len(line.text)
                bold += len(line.text) if line.bold else 0
                bold_lines += line.bold and self._fits(line)
                tagged += line.kind > 0
        total = sum(sizes.values())
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        """The size of most of the text, in points."""
        self._tagged = tagged >= _LEAST_TAGGED
        most = _MOST_A_PAGE * len(pages) + _MOST_A_PAGE
        self._by_weight = bold < _MOST_BOLD * total and bold_lines <= most
        larger = Counter(
            _rounded(line.size) for page in pages for line in page.lines
            if line.size > _LARGER * self.body and self._fits(line)
        )  # fmt: skip
        ranked = sorted((size for size, count in larger.items() if count <= most), reverse=True)
        self._levels = {size: min(rank, _LEVELS) for rank, size in enumerate(ranked, 1)}
        self._weight_level = min(len(ranked) + 1, _LEVELS + 1)

    def level(self, line: Line) -> int:
        """The level of a heading from 1; 0 for any other line."""
        if line.kind > 0:
            return line.kind
        if not self._fits(line) or line.joined:
            return 0
        size = _rounded(line.size)
        if size in self._levels and (not self._tagged or size > 1.3 * self.body):
            return self._levels[size]
        if self._by_weight and not self._tagged and line.bold and size >= self.body:
            return self._weight_level
        return 0

    @staticmethod
    def _fits(line: Line) -> bool:
        text = line.text
        return bool(
            len(text) <= _MOST_CHARACTERS
            and text.count(" ") < _MOST_WORDS
            and _OPENING.match(text)
            and _LETTER.search(text)
            and not _SENTENCE_END.search(text)
        )


def _rounded(size: float) -> float:
    return round(size * 2) / 2
