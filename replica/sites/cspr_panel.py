"""childsafeguarding.independent-panel.uk: the Panel's own site, which offers what it also publishes on GOV.UK."""

import calendar
from html import escape
from urllib.parse import unquote

from replica.corpus import MEDIA, Corpus, File, Invented
from replica.messages import Request, Response, conditional, html_response, http_date

hosts = ("childsafeguarding.independent-panel.uk", "www.childsafeguarding.independent-panel.uk")

PANEL = "child-safeguarding-practice-review-panel"
SECTIONS = {
    "national-reviews": ("National reviews", ("national-review", "cspr")),
    "annual-reports": ("Annual reports", ("annual-report",)),
    "practice-briefings": ("Practice briefings", ("thematic-review", "guidance")),
}
PER_PAGE = 5


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the Panel's site would."""
    path = unquote(request.path).strip("/")
    if path == "robots.txt":
        return Response(200, b"User-agent: *\nDisallow: /wp-admin/\n", {"Content-Type": "text/plain"})
    held = [review for review in corpus.on("govuk", state) if review.publisher == PANEL and review.kind != "none"]
    if not path:
        links = "".join(f'<li><a href="/{slug}/">{title}</a></li>' for slug, (title, _) in SECTIONS.items())
        return html_response(_frame("Child Safeguarding Practice Review Panel", f"<ul>{links}</ul>"))
    section, _, rest = path.partition("/")
    if section in SECTIONS:
        kinds = SECTIONS[section][1]
        chosen = sorted(
            (each for each in held if each.kind in kinds), key=lambda each: (each.published, each.id), reverse=True
        )
        return _section(section, chosen, rest)
    for review in held:
        if path == f"publications/{review.id}":
            return html_response(_publication(review, state))
        for file in review.files_in(state):
            if file.media != "html" and path == _address(review, file).strip("/"):
                built = corpus.file(review, file, state)
                headers = {
                    "Content-Type": MEDIA[file.media],
                    "ETag": built.etag,
                    "Last-Modified": http_date(built.modified),
                }
                return conditional(request, Response(200, built.read(), headers))
    return _missing()


def _missing() -> Response:
    return html_response(_frame("Page not found", "<p>Sorry.</p>"), 404)


def _section(section: str, chosen: list[Invented], rest: str) -> Response:
    number = rest.removeprefix("page/") or "1"
    pages = max(1, -(-len(chosen) // PER_PAGE))
    if not number.isdigit() or not 1 <= int(number) <= pages:
        return _missing()
    shown = chosen[(int(number) - 1) * PER_PAGE : int(number) * PER_PAGE]
    entries = "".join(
        f'<article><h2><a href="/publications/{review.id}/">{escape(review.title)}</a></h2>'
        f"<p>Published: {_day(review)}</p></article>\n"
        for review in shown
    )
    after = int(number) + 1
    following = f'<nav><a rel="next" href="/{section}/page/{after}/">Next page</a></nav>' if after <= pages else ""
    return html_response(_frame(SECTIONS[section][0], entries + following))


def _publication(review: Invented, state: int) -> str:
    files = "".join(
        f'<li><a href="{_address(review, file)}">{escape(file.title)}</a> ({file.media.upper()})</li>\n'
        for file in review.files_in(state)
        if file.media != "html"
    )
    return _frame(
        review.title,
        f"<p>Published: {_day(review)}</p>\n<p>{escape(review.summary)} It is published by the Panel.</p>\n"
        f"<h2>Documents</h2>\n<ul>\n{files}</ul>",
    )


def _address(review: Invented, file: File) -> str:
    return f"/wp-content/uploads/{review.published:%Y/%m}/{file.name}"


def _day(review: Invented) -> str:
    return f"{review.published.day} {calendar.month_name[review.published.month]} {review.published.year}"


def _frame(title: str, inside: str) -> str:
    menu = "".join(f'<li><a href="/{slug}/">{name}</a></li>' for slug, (name, _) in SECTIONS.items())
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(title)} - Child Safeguarding Practice Review Panel</title></head>
<body>
<header><nav><ul>{menu}</ul></nav></header>
<main>
<h1>{escape(title)}</h1>
{inside}
</main>
<footer><p><a href="/privacy-policy/">Privacy</a></p></footer>
</body>
</html>
"""
