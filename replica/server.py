"""The loopback server: one thread a connection, one handler a host, faults on demand, a log of requests."""

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from replica.build import build
from replica.corpus import Corpus, load
from replica.messages import Request, Response, html_response
from replica.sites import SITES
from replica.sites.boards import sources

STATES = (1, 2)
FAULTS = ("503", "500", "429", "html", "drop", "cut", "slow")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it was answered; `status` 0 when the connection was dropped."""

    method: str
    host: str
    target: str
    status: int
    bytes: int
    conditional: bool

    @property
    def url(self) -> str:
        """The address that the client meant."""
        return f"https://{self.host}{self.target}"


@dataclass(slots=True)
class Fault:
    """What goes wrong, where, and how many times more (None: until told otherwise)."""

    kind: str
    host: str | None
    path: str | None
    left: int | None


class Replica:
    """A loopback web; a context manager that serves from a thread.

    `folder` keeps the state and the files; `files`, or CASEREVIEWS_REPLICA_FILES in the environment, names a folder
    of built files that several replicas share.
    """

    def __init__(
        self, folder: Path | str, state: int | None = None, *, port: int = 0, files: Path | None = None
    ) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        shared = files or os.environ.get("CASEREVIEWS_REPLICA_FILES")
        self.corpus: Corpus = load(build(Path(shared) if shared else self.folder / "files"))
        self.requests: list[Entry] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._port = port
        self._server: _Server | None = None
        if state is not None:
            self.set_state(state)

    @property
    def state(self) -> int:
        """The state that is served, kept in the folder between runs."""
        try:
            return int((self.folder / "state").read_text())
        except (FileNotFoundError, ValueError):
            return STATES[0]

    def set_state(self, state: int) -> None:
        """Serve another state from now on."""
        if state not in STATES:
            raise ValueError(f"no such state: {state}; there are {', '.join(map(str, STATES))}")
        fresh = self.folder / "state.new"
        fresh.write_text(f"{state}\n")
        fresh.replace(self.folder / "state")

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        if self._server is None:
            raise RuntimeError("the replica is not running: use it as a context manager")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def configure(self) -> Path:
        """Write a casereviews.toml that points at this replica and, in the place of real boards, at its own."""
        lines = [f"replica = {_text(self.url)}"]
        for source, options in sources().items():
            lines += [f"\n[sources.{source}]", *(f"{name} = {_text(value)}" for name, value in options.items())]
        file = self.folder.resolve() / "casereviews.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def fault(self, kind: str, *, host: str | None = None, path: str | None = None, count: int | None = 1) -> None:
        """Answer the next `count` requests (None: all) of `host` whose target holds `path` wrongly: one of FAULTS."""
        if kind not in FAULTS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(FAULTS)}")
        with self._lock:
            self._faults.append(Fault(kind, host, path, count))

    def heal(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def answer(self, request: Request, target: str) -> tuple[Response, str | None]:
        """The answer to a request, and the fault that it suffers."""
        kind = self._next_fault(request.host, target)
        if kind in ("503", "500", "429"):
            return _error_page(int(kind)), kind
        if kind == "html":
            return _error_page(200), kind
        handle = SITES.get(request.host)
        if handle is None:
            return html_response("<h1>No such site in this replica</h1>", 404), kind
        return handle(request, self.corpus, self.state), kind

    def _next_fault(self, host: str, target: str) -> str | None:
        with self._lock:
            for fault in self._faults:
                if fault.host not in (None, host) or (fault.path or "") not in target or fault.left == 0:
                    continue
                if fault.left is not None:
                    fault.left -= 1
                return fault.kind
        return None

    def record(self, entry: Entry) -> None:
        """Add to the log."""
        with self._lock:
            self.requests.append(entry)

    def __enter__(self) -> Self:
        self._server = _Server(self, self._port)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, replica: Replica, port: int) -> None:
        self.replica = replica
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    server: _Server
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        target = self.path
        host = self.headers.get("Host", "").partition(":")[0].lower()
        request = Request.of(self.command, host, target, dict(self.headers.items()))
        response, fault = self.server.replica.answer(request, target)
        asked = request.headers.keys() & {"if-none-match", "if-modified-since"}
        status = 0 if fault == "drop" else response.status
        size = 0 if status == 0 or self.command == "HEAD" else len(response.body)
        entry = Entry(self.command, request.host, target, status, size, bool(asked))
        self.server.replica.record(entry)
        if fault == "drop":
            self.close_connection = True
            return
        self._send(response, fault)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _send(self, response: Response, fault: str | None) -> None:
        self.send_response(response.status)
        for name, value in _headers(response).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD" or response.status == 304:
            return
        if fault == "cut":
            self.wfile.write(response.body[: len(response.body) // 2])
            self.close_connection = True
        elif fault == "slow":
            for start in range(0, len(response.body), 16_384):
                self.wfile.write(response.body[start : start + 16_384])
                self.wfile.flush()
                time.sleep(0.2)
        else:
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """The replica keeps its own log."""


def _text(value: str) -> str:
    """A basic string of TOML, which takes what JSON writes."""
    return json.dumps(value, ensure_ascii=False)


def _headers(response: Response) -> Mapping[str, str]:
    length = {} if response.status == 304 else {"Content-Length": str(len(response.body))}
    return {**response.headers, **length}


def _error_page(status: int) -> Response:
    page = html_response(
        "<!DOCTYPE html><html><head><title>Sorry, we are experiencing technical difficulties</title></head>"
        "<body><h1>Sorry, we’re experiencing technical difficulties</h1><p>Please try again later.</p></body></html>",
        status,
    )
    return page.plus({"Retry-After": "1"}) if status == 429 else page
