"""What is archived of each attempt, what is replayed from the archive, and what never is."""

import socket
from pathlib import Path

from casereviews.archive import Archive
from tests.crawler.faultserver import Answer, Asked, pdf
from tests.crawler.toys import FILES, SITE, Lab, furnish, listing


def statuses(archive: Archive, url: str) -> list[int | None]:
    rows = archive.db.execute("SELECT status FROM capture WHERE url = ? ORDER BY id", (url,))
    return [row["status"] for row in rows]


def blobs(folder: Path) -> list[Path]:
    return [path for path in (folder / "archive" / "blobs").rglob("*") if path.is_file()]


def test_a_second_run_asks_with_validators_and_moves_no_bodies(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    first = lab.result()
    held = len(blobs(lab.folder))
    lab.web.asked.clear()
    second = lab.result()
    pages = [asked for asked in lab.web.asked if asked.path != "/robots.txt"]
    assert all("if-none-match" in asked.headers for asked in pages)
    assert (second.verdict, second.found, second.not_modified) == ("ok", 2, len(pages))
    assert (second.new, second.changed, second.missing) == ((), (), ())
    assert second.documents.unchanged == 2 and second.documents.fetched == 0
    assert second.bytes < first.bytes
    assert len(blobs(lab.folder)) == held
    with lab.archive() as archive:
        assert statuses(archive, f"https://{SITE}/list") == [200, 304]


def test_last_modified_is_a_validator_too(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    date = "Tue, 04 Mar 2025 10:00:00 GMT"

    def dated(sock: socket.socket, asked: Asked) -> None:
        if asked.headers.get("if-modified-since") == date:
            sock.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        else:
            sock.sendall(Answer(pdf("a"), "application/pdf", headers={"Last-Modified": date}).bytes(asked))

    lab.web.routes[f"{FILES}/a.pdf"] = dated
    assert lab.result().documents.fetched == 2
    assert lab.result().documents.unchanged == 2


def test_an_outage_is_never_hidden_behind_the_archive(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    lab.web.routes[f"{SITE}/list"] = Answer(b"<html>sorry</html>", status=500)
    result = lab.result()
    assert result.verdict == "failed" and result.found == 0
    assert f"answers with an error (500): https://{SITE}/list" in result.errors
    assert result.missing == ()
    with lab.archive() as archive:
        assert {stored.state for stored in archive.reviews("toy")} == {"present"}
        assert statuses(archive, f"https://{SITE}/list") == [200, 500, 500, 500]


def test_a_304_without_a_known_body_is_asked_again_in_full(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    answers = iter([b"HTTP/1.1 304 Not Modified\r\n\r\n"])
    whole = lab.web.routes[f"{SITE}/list"]

    def confused(sock: socket.socket, asked: Asked) -> None:
        assert isinstance(whole, Answer)
        sock.sendall(next(answers, whole.bytes(asked)))

    lab.web.routes[f"{SITE}/list"] = confused
    assert lab.result().verdict == "ok"
    assert lab.web.times(f"{SITE}/list") == 2


def test_a_damaged_stored_body_is_found_and_fetched_again(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    with lab.archive() as archive:
        capture = archive.latest(f"https://{FILES}/a.pdf")
        assert capture is not None and capture.sha256 is not None
        path = archive.blob_path(capture.sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole[:-4] + b"XXXX")
    result = lab.result()
    assert result.verdict == "ok"
    assert any("damaged" in error and "a.pdf" in error for error in result.errors)
    assert path.read_bytes() == whole


def test_a_replaced_file_is_a_new_version_beside_the_old_one(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.result()
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(pdf("a, corrected"), "application/pdf", validators=True)
    result = lab.result()
    assert (result.documents.fetched, result.documents.unchanged) == (1, 1)
    with lab.archive() as archive:
        (document,) = archive.documents("toy:a")
        bodies = [archive.read_blob(version.sha256) for version in archive.versions(document.id)]
    assert bodies == [pdf("a"), pdf("a, corrected")]


def test_a_resumed_run_asks_for_nothing_twice(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    healthy = lab.web.routes[f"{FILES}/b.pdf"]
    lab.web.routes[f"{FILES}/b.pdf"] = Answer(status=503)
    first = lab.result(end=False)
    assert first.documents.failed == 1
    lab.web.asked.clear()
    lab.web.routes[f"{FILES}/b.pdf"] = healthy
    second = lab.result()
    assert lab.web.paths() == [f"{FILES}/b.pdf"]
    assert (second.verdict, second.found) == ("ok", 2)


def test_offline_replays_the_archive_and_asks_nothing(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/b.pdf"] = Answer(status=301, headers={"Location": f"https://{FILES}/b2.pdf"})
    lab.web.routes[f"{FILES}/b2.pdf"] = Answer(pdf("b"), "application/pdf")
    lab.result()
    lab.web.asked.clear()
    result = lab.result(offline=True)
    assert lab.web.asked == []
    assert (result.verdict, result.found, result.requests) == ("ok", 2, 0)
    assert result.documents.unchanged == 2


def test_offline_names_what_the_archive_does_not_hold(lab: Lab) -> None:
    result = lab.result(offline=True)
    assert result.verdict == "failed"
    assert f"not in the archive, and --offline asks nothing of the network: https://{SITE}/list" in result.errors
    assert lab.web.asked == []


def test_attempts_without_an_answer_are_archived_with_their_error(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = lambda sock, asked: sock.close()
    lab.result()
    with lab.archive() as archive:
        rows = archive.db.execute("SELECT status, error FROM capture WHERE url = ?", (f"https://{FILES}/a.pdf",))
        found = [(row["status"], bool(row["error"])) for row in rows]
    assert found == [(None, True)] * 3


def test_a_redirect_keeps_each_hop_and_the_final_address(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = Answer(status=301, headers={"Location": "/newest/a.pdf"})
    lab.web.routes[f"{FILES}/newest/a.pdf"] = Answer(pdf("a"), "application/pdf", validators=True)
    lab.result()
    with lab.archive() as archive:
        hop = archive.latest(f"https://{FILES}/newest/a.pdf")
        assert hop is not None and hop.redirected_from == f"https://{FILES}/a.pdf"
        assert statuses(archive, f"https://{FILES}/a.pdf") == [301]
        (document,) = archive.documents("toy:a")
        assert document.url == f"https://{FILES}/a.pdf"
        assert document.version is not None and document.version.url == f"https://{FILES}/newest/a.pdf"


def test_a_review_that_leaves_the_listing_is_missing_only_after_a_healthy_run(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    lab.result()
    lab.web.routes[f"{SITE}/list"] = listing("a", "b")
    result = lab.result()
    assert (result.verdict, result.missing) == ("short", ())  # a third of what was known is gone at once
    furnish(lab.web, "a", "b", "c", "d")
    lab.result()
    lab.web.routes[f"{SITE}/list"] = listing("a", "b", "d")
    result = lab.result()
    assert (result.verdict, result.missing) == ("ok", ("toy:c",))
