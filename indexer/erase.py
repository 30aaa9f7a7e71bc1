"""The end of a takedown: files, cached texts and the index are rid of what the catalogue forgot."""

from casereviews.archive import Archive, Takedown
from casereviews.config import Settings
from indexer.build import build_index
from indexer.extract import EXTRACTOR_VERSION
from indexer.sketches import Sketches
from indexer.textcache import TextCache
from search.pages import STORE
from search.writer import open_writer


def finish_takedowns(archive: Archive, settings: Settings) -> list[Takedown]:
    """Finish every takedown that was begun, one that was killed included; which they were.

    `archive` is open for writing. The index is brought in step and then written anew without what was deleted.
    """
    waiting = archive.takedowns(unfinished=True)
    if not waiting:
        return []
    hashes = frozenset[str]().union(*(archive.erase_files(each) for each in waiting))
    with TextCache(settings.cache_folder) as cache:
        cache.forget(hashes)
    with Sketches(settings.cache_folder, EXTRACTOR_VERSION) as sketches:
        sketches.forget(hashes)
    if (settings.index_folder / STORE).exists():
        build_index(archive, settings)
        with open_writer(settings.index_folder, engine=settings.engine) as writer:
            writer.commit(compact=True)
    for each in waiting:
        archive.finish_takedown(each)
    return waiting
