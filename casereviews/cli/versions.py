"""The versions of what decides an answer: to be told with every question about one."""

import sys
from importlib.metadata import version


def versions() -> dict[str, str]:
    """What matters and its version, the program first."""
    from casereviews import __version__
    from casereviews.archive.catalogue import schema_steps
    from indexer import themes
    from indexer.extract.result import EXTRACTOR_VERSION
    from search.pages import FORMAT

    return {
        "casereviews": __version__,
        "  archive format": str(len(schema_steps())),
        "  index format": str(FORMAT),
        "  text extractor": EXTRACTOR_VERSION,
        "  themes": themes.load().fingerprint,
        "Python": sys.version.partition(" ")[0],
        **{name: version(name) for name in ("Scrapy", "pdfminer.six", "Whoosh")},
    }
