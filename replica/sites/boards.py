"""The sites of invented boards and partnerships, each in the shape of what a real one is built with."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from replica.blurb import blurb
from replica.corpus import MEDIA, Corpus, File, Invented, hex_id
from replica.messages import Request, Response, conditional, html_response, http_date
from replica.series import BOARDS
from replica.series import boards as rows


@dataclass(frozen=True, slots=True)
class Board:
    """A board's site: the nation's source that it belongs to, where it begins, what it is built with."""

    id: str
    source: str
    name: str
    urls: tuple[str, ...]
    platform: str

    @property
    def url(self) -> str:
        """The page that lists its reviews, the first of its pages."""
        return self.urls[0]

    @property
    def host(self) -> str:
        """Its host name."""
        return urlsplit(self.url).hostname or ""

    def holds(self, review: Invented) -> bool:
        """Whether it is the one board of its source that publishes this review."""
        return self.source in review.sites and review.facts.get("board") == self.id


@cache
def boards() -> tuple[Board, ...]:
    """Every invented board."""
    return tuple(
        Board(row["id"], row["source"], row["name"], tuple(row["urls"]), row["platform"]) for row in rows().values()
    )


def sources() -> dict[str, dict[str, str]]:
    """The options with which the crawler's sources ask the invented boards (`Settings.sources`)."""
    return {board.source: {"sites_file": str(BOARDS)} for board in boards()}


def _hosts() -> Iterator[str]:
    for board in boards():
        yield board.host
        yield board.host.removeprefix("www.") if board.host.startswith("www.") else f"www.{board.host}"


hosts = tuple(dict.fromkeys(_hosts()))


def handle(request: Request, corpus: Corpus, state: int) -> Response:
    """Answer as the board's site would."""
    path = unquote(request.path)
    if path == "/robots.txt":
        return Response(200, b"User-agent: *\nDisallow: /admin/\n", {"Content-Type": "text/plain"})
    board = next(each for each in boards() if each.host.removeprefix("www.") == request.host.removeprefix("www."))
    held = [review for review in corpus.reviews if board.holds(review) and review.listed(state)]
    for review in held:
        for file in review.files_in(state):
            if path == _address(board, review, file):
                return _send(request, corpus, review, file, state)
            if path == _download_page(review, file):
                link = f'<a href="{quote(_address(board, review, file))}">{escape(_words(file, review))}</a>'
                return html_response(_frame(board, review.title, f"<p>{link} (PDF)</p>"))
    for url in board.urls:
        start = urlsplit(url)
        if path.rstrip("/") == start.path.rstrip("/") and set(parse_qsl(start.query)) <= set(request.query):
            shown = held if url == board.url else []
            return html_response(_frame(board, "Child safeguarding practice reviews", _listing(board, shown, state)))
    if path == "/":
        return html_response(_frame(board, board.name, f'<p><a href="{urlsplit(board.url).path}">Case reviews</a></p>'))
    return html_response(_frame(board, "Page not found", "<p>Sorry.</p>"), 404)


def _send(request: Request, corpus: Corpus, review: Invented, file: File, state: int) -> Response:
    built = corpus.file(review, file, state)
    headers = {"Content-Type": MEDIA[file.media], "ETag": built.etag, "Last-Modified": http_date(built.modified)}
    return conditional(request, Response(200, built.read(), headers))


def _address(board: Board, review: Invented, file: File) -> str:
    mark, name = hex_id(review.id, file.key, length=8), f"{_slug(review.name)}-{file.key}-{review.published.year}"
    month = f"{review.published:%Y/%m}"
    shapes: dict[str, str] = {
        "taylorfitch": f"/assets/{mark}/{name}.pdf",
        "wordpress": f"/wp-content/uploads/{month}/{name}.pdf",
        "elementor": f"/wp-content/uploads/{month}/{name}.pdf",
        "jadu": f"/downloads/file/{int(mark, 16) % 5000}/{name}",
        "goss": f"/media/{int(mark, 16) % 90000}/{name}/pdf/{name}.pdf",
        "umbraco": f"/media/{mark}/{name}.pdf",
        "aspnet": f"/media-library/documents/{name}.pdf",
        "drupal": f"/sites/default/files/{month.replace('/', '-')}/{name}.pdf",
        "toggle-contrast": f"/media/{int(mark, 16) % 9000}/{name}.pdf",
    }
    return shapes.get(board.platform, f"/documents/{name}.pdf")


def _download_page(review: Invented, file: File) -> str:
    number = int(hex_id(review.id, file.key, length=8), 16) % 5000
    return f"/downloads/download/{number}/{_slug(review.name)}-{file.key}"


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())


def _words(file: File, review: Invented) -> str:
    return f"{review.name} overview report" if file.kind == "report" else f"{review.name} 7 minute briefing"


def _listing(board: Board, held: list[Invented], state: int) -> str:
    if not held:
        return _INTRODUCTION + "<p>There are no local child safeguarding practice reviews to publish at present.</p>"
    render = _RENDERERS.get(board.platform, _headings)
    return _INTRODUCTION + "\n".join(render(board, review, state) for review in held)


_INTRODUCTION = """<p>A local child safeguarding practice review is held when a child dies or is seriously harmed and
there is something to learn about how agencies work together. Reports stay here for at least a year.</p>
<p><a href="/documents/rapid-review-referral-form.docx">Referral form for a practice review</a></p>
"""


def _links(board: Board, review: Invented, state: int, page: bool = False) -> list[str]:
    return [
        f'<a href="{_download_page(review, file) if page else quote(_address(board, review, file))}">'
        f"{escape(_words(file, review))}</a>"
        for file in review.files_in(state)
    ]


def _headings(board: Board, review: Invented, state: int) -> str:
    links = "".join(f"<li>{link}</li>" for link in _links(board, review, state))
    return (
        f"<h3>{escape(_title(review))}</h3>\n<p>Published {_day(review)}</p>\n<p>{_about(review)}</p>\n<ul>{links}</ul>"
    )


def _accordion(board: Board, review: Invented, state: int) -> str:
    links = "<br>".join(_links(board, review, state))
    return (
        f'<div class="accordion-item"><h2 class="accordion-header"><button>{escape(_title(review))}</button></h2>\n'
        f'<div class="accordion-body"><p>{_about(review)}</p><p>Published: {_day(review)}</p><p>{links}</p></div></div>'
    )


def _card(board: Board, review: Invented, state: int) -> str:
    links = "".join(f'<div class="elementor-button-wrapper">{link}</div>' for link in _links(board, review, state))
    return (
        '<div class="elementor-widget-wrap"><h4 class="elementor-heading-title">'
        f'{escape(_title(review))}</h4><div class="elementor-text-editor"><p>{_about(review)}</p>'
        f"<p>Published {_day(review)}</p></div>{links}</div>"
    )


def _download(board: Board, review: Invented, state: int) -> str:
    links = "".join(f"<li>{link}</li>" for link in _links(board, review, state, page=True))
    return f"<h3>{escape(_title(review))}</h3>\n<p>{_about(review)} Published {_day(review)}.</p>\n<ul>{links}</ul>"


def _sentence(board: Board, review: Invented, state: int) -> str:
    files = [quote(_address(board, review, file)) for file in review.files_in(state)]
    more = f' The 7 minute briefing is <a href="{files[1]}">here</a>.' if len(files) > 1 else ""
    twins = "".join(f'<a class="contrast" href="{url}?contrast=1"></a>' for url in files)
    return (
        f"<p>The partnership published the local child safeguarding practice review {escape(review.name)} on "
        f'{_day(review)}; the report can be read <a href="{files[0]}">here</a>.{more}</p>{twins}'
    )


_RENDERERS: dict[str, Callable[[Board, Invented, int], str]] = {
    "wordpress": _accordion,
    "elementor": _card,
    "jadu": _download,
    "toggle-contrast": _sentence,
}


def _title(review: Invented) -> str:
    kind = {"cspr": "Local Child Safeguarding Practice Review", "cpr": "Child Practice Review"}
    kind |= {"learning-review": "Learning Review", "cmr": "Case Management Review"}
    return f"{kind[review.kind]}: {review.name}"


def _about(review: Invented) -> str:
    return escape(blurb(review).summary, quote=False)


def _day(review: Invented) -> str:
    day = review.published
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _frame(board: Board, title: str, inside: str) -> str:
    twin = '<p><a href="?contrast=1">Toggle Contrast</a></p>' if board.platform == "toggle-contrast" else ""
    start = urlsplit(board.url)
    again = '<p><a href="print">Print this page</a></p>' if board.platform == "taylorfitch" else ""
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{escape(title)} - {escape(board.name)}</title></head>
<body>
<header><a href="/">{escape(board.name)}</a></header>
<nav><ul><li><a href="{start.path}">Case reviews</a></li></ul></nav>
<main>{twin}
<h1>{escape(title)}</h1>
{again}{inside}
</main>
<footer><p><a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""
