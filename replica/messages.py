"""What a site is asked and what it answers; validators; the same for every site."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a site sees it: `host` without port, `path` still percent-encoded, header names in lower case."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, method: str, host: str, target: str, headers: Mapping[str, str]) -> "Request":
        """Parse a request line's target; an absolute-form target names its own host."""
        parts = urlsplit(target)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        lowered = {name.lower(): value for name, value in headers.items()}
        return cls(method, (parts.hostname or host).lower(), parts.path or "/", query, lowered)

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    def every(self, name: str) -> list[str]:
        """All values of a query parameter, also in the `name[]` form."""
        return [value for key, value in self.query if key in (name, f"{name}[]")]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; `Content-Length` and `Date` are the server's to add."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def plus(self, headers: Mapping[str, str]) -> "Response":
        """The same answer with more headers."""
        return Response(self.status, self.body, {**self.headers, **headers})


def json_response(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": JSON})


def html_response(text: str, status: int = 200) -> Response:
    """An HTML answer."""
    return Response(status, text.encode(), {"Content-Type": HTML})


def redirect(location: str, status: int = 301) -> Response:
    """A redirect with the short HTML body that nginx gives."""
    body = f"<html>\r\n<head><title>{status}</title></head>\r\n<body>{status}</body>\r\n</html>\r\n"
    return Response(status, body.encode(), {"Content-Type": "text/html", "Location": location})


def strong_etag(body: bytes) -> str:
    """An entity tag from the body, quoted."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def conditional(request: Request, response: Response) -> Response:
    """The answer, or its 304 when the request's validators still hold (RFC 9110: If-None-Match goes first)."""
    if response.status != 200 or request.method not in ("GET", "HEAD"):
        return response
    asked = request.headers.get("if-none-match")
    etag = response.headers.get("ETag")
    if asked is not None:
        held = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        same = "*" in held or (etag is not None and etag.removeprefix("W/") in held)
    else:
        same = _unmodified(request.headers.get("if-modified-since"), response.headers.get("Last-Modified"))
    if not same:
        return response
    kept = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    return Response(304, b"", kept)


def _unmodified(since: str | None, modified: str | None) -> bool:
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
