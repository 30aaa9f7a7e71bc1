"""The list of themes: `themes.toml` and an analyst's own file, read, checked and fingerprinted."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from casereviews.errors import UsageError

THEMES_FILE = Path(__file__).with_name("themes.toml")
NOT_CONCEPTS = ("facets", "sources", "ignored", "replace")
"""What stands at the top of a file beside the concepts."""

_LISTS = ("related", "aliases", "weak", "source")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_ENDING = re.compile(r"\(([a-z]+)\)$")
_OLDEST = 130


class ThemesError(UsageError):
    """A list of themes that cannot be used: the file, the table and the problem."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One theme, in SKOS words; `id` is `facet.name` in the file and never changes once tags hold it."""

    id: str
    label: str
    facet: str
    broader: str | None = None
    related: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Labels that count only beside other evidence."""
    ages: tuple[int, int] | None = None
    """In years, both included: an age in the text that stands for this concept."""
    matched: bool = True
    """Whether it is looked for in text; what comes from a review's description is not."""
    scope_note: str | None = None
    source: tuple[str, ...] = ()

    def labels(self) -> Iterator[tuple[str, bool]]:
        """Every label as matched, with whether it is weak; `word(s)` is given as both of its forms."""
        label = () if re.search(r"[,(/;]| and ", self.label) else (self.label,)
        for given, weak in ((label, False), (self.aliases, False), (self.weak, True)):
            for text in given:
                for form in forms(text):
                    yield form, weak


@dataclass(frozen=True)
class Scheme:
    """All themes, in the order of the file."""

    concepts: Mapping[str, Concept]
    facets: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    """Phrases that hold a label but mean something else, such as the name of a board."""

    @property
    def fingerprint(self) -> str:
        """A hash of everything that decides a tag; notes and sources do not."""
        tell = [
            (c.id, c.label, c.facet, c.broader, c.aliases, c.weak, c.ages, c.matched) for c in self.concepts.values()
        ]
        return hashlib.sha256(json.dumps([tell, dict(self.facets), self.ignored]).encode()).hexdigest()[:16]

    def above(self, concept: str) -> Iterator[str]:
        """The broader concepts of one, nearest first."""
        known = self.concepts.get(concept)
        while known and known.broader:
            yield known.broader
            known = self.concepts.get(known.broader)

    def below(self, concept: str) -> list[str]:
        """A concept and all narrower ones."""
        return [each for each in self.concepts if each == concept or concept in self.above(each)]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a list of themes, and where."""

    file: str
    table: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: [{self.table}] {self.problem}"


def forms(text: str) -> tuple[str, ...]:
    """A label with a listed plural as its two forms, any other as it is.

    >>> forms("social worker(s)"), forms("neglect")
    (('social worker', 'social workers'), ('neglect',))
    """
    ending = _ENDING.search(text)
    return (text[: ending.start()], text[: ending.start()] + ending[1]) if ending else (text,)


def load(own: Path | None = None) -> Scheme:
    """The themes, with those of an analyst's own file; ThemesError names the first problem."""
    scheme, problems = read(own)
    if problems:
        more = f" (and {len(problems) - 1} more: casereviews themes check)" if len(problems) > 1 else ""
        raise ThemesError(f"{problems[0]}{more}")
    return scheme


def read(own: Path | None = None, base: Path = THEMES_FILE) -> tuple[Scheme, list[Problem]]:
    """The themes as far as they can be read, and every problem in them."""
    problems: list[Problem] = []
    tables: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for file in [base] + ([own] if own else []):
        given = _parsed(file)
        if given.pop("replace", False) is True:
            tables, origin = {}, {}
        for name, table in _flat(given):
            merged = _added(tables.get(name, {}), table)
            if merged is None:
                problems.append(Problem(str(file), name, "is a table of facts about one concept; this is not"))
                continue
            tables[name], origin[name] = merged, str(file)
    where = str(own or base)
    concepts: dict[str, Concept] = {}
    for name, table in tables.items():
        if name not in NOT_CONCEPTS:
            concept, found = _concept(name, table)
            problems += [Problem(origin[name], name, text) for text in found]
            if concept:
                concepts[name] = concept
    ignored = tuple(tables.get("ignored", {}).get("phrases", ()))
    facets = {key: str(label) for key, label in tables.get("facets", {}).items()}
    scheme = Scheme(concepts, facets, tables.get("sources", {}), ignored)
    problems += [Problem(origin.get(name, where), name, text) for name, text in _conflicts(scheme)]
    return scheme, problems


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # as some editors save it
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemesError(f"{file}: cannot be read as themes: {error}") from error


def _flat(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """`[harm.neglect]` is a table in a table to TOML and one concept to us, as `["harm.neglect"]` is to both."""
    for name, table in given.items():
        if name in NOT_CONCEPTS or "." in name or not isinstance(table, dict):
            yield name, table
        else:
            for inner, each in table.items():
                yield f"{name}.{inner}", each


def _added(before: dict[str, Any], table: Any) -> dict[str, Any] | None:
    """A table on top of another: lists grow, texts are replaced; with `replace = true` it stands alone."""
    if not isinstance(table, dict):
        return None
    table = dict(table)
    if table.pop("replace", False) is True:
        before = {}
    merged = dict(before)
    for key, value in table.items():
        old = merged.get(key)
        grows = key in (*_LISTS, "phrases") and isinstance(old, list) and isinstance(value, list)
        merged[key] = list(dict.fromkeys([*(old or ()), *value])) if grows else value
    return merged


def _concept(name: str, table: dict[str, Any]) -> tuple[Concept | None, list[str]]:
    """A table as a concept, and what is wrong with it; None where nothing can be made of it."""
    wrong = []
    if not _NAME.fullmatch(name):
        wrong.append("is no name for a concept: small letters, digits and _, as in harm.neglect")
    known = {f.name for f in fields(Concept)} - {"id"}
    wrong += [f"has an unknown key {key!r}; there is {', '.join(sorted(known))}" for key in table if key not in known]
    values: dict[str, Any] = {"id": name, "facet": name.partition(".")[0]}
    for key in known & table.keys():
        text = _misfit(key, table[key])
        if text:
            wrong.append(text)
        else:
            values[key] = tuple(table[key]) if isinstance(table[key], list) else table[key]
    if not str(values.get("label", "")).strip():
        wrong.append("has no label")
        return None, wrong
    wrong += [
        f"has an empty label among its {key}"
        for key in ("aliases", "weak")
        if any(not a.strip() for a in values.get(key, ()))
    ]
    return Concept(**values), wrong


def _misfit(key: str, value: Any) -> str | None:
    if key in _LISTS:
        return (
            None
            if isinstance(value, list) and all(isinstance(v, str) for v in value)
            else f"{key} must be a list of texts"
        )
    if key == "ages":
        whole = isinstance(value, list) and len(value) == 2 and all(type(v) is int and 0 <= v <= _OLDEST for v in value)
        return None if whole and value[0] <= value[1] else "ages must be two whole numbers of years, as in [5, 11]"
    if key == "matched":
        return None if isinstance(value, bool) else "matched must be true or false"
    return None if isinstance(value, str) else f"{key} must be a text"


def _conflicts(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What is wrong between concepts: (table, problem)."""
    owners: dict[str, str] = {}
    for concept in scheme.concepts.values():
        if concept.facet not in scheme.facets:
            yield concept.id, f"belongs to the facet {concept.facet!r}, which [facets] does not list"
        for key in ("broader", "related"):
            given = getattr(concept, key) or ()
            for other in (given,) if isinstance(given, str) else given:
                if other not in scheme.concepts:
                    yield concept.id, f"{key} names {other!r}, which is no concept here"
        if concept.id in _climb(scheme, concept.id):
            yield concept.id, "is broader than itself: " + " → ".join((concept.id, *_climb(scheme, concept.id)))
        own: set[str] = set()
        for text in dict.fromkeys(form for form, weak in concept.labels() if not weak):
            if (key := label_key(text)) not in own and owners.setdefault(key, concept.id) != concept.id:
                yield (
                    concept.id,
                    f"has the label {text!r}, which is also in [{owners[key]}]; make it weak in one of them",
                )
            own.add(key)
        for text in concept.weak:
            if any(label_key(form) in own for form in forms(text)):
                yield concept.id, f"has {text!r} both as a label and as weak"


def _climb(scheme: Scheme, concept: str) -> list[str]:
    """The way up from a concept, until it ends or comes round."""
    way: list[str] = []
    known = scheme.concepts.get(concept)
    while known and known.broader and known.broader not in way:
        way.append(known.broader)
        known = scheme.concepts.get(known.broader)
    return way


def is_acronym(label: str) -> bool:
    """Whether a label is matched in its capitals only.

    >>> is_acronym("A&E"), is_acronym("GPs"), is_acronym("Cafcass"), is_acronym("CT scan")
    (True, True, False, False)
    """
    return bool(re.fullmatch(r"[A-Z][A-Za-z0-9&'-]{0,9}", label)) and sum(letter.isupper() for letter in label) >= 2


def label_key(label: str) -> str:
    """What makes two labels the same one: case and hyphens do not, but for acronyms."""
    return label if is_acronym(label) else " ".join(re.findall(r"[\w&']+", label.casefold()))


def to_dict(concept: Concept) -> dict[str, Any]:
    """The JSON of a concept."""
    return asdict(concept)
