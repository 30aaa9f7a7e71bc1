"""The archive for other tools: every answer as a record of one WARC file."""

import base64
import contextlib
import io
import os
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.archive.captures import Captures
from casereviews.archive.faults import storage_errors
from casereviews.archive.rows import Capture
from casereviews.errors import DamagedError

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

_NOT_KEPT = ("content-encoding", "content-length", "transfer-encoding")
"""Bodies are kept as they were before they were packed for the way."""
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(slots=True)
class Exported:
    """What a WARC file holds: whole answers, confirmations of earlier ones; and what could not be written."""

    responses: int = 0
    revisits: int = 0
    damaged: int = 0
    unanswered: int = 0
    """Attempts without an answer: WARC has no record for them."""
    bytes: int = 0


def export_warc(archive: Captures, path: Path, *, program: str, source: str | None = None) -> Exported:
    """Write every capture (of one source, if named), oldest first, to `path`: whole or not at all.

    A body that was had before is written once; a later answer with the same body refers to it. The state is that of
    the moment when this begins, whatever is gathered meanwhile.
    """
    from warcio.warcwriter import WARCWriter

    exported = Exported()
    fresh = path.with_name(f".{path.name}.new")
    with storage_errors(path):
        try:
            with fresh.open("wb") as file:
                writer = WARCWriter(file, gzip=path.suffix == ".gz", warc_version="1.1")
                about = {"software": program, "format": "WARC File Format 1.1", "robots": "obey"}
                writer.write_record(writer.create_warcinfo_record(path.name, about))
                _Pages(archive, writer, exported).write(source)
                file.flush()
                os.fsync(file.fileno())
                exported.bytes = file.tell()
            fresh.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
    return exported


class _Pages:
    """The captures on their way into one file."""

    def __init__(self, archive: Captures, writer: "WARCWriter", exported: Exported) -> None:
        self.archive = archive
        self.writer = writer
        self.exported = exported
        self.written: dict[tuple[str, str], str] = {}
        """Address and hash of each body written, with the time of its capture."""

    def write(self, source: str | None) -> None:
        for capture in self.archive.captures(source):
            if capture.status is None:
                self.exported.unanswered += 1
                continue
            known = self.written.get((capture.url, capture.sha256 or ""))
            try:
                record = self._revisit(capture, known) if known else self._response(capture)
            except DamagedError:
                self.exported.damaged += 1
                continue
            self.writer.write_record(record)

    def _response(self, capture: Capture) -> Any:
        body = b"" if capture.sha256 is None else self.archive.body(capture)
        if capture.sha256 is not None and capture.status != HTTPStatus.NOT_MODIFIED:
            self.written[capture.url, capture.sha256] = capture.captured_at
        if capture.status == HTTPStatus.NOT_MODIFIED:
            body = b""  # its body stands in no record here: only the confirmation is known
        self.exported.responses += 1
        return self.writer.create_warc_record(
            capture.url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=_headers(capture, len(body)),
            warc_headers_dict=_facts(capture),
        )

    def _revisit(self, capture: Capture, first: str) -> Any:
        confirmed = capture.status == HTTPStatus.NOT_MODIFIED
        self.exported.revisits += 1
        record = self.writer.create_revisit_record(
            capture.url,
            _digest(capture.sha256 or ""),
            capture.url,
            first,
            http_headers=_headers(capture, None),
            warc_headers_dict=_facts(capture),
        )
        record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED if confirmed else _SAME_BODY)
        return record


def _facts(capture: Capture) -> dict[str, str]:
    facts = {"WARC-Date": capture.captured_at}
    if capture.sha256 and capture.status != HTTPStatus.NOT_MODIFIED:
        facts["WARC-Payload-Digest"] = _digest(capture.sha256)
    return facts


def _digest(sha256: str) -> str:
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode()


def _headers(capture: Capture, length: int | None) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    kept = [(name.title(), value) for name, value in capture.headers.items() if name not in _NOT_KEPT]
    if length is not None:
        kept.append(("Content-Length", str(length)))
    try:
        phrase = HTTPStatus(capture.status or 0).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{capture.status} {phrase}", kept, protocol="HTTP/1.1")
