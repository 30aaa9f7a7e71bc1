"""Lines of pages to text."""
from casereviews.model import Page


def gibberish(text: str) -> bool:
    return False


def clean_pages(pages):
    return tuple(Page(p.number, "\n".join(l.text for l in p.lines)) for p in pages)
