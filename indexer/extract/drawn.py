"""What a page draws as text: runs, one per string as drawn, with their place, and marked content."""

import math
from typing import NamedTuple

from indexer.extract.limits import MAX_FORM_USES, MAX_PAGE_CHARACTERS
from indexer.extract.result import ExtractionError
from indexer.extract.tokens import ACTUAL_TEXT, HEADING_TAG, string_bytes, text_string

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
ARTIFACT = -1
SLANTED = 4
_SLANT_DEGREES = 15
_ACTUAL_TEXT_MOST = 400


class Run(NamedTuple):
    """A string as drawn, in points from the lower left of the page as it is read, after its rotation.

    `kind` is -1 for an artifact, 1 to 6 within a tagged heading; `turn` counts the quarter turns of its
    line anticlockwise, 4 for a slanted one.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    kind: int
    turn: int
    hidden: bool


class Drawn:
    """One page's runs in content order, and how much of it images cover."""

    __slots__ = ("_actual", "_characters", "_forms", "_marks", "broken", "height", "images", "kind", "runs", "width")

    def __init__(self, width: float, height: float) -> None:
        self.runs: list[Run] = []
        self.width = width
        self.height = height
        self.images = 0.0
        """Share of the page's area; overlapping images count twice."""
        self.kind = 0
        """Of what is drawn now, as in `Run`."""
        self.broken: str | None = None
        """What could not be read of the page, in a few words."""
        self._characters = 0
        self._forms = 0
        self._marks: list[int] = []
        self._actual: list[tuple[int, int, str]] = []

    def add(self, run: Run) -> None:
        """Note a run; raises `ExtractionError` past the limit of a page."""
        self._characters += len(run.text)
        if self._characters > MAX_PAGE_CHARACTERS:
            raise ExtractionError("too-large", "a page holds more text than the limit")
        self.runs.append(run)

    def add_image(self, ctm: Matrix) -> None:
        """Note an image, which is drawn on the unit square."""
        self.images += abs(ctm[0] * ctm[3] - ctm[1] * ctm[2]) / (self.width * self.height)

    def add_form(self) -> None:
        """Note a form; raises `ExtractionError` past the limit of a page."""
        self._forms += 1
        if self._forms > MAX_FORM_USES:
            raise ExtractionError("too-large", "a page draws more forms than the limit")

    def begin_mark(self, tag: str, properties: bytes) -> None:
        """Marked content begins: an artifact, a heading, or text with its real characters beside it."""
        self._marks.append(self.kind)
        if tag == "Artifact":
            self.kind = ARTIFACT
        elif not self.kind and (heading := HEADING_TAG.match(tag)):
            self.kind = int(heading[1] or 1)
        if b"/ActualText" in properties and (actual := ACTUAL_TEXT.search(properties)):
            self._actual.append((len(self._marks), len(self.runs), text_string(string_bytes(actual[1]))))

    def end_mark(self) -> None:
        """Marked content ends; a real text given for glyphs on one line takes their place."""
        if self._actual and self._actual[-1][0] == len(self._marks):
            _, first, text = self._actual.pop()
            inside = self.runs[first:]
            if inside and len(text) <= _ACTUAL_TEXT_MOST and abs(inside[-1].y1 - inside[0].y0) < inside[0].size:
                self.runs[first:] = [inside[0]._replace(text=text, x1=inside[-1].x1, y1=inside[-1].y1)]
        if self._marks:
            self.kind = self._marks.pop()


def multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def quarter_turns(a: float, b: float) -> int:
    """The `turn` of a line that runs along the vector `(a, b)`."""
    degrees = math.degrees(math.atan2(b, a)) % 360
    turns = round(degrees / 90)
    return turns % 4 if abs(degrees - turns * 90) < _SLANT_DEGREES else SLANTED
