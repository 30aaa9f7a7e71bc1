"""Keywords that a source lists itself, as the concepts they stand for where that is sure: `keyword_map.toml`."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.themes import Scheme, ThemesError

KEYWORDS_FILE = Path(__file__).with_name("keyword_map.toml")


@dataclass(frozen=True)
class KeywordMap:
    """Keywords (see `key`) and the concepts they stand for; `labels` are the concepts' own."""

    meanings: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the whole map."""
        return hashlib.sha256(json.dumps(dict(self.meanings), sort_keys=True).encode()).hexdigest()[:16]

    def concepts(self, keywords: Iterable[str]) -> tuple[str, ...]:
        """The concepts of a review's keywords, each once, in order; a keyword that is not mapped has none."""
        return tuple(dict.fromkeys(c for word in keywords for c in self._meant(key(word))))

    def _meant(self, word: str) -> tuple[str, ...]:
        if word in self.meanings:
            return self.meanings[word]
        return (self.labels[word],) if word in self.labels else ()


def key(keyword: str) -> str:
    """What makes two keywords the same: letters and digits, whatever their case."""
    return " ".join(re.findall(r"\w+", keyword.casefold()))


def load(scheme: Scheme, file: Path = KEYWORDS_FILE) -> KeywordMap:
    """The keywords of all sources; ThemesError names one that stands for no concept.

    With a list of themes of one's own that leaves concepts out, what stood for those stands for nothing.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ThemesError(f"{file}: cannot be read as keywords: {error}") from error
    meanings: dict[str, tuple[str, ...]] = {}
    for source, table in tables.items():
        for keyword, given in table.items():
            concepts = (given,) if isinstance(given, str) else tuple(given)
            if key(keyword) in meanings and meanings[key(keyword)] != concepts:
                raise ThemesError(f"{file}: [{source}] {keyword!r} stands for something else further up")
            meanings[key(keyword)] = tuple(concept for concept in concepts if concept in scheme.concepts)
    labels = {key(text): c.id for c in scheme.concepts.values() for text, weak in c.labels() if c.matched and not weak}
    return KeywordMap(meanings, labels)
