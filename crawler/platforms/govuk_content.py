"""GOV.UK's Search API and Content API: JSON in, reviews or a named refusal out.

Live items carry keys that no schema lists and leave out some that one requires, so nothing is relied on
beyond what a review needs. Shapes: alphagov/publishing-api `content_schemas`, alphagov/search-api `docs`.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from w3lib.url import safe_url_string

from casereviews.model import Link
from crawler.documents import HTML
from crawler.kinds import review_type
from crawler.loose_json import Refusal, at, dicts, prose, strings, text
from crawler.platforms.govuk_attachments import documents, reference

SITE = "https://www.gov.uk"
PUBLICATIONS = frozenset({"publication", "detailed_guide", "consultation", "specialist_document"})
"""The schemas whose items can be a review; an html_publication is a part of one."""

_LONDON = ZoneInfo("Europe/London")
_CONTENT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_OF_MANY_CASES = ("national-review", "thematic-review")
_INVESTIGATIONS = (
    (r"fatal incident|independent investigation into the death", "fatal-incident"),
    (r"health(?:care| services) safety investigation", "safety-investigation"),
)
"""What two publishers' independent reports are, told by the title or the publisher's name."""
_ABOUT_REVIEWS = re.compile(
    r"(?:^|: *|\bgovernment(?:['’]s)? )response to\b|\bterms of reference\b|\bplan\b|\bstrategy\b", re.IGNORECASE
)
# The Panel's own name is no review, and short forms mean other things here: CPR, SAR.
_NOT_A_TYPE = re.compile(r"(?i:child safeguarding practice review panel)|\b[A-Z]{3,6}\b")


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as a search or a collection lists it; `key` is None where the listing does not say."""

    path: str
    key: str | None
    document_type: str
    said: str
    """Its title and description."""


def results(page: Mapping[str, object]) -> tuple[int, int, list[Listed]]:
    """The stated total, the number of results and those that say where they are; Refusal without them."""
    total, entries = page.get("total"), page.get("results")
    if not isinstance(total, int) or not isinstance(entries, list):
        raise Refusal("no list of results with its total")
    return total, len(entries), [listed for entry in dicts(entries) if (listed := _listed(entry))]


def collection(item: Mapping[str, object]) -> tuple[list[Listed], list[str]]:
    """The publications of a document collection in the order of its groups, and the ids that have no link.

    Refusal when the item is no collection.
    """
    if item.get("schema_name") != "document_collection":
        raise Refusal(_refused(item))
    linked = {text(link.get("content_id")): link for link in dicts(at(item, "links", "documents"))}
    groups = dicts(at(item, "details", "collection_groups"))
    grouped = list(dict.fromkeys(id for group in groups for id in strings(group.get("documents"))))
    links = [linked[id] for id in dict.fromkeys([*grouped, *linked]) if id in linked]
    wanted = [link for link in links if (text(link.get("schema_name")) or "publication") in PUBLICATIONS]
    return [listed for link in wanted if (listed := _listed(link))], [id for id in grouped if id not in linked]


def destination(item: Mapping[str, object]) -> str | None:
    """The path on GOV.UK that a redirect leads to, None for anything else; Refusal when it leads elsewhere."""
    if item.get("schema_name") != "redirect":
        return None
    rules = dicts(item.get("redirects"))
    own = [rule for rule in rules if rule.get("path") == item.get("base_path")] or rules
    target = next((told for rule in own if (told := text(rule.get("destination")))), None)
    split = urlsplit(urljoin(SITE, target or ""))
    path = _path(split.path) if f"{split.scheme}://{split.netloc}" == SITE else None
    if path is None:
        raise Refusal(f"redirected to {target or 'nowhere'}")
    return path


def review_fields(item: Mapping[str, object], path: str) -> dict[str, Any]:
    """The fields of the review that a publication describes; `path` is where it was asked for.

    Refusal, with the reason, for an item that is gone, moved or no publication.
    """
    title, key = text(item.get("title")), _key(item)
    if text(item.get("schema_name")) not in PUBLICATIONS or title is None or key is None:
        raise Refusal(_refused(item))
    details, links = item.get("details"), item.get("links")
    summary = text(item.get("description"), 4000)
    page = SITE + (_path(item.get("base_path")) or path)
    publisher = _title(links, "primary_publishing_organisation") or _title(links, "organisations")
    found = tuple(documents(details, page, title))
    if not found and text(at(details, "body")):
        found = (Link(page, "report", title, HTML),)
    return {
        "key": key,
        "title": title,
        "url": page,
        "type": _type(text(item.get("document_type")) or "", title, summary or "", publisher or ""),
        "publisher": publisher,
        "nation": _nation(at(details, "national_applicability")),
        "published": _day(item.get("first_published_at")) or _day(at(details, "first_public_at")),
        "updated": _day(item.get("public_updated_at")),
        "reference": reference(details),
        "summary": summary,
        "keywords": tuple(
            dict.fromkeys(told for taxon in dicts(at(links, "taxons")) if (told := text(taxon.get("title"))))
        ),
        "links": found,
        "withdrawn": _withdrawn(item.get("withdrawn_notice")),
    }


def gone(item: Mapping[str, object]) -> str | None:
    """Why an item was taken down and what to read instead, "" without a reason; None for an item that is there."""
    if item.get("schema_name") != "gone":
        return None
    told, instead = prose(at(item, "details", "explanation")), _path(at(item, "details", "alternative_path"))
    return "; ".join(filter(None, (told, instead and f"see {SITE}{instead}")))


def web_page(item: Mapping[str, object]) -> bytes:
    """The body of an item as a page of HTML with its title; Refusal when it holds none."""
    body = at(item, "details", "body")
    if not isinstance(body, str) or not body.strip():
        raise Refusal(_refused(item))
    title = html.escape(text(item.get("title")) or "")
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><h1>{title}</h1>{body}</body></html>".encode("utf-8", "replace")


def _listed(entry: Mapping[str, object]) -> Listed | None:
    """A search result or a link of a collection."""
    path = _path(entry.get("link")) or _path(entry.get("base_path"))
    kind = text(entry.get("content_store_document_type")) or text(entry.get("document_type")) or ""
    said = "\n".join(text(entry.get(name)) or "" for name in ("title", "description"))
    return Listed(path, _key(entry), kind, said) if path else None


def _key(item: Mapping[str, object]) -> str | None:
    """The identity of an item: its content_id, and its locale where that is not English."""
    key, locale = (text(item.get("content_id")) or "").lower(), text(item.get("locale")) or "en"
    if not _CONTENT_ID.fullmatch(key) or not _LOCALE.fullmatch(locale):
        return None
    return key if locale == "en" else f"{key}.{locale}"


def _refused(item: Mapping[str, object]) -> str:
    """What an item is that cannot be used as what it was asked for."""
    schema = text(item.get("schema_name")) or "content without a schema"
    if (told := gone(item)) is not None:
        return f"gone ({told})" if told else "gone"
    if schema not in PUBLICATIONS:
        return f"{schema.replace('_', ' ')}, not a publication"
    return f"{schema.replace('_', ' ')} without {'a title' if _key(item) else 'a content id'}"


def _type(document_type: str, title: str, summary: str, publisher: str) -> str:
    """The review type that the document type and clear words say, else `other`."""
    if document_type in {"guidance", "statutory_guidance", "detailed_guide"}:
        return "guidance"
    if re.search(r"\bannual reports?\b", title, re.IGNORECASE):
        return "annual-report"
    if _ABOUT_REVIEWS.search(title):
        return "other"
    named = review_type(_NOT_A_TYPE.sub("", title))
    if document_type == "research":
        return named if named in _OF_MANY_CASES else "research"
    if document_type == "independent_report":
        about = review_type(_NOT_A_TYPE.sub("", summary))
        own = next((kind for words, kind in _INVESTIGATIONS if re.search(words, f"{title}\n{publisher}", re.I)), None)
        return named or own or (about if about in _OF_MANY_CASES else None) or "other"
    return named or ("annual-report" if document_type == "corporate_report" else "other")


def _withdrawn(notice: object) -> str | None:
    """A withdrawal as one text, its day first; None for an item that stands."""
    if not isinstance(notice, dict) or not notice:
        return None
    day, told = _day(notice.get("withdrawn_at")), prose(notice.get("explanation"))
    return f"Withdrawn{f' on {day}' if day else ''}{f': {told}' if told else ''}"


def _nation(applicability: object) -> str | None:
    """The nation that an item applies to when it is exactly one; an item for all nations says nothing."""
    names = ("england", "wales", "scotland", "northern_ireland")
    nations = [name for name in names if at(applicability, name, "applicable") is True]
    return nations[0].replace("_", "-") if len(nations) == 1 else None


def _day(timestamp: object) -> str | None:
    """The day of a timestamp as GOV.UK shows it, in London; timestamps mix `Z` and offsets."""
    try:
        moment = datetime.fromisoformat(timestamp if isinstance(timestamp, str) else "")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(_LONDON).date().isoformat()
    except (ValueError, OverflowError):
        return None


def _path(value: object) -> str | None:
    """A path on GOV.UK: one leading slash and nothing that leaves the host or the page."""
    told = isinstance(value, str) and re.fullmatch(r"/(?![/\\])[^\s?#\\]{1,2000}", value)
    return safe_url_string(told[0]) if told else None


def _title(links: object, name: str) -> str | None:
    """The title of the first item linked under a name."""
    return next((title for link in dicts(at(links, name)) if (title := text(link.get("title")))), None)
