"""The body of a page: its text without the footnotes at its foot."""

import re

from casereviews.model import Page

_NOTE = re.compile(r"\s*(?:(?:\d{1,3}|[*†‡§])\s?\S|[ivx]{1,5}[.)\s]\s?\S)")


def body_of(page: Page) -> str:
    """The page's text without its footnotes, where what stands at its foot begins like one."""
    cut = page.footnotes
    return page.text if cut is None or not _NOTE.match(page.text, cut) else page.text[:cut]
