"""A loopback web server on raw sockets, so that a test can make it lie about anything."""

import contextlib
import hashlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
)


def pdf(text: str) -> bytes:
    """A PDF that differs with `text`."""
    return PDF.replace(b"trailer", f"% {text}\ntrailer".encode())


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    at: float

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def url(self) -> str:
        return f"{self.host}{self.path}"


@dataclass
class Answer:
    """An ordinary answer; with `validators` it honours conditional requests by an ETag."""

    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: bool = False

    def bytes(self, asked: Asked) -> bytes:
        headers = {"Content-Type": self.type, "Content-Length": str(len(self.body)), **self.headers}
        status, body = self.status, self.body
        if self.validators:
            headers["ETag"] = f'"{hashlib.sha1(self.body).hexdigest()}"'
            if asked.headers.get("if-none-match") == headers["ETag"]:
                status, body = 304, b""
                del headers["Content-Length"]
        return head(status, headers) + body


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def page(body: str, **options: Any) -> Answer:
    return Answer(f"<!doctype html><html><body>{body}</body></html>".encode(), **options)


Raw = Callable[[socket.socket, Asked], None]
Route = Answer | Raw | bytes


class Web(socketserver.ThreadingTCPServer):
    """The whole web of a test: `routes` maps `host/path` to answers, raw bytes or functions on the socket."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self, *, robots: bool = False) -> list[str]:
        return [asked.url for asked in self.asked if robots or asked.path != "/robots.txt"]

    def times(self, url: str) -> int:
        return sum(asked.url == url for asked in self.asked)

    def __enter__(self) -> "Web":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    server: Web

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._answer(self.request)

    def _answer(self, sock: socket.socket) -> None:
        sock.settimeout(20)
        received = b""
        while b"\r\n\r\n" not in received:
            if not (piece := sock.recv(65536)):
                return
            received += piece
        first, *rest = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        asked = Asked(method, path, headers, time.monotonic())
        self.server.asked.append(asked)
        route = self.server.routes.get(asked.url)
        if route is None:
            route = self.server.routes.get(asked.url.partition("?")[0])
        if route is None:
            route = Answer(b"<html>not here</html>", status=404)
        if isinstance(route, Answer):
            sock.sendall(route.bytes(asked))
        elif isinstance(route, bytes):
            sock.sendall(route)
        else:
            route(sock, asked)
