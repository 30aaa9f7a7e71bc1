"""The invented reviews: what each is about, who publishes it, what files it has, in which state of the replica.

Every name, place and story is invented. The facts stand in `reviews.toml`, one table a review; a review may
be listed by several sites.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path

from replica.series import SERIES, rows

HERE = Path(__file__).parent
SECOND_STATE = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
"""When everything that differs in state 2 is said to have happened."""

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {"pdf": PDF, "docx": DOCX, "html": "text/html"}


@dataclass(frozen=True, slots=True)
class File:
    """One document of a review.

    `layout` is the way it is set (report_pages.LAYOUTS); `replaced` how it differs in state 2: "moved" (a new
    address, the old one redirects), "same-url" (new bytes at the old address) or "" (not at all); `fault` what
    the file's host answers instead of it: "unchecked" (not yet scanned for viruses), "deleted" or "unpublished".
    """

    key: str
    title: str
    kind: str = "report"
    media: str = "pdf"
    layout: str = "plain"
    pages: int = 12
    name: str = ""
    replaced: str = ""
    url: str = ""
    fault: str = ""
    since: int = 1

    def version(self, state: int) -> int:
        """1, or 2 once the file is replaced."""
        return 2 if self.replaced and state >= 2 else 1


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented review."""

    id: str
    kind: str
    title: str
    published: date
    sites: tuple[str, ...]
    publisher: str = ""
    area: str = ""
    nation: str = "england"
    subject: str = "child"
    name: str = ""
    incident: str = ""
    summary: str = ""
    themes: tuple[str, ...] = ()
    recommendations: str = "label"
    files: tuple[File, ...] = ()
    oddity: str = ""
    since: int = 1
    withdrawn: int = 0
    gone: int = 0
    facts: dict[str, str] = field(default_factory=dict, hash=False)
    """What only one site has to say about it, for example GOV.UK's document type."""

    def listed(self, state: int) -> bool:
        """Whether any site still shows it in this state."""
        return self.since <= state and not (self.gone and state >= self.gone)

    def files_in(self, state: int) -> tuple[File, ...]:
        """The documents that it has in this state."""
        return tuple(file for file in self.files if file.since <= state)

    def is_withdrawn(self, state: int) -> bool:
        """Whether its publisher no longer stands by it in this state."""
        return bool(self.withdrawn) and state >= self.withdrawn

    def moment(self) -> datetime:
        """When it was published: office hours, the minute drawn from its id."""
        drawn = int(hashlib.sha256(self.id.encode()).hexdigest()[:4], 16) % 480
        return datetime.combine(self.published, time(9), UTC) + timedelta(minutes=drawn)

    def updated(self, state: int) -> datetime:
        """When it last changed, as seen in this state."""
        changed = state >= 2 and (self.since == 2 or self.withdrawn == 2 or any(file.replaced for file in self.files))
        return SECOND_STATE if changed else self.moment()


@dataclass(frozen=True, slots=True)
class Built:
    """A file as it was built: its bytes on disk, its size, its pages (0: not paged)."""

    path: Path
    size: int
    pages: int
    sha256: str
    modified: datetime

    @property
    def etag(self) -> str:
        """The tag nginx gives a file: hexadecimal time and size."""
        return f'"{int(self.modified.timestamp()):x}-{self.size:x}"'

    def read(self) -> bytes:
        """The bytes."""
        return self.path.read_bytes()


@dataclass(frozen=True, eq=False)
class Corpus:
    """All invented reviews with their built files."""

    reviews: tuple[Invented, ...]
    built: dict[str, Built]
    """By `file_name`."""

    @cached_property
    def by_id(self) -> dict[str, Invented]:
        """The reviews by id."""
        return {review.id: review for review in self.reviews}

    def on(self, site: str, state: int) -> Iterator[Invented]:
        """The reviews that a site lists in this state, in the order of the file."""
        return (review for review in self.reviews if site in review.sites and review.listed(state))

    def file(self, review: Invented, file: File, state: int) -> Built:
        """A document's file as it is in this state."""
        return self.built[file_name(review, file, file.version(state))]


def file_name(review: Invented, file: File, version: int) -> str:
    """The name of a built file, unique in the corpus."""
    return f"{review.id}.{file.key}.v{version}.{file.media}"


def hex_id(*parts: object, length: int = 24) -> str:
    """A made-up identifier, the same every time."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:length]


def uuid(*parts: object) -> str:
    """A made-up content id in the form of a UUID."""
    text = hex_id(*parts, length=32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


@cache
def invented() -> tuple[Invented, ...]:
    """The reviews of `reviews/*.toml`, without their files' bytes."""
    found: list[Invented] = []
    for path in sorted((HERE / "reviews").glob("*.toml")):
        if path == SERIES:
            found += map(_invented, rows())
            continue
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        defaults = table.get("defaults", {})
        found += (_invented({**defaults, **row}) for row in table["review"])
    ids = [review.id for review in found]
    if doubled := {id for id in ids if ids.count(id) > 1}:
        raise ValueError(f"two invented reviews have the id {', '.join(sorted(doubled))}")
    return tuple(found)


def _invented(row: dict[str, object]) -> Invented:
    files = row.pop("files", [])
    assert isinstance(files, list)
    for name in ("sites", "themes"):
        value = row.get(name, ())
        row[name] = tuple(value) if isinstance(value, list) else value
    review = Invented(**row)  # type: ignore[arg-type]
    return replace(review, files=tuple(_file(review, dict(each)) for each in files))


def _file(review: Invented, row: dict[str, object]) -> File:
    row.setdefault("key", row.get("kind", "report"))
    file = File(**{"title": review.title, **row})  # type: ignore[arg-type]
    name = file.name or f"{review.id}-{file.key}".replace("-", "_") + f".{file.media}"
    return replace(file, name=name)


def load(built: dict[str, tuple[Path, int, int, str]]) -> Corpus:
    """The corpus with the files that `replica.build.build` made."""
    reviews = invented()
    files: dict[str, Built] = {}
    for review in reviews:
        for file in review.files:
            for version in (1, 2) if file.replaced else (1,):
                name = file_name(review, file, version)
                if name in built:
                    path, size, pages, sha256 = built[name]
                    modified = review.moment() if version == 1 else SECOND_STATE
                    files[name] = Built(path, size, pages, sha256, modified)
    return Corpus(reviews, files)
