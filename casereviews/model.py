"""The shared language: what a review, a document, a page and a hit are.

Dates are ISO strings as precise as the source is (`2025`, `2025-03`, `2025-03-04`); a fact the source
does not give is `None`, never a guess.
"""

from dataclasses import dataclass
from typing import Literal

REVIEW_TYPES: dict[str, str] = {
    "cspr": "Child safeguarding practice review",
    "scr": "Serious case review",
    "national-review": "National review",
    "thematic-review": "Thematic review",
    "cpr": "Child practice review (Wales)",
    "learning-review": "Learning review (Scotland)",
    "cmr": "Case management review (Northern Ireland)",
    "dhr": "Domestic homicide review",
    "sar": "Safeguarding adult review",
    "pfd": "Prevention of future deaths report",
    "mental-health-homicide": "Independent mental health homicide investigation",
    "fatal-incident": "Fatal incident investigation",
    "safety-investigation": "Health services safety investigation",
    "annual-report": "Annual report",
    "guidance": "Guidance",
    "research": "Research or analysis",
    "other": "Other",
}
"""The closed list of review types, in the order in which they are shown."""

NATIONS = ("england", "wales", "scotland", "northern-ireland")

State = Literal["present", "missing", "gone", "returned", "withdrawn"]
DocumentKind = Literal["report", "summary", "briefing", "response", "action-plan", "other"]
ReadState = Literal["readable", "without_text", "failed"]


@dataclass(frozen=True, slots=True)
class Link:
    """A document as its listing offers it, before it is fetched."""

    url: str
    kind: DocumentKind = "report"
    title: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One review as its source describes it; `id` is `source:key` and never changes."""

    source: str
    key: str
    title: str
    url: str
    type: str = "other"
    publisher: str | None = None
    area: str | None = None
    nation: str | None = None
    incident: str | None = None
    reported: str | None = None
    published: str | None = None
    updated: str | None = None
    reference: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    licence: str | None = None
    links: tuple[Link, ...] = ()
    withdrawn: str | None = None
    """The source's own notice of withdrawal, as text; None while the source stands by the review."""

    @property
    def id(self) -> str:
        """The stable id, `source:key`."""
        return f"{self.source}:{self.key}"


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document's file; a replaced file is a new version, the old one stays."""

    sha256: str
    bytes: int
    media_type: str
    captured_at: str
    url: str
    """Where the bytes came from in the end, after redirects."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a review with its newest version, or the reason why there is none."""

    id: int
    review: str
    url: str
    kind: DocumentKind
    title: str | None
    media_type: str | None
    version: Version | None
    state: str = "present"
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the layout sets as a heading: where it starts in the page's text, and its level from 1."""

    offset: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document's text.

    `number` is the file's own, from 1; `printed` what is printed on the page; `anchor` the fragment to
    link to where the document is a web page; `section` the canonical section that the page opens in.
    """

    number: int
    text: str
    printed: str | None = None
    section: str | None = None
    anchor: str | None = None
    headings: tuple[Heading, ...] = ()
    footnotes: int | None = None
    """Offset in `text` at which the page's footnotes begin; None where it has none."""
    aside: tuple[str, ...] = ()
    """Running headers, footers and page numbers, set aside from `text` as they were printed."""
    ocr: float | None = None
    """Confidence from 0 to 1 where the text was read from an image by this program; None for real text."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document, from where its heading stands to where the next section starts.

    `page` is the page's number in its file, `offset` a place in the page's text, `canonical` a name of
    `indexer/sections.toml`, `heading` the heading as printed.
    """

    page: int
    offset: int
    canonical: str
    heading: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One thing that a review asks for, word for word; where a review asks nothing, what it found.

    `form` says how it is set: labelled, coded, numbered, bulleted, table, list or paragraph. `nature` says
    what it is: recommendation, finding, question or concern (of a coroner).
    """

    number: str | None
    """As printed (`4`, `R2`, `7.3`, `One`); None where there is none."""
    text: str
    addressees: tuple[str, ...]
    """The bodies that it is addressed to, as named there."""
    kinds: tuple[str, ...]
    """What those bodies are: partnership, council, police, health, school, government, regulator, other."""
    document: int
    """The document's place in its review, from 1."""
    pages: tuple[int, ...]
    """Each page of that document on which it begins; a second one where it is said again."""
    elsewhere: tuple[tuple[int, int], ...] = ()
    """Other documents that say it again: their place in the review, and the page."""
    section: str | None = None
    finding: str | None = None
    """The finding or the theme under which it stands, as headed there."""
    form: str = "paragraph"
    nature: str = "recommendation"
    start: tuple[int, int] | None = None
    """Page and offset in its text at which it begins, and at which it ends; None where no document holds it."""
    end: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mention of a theme: the words that matched, their sentence and where it stands.

    `document` is the document's place in its review, from 1, `page` the page's number in its file; both are
    None where it is the review's own description. What is denied is kept and counts for nothing.
    """

    concept: str
    words: str
    sentence: str
    document: int | None
    page: int | None
    section: str | None
    negated: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme of a review: how relevant it is, why, and the mentions that prove it, best first."""

    concept: str
    field: str
    """What it is filtered and counted by: theme, agency or age."""
    relevance: float
    """From 0 to 1; a theme that is just relevant enough has one half."""
    mentions: int
    """How often it is mentioned without being denied; `evidence` holds the best of these, and some denials."""
    evidence: tuple[Evidence, ...]
    pages: tuple[tuple[int, int, float], ...] = ()
    """Document, page and relevance there, for each page with a mention."""
    why: tuple[tuple[str, float], ...] = ()
    """What spoke for it and against it, in the ranker's own numbers, the greatest first."""
    wider: tuple[str, ...] = ()
    """The broader concepts, nearest first: whoever looks for them finds this."""


@dataclass(frozen=True, slots=True)
class TextFact:
    """A fact about a review that its own text states, and the page that states it."""

    field: str
    value: str
    document: int
    page: int


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with its text, as the index holds it."""

    url: str
    kind: DocumentKind
    title: str | None
    media_type: str | None
    sha256: str | None
    state: ReadState
    reason: str | None = None
    pages: tuple[Page, ...] = ()
    sections: tuple[Section, ...] = ()
    retrieved: str | None = None
    """When its file was first fetched as it is, in UTC."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the index holds of one review: its description, its documents' pages, what was derived.

    `fingerprint` changes whenever anything in the record would; equal fingerprints are never indexed twice.
    """

    review: Review
    state: State
    first_seen: str
    documents: tuple[ReadDocument, ...]
    fingerprint: str
    themes: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    """Every theme, agency and age band that its text tells of; `themes` and `agencies` name the first two kinds."""
    listed: tuple[str, ...] = ()
    """Concepts that its source's own keywords stand for."""
    recommendations: tuple[Recommendation, ...] = ()
    from_text: tuple[TextFact, ...] = ()
    """What the documents say of the review themselves; kept beside what the source says, never instead of it."""
