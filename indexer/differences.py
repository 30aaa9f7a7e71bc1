"""What a replaced file says that the one before did not, page by page; a file merely saved again says the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from casereviews.archive import Archive
from casereviews.config import Settings
from casereviews.errors import DamagedError
from casereviews.model import Page
from indexer.extract import Extraction, Extractor
from indexer.textcache import TextCache


@dataclass(frozen=True, slots=True)
class Difference:
    """Pages before and after; how many of them were added, removed or changed; the share of words that differ."""

    before: int
    after: int
    added: int
    removed: int
    changed: int
    share: float

    @property
    def same_text(self) -> bool:
        """Whether not one word differs, wherever the pages break."""
        return not (self.added or self.removed or self.changed)


def compare(before: Sequence[Page], after: Sequence[Page]) -> Difference:
    """The difference of two readings by their words; running heads, spaces and line breaks count for nothing."""
    old, new = [tuple(page.text.split()) for page in before], [tuple(page.text.split()) for page in after]
    total = sum(map(len, old)) + sum(map(len, new))
    if [word for page in old for word in page] == [word for page in new for word in page]:
        return Difference(len(old), len(new), 0, 0, 0, 0.0)
    added = removed = changed = differing = 0
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left, right = old[start:end], new[other_start:other_end]
        pairs = min(len(left), len(right))
        changed += pairs
        removed += len(left) - pairs
        added += len(right) - pairs
        ours, theirs = _bag(left), _bag(right)
        differing += (ours - theirs).total() + (theirs - ours).total()
    # Words that only changed places differ all the same.
    share = max(differing, 1) / max(total, 1)
    return Difference(len(old), len(new), added, removed, changed, max(round(min(share, 1.0), 4), 0.0001))


def _bag(pages: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(word for page in pages for word in page)


def note_differences(archive: Archive, settings: Settings) -> int:
    """Note in the archive how each replaced file differs that was not compared yet; how many were.

    `archive` is open for writing. Texts come from the cache; what is not there is read once more.
    """
    waiting = archive.uncompared()
    if not waiting:
        return 0
    with TextCache(settings.cache_folder, ocr=settings.ocr) as cache:
        _read(archive, settings, cache, {sha256 for each in waiting for sha256 in (each.before, each.after)})
        for each in waiting:
            archive.note_difference(each, _told(cache.get(each.before), cache.get(each.after)))
    return len(waiting)


def _told(before: Extraction | None, after: Extraction | None) -> dict[str, object]:
    """The JSON of a difference; unknown (null) where one side has no text that could be read."""
    sides = [each.pages if each and any(page.text.strip() for page in each.pages) else None for each in (before, after)]
    if sides[0] is None or sides[1] is None:
        return {"same_text": None, "pages": None, "share": None}
    found = compare(sides[0], sides[1])
    names = ("before", "after", "added", "removed", "changed")
    return {
        "same_text": found.same_text,
        "pages": {name: getattr(found, name) for name in names},
        "share": found.share,
    }


def _read(archive: Archive, settings: Settings, cache: TextCache, files: set[str]) -> None:
    wanted = []
    for sha256 in sorted(files):
        if cache.holds(sha256):
            continue
        try:
            archive.read_blob(sha256)
        except DamagedError:
            continue  # the next refresh fetches it again, where it still can be had
        wanted.append((sha256, archive.blob_path(sha256), archive.media_type(sha256)))
    if wanted:
        with Extractor(settings.processes, settings.document_seconds, settings.document_megabytes) as extractor:
            for sha256, extraction in extractor.map(iter(wanted)):
                cache.put(sha256, extraction)
