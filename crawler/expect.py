"""What a source promises of every run, so that a changed site fails loudly instead of yielding nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Expect:
    """The least that a healthy run of a source gives; falling below any of it makes the run `short`."""

    minimum: int = 1
    """Reviews found."""
    filled: Mapping[str, float] = field(default_factory=lambda: {"title": 1.0, "published": 0.9})
    """Share of the reviews found that must have the field, per field of `Review`."""
    failed_documents: float = 0.1
    """Largest share of the documents tried that may fail; 1.0 where dead links are normal."""
    failed_details: float = 0.1
    """Largest share of the pages of single reviews that may fail (no answer, 403, 5xx) before the source has
    `failed`; fewer make it `short`, and so does any number below five."""
    problems: float = 0.3
    """Largest share of the entries met that may be wrong and skipped."""
    drop: float = 0.3
    """Largest share of the reviews known as present that may be absent from one run."""
