"""Porter stems, each worked out once."""

from whoosh.lang.porter import stem as porter

_known: dict[str, str] = {}


def stem(word: str) -> str:
    """The stem of a word without its possessive ending.

    >>> stem("neglected"), stem("child's"), stem("families")
    ('neglect', 'child', 'famili')
    """
    found = _known.get(word)
    if found is None:
        bare = word.removesuffix("'s").replace("'", "") or word
        found = _known[word] = porter(bare)
    return found
