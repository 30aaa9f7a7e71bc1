"""nationalnetwork.org.uk: tables of safeguarding adult reviews, one a year, with addresses as people type them."""

from html import escape
from urllib.parse import unquote

from replica.corpus import MEDIA, Corpus, Invented
from replica.messages import Request, Response, conditional, html_response, http_date

hosts = ("nationalnetwork.org.uk", "www.nationalnetwork.org.uk")

SCIE = "/SCIE Library 2015-2018/"
_SCIE_YEARS = range(2015, 2019)


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the network's plain web server would."""
    path = unquote(request.path)
    reviews = sorted(corpus.on("sar", state), key=lambda review: (review.published, review.id), reverse=True)
    if path == "/search.html":
        newer = [review for review in reviews if review.published.year not in _SCIE_YEARS]
        return _page(request, newer, "Safeguarding Adult Reviews")
    if path == SCIE:
        older = [review for review in reviews if review.published.year in _SCIE_YEARS]
        return _page(request, older, "SCIE Library 2015-2018")
    for review in reviews:
        if path == _folder(review) + _file_name(review):
            built = corpus.file(review, review.files[0], state)
            headers = {
                "Content-Type": MEDIA[review.files[0].media],
                "ETag": built.etag,
                "Last-Modified": http_date(built.modified),
                "Accept-Ranges": "bytes",
            }
            return conditional(request, Response(200, built.read(), headers))
    return html_response("<h1>404 Not Found</h1>", 404)


def _page(request: Request, reviews: list[Invented], title: str) -> Response:
    years: dict[str, list[Invented]] = {}
    for review in reviews:
        library = review.published.year in _SCIE_YEARS
        years.setdefault("SCIE Library 2015-2018" if library else f"SARs {review.published.year}", []).append(review)
    parts = "".join(
        f' <button type="button" class="collapsible">{year}</button>\n <div class="content">\n  <table>\n'
        + "".join(map(_row, held))
        + "  </table>\n </div>\n"
        for year, held in years.items()
    )
    page = html_response(f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n"
                         f"<div>\n{parts}</div>\n</body>\n</html>\n")  # fmt: skip
    newest = max((review.updated(2) for review in reviews), default=None)
    if newest is None:
        return page
    return conditional(request, page.plus({"ETag": f'"{len(page.body):x}-{int(newest.timestamp()):x}"'}))


def _row(review: Invented) -> str:
    title = _file_name(review) if len(review.id + review.name) % 3 == 0 else f"{review.area} SAR {review.name}"
    folder = "./" if review.published.year in _SCIE_YEARS else f"./{review.published.year}/"
    return (
        f'   <tr>\n    <td>{escape(title)}</td>\n    <td> <a href="{folder}{_file_name(review)}">'
        '<img src="../download-button.png"> Download</a></td>\n   </tr>\n'
    )


def _folder(review: Invented) -> str:
    return SCIE if review.published.year in _SCIE_YEARS else f"/{review.published.year}/"


def _file_name(review: Invented) -> str:
    name = review.name.replace(" and ", " & ")
    ending = "exec summary" if review.published.year in _SCIE_YEARS else "SAR Final Report"
    return f"{review.area} {name} {ending} {review.id[-2:]}.{review.files[0].media}"
