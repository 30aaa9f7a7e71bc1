"""Pages that tell of reviews in sentences with “here” links: what a link is about stands in the text around it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from casereviews.model import Link
from crawler.dates import dates_in
from crawler.kinds import document_kind, document_title
from crawler.lines import Line, main_part, read_lines, slug

_REVIEW = re.compile(r"\breviews?\b|\bL?CSPR\b|\bSCR\b|\bbriefing\b|\breport\b", re.IGNORECASE)
_FURNITURE = re.compile(
    r"working together|guidance|framework|referral|template|procedure|protocol|policy|newsletter|annual report"
    r"|terms of reference|minutes\b|repository|national collection|legislation|training|arrangements",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|docx?|odt)$|^/(?:assets|media|download|uploads)/", re.IGNORECASE)
_SECTION = re.compile(r"\b(?:local|national)\b.*\breviews\b|^reviews\b|practice reviews$", re.IGNORECASE)
_POINTER = re.compile(
    r"[\s,:;–-]*\b(?:(?:(?:was|were) )?published\b|(?:and )?(?:can|may) be (?:found|read|viewed|accessed)"
    r"|(?:is|are) available|(?:please )?(?:click|see|read|follow|view)\b|here\b).*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:to (?:read|view|download) )?(?:the )?(?:full |final |overview |published )*"
    r"report (?:of|on|into|for|from|about) (?:the )?",
    re.IGNORECASE,
)
_REVIEW_OF = re.compile(
    r"\b(?:we|partnership|board|panel)\s+(?:have\s+|has\s+)?publish(?:ed|es)?\s+(?:the\s+|its\s+|an?\s+|their\s+)?(?P<subject>[^.;:]{3,160}?)\s*"
    r"(?:\bon\s+(?:\w+day,?\s+)?(?:the\s+)?\d|\bin\s+(?:[A-Z]\w+\s+)?(?:19|20)\d\d|[.;:]|$)",
    re.IGNORECASE,
)
"""What a sentence such as “We published the review of Child A on 4 March 2025” is about."""
_PUBLISHED = re.compile(r"\bpublish\w*\b(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A review that a page tells of: its files, or else the page of its own that it points to."""

    about: str
    key: str
    national: bool
    page: str | None
    links: tuple[Link, ...]
    published: str | None


def read_prose(response: Response) -> Iterable[Told]:
    """The reviews that a page points to; lines about one case, or under its own heading, are one review."""
    found: dict[str, Told] = {}
    national, case, before = False, "", ""
    for line in read_lines(main_part(response)):
        if line.level:
            case = "" if line.level == 1 or _SECTION.search(line.text) else line.text
            national = national if case else _is_national(line.text)
        about = case or _subject(line.text) or before
        told = _pointed(response, line, about, national or _is_national(line.text))
        if told and (known := found.get(about)):
            found[about] = replace(known, links=tuple(dict.fromkeys([*known.links, *told.links])))
        elif told:
            found[about] = told
        before = line.text
    return found.values()


def _pointed(response: Response, line: Line, about: str, national: bool) -> Told | None:
    if not _REVIEW.search(f"{about} {line.text}") or _FURNITURE.search(line.text):
        return None
    links, page = [], None
    for href, text in line.links:
        try:
            url = safe_url_string(response.urljoin(href))
            parts = urlsplit(url)
        except ValueError:
            continue
        name = PurePosixPath(unquote(parts.path)).name
        if _FILE.search(unquote(parts.path)):
            links.append(Link(url, document_kind(f"{text} {name}", "report"), document_title(text, url)))
        elif national and parts.scheme in ("http", "https") and parts.netloc != urlsplit(response.url).netloc:
            page = page or url
    target = links[0].url if links else page
    if target is None:
        return None
    published = _PUBLISHED.search(line.text)
    return Told(
        about=about,
        key=slug(PurePosixPath(unquote(urlsplit(target).path)).stem),
        national=national,
        page=page,
        links=tuple(dict.fromkeys(links)),
        published=next(iter(dates_in(published[1])), None) if published else None,
    )


def _subject(sentence: str) -> str:
    """What a sentence is about, without what leads up to its link."""
    published = _REVIEW_OF.search(sentence[:500])
    told = _LEAD.sub("", _POINTER.sub("", published["subject"] if published else sentence[:500]))
    return told[:1].upper() + told[1:]


def _is_national(text: str) -> bool:
    """Whether a line speaks of national reviews and of no local ones."""
    return bool(re.search(r"\bnational\b", text, re.IGNORECASE)) and not re.search(r"\blocal\b", text, re.IGNORECASE)
