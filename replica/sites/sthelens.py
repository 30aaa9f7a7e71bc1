"""sthelenssafeguarding.org.uk: one page of prose with “here” links to national reviews.

Its own list is empty, as it may be: an invented local review would be told of a real place.
"""

from html import escape
from urllib.parse import unquote

from replica.corpus import Corpus, Invented
from replica.messages import Request, Response, html_response
from replica.sites.govuk_links import WEB, base_path

hosts = ("sthelenssafeguarding.org.uk", "www.sthelenssafeguarding.org.uk")

PAGE = "/p/about-us/local-and-national-child-safeguarding-practice-reviews"
NATIONAL = ("national-review-child-k-northmere", "criminal-exploitation-review")


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the partnership's site would."""
    path = unquote(request.path)
    if path == "/robots.txt":
        return Response(200, b"User-agent: *\nDisallow: /search\n", {"Content-Type": "text/plain"})
    if path in (PAGE, f"{PAGE}/print"):
        return html_response(_page(corpus))
    return html_response("<h1>Page not found</h1>", 404)


def _page(corpus: Corpus) -> str:
    national = "\n".join(_national(corpus.by_id[id]) for id in NATIONAL)
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Local and National Child Safeguarding Practice Reviews</title></head>
<body>
<header><a href="/">Quick Exit</a></header>
<nav><a href="/p/about-us">About us</a></nav>
<div id="page">
<h1>Local and National Child Safeguarding Practice Reviews</h1>
<p><a href="{PAGE}/print">Print this page about practice reviews</a></p>
<p>Local child safeguarding practice reviews are carried out as set out in
<a href="{WEB}/government/publications/working-together-to-safeguard-children--2">Working Together to Safeguard
Children</a>. Reports are published here for twelve months.</p>
<h2>Local Child Safeguarding Practice Reviews</h2>
<p>There are no local child safeguarding practice reviews at present.</p>
<h2>National Child Safeguarding Practice Reviews</h2>
{national}
<p>All published reviews are in the NSPCC
<a href="https://learning.nspcc.org.uk/case-reviews/national-case-review-repository">National Case Review
Repository</a>.</p>
</div>
<footer><p><a href="/p/privacy">Privacy</a></p></footer>
</body>
</html>
"""


def _national(review: Invented) -> str:
    title = review.title[0].lower() + review.title[1:]
    return f'<p>The {escape(title)} can be found <a href="{WEB}{base_path(review)}">here</a>.</p>'
