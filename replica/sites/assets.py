"""assets.publishing.service.gov.uk: the files of GOV.UK's publications, old addresses and deleted ones."""

from functools import cache
from urllib.parse import quote, unquote

from replica.corpus import MEDIA, Corpus, File, Invented
from replica.messages import Request, Response, conditional, http_date, json_response, redirect
from replica.sites.govuk_links import WEB, asset_path, base_path

hosts = ("assets.publishing.service.gov.uk",)

ROBOTS = b"User-agent: *\nDisallow:\n"


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the assets host would."""
    path = unquote(request.path)
    if path == "/robots.txt":
        return Response(200, ROBOTS, {"Content-Type": "text/plain"})
    found = _assets(corpus.reviews).get(path)
    if found is None:
        return json_response({"_response_info": {"status": "not found"}}, 404)
    review, file = found
    if review.since > state:
        return json_response({"_response_info": {"status": "not found"}}, 404)
    if file.fault == "unchecked":
        return redirect(f"{WEB}/government/placeholder", 302)
    if file.fault == "deleted" or not review.listed(state):
        return json_response({"_response_info": {"status": "gone"}}, 410)
    if file.fault == "unpublished" or review.oddity:
        return redirect(WEB + base_path(review), 302)
    version = file.version(state)
    current = asset_path(review, file, version)
    if path != current:
        newer_first = path == asset_path(review, file, 2) and version == 1
        return (
            json_response({"_response_info": {"status": "not found"}}, 404)
            if newer_first
            else redirect(f"https://{hosts[0]}{quote(current)}")
        )
    built = corpus.file(review, file, state)
    headers = {
        "Content-Type": MEDIA[file.media],
        "Content-Disposition": f'inline; filename="{file.name}"',
        "Cache-Control": "max-age=1800, public",
        "ETag": built.etag,
        "Last-Modified": http_date(built.modified),
        "Link": f'<{WEB}{base_path(review)}>; rel="up"',
        "X-Frame-Options": "DENY",
    }
    return conditional(request, Response(200, built.read(), headers))


@cache
def _assets(reviews: tuple[Invented, ...]) -> dict[str, tuple[Invented, File]]:
    found: dict[str, tuple[Invented, File]] = {}
    for review in reviews:
        for file in review.files:
            if "govuk" in review.sites and not file.url and file.media != "html":
                for version in (1, 2):
                    found.setdefault(asset_path(review, file, version), (review, file))
    return found
