"""www.judiciary.uk: reports to prevent future deaths, by REST API, by list pages, on a page each, with their files."""

import calendar
import json
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from urllib.parse import quote, unquote

from replica.corpus import Built, Corpus, File, Invented
from replica.forms import CATEGORIES, addressees, coroner
from replica.messages import Request, Response, conditional, html_response, http_date, json_response

hosts = ("www.judiciary.uk",)

SITE = "https://www.judiciary.uk"
LIST = "/prevention-of-future-death-reports/"
PER_PAGE = 10
ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the judiciary's WordPress site would."""
    path = unquote(request.path)
    reviews = sorted(corpus.on("pfd", state), key=lambda review: (review.published, review.id), reverse=True)
    if path == "/robots.txt":
        return Response(200, ROBOTS, {"Content-Type": "text/plain; charset=utf-8"})
    if path == "/wp-json/wp/v2/pfd":
        return _rest(request, reviews)
    if path.startswith("/wp-content/uploads/"):
        return _upload(request, corpus, state, path)
    if path == LIST or path.startswith(f"{LIST}page/"):
        return _list(path, reviews)
    for review in reviews:
        if path == f"{LIST}{_slug(review)}/":
            return html_response(_detail(review, state))
    return html_response("<h1>Page not found</h1>", 404)


def _rest(request: Request, reviews: list[Invented]) -> Response:
    number, size = request.one("page", "1"), request.one("per_page", "10")
    if not (number.isdigit() and size.isdigit() and 1 <= int(size) <= 100 and int(number)):
        return json_response(
            {"code": "rest_invalid_param", "message": "Invalid parameter(s)", "data": {"status": 400}}, 400
        )
    if request.one("order", "desc") == "asc":
        reviews = reviews[::-1]
    pages = -(-len(reviews) // int(size))
    if int(number) > max(1, pages):
        return _refused("rest_post_invalid_page_number", "The page number requested is larger than what is there.")
    start = (int(number) - 1) * int(size)
    shown = [_post(review) for review in reviews[start : start + int(size)]]
    body = json.dumps(shown, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "X-WP-Total": str(len(reviews)),
        "X-WP-TotalPages": str(pages),
    }
    return Response(200, body, headers)


def _refused(code: str, message: str) -> Response:
    return json_response({"code": code, "message": message, "data": {"status": 400}}, 400)


def _post(review: Invented) -> dict[str, object]:
    moment = f"{review.moment():%Y-%m-%dT%H:%M:%S}"
    return {
        "id": 90_000 + int(review.id[-3:]),
        "date": moment,
        "date_gmt": moment,
        "modified_gmt": moment,
        "slug": _slug(review),
        "status": "publish",
        "type": "pfd",
        "link": f"{SITE}{LIST}{_slug(review)}/",
        "title": {"rendered": escape(review.title)},
        "content": {"rendered": f"<p>Ref: {_reference(review)}</p>\n", "protected": False},
        "pfd_report_type": [500 + len(review.themes[0])],
    }


def _list(path: str, reviews: list[Invented]) -> Response:
    part = path.removeprefix(LIST).removeprefix("page").strip("/")
    number = int(part) if part.isdigit() else 1
    pages = -(-len(reviews) // PER_PAGE)
    if not 1 <= number <= pages:
        return html_response("<h1>Page not found</h1>", 404)
    cards = "".join(
        f'<li class="card"><h3 class="card__title"><a class="card__link" href="{SITE}{LIST}{_slug(review)}/">'
        f"{escape(review.title)}</a></h3></li>\n"
        for review in reviews[(number - 1) * PER_PAGE : number * PER_PAGE]
    )
    links = "".join(f'<a class="page-numbers" href="{SITE}{LIST}page/{page}/">{page}</a>\n' for page in (1, 2, pages))
    return html_response(_frame("Prevention of Future Death Reports", f"<ul>\n{cards}</ul>\n<nav>{links}</nav>"))


def _detail(review: Invented, state: int) -> str:
    old = review.published.year < 2019
    day = review.published
    reported = (
        f"{day:%d/%m/%Y}" if len(review.name) % 3 else f"{day.day}&nbsp;{calendar.month_name[day.month]} {day.year}"
    )
    label = {0: "Coroner name", 1: "Coroners name", 2: "Coroner’s name "}[len(review.id + review.area) % 3]
    category = " | ".join(_categories(review))
    sent = addressees(review)
    lines = [
        ("Date of report", reported),
        ("Ref", _reference(review)),
        ("Deceased name", escape(review.name)),
        (label, coroner(review)),
        ("Coroner Area" if old else "Coroner area", review.area),
        ("Category", escape(category)),
    ]
    if old:
        told = "<p>" + "<br>\n".join(f"{name}: {value}" for name, value in lines)
        told += (
            "<br>\nThis report is being sent to:</p>\n<p>"
            + "<br>".join(f"{number}. {escape(who)}" for number, who in enumerate(sent, 1))
            + "</p>"
        )
    else:
        lines.append(("This report is being sent to", escape(" | ".join(sent))))
        told = "\n".join(f"<p><strong>{name}:</strong> {value}</p>" for name, value in lines)
    pills = "".join(f'<a href="{SITE}/pfd-types/x/">{escape(each)}</a>' for each in _categories(review))
    files = list(_files(review, state))
    body = _old_files(files) if old else _related(files)
    return _frame(
        review.title,
        f"""<article class="single__post">
      <header class="single__header">
        <h1 class="single__title">{escape(review.title)}</h1>
        <p class="pill pill--single">{pills}</p>
        <time datetime="{review.moment():%Y-%m-%dT%H:%M:%S}+00:00" class="single__date">{day}</time>
      </header>
      <div class="single__content">
        <div class="flow">
{told}
{body if old else ""}
        </div>
{body if not old else ""}
      </div>
    </article>""",
    )


def _files(review: Invented, state: int) -> Iterator[tuple[str, str]]:
    for file in sorted(review.files_in(state), key=lambda file: file.kind, reverse=True):
        text = f"{review.name} - Prevention of future deaths report" if file.kind == "report" else file.title
        yield SITE + quote(_address(review, file)), text


def _related(files: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<li class="related-content__item"><a class="related-content__link" href="{url}">{escape(text)}</a></li>\n'
        for url, text in files
    )
    about = f'<li class="related-content__item"><a class="related-content__link" href="{SITE}/about/">About</a></li>'
    return (
        '<aside class="related-content" id="related_content"><h2 class="related-content__title">Related content</h2>\n'
        f'<ul class="related-content__list">\n{items}{about}\n</ul></aside>'
    )


def _old_files(files: list[tuple[str, str]]) -> str:
    return "\n".join(
        f'<div class="wp-block-file"><a href="{url}">{escape(text)}</a><a href="{url}" '
        'class="wp-block-file__button wp-element-button" download>Download</a></div>'
        if "response" not in url.lower()
        else f'<p class="buttons"><a class="govuk-button" href="{url}">Response</a></p>'
        for url, text in files
    )


def _frame(title: str, inside: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{escape(title)} - Courts and Tribunals Judiciary</title></head>
<body class="wp-singular pfd-template-default single single-pfd">
  <nav class="site-nav"><a class="govuk-button" href="{SITE}/search/">Search</a></nav>
  <main id="main-content" class="single">
    {inside}
  </main>
</body>
</html>
"""


def _upload(request: Request, corpus: Corpus, state: int, path: str) -> Response:
    found = _uploads(corpus, state).get(path)
    if found is None:
        return html_response("<h1>Page not found</h1>", 404)
    headers = {
        "Content-Type": "application/pdf",
        "ETag": found.etag,
        "Last-Modified": http_date(found.modified),
        "Cache-Control": "max-age=31536000",
    }
    return conditional(request, Response(200, found.read(), headers))


@lru_cache(maxsize=4)
def _uploads(corpus: Corpus, state: int) -> dict[str, Built]:
    return {
        _address(review, file): corpus.file(review, file, state)
        for review in corpus.on("pfd", state)
        for file in review.files_in(state)
    }


def _address(review: Invented, file: File) -> str:
    name = review.name.replace(" ", "-")
    reference, folder = _reference(review), f"/wp-content/uploads/{review.published:%Y/%m}"
    if file.kind == "response":
        return f"{folder}/{reference}-{file.title.replace(' ', '-')}.pdf"
    if review.published.year < 2019:
        return f"{folder}/{name.rsplit('-', 1)[-1]}-{reference}.pdf"
    return f"{folder}/{name}-Prevention-of-future-deaths-report-{reference}_Published.pdf"


def _slug(review: Invented) -> str:
    return f"{review.name.lower().replace(' ', '-')}-prevention-of-future-deaths-report"


def _reference(review: Invented) -> str:
    return f"{review.published.year}-{int(review.id[-3:]) + 40:04}"


def _categories(review: Invented) -> list[str]:
    return list(dict.fromkeys(CATEGORIES[theme] for theme in review.themes if theme in CATEGORIES))
