"""The names of report sections, from `sections.toml`: which section a heading opens."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from casereviews.errors import CaseReviewsError

NAMES_FILE = Path(__file__).with_name("sections.toml")
_NUMBER = (
    r"(?:section|chapter|part)\s+(?:\d+|[a-z]|[ivx]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b\s*[:.)–—-]*"
    r"|\(?\d{1,2}(?:\.\d{1,2})*[.):]*(?=\s|[A-Za-z])|\(?[A-Za-z][.)](?=\s)|\(?[ivxIVX]{1,5}[.)](?=\s)"
)
_NUMBERING = re.compile(rf"^\s*(?:{_NUMBER})\s*(?:[:–—-]\s*)?", re.IGNORECASE)
_APPENDIX = re.compile(
    r"\s*(?:appendix|annexe?|attachment|schedule)\b\s*(?:\d{1,2}|[A-Z]|[ivx]+|one|two|three|four|five)?\b\s*[:.)–—-]*\s*",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"\s*\(?(\d{1,2}(?:\.\d{1,2})*)[.):]*\s")
_WORD = re.compile(r"[^\W_]+")
_SENT_TO = "sent_to"
_NOTE_MARK = re.compile(r"(?<=[a-z?])\d{1,2}$")
_MOST_WORDS = 18
_WITHIN_APPENDIX = (
    "terms_of_reference",
    "glossary",
    "references",
    "action_plan",
    "timeline",
    "recommendations",
    "methodology",
)
"""Sections that keep their own name where they stand in an appendix."""


class SectionNamesError(CaseReviewsError):
    """The file of section names is not as it must be."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to head a section: its pattern and how many words of its own it has."""

    section: str
    pattern: re.Pattern[str]
    words: int
    open: bool
    """Whether other words may stand beside its own."""


@dataclass(frozen=True)
class SectionNames:
    """All names of sections; `labels` in the order of the file."""

    labels: dict[str, str]
    names: tuple[Name, ...]
    form: tuple[Name, ...]
    """The boxes of the coroners' form, in their order."""

    def section(self, heading: str) -> tuple[str, Name] | None:
        """The section that a heading opens, and the name by which it is known; None for any other heading."""
        appendix = _APPENDIX.match(heading)
        rest = heading[appendix.end() :] if appendix else heading
        found = self._best(folded(rest)) if rest.strip() else None
        if appendix and (found is None or found[0] not in _WITHIN_APPENDIX):
            return self._best(folded(heading))
        return found

    def _best(self, text: str) -> tuple[str, Name] | None:
        if not text or text.count(" ") >= _MOST_WORDS:
            return None
        fitting = [name for name in self.names if name.pattern.fullmatch(text)]
        best = max(fitting, key=lambda name: (name.words, not name.open), default=None)
        return (best.section, best) if best else None

    def form_box(self, line: str) -> str | None:
        """The box of the coroners' form that a line heads, or None."""
        text = folded(line)
        box = next((name.section for name in self.form if name.pattern.fullmatch(text)), None)
        before, colon, _ = line.partition(":")
        if box is None and colon and self.form_box(before) == _SENT_TO:  # its names may stand on the same line
            return _SENT_TO
        return box


def folded(heading: str) -> str:
    """A heading for comparison: lower case words without numbering, note marks and what follows a colon grade."""
    bare = _NOTE_MARK.sub("", _NUMBERING.sub("", heading, count=1).strip())
    return " ".join(word.casefold() for word in _WORD.findall(bare))


def depth(heading: str) -> int:
    """How deep a heading's own number goes: 1 for `7.`, 2 for `7.1`; 0 where it has none."""
    found = _DEPTH.match(heading)
    return found[1].count(".") + 1 if found else 0


@lru_cache(maxsize=1)
def section_names() -> SectionNames:
    """The names in the file that comes with the program."""
    return load(NAMES_FILE)


def load(path: Path) -> SectionNames:
    """Read and check a file of section names; SectionNamesError says what is wrong, and where."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SectionNamesError(f"cannot read the section names in {path}: {error}") from error
    form = tables.pop("form", {})
    labels: dict[str, str] = {}
    seen: dict[str, str] = {}
    names = tuple(name for key, table in tables.items() for name in _names(path, key, table, labels, seen))
    boxes = tuple(name for key, table in form.items() for name in _names(path, key, table, labels, {}))
    return SectionNames(labels, names, boxes)


def _names(path: Path, key: str, table: object, labels: dict[str, str], seen: dict[str, str]) -> list[Name]:
    if not isinstance(table, dict) or set(table) != {"label", "headings"}:
        raise SectionNamesError(f"{path}: [{key}] must have a label and headings, nothing else")
    label, headings = table["label"], table["headings"]
    if not isinstance(label, str) or not isinstance(headings, list) or not headings:
        raise SectionNamesError(f"{path}: [{key}] needs a label (text) and headings (a list of texts)")
    labels[key] = label
    names = []
    for heading in headings:
        if not isinstance(heading, str) or not re.fullmatch(r"(\* )?[^\W_A-Z]+( (\*|[^\W_A-Z]+))*", heading):
            raise SectionNamesError(f"{path}: [{key}] {heading!r} must be lower case words with single spaces, and *")
        if heading in seen:
            raise SectionNamesError(f"{path}: {heading!r} stands under both [{seen[heading]}] and [{key}]")
        seen[heading] = key
        names.append(_name(key, heading))
    return names


def _name(section: str, heading: str) -> Name:
    parts = heading.split()
    own = sum(part != "*" for part in parts)
    return Name(section, re.compile(_glob(parts)), own, own < len(parts))


def _glob(parts: list[str]) -> str:
    """A pattern for folded text: `*` is up to eight whole words."""
    pattern = ""
    for index, part in enumerate(parts):
        if part == "*":
            pattern += r"(?:\w+ ){0,8}" if index == 0 else r"(?: \w+){0,8}"
        else:
            pattern += (" " if index and not (index == 1 and parts[0] == "*") else "") + re.escape(part)
    return pattern
