"""GOV.UK's content items for the invented reviews: what the Content API says of each base path.

Shapes as in the content schemas of publishing-api and in live answers of 2026.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from replica.corpus import MEDIA, SECOND_STATE, Corpus, File, Invented, hex_id, uuid
from replica.sites.govuk_links import (
    ASSETS,
    COLLECTIONS,
    ORGANISATIONS,
    Item,
    asset_path,
    base_path,
    content_id,
    html_path,
    link,
    media_id,
    organisation,
    organisation_id,
    stamp,
    untidy,
)


def items(corpus: Corpus, state: int) -> dict[str, Item]:
    """Every content item of a state by base path; paths that are gone for good are absent."""
    found: dict[str, Item] = {}
    for review in corpus.reviews:
        if "govuk" not in review.sites or review.since > state:
            continue
        for item in _items(corpus, review, state):
            found[item["base_path"]] = item
    for slug in ORGANISATIONS:
        path = f"/government/organisations/{slug}"
        found[path] = {**organisation(slug), "details": {"body": ""}, "links": {}, "withdrawn_notice": {}}
    for slug in COLLECTIONS:
        item = _collection(corpus, slug, state)
        found[item["base_path"]] = item
    return found


def _items(corpus: Corpus, review: Invented, state: int) -> Iterator[Item]:
    path = base_path(review)
    if review.oddity == "redirect":
        yield _redirect(review, f"/government/publications/{review.facts['target']}")
    elif review.oddity == "gone-explained" or not review.listed(state):
        yield _gone(review, "This report was published in error and has been removed.", state)
    elif review.oddity == "gone-empty":
        yield {**_gone(review, "", state), "details": {}}
    else:
        yield _publication(corpus, review, state)
        for file in review.files:
            if file.media == "html" and not file.url:
                yield _html_publication(corpus, review, file, state)
                yield _redirect_of(f"{path}/{file.key}", html_path(review, file), review.moment())


def _stem(path: str, review_id: str, schema: str, kind: str, title: str | None) -> Item:
    return {
        "analytics_identifier": None,
        "base_path": path,
        "content_id": review_id,
        "document_type": kind,
        "locale": "en",
        "phase": "live",
        "publishing_app": "whitehall",
        "publishing_request_id": None,
        "publishing_scheduled_at": None,
        "rendering_app": "frontend",
        "scheduled_publishing_delay_seconds": None,
        "schema_name": schema,
        "title": title,
        "withdrawn_notice": {},
        "links": {},
    }


def _publication(corpus: Corpus, review: Invented, state: int) -> Item:
    first, updated = review.moment(), review.updated(state)
    news = review.facts["doctype"] in ("press_release", "news_story")
    item = _stem(
        base_path(review), content_id(review), "news_article" if news else "publication", review.facts["doctype"],
        untidy(review.title),
    )  # fmt: skip
    attachments = [_attachment(corpus, review, file, state) for file in review.files]
    history = [{"note": "First published.", "public_timestamp": stamp(first)}]
    if any(file.replaced for file in review.files) and state >= 2:
        history.insert(0, {"note": "Uploaded a corrected report.", "public_timestamp": stamp(updated)})
    summary = escape(review.summary, quote=False)
    details: Item = {
        "attachments": attachments,
        "body": f'<div class="govspeak"><p>{summary}</p>\n\n<p>{_about(review)}</p>\n</div>',
        "change_history": history,
        "emphasised_organisations": [organisation_id(review.publisher)],
        "featured_attachments": [each["id"] for each in attachments],
        "first_public_at": stamp(first),
        "political": False,
        "tags": {"browse_pages": []},
    }
    if review.facts.get("older"):
        details["documents"] = [
            _card(attachment, file) for attachment, file in zip(attachments, review.files, strict=True)
        ]
        del details["attachments"], details["featured_attachments"]
    if review.is_withdrawn(state):
        when = SECOND_STATE if review.withdrawn == 2 else updated.replace(year=updated.year + 5)
        item["withdrawn_notice"] = {
            "explanation": '<div class="govspeak"><p>This publication was withdrawn because it is no longer '
            "current.</p>\n</div>",
            "withdrawn_at": stamp(when),
        }
    collection = review.facts.get("collection")
    publisher = organisation(review.publisher)
    links: Item = {"organisations": [publisher], "primary_publishing_organisation": [publisher]}
    if collection:
        links["document_collections"] = [link(uuid("collection", collection), f"/government/collections/{collection}",
                                               "document_collection", COLLECTIONS[collection], first)]  # fmt: skip
    return {
        **item,
        "description": review.summary,
        "details": details,
        "first_published_at": stamp(first),
        "public_updated_at": stamp(updated),
        "updated_at": f"{updated:%Y-%m-%dT%H:%M:%S}.417Z",
        "links": links,
    }


def _about(review: Invented) -> str:
    place = f"It concerns events in {escape(review.area)}. " if review.area else ""
    return f"{place}The report may be of interest to practitioners, managers and those who commission services."


def _attachment(corpus: Corpus, review: Invented, file: File, state: int) -> Item:
    common: Item = {
        "command_paper_number": "",
        "hoc_paper_number": "",
        "id": str(8_000_000 + int(hex_id(review.id, file.key, length=5), 16)),
        "isbn": "",
        "title": file.title,
        "unique_reference": "",
        "unnumbered_command_paper": False,
        "unnumbered_hoc_paper": False,
    }
    if file.url:
        return {"attachment_type": "external", **common, "url": file.url}
    if file.media == "html":
        return {"attachment_type": "html", **common, "url": html_path(review, file)}
    built, version = corpus.file(review, file, state), file.version(state)
    numbered = {"number_of_pages": built.pages} if file.media == "pdf" else {}
    return {
        "accessible": False,
        "alternative_format_contact_email": None,
        "assets": [{"asset_manager_id": media_id(review, file, version), "filename": file.name}],
        "attachment_type": "file",
        **common,
        "content_type": MEDIA[file.media],
        "file_size": built.size,
        "filename": file.name,
        **numbered,
        "url": ASSETS + asset_path(review, file, version),
    }


def _card(attachment: Item, file: File) -> str:
    url, title = escape(attachment["url"]), escape(attachment["title"], quote=False)
    return (
        '<section data-module="ga4-link-tracker" class="gem-c-attachment govuk-!-margin-bottom-6">\n'
        '  <div class="gem-c-attachment__thumbnail govuk-!-display-none-print">\n    <a class="govuk-link" '
        f'target="_self" tabindex="-1" aria-hidden="true" href="{url}"></a></div>\n'
        '  <div class="gem-c-attachment__details">\n    <h2 class="gem-c-attachment__title">\n      '
        f'<a class="govuk-link" target="_self" href="{url}">{title}</a>\n</h2>\n'
        f'<p class="gem-c-attachment__metadata"><span class="gem-c-attachment__attribute">'
        f"{file.media.upper()}</span></p>\n</div></section>"
    )


def _html_publication(corpus: Corpus, review: Invented, file: File, state: int) -> Item:
    body = corpus.file(review, file, state).read().decode()
    first = review.moment()
    publisher = organisation(review.publisher)
    parent = link(content_id(review), base_path(review), review.facts["doctype"], review.title, first)
    return {
        **_stem(html_path(review, file), uuid("html", review.id, file.key), "html_publication", "html_publication",
                file.title),
        "description": None,
        "details": {"body": body, "headers": [], "public_timestamp": stamp(first), "first_published_version": True,
                    "political": False},
        "first_published_at": stamp(first),
        "public_updated_at": stamp(first),
        "updated_at": f"{first:%Y-%m-%dT%H:%M:%S}.417Z",
        "links": {"organisations": [publisher], "parent": [parent]},
    }  # fmt: skip


def _gone(review: Invented, explanation: str, state: int) -> Item:
    when = stamp(SECOND_STATE if review.gone == 2 else review.moment().replace(year=2024))
    text = f'<div class="govspeak"><p>{explanation}</p> </div>'
    return {
        "base_path": base_path(review),
        "content_id": None,
        "locale": "en",
        "document_type": "gone",
        "publishing_app": "whitehall",
        "schema_name": "gone",
        "title": None,
        "description": None,
        "public_updated_at": when,
        "details": {"explanation": text, "alternative_path": ""},
        "links": {},
        "updated_at": when,
    }


def _redirect(review: Invented, destination: str) -> Item:
    return _redirect_of(base_path(review), destination, review.moment())


def _redirect_of(path: str, destination: str, when: datetime) -> Item:
    return {
        **_stem(path, "", "redirect", "redirect", None),
        "content_id": None,
        "description": None,
        "details": {},
        "first_published_at": stamp(when),
        "public_updated_at": stamp(when),
        "redirects": [{"destination": destination, "path": path, "type": "exact"}],
        "rendering_app": None,
        "updated_at": stamp(when),
    }


def _collection(corpus: Corpus, slug: str, state: int) -> Item:
    held = [
        review for review in corpus.on("govuk", state) if review.facts.get("collection") == slug and not review.oddity
    ]
    when = max((review.moment() for review in held), default=SECOND_STATE)
    half = len(held) // 2
    unlinked = uuid("never published", slug)
    groups = [
        {"title": "National reviews", "documents": [content_id(review) for review in held[:half]]},
        {"title": "Forthcoming", "documents": []},
        {"title": "Analysis", "documents": [*(content_id(review) for review in held[half:]), unlinked]},
    ]
    path = f"/government/collections/{slug}"
    documents = [
        link(
            content_id(review),
            base_path(review),
            review.facts["doctype"],
            review.title,
            review.moment(),
            review.is_withdrawn(state),
        )
        for review in held
    ]
    publisher = organisation("home-office" if slug.startswith("domestic") else "department-for-education")
    return {
        **_stem(path, uuid("collection", slug), "document_collection", "document_collection", COLLECTIONS[slug]),
        "description": "Reports, analysis and guidance.",
        "details": {
            "body": '<div class="govspeak"><p>Reports and what has been learnt from them.</p></div>',
            "change_history": [{"note": "First published.", "public_timestamp": stamp(when)}],
            "collection_groups": [{"body": '<div class="govspeak">\n</div>', **group} for group in groups],
            "emphasised_organisations": [publisher["content_id"]],
            "political": False,
        },
        "first_published_at": stamp(when),
        "public_updated_at": stamp(when),
        "updated_at": f"{when:%Y-%m-%dT%H:%M:%S}.417Z",
        "links": {"documents": documents, "organisations": [publisher]},
    }
