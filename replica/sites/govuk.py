"""www.gov.uk: Search API, Content API and the pages that people see."""

import hashlib
from functools import lru_cache
from html import escape
from urllib.parse import unquote

from replica.corpus import Corpus
from replica.messages import Request, Response, conditional, html_response, json_response, redirect
from replica.sites.govuk_items import items
from replica.sites.govuk_links import WEB, Item
from replica.sites.govuk_search import search

hosts = ("www.gov.uk",)

ROBOTS = """User-agent: *
Disallow: /*/print$
# Don't allow indexing of site search
Disallow: /search/all*
Sitemap: https://www.gov.uk/sitemap.xml

User-agent: meta-externalagent
Disallow: /search/all*

# This robot can be asked to go slower
User-agent: AhrefsBot
Crawl-delay: 10

User-agent: deepcrawl
Disallow: /

User-agent: MS Search 6.0 Robot
Disallow: /
"""


_items = lru_cache(maxsize=4)(items)


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as www.gov.uk would."""
    path = unquote(request.path)
    if path == "/robots.txt":
        return Response(200, ROBOTS.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    if path == "/api/search.json":
        return search(request, corpus, state)
    held = _items(corpus, state)
    if path.startswith("/api/content"):
        return conditional(request, _content(path.removeprefix("/api/content"), held))
    if path == "/government/placeholder":
        return html_response(_page("Virus checking", "<p>This file is being checked for viruses.</p>"))
    return _human(path, held)


def _content(path: str, held: dict[str, Item]) -> Response:
    item = held.get(path)
    if item is None:
        owner = path.rsplit("/", 1)[0]
        if owner in held and held[owner]["schema_name"] == "publication" and path.endswith("/print"):
            return redirect(f"{WEB}/api/content{owner}", 303)
        return html_response(_page("Page not found", "<p>If you typed the web address, check it is correct.</p>"), 404)
    if item["schema_name"] == "gone" and not item["details"]:
        return html_response(_page("No longer here", "<p>The page you are looking for is no longer here.</p>"), 410)
    response = json_response(item)
    etag = f'W/"{hashlib.md5(response.body, usedforsecurity=False).hexdigest()}"'
    return response.plus({"Cache-Control": "max-age=300, public", "ETag": etag, "Vary": "Accept-Encoding"})


def _human(path: str, held: dict[str, Item]) -> Response:
    item = held.get(path)
    if item is None:
        return html_response(_page("Page not found", "<p>If you typed the web address, check it is correct.</p>"), 404)
    if item["schema_name"] == "redirect":
        return redirect(WEB + item["redirects"][0]["destination"])
    if item["schema_name"] == "gone":
        return html_response(_page("No longer here", str(item["details"].get("explanation", ""))), 410)
    links = "".join(
        f'<li><a class="govuk-link" href="{escape(each["url"])}">{escape(each["title"])}</a></li>'
        for each in item["details"].get("attachments", [])
    )
    older = "".join(item["details"].get("documents", []))
    body = item["details"].get("body") or ""
    return html_response(_page(str(item["title"]).strip(), f"{body}<ul>{links}</ul>{older}"))


def _page(title: str, inside: str) -> str:
    return (
        '<!DOCTYPE html>\n<html class="govuk-template" lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} - GOV.UK</title></head>\n"
        f'<body class="govuk-template__body"><main id="content"><h1 class="gem-c-heading">{escape(title)}</h1>\n'
        f"{inside}</main></body></html>\n"
    )
