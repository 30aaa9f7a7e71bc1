"""homicide-review.homeoffice.gov.uk: the library of domestic homicide reviews, page by page, with its filters."""

from calendar import month_name
from html import escape
from urllib.parse import quote

from replica.corpus import Corpus, Invented, hex_id
from replica.messages import Request, Response, conditional, html_response, strong_etag

hosts = ("homicide-review.homeoffice.gov.uk",)

KEYWORDS = {
    "coercive_control": "Aggravating factors - coercive or controlling behaviour",
    "mental_health_adult": "Perpetrator - mental ill health",
    "substance_adult": "Perpetrator - alcohol misuse",
    "carers": "Victim - was a carer",
    "housing": "Victim - housing issues",
    "risk_assessment": "DHR process - identification of risk recommendation themes",
    "information_sharing": "DHR process - multi agency working recommendation themes",
    "recording": "DHR process - record keeping recommendation themes",
}
"""The library's keyword for each of our themes."""
SIZES = (10, 50, 100)


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the library would."""
    if request.path == "/robots.txt":
        return Response(200, b"User-agent: *\nAllow: /\n", {"Content-Type": "text/plain"})
    if request.path.startswith("/download/"):
        return _download(request, corpus, state)
    if request.path != "/":
        return html_response("<h1>Page not found</h1>", 404)
    reviews = _chosen(request, corpus, state)
    size = _number(request, "pagination[pageSize]", 10)
    size = size if size in SIZES else 10
    return html_response(_page(reviews, _number(request, "pagination[pageNumber]", 0), size))


def _chosen(request: Request, corpus: Corpus, state: int) -> list[Invented]:
    wanted = request.every("Keywords")
    held = [
        review
        for review in corpus.on("dhr", state)
        if all(word in {KEYWORDS.get(theme) for theme in review.themes} for word in wanted)
    ]
    by_death = request.one("pagination[sortField]") == "dateOfDeath"
    held.sort(key=lambda review: (review.incident if by_death else review.published.isoformat(), review.id))
    return held if request.one("pagination[sortDirection]", "desc") == "asc" else held[::-1]


def _number(request: Request, name: str, default: int) -> int:
    given = request.one(name)
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else default


def _download(request: Request, corpus: Corpus, state: int) -> Response:
    for review in corpus.on("dhr", state):
        if request.path == f"/download/{_identity(review)}":
            body = corpus.file(review, review.files[0], state).read()
            name = quote(f"{_label(review)}.pdf", safe="")
            headers = {
                "Content-Type": "application/pdf",
                "Content-Disposition": f"inline; filename*=UTF-8''{name}",
                "ETag": strong_etag(body),
            }
            return conditional(request, Response(200, body, headers))
    return html_response("<h1>Page not found</h1>", 404)


def _identity(review: Invented) -> str:
    return hex_id("dhr", review.id)


def _label(review: Invented) -> str:
    return f"{review.name} - {review.area} - {review.incident[:4]}/{'abc'[len(review.id + review.name) % 3]} - DHR"


def _page(reviews: list[Invented], number: int, size: int) -> str:
    shown = reviews[number * size : (number + 1) * size]
    first = number * size + 1 if shown else 0
    last = number * size + len(shown) if shown else 0
    options = "".join(f'<option value="{escape(word)}">{escape(word)}</option>\n' for word in KEYWORDS.values())
    return f"""<!DOCTYPE html>
<html lang="en" class="govuk-template app-html-class">
  <head>
    <meta charset="utf-8">
    <title>
  Search DHRs: Search the Domestic Homicide Review Library – GOV.UK
</title>
  </head>
  <body class="govuk-template__body app-body-class">
        <main class="govuk-main-wrapper" id="main-content" role="main">
    <h1 class="govuk-heading-l">List of Domestic Homicide Reviews (DHRs)</h1>
    <div class="govuk-grid-row">
        <div class="govuk-grid-column-one-third">
            <form action="/" method="get">
                <h2 class="govuk-heading-m" id="filters-header">Filters</h2>
                <select class="govuk-select" id="Keywords" name="Keywords[]" multiple>
{options}</select>
                        <input type="hidden" name="pagination[sortField]" value="uploadDate" />
                        <input type="hidden" name="pagination[sortDirection]" value="desc" />
                        <input type="hidden" name="pagination[pageSize]" value="{size}" />
            </form>
        </div>
        <div class="govuk-grid-column-two-thirds">
            <h2 class="govuk-heading-m">DHRs</h2>
        <p class="govuk-caption-m">Showing all DHRs</p>
    <div class="govuk-grid-row">
        <div class="govuk-grid-column-full">
            <span class="govuk-caption-m">Showing results {first}
                    to {last}
                    of {len(reviews)}</span>
        </div>
    </div>
{"".join(_card(review) for review in shown)}
{_pagination(number, -(-len(reviews) // size))}
        </div>
    </div>
        </main>
  </body>
</html>
"""


def _card(review: Invented) -> str:
    label = escape(_label(review))
    details = {
        "CSP": review.area,
        "CSP Region": review.facts.get("region", ""),
        "Uploaded on": f"{review.published:%B %Y}",
        "Date of death": _month(review.incident),
    }
    cells = "".join(
        f"""            <div class="govuk-grid-column-one-quarter">

    <span class="govuk-caption-m">
      {name}
    </span>


  <span class="govuk-label dhrr-results-card--detail-value">
      {escape(value)}
  </span>


            </div>
"""
        for name, value in details.items()
    )
    address = f"/download/{_identity(review)}"
    return f"""
    <section aria-label="DHR result {label}">
        <div class="govuk-!-padding-top-3">
            <h3 class="govuk-heading-s">

    <span class="govuk-caption-m">
      DHR Title
    </span>

                {escape(review.name)}
            </h3>
        </div>
        <div class="govuk-grid-row govuk-!-padding-top-2">
{cells}        </div>
        <div class="govuk-grid-row govuk-!-padding-top-2">
            <div class="govuk-grid-column-full">

      <div class="govuk-button-group govuk-!-margin-0">
          <a href="{address}"
             aria-label="View {label} in a new tab"
             class="govuk-button govuk-button--secondary govuk-!-margin-bottom-1"
             data-module="govuk-button" target="_blank">
              View
          </a>
          <a href="{address}"
             download="{label}"
             aria-label="Download {label}"
             class="govuk-button govuk-button--secondary govuk-!-margin-bottom-1"
             data-module="govuk-button">
              Download
          </a>

    </div>

                <hr class="govuk-section-break--visible"/>
            </div>
        </div>
    </section>
"""


def _month(incident: str) -> str:
    year, _, month = incident.partition("-")
    return f"{month_name[int(month)]} {year}"


def _pagination(number: int, pages: int) -> str:
    links = "".join(_page_link(page, str(page + 1), page == number) for page in range(pages))
    following = number + 1 < pages
    after = _page_link(number + 1, "Next", False, ' id="nextButton"') if following else ""
    return (
        f'        <div class="hods-pagination">\n            <ul class="hods-pagination__list-items">\n{links}{after}'
        "            </ul>\n        </div>"
    )


def _page_link(page: int, text: str, current: bool, identity: str = "") -> str:
    here = ' hods-pagination__link--current"\n                    aria-current="page" href=""'
    there = f'" href="/?pagination%5BpageNumber%5D={page}"'
    return f"""
        <li class="hods-pagination__item"{identity}>
            <a class="hods-pagination__link{here if current else there}
            >
                <span class="govuk-visually-hidden">Page</span>
                    {text}
            </a>
        </li>
"""
