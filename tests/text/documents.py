"""Pages of text as the extractor would give them, written down short: headings are marked with #."""

from casereviews.model import Heading, Page, Recommendation, Section
from indexer.recommendations import recommendations_of
from indexer.sections import sections_of, with_sections


def pages(*texts: str) -> tuple[Page, ...]:
    """Pages from texts; a line that begins with # (or ##) is a heading of that level."""
    return tuple(_page(number, text) for number, text in enumerate(texts, 1))


def _page(number: int, text: str) -> Page:
    lines: list[str] = []
    headings: list[Heading] = []
    offset = 0
    for raw in text.strip("\n").split("\n"):
        marks = len(raw) - len(raw.lstrip("#"))
        line = raw.lstrip("#").strip() if marks else raw
        if marks:
            headings.append(Heading(offset, marks, line))
        lines.append(line)
        offset += len(line) + 1
    return Page(number, "\n".join(lines), headings=tuple(headings))


def sections(*texts: str) -> list[tuple[int, str]]:
    """Page and name of each section."""
    return [(section.page, section.canonical) for section in found_sections(*texts)]


def found_sections(*texts: str) -> tuple[Section, ...]:
    return sections_of(pages(*texts))


def recommendations(*texts: str) -> tuple[Recommendation, ...]:
    made = pages(*texts)
    found = sections_of(made)
    return recommendations_of(with_sections(made, found), found)
