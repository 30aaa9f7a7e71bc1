"""How an item of a list begins: a label, a code, a number or a bullet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["labelled", "coded", "numbered", "bulleted"]
_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty"
)
_NUMBER = rf"\d{{1,3}}(?:\.\d{{1,2}}){{0,2}}[a-z]?|{_WORDS}|[ivx]{{1,5}}|[a-h](?=\s*[:.)–—-])"
_LABEL = re.compile(
    r"(?:\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+)?"
    r"(?:(?:key|national|local|overarching|strategic|priority|single[ -]agency|multi[ -]agency|system"
    r"|overview(?: report)?|SAR|SCR|DHR|CSPR) )?"
    r"(?P<label>recommendation|rec\.?|finding|learning point|learning|lesson"
    r"|question for the \w+(?: \w+)?|questions? for (?:consideration|\w+))"
    rf"(?:\s+(?:no\.?|number|#)?\s*(?P<number>{_NUMBER}))?"
    r"(?P<note>\s*\([^)]{1,80}\))?(?P<stop>\s*[:.)–—-]+|\s*$|(?=\s))\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?P<number>R(?:ec)?\.?\s?\d{1,2}(?:\.\d{1,2})?)\s*[:.)–—-]?\s+(?P<text>[A-Z‘“\"'].*)$")
_COUNT = re.compile(
    r"(?P<open>\(?)(?P<number>\d{1,3}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5}|[Il](?=\)))(?P<close>[.):]{0,2})\s+(?P<text>\S.*)$"
)
_BULLET = re.compile(r"(?:[•·▪◼●○■□◆►➢➤✓✔➔→⁃‣*–—-]|o(?= [A-Z]))\s+(?P<text>\S.*)$")

_ROMANS = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "x", "xx"))
    for one, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens + ones
}


@dataclass(frozen=True, slots=True)
class Marker:
    """What a line begins an item with; `shape` is alike for markers of one list."""

    form: Form
    shape: str
    number: str | None
    text: str
    what: str = "recommendation"
    """What a label calls the item: recommendation, finding or question."""
    note: str | None = None
    """What a label adds in brackets, often the addressee."""

    @property
    def value(self) -> int | None:
        """The last part of the number, to tell whether it follows another."""
        last = (self.number or "").lower().rpartition(".")[2]
        if last.isdecimal():
            return int(last)
        if self.shape.strip("().") == "r":
            return _ROMANS.get(last)
        return ord(last) - 96 if len(last) == 1 and last.isalpha() else None


def with_romans(marks: Sequence[Marker | None]) -> list[Marker | None]:
    """Marks of which `(i)`, `(v)` and `(x)` are numbers where `(ii)` is one, not letters."""
    romans = {mark.shape for mark in marks if mark and mark.form == "numbered" and "r" in mark.shape}
    return [
        replace(mark, shape=shape)
        if mark and mark.number in {"i", "v", "x"} and (shape := mark.shape.replace("a", "r")) in romans
        else mark
        for mark in marks
    ]


def marker(line: str) -> Marker | None:
    """The marker with which a line begins, or None."""
    return _labelled(line) or _coded(line) or _counted(line) or _bulleted(line)


def _labelled(line: str) -> Marker | None:
    found = _LABEL.match(line)
    if found is None:
        return None
    number, stop, text = found["number"], found["stop"].strip(), found["text"].strip()
    if number is None and not (stop and text and ":" in stop):
        return None
    if not stop and text and not text[0].isupper():  # a sentence about it
        return None
    if number is not None and number.isalpha() and text and not (stop or found["note"]):
        return None
    label = found["label"].casefold()
    what = "recommendation" if label.startswith("rec") else "question" if label.startswith("question") else "finding"
    if what == "finding" and number is None:
        return None
    note = found["note"].strip(" ()") if found["note"] else None
    return Marker("labelled", what, number, text, what, note)


def _coded(line: str) -> Marker | None:
    found = _CODE.match(line)
    return Marker("coded", "R", found["number"], found["text"]) if found else None


def _counted(line: str) -> Marker | None:
    found = _COUNT.match(line)
    if found is None:
        return None
    number = found["number"]
    if not number[0].isdigit() and not found["close"]:
        return None
    if number in {"I", "l"}:  # an OCR reading of 1
        number = "1"
    kind = f"{number.count('.')}d" if number[0].isdigit() else "r" if len(number) > 1 else "a"
    close = ")" if ")" in found["close"] else "." if found["close"] else ""
    return Marker("numbered", f"{found['open']}{kind}{close}", number, found["text"])


def _bulleted(line: str) -> Marker | None:
    found = _BULLET.match(line)
    return Marker("bulleted", "•", None, found["text"]) if found else None
