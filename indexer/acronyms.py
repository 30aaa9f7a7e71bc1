"""Acronyms that the themes file knows: aliases of a concept that are the initials of another of its aliases."""

import re
from collections import defaultdict
from collections.abc import Iterator

from indexer.themes import Scheme, forms

_ACRONYM = re.compile(r"[A-Z](?:&?[A-Z]){1,6}")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_SMALL = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


def acronyms(scheme: Scheme) -> dict[str, list[str]]:
    """Acronym to its meanings, in small letters, of all concepts that list both."""
    found: dict[str, set[str]] = defaultdict(set)
    for concept in scheme.concepts.values():
        named = [form for text in (concept.label, *concept.aliases) for form in forms(text)]
        for short in filter(_ACRONYM.fullmatch, named):
            letters, known = short.replace("&", "").lower(), short.lower()
            meant = {name.lower() for name in named if letters in set(_initials(name))}
            found[short] |= {name for name in meant if known not in name.split()}
    return {short: sorted(meant) for short, meant in sorted(found.items()) if meant}


def _initials(name: str) -> Iterator[str]:
    """The initials of all words, and of those that count; of one word none."""
    told = [word.lower() for word in _WORD.findall(name)]
    if len(told) > 1:
        yield "".join(word[0] for word in told)
        yield "".join(word[0] for word in told if word not in _SMALL)
