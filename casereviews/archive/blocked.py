"""What was taken down and is never gathered again, known by hash alone."""

from hashlib import sha256
from urllib.parse import urldefrag

from casereviews.archive.catalogue import Catalogue


class Blocked(Catalogue):
    """What was taken down, as the crawler asks."""

    def is_blocked(self, kind: str, value: str) -> bool:
        """Whether a review (by id), an address or a file (by SHA-256) was taken down."""
        row = self.db.execute(
            "SELECT 1 FROM takedown_hash WHERE kind = ? AND hash = ?", (kind, hashed(kind, value))
        ).fetchone()
        return row is not None


def hashed(kind: str, value: str) -> str:
    """The hash under which a review's id, an address (without fragment) or a file is blocked."""
    if kind in ("file", "page"):
        return value
    return sha256((urldefrag(value).url if kind == "url" else value).encode()).hexdigest()
