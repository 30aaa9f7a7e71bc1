"""learning.nspcc.org.uk: the year's list of case reviews and the monthly update; library.nspcc.org.uk: their files."""

import calendar
from html import escape
from urllib.parse import unquote

from replica.blurb import blurb
from replica.corpus import Corpus, Invented, hex_id
from replica.messages import Request, Response, conditional, html_response, strong_etag

hosts = ("learning.nspcc.org.uk", "library.nspcc.org.uk", "www.nspcc.org.uk")

LISTS = "/case-reviews"
FILES = "/HeritageScripts/Hapi.dll/filetransfer/"
YEAR = 2026
_LEARNING = ("Learning themes include:", "Learning includes:", "Learning:", "Learning focuses on:", "Key issues:")
_ADVICE = ("Recommendations include:", "Recommendations:", "Recommendations to the partnership include:")
_DASHES = (" - ", " – ", " -", "–")


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the NSPCC's sites would."""
    path = unquote(request.path)
    if path == "/robots.txt":
        return Response(200, b"User-agent: *\nDisallow: /umbraco/\n", {"Content-Type": "text/plain"})
    if request.host == "library.nspcc.org.uk":
        return _file(request, corpus, state, path)
    if request.host != "learning.nspcc.org.uk":
        return html_response("<h1>Page not found</h1>", 404)
    reviews = sorted(corpus.on("nspcc", state), key=lambda review: (review.published, review.id), reverse=True)
    if path == f"{LISTS}/recently-published-case-reviews":
        return html_response(_year_list([review for review in reviews if review.published.year == YEAR]))
    if path == f"{LISTS}/monthly-case-reviews-update":
        return html_response(_update(reviews[:4]))
    return html_response("<h1>Page not found</h1>", 404)


def file_address(review: Invented) -> str:
    """Where the library keeps a report; one report in six is not kept any more."""
    name = f"{review.published.year}{review.area}{review.name}Overview.pdf".replace(" ", "")
    return (
        f"https://library.nspcc.org.uk{FILES}{name}?filename={hex_id(review.id, length=8).upper()}&DataSetName=LIVEDATA"
    )


def _number(review: Invented) -> int:
    return int(review.id[-3:])


def _year_list(reviews: list[Invented]) -> str:
    entries = "\n".join(_entry(review, "h2") for review in reviews)
    return _frame(
        f"Case reviews published in {YEAR}",
        f"""<p>A list of the executive summaries or full overview reports of serious case reviews, significant case
reviews or multi-agency child practice reviews published in {YEAR}. To find all published case reviews search the
national repository.</p>
{entries}
<h2>Stay up to date</h2>
<p>Keywords: newsletter. <a href="/newsletter">Read the newsletter</a></p>""",
    )


def _update(reviews: list[Invented]) -> str:
    day = reviews[0].published
    entries = "\n".join(_entry(review, "strong") for review in reviews)
    return _frame(
        "Case reviews update",
        f"""<p>Last updated: {day.day:02} {calendar.month_abbr[day.month]} {day.year}</p>
<h2>New in the collection</h2>
<p>The NSPCC Library hosts the National Collection of Case Reviews. If you need support, please contact
the Helpline.</p>
{entries}""",
    )


def _entry(review: Invented, tag: str) -> str:
    number, told = _number(review), blurb(review)
    dash = _DASHES[number % 4] if tag == "h2" else " – "
    area = "Anonymous" if number % 9 == 0 else review.area
    heading = escape(f"{review.published.year}{dash}{area} - {review.name}", quote=False)
    stop = "." if number % 2 else ""
    parts = [
        told.summary,
        f"{_LEARNING[number % 5]} {'; '.join(told.learning)}.",
        f"{_ADVICE[number % 3]} {'; '.join(told.recommendations)}.",
        f"Keywords: {', '.join(told.keywords)}{stop}",
    ]
    if number % 7 != 3:
        text = "&gt; Read the overview report" if number % 2 else "Read the overview report"
        parts.append(f'<a href="{escape(file_address(review))}">{text}</a>')
    shown = "\n".join(f"<p>{part}</p>" for part in parts)
    return f"<h2>{heading}</h2>\n{shown}\n" if tag == "h2" else f"<p><strong>{heading}</strong></p>\n{shown}\n"


def _frame(title: str, inside: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} | NSPCC Learning</title></head>
<body>
<a href="#main">Skip to content.</a>
<nav><ul><li><a href="/case-reviews">Case reviews</a></li></ul></nav>
<main id="main">
<h1>{title}</h1>
{inside}
</main>
<footer><h2>About us</h2><p>NSPCC - registered charity.</p></footer>
</body>
</html>
"""


def _file(request: Request, corpus: Corpus, state: int, path: str) -> Response:
    for review in corpus.on("nspcc", state):
        if path == unquote(file_address(review).partition("?")[0].removeprefix("https://library.nspcc.org.uk")):
            if _number(review) % 6 == 0:
                break
            body = corpus.file(review, review.files[0], state).read()
            headers = {"Content-Type": "application/pdf", "ETag": strong_etag(body)}
            return conditional(request, Response(200, body, headers))
    return html_response("<h1>The document is no longer held</h1>", 404)
