"""What counts as a document: its bytes decide, whatever the server says."""

import io
import zipfile

import pytest

from crawler.documents import DOC, DOCX, HTML, ODT, PDF, RTF, TEXT, looks_whole, recognise
from crawler.outputs import BadDocument
from tests.crawler.faultserver import Answer, page, pdf
from tests.crawler.toys import FILES, Lab, furnish


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            # A fixed date: the bytes stand in names of tests, which have to be the same in every process.
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_xml", ".xml")), text)
    return held.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("body", "declared", "kind"),
    [
        (pdf("x"), "text/html", PDF),
        (b"\xef\xbb\xbf\r\n junk before\n" + pdf("x"), None, PDF),
        (OLE, None, DOC),
        (zipped(word__document_xml="<w/>"), "application/octet-stream", DOCX),
        (zipped(mimetype=ODT, content_xml="<o/>"), None, ODT),
        (b"{\\rtf1 text}", None, RTF),
        (b"<!DOCTYPE html><html>text</html>", "text/html; charset=utf-8", HTML),
        (b"Plain words.", "text/plain", TEXT),
    ],
)
def test_documents_are_told_by_their_first_bytes(body: bytes, declared: str | None, kind: str) -> None:
    assert recognise(body, declared) == kind


@pytest.mark.parametrize(
    ("body", "declared", "reason"),
    [
        (b"", PDF, "empty"),
        (b" \n", PDF, "empty"),
        (b"<!DOCTYPE html><title>Sign in\x1b[31m</title>", PDF, "web page was served in place of the file (“Sign in”)"),
        (b"<!-- c --><HTML lang=en>challenge", None, "web page"),
        (b'<?xml version="1.0"?>\n<html>', DOCX, "web page"),
        (b'{"error": "gone"}', PDF, "not a document"),
        (b"Plain words.", None, "not a document"),
        (b"\x00\x01\x02", "text/plain", "not a document"),
        (b"PK\x03\x04" + b"\0" * 100, None, "damaged office file"),
        (zipped(word__document_xml="<w/>")[:-10], None, "damaged office file"),
        (zipped(setup_exe="MZ"), None, "no text document"),
        (b"x" * 2000 + pdf("late"), PDF, "not a document"),
        (b"\x00\x00\x00\x18ftypmp42", None, "not a document"),
    ],
)
def test_everything_else_is_refused_with_its_reason(body: bytes, declared: str | None, reason: str) -> None:
    with pytest.raises(BadDocument) as caught:
        recognise(body, declared)
    assert reason in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "kind", "whole"),
    [
        (pdf("x"), PDF, True),
        (pdf("x")[:-10], PDF, False),
        (zipped(a="b"), DOCX, True),
        (zipped(a="b")[:-30], DOCX, False),
        (b'{"a": [1]}\n', "application/json", True),
        (b'{"a": [1', "application/json", False),
        (b"<html></html>\n", HTML, True),
        (b"<html><p>cut he", HTML, False),
        (b"User-agent: *", TEXT, True),
        (OLE, DOC, False),
    ],
)
def test_a_body_without_a_length_is_judged_by_its_end(body: bytes, kind: str, whole: bool) -> None:
    assert looks_whole(body, kind) is whole


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page("<title>Log in</title>Please log in", headers={"Content-Type": "application/pdf"}), "web page"),
        (Answer(b'{"error":"deleted"}', "application/json", status=410), "is gone (410)"),
        (Answer(b"<html>", status=404), "is not there (404)"),
        (Answer(b"<html>", status=403), "is forbidden (403)"),
        (Answer(status=301), "redirects nowhere (301)"),
        (Answer(b"", "application/pdf"), "empty"),
    ],
)
def test_what_is_no_document_never_becomes_a_version(lab: Lab, answer: Answer, reason: str) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = answer
    result = lab.result()
    assert (result.documents.fetched, result.documents.failed) == (1, 1)
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
    assert document.version is None and document.failure is not None and reason in document.failure


def test_an_older_version_outlives_a_login_page(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    lab.web.routes[f"{FILES}/a.pdf"] = page("<title>Log in</title>", validators=True)
    lab.result()
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
        assert document.version is not None and document.failure is not None
        assert archive.read_blob(document.version.sha256) == pdf("a")


def test_a_file_that_redirects_to_a_page_or_placeholder_fails(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=302, headers={"Location": "/placeholder"})
    lab.web.routes[f"{FILES}/placeholder"] = page("being checked for viruses")
    assert lab.result().documents.failed == 1
