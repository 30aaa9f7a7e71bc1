"""The documents of a GOV.UK publication: `details.attachments`, or the HTML that older items hold instead."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from parsel import Selector
from w3lib.url import safe_url_string

from casereviews.model import DocumentKind, Link
from crawler.documents import DOC, DOCX, HTML, ODT, PDF, RTF, TEXT
from crawler.kinds import document_kind
from crawler.loose_json import at, dicts, strings, text

API = "https://www.gov.uk/api/content"
MEDIA_TYPES = {
    ".pdf": PDF,
    ".doc": DOC,
    ".docx": DOCX,
    ".odt": ODT,
    ".rtf": RTF,
    ".html": HTML,
    ".htm": HTML,
    ".txt": TEXT,
}
"""Files that can hold a report; spreadsheets, images and films are not asked for."""

_UNTELLING = frozenset({"application/octet-stream", "binary/octet-stream", "application/x-download"})
_PAGE = re.compile(r"/(?!api/)[^.]*(?:\.[a-z]{2}(?:-[a-z0-9]{2,3})?)?")
"""A path of a page: no file name, at most a language (`.cy`, `.es-419`)."""
_FURNITURE = re.compile(r"terms of reference|\b(?:template|letter|poster|leaflet|form)\b|\beasy read\b", re.IGNORECASE)
_REFERENCES = (("unique_reference", ""), ("command_paper_number", ""), ("hoc_paper_number", "HC "))


def api_address(page: str) -> str | None:
    """Where the Content API has the text of a page of GOV.UK; None for files and other sites."""
    split = urlsplit(page)
    if split.hostname != "www.gov.uk" or not _PAGE.fullmatch(split.path):
        return None
    return API + split.path


def documents(details: object, page: str, subject: str) -> Iterator[Link]:
    """The attachments of the item at `page`, titled `subject`, that can hold text, once each, in its order."""
    seen: set[str] = set()
    for entry in dicts(at(details, "attachments")) or _older_shape(at(details, "documents")):
        url = _address(entry.get("url"), page)
        if url and url not in seen and (media_type := _media_type(entry, url)) is not None:
            seen.add(url)
            title = text(entry.get("title"))
            yield Link(url, _kind(title or "", subject), title, media_type or None)


def reference(details: object) -> str | None:
    """The first reference that an attachment states: the publisher's own, a command or a Commons paper."""
    for entry in dicts(at(details, "attachments")):
        for name, label in _REFERENCES:
            if told := text(entry.get(name)):
                return label + told
    return None


def _older_shape(fragments: object) -> Iterator[Mapping[str, object]]:
    """Attachments as HTML, a thumbnail link and a title link each; the longer text is the title."""
    for fragment in [fragments] if isinstance(fragments, str) else strings(fragments):
        titles: dict[str, str] = {}
        for anchor in Selector(text=fragment or " ").css("a[href]:not([href^='mailto:'])"):
            href, title = anchor.attrib["href"], "".join(anchor.css("::text").getall()).strip()
            titles[href] = max(titles.get(href, ""), title, key=len)
        yield from ({"url": href, "title": title} for href, title in titles.items())


def _media_type(entry: Mapping[str, object], url: str) -> str | None:
    """The media type of an attachment, "" when only its bytes can tell, None when it cannot hold text."""
    told = (text(entry.get("content_type")) or "").lower().split(";")[0]
    if told and told not in _UNTELLING:
        return told if told in MEDIA_TYPES.values() else None
    if api_address(url):
        return HTML
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return MEDIA_TYPES.get(suffix, None if suffix else "")


def _kind(title: str, subject: str) -> DocumentKind:
    """What an attachment is; one called like the publication is the report, whatever words are in it."""
    if title == subject:
        return "report"
    return "other" if _FURNITURE.search(title) else document_kind(title, "report")


def _address(value: object, page: str) -> str | None:
    """An address made absolute and safe to send; None for anything but plain http or https."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        url = safe_url_string(urljoin(page, value.strip()))
        split = urlsplit(url)
        return url if split.scheme in {"http", "https"} and split.hostname and "@" not in split.netloc else None
    except ValueError:
        return None
