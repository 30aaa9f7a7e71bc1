"""Addresses, identities and links on GOV.UK: what its Search API, Content API and assets host share."""

from datetime import datetime
from typing import Any

from replica.corpus import File, Invented, hex_id, uuid

Item = dict[str, Any]

WEB = "https://www.gov.uk"
ASSETS = "https://assets.publishing.service.gov.uk"
ORGANISATIONS = {
    "child-safeguarding-practice-review-panel": ("Child Safeguarding Practice Review Panel", "", "OT1239"),
    "ofsted": ("Ofsted", "Ofsted", "D5"),
    "department-for-education": ("Department for Education", "DfE", "D6"),
    "home-office": ("Home Office", "", "D16"),
    "health-services-safety-investigations-body": ("Health Services Safety Investigations Body", "HSSIB", "EA1405"),
    "prisons-and-probation-ombudsman": ("Prisons and Probation Ombudsman", "PPO", "OT281"),
    "independent-advisory-panel-on-deaths-in-custody": (
        "Independent Advisory Panel on Deaths in Custody",
        "IAPDC",
        "OT1034",
    ),
}
"""slug -> title, acronym, analytics identifier."""
PANEL_ID = "4635462d-6bf0-4d41-9f86-8fdb27ddddd1"
COLLECTIONS = {
    "serious-case-reviews-and-national-learning": "Serious case reviews and national learning",
    "domestic-homicide-reviews": "Domestic homicide reviews",
}


def base_path(review: Invented) -> str:
    """Where a review's page stands."""
    folder = {"guidance": "guidance", "press_release": "government/news", "news_story": "government/news"}
    kind = str(review.facts["doctype"])
    if kind == "guidance" and review.files:
        return f"/government/publications/{review.id}"
    return f"/{folder.get(kind, 'government/publications')}/{review.id}"


def content_id(review: Invented) -> str:
    """The identity of a review on GOV.UK."""
    return uuid("govuk", review.id)


def organisation_id(slug: str) -> str:
    """The identity of an organisation; the Panel's is the real one."""
    return PANEL_ID if slug.startswith("child-safeguarding") else uuid("organisation", slug)


def media_id(review: Invented, file: File, version: int) -> str:
    """The identity of an uploaded file; a file that moves gets another."""
    return hex_id(review.id, file.key, version if file.replaced == "moved" else 1)


def asset_path(review: Invented, file: File, version: int) -> str:
    """Where an uploaded file stands on the assets host; the oldest ones keep Whitehall's address."""
    number = int(hex_id("legacy", review.id, length=5), 16)
    if review.published.year < 2015:
        return f"/government/uploads/system/uploads/attachment_data/file/{number}/{file.name}"
    return f"/media/{media_id(review, file, version)}/{file.name}"


def html_path(review: Invented, file: File) -> str:
    """The base path of an HTML attachment."""
    return f"{base_path(review)}/{file.key}-version"


def organisation(slug: str) -> Item:
    """An organisation as other items link to it."""
    title, _, analytics = ORGANISATIONS[slug]
    path = f"/government/organisations/{slug}"
    return {
        "analytics_identifier": analytics,
        "api_path": f"/api/content{path}",
        "api_url": f"{WEB}/api/content{path}",
        "base_path": path,
        "content_id": organisation_id(slug),
        "details": {"brand": slug, "organisation_govuk_status": {"status": "live"}},
        "document_type": "organisation",
        "links": {},
        "locale": "en",
        "schema_name": "organisation",
        "title": title,
        "web_url": WEB + path,
        "withdrawn": False,
    }


def link(identity: str, path: str, kind: str, title: str, when: datetime, withdrawn: bool = False) -> Item:
    """An item as other items link to it."""
    schema = "document_collection" if kind == "document_collection" else "publication"
    return {
        "api_path": f"/api/content{path}",
        "api_url": f"{WEB}/api/content{path}",
        "base_path": path,
        "content_id": identity,
        "document_type": kind,
        "links": {},
        "locale": "en",
        "public_updated_at": stamp(when),
        "schema_name": schema,
        "title": title,
        "web_url": WEB + path,
        "withdrawn": withdrawn,
    }


def untidy(title: str) -> str:
    """A title with the stray white space that some have."""
    return f"{title} \r\n" if len(title) % 9 == 0 else title


def stamp(moment: datetime) -> str:
    """A timestamp as GOV.UK mixes them: British summer time with its offset, otherwise `Z`."""
    if 4 <= moment.month <= 9:
        return f"{moment.replace(hour=moment.hour + 1):%Y-%m-%dT%H:%M:%S}+01:00"
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
