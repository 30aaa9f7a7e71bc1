"""A web made of the real GOV.UK items and real reports is crawled, indexed and searched."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.e2e.conftest import Command

ROBOTS = "User-agent: *\nDisallow: /*/print$\nDisallow: /search/all*\n"


class RealWeb(ThreadingHTTPServer):
    """Search API, Content API and assets over the files of real/govuk and real/pdf."""

    def __init__(self, shared: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.items: dict[str, bytes] = {}
        for path in sorted((shared / "real/govuk").glob("content_items*/*.json")):
            item = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(item, dict) and isinstance(item.get("base_path"), str):
                self.items[item["base_path"]] = path.read_bytes()
        self.pdfs = [p.read_bytes() for p in sorted((shared / "real/pdf").glob("ofsted-*.pdf"))[:6]]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Pages(BaseHTTPRequestHandler):
    """Answers as GOV.UK would for the items at hand."""

    server: RealWeb

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        host = self.headers.get("Host", "")
        path = unquote(parts.path)
        if path == "/robots.txt":
            self.answer(200, "text/plain", ROBOTS.encode())
        elif host == "assets.publishing.service.gov.uk":
            self.answer(200, "application/pdf", self.server.pdfs[sum(path.encode()) % len(self.server.pdfs)])
        elif path == "/api/search.json":
            self.answer(200, "application/json", json.dumps(self.search(parse_qs(parts.query))).encode())
        elif path.startswith("/api/content/") and (body := self.server.items.get(path.removeprefix("/api/content"))):
            self.answer(200, "application/json", body)
        else:
            self.answer(404, "text/html", b"<!DOCTYPE html><title>Page not found</title>")

    def search(self, query: dict[str, list[str]]) -> dict[str, object]:
        items = [json.loads(body) for body in self.server.items.values()]
        types = query.get("filter_content_store_document_type", [])
        results = [
            {
                "_id": i["base_path"],
                "link": i["base_path"],
                "title": i.get("title"),
                "description": i.get("description"),
                "content_id": i.get("content_id"),
                "content_store_document_type": i.get("document_type"),
                "public_timestamp": i.get("public_updated_at"),
            }
            for i in items
            if not types or i.get("document_type") in types
        ]
        start, count = int(query.get("start", ["0"])[0]), int(query.get("count", ["10"])[0])
        return {"results": results[start : start + count], "total": len(results), "start": start}

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def real_web(shared: Path) -> Iterator[RealWeb]:
    with RealWeb(shared) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_real_items_and_reports_are_gathered_and_searched(real_web: RealWeb, tmp_path: Path) -> None:
    command = Command(tmp_path, real_web.url)
    refreshed = command("refresh", "govuk", "--format", "json")
    assert refreshed.code in (0, 3), refreshed.err
    (source,) = refreshed.json["sources"]
    assert source["verdict"] in ("ok", "short") and len(source["new"]) >= 3
    answer = command("search", "children", "--format", "json").json
    assert answer["total"] >= 1 and answer["hits"][0]["passages"]
    for review in source["new"]:
        assert command("show", review).code == 0
