"""What the archive hands out: runs, captures, stored reviews and a source's result."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from casereviews.model import Review, State

SourceVerdict = Literal["ok", "short", "failed", "skipped"]

LinkVerdict = Literal["confirmed", "split"]


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl; `resumed` when it goes on from one that was killed."""

    id: int
    started: str
    finished: str | None
    verdict: str | None
    program: str
    sources: tuple[str, ...]
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One attempt to fetch a URL; `status` is None when no answer came, `error` says why."""

    id: int
    run: int
    source: str
    url: str
    redirected_from: str | None
    captured_at: str
    status: int | None
    headers: dict[str, str]
    etag: str | None
    last_modified: str | None
    sha256: str | None
    bytes: int
    error: str | None


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review with what the archive knows of its life."""

    review: Review
    state: State
    first_seen: str
    last_seen: str
    revision: int


@dataclass(frozen=True, slots=True)
class ReviewLink:
    """An analyst's decision on two reviews, `first` before `second` by id."""

    first: str
    second: str
    verdict: LinkVerdict
    note: str | None
    decided: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document of which a run found another file: the event that tells of it, and the two files."""

    event: int
    review: str
    url: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Takedown:
    """A review that was forgotten on request: of which source, why, when, how many files it had."""

    id: int
    source: str
    reason: str
    at: str
    files: int
    finished: str | None
    """When files, caches and index were rid of it too."""
    others: tuple[str, ...] = ()
    """Reviews that held one of its files too, and do no more."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as it was typed, with what narrows it (filters, since, until, sections)."""

    id: int
    name: str
    query: str
    narrowing: dict[str, Any]
    note: str | None
    created: str
    error: str | None
    """Why it could not be answered when it was last asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a saved search finds now: families of review ids that are one review, or why it cannot be answered."""

    families: tuple[tuple[str, ...], ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """How the documents of one source fared in one run."""

    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    without_text: int = 0


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What one source gave in one run; the tuples hold review ids."""

    source: str
    verdict: SourceVerdict
    found: int = 0
    expected: int | None = None
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    resaved: tuple[str, ...] = ()
    """Reviews of which a file was replaced by one with the very same text, and nothing else changed."""
    replaced: tuple[dict[str, Any], ...] = ()
    """Each replaced file: review, url, same_text, pages (before, after, added, removed, changed) and share."""
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    documents: DocumentCounts = field(default_factory=DocumentCounts)
    errors: tuple[str, ...] = ()
    whole: bool = True
    """Whether its listings were read to their end, or left where nothing was new."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `refresh` and `changes` for one source."""
        return asdict(self)
