"""The archive leaves as a WARC file that other tools read, and as a copy that is whole while a refresh runs."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from casereviews.archive import Archive
from tests.crawler.toys import FILES
from tests.refresh.town import Town


def test_a_standard_tool_finds_every_answer_in_the_warc(town: Town, tmp_path: Path) -> None:
    town.refresh()
    town.publish("finch", "Bruises.")
    town.refresh()
    file = tmp_path / "all.warc.gz"
    done = town.run("archive", "export", "--to", file, "--format", "json")
    assert done.code == 0, done.err
    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", "-v", file], capture_output=True, text=True)
    assert checked.returncode == 0 and "fail" not in checked.stdout.replace("no failures", ""), checked.stdout
    bodies: dict[str, bytes] = {}
    kinds: list[str] = []
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            kinds.append(record.rec_type)
            url = record.rec_headers.get_header("WARC-Target-URI")
            if record.rec_type == "response":
                bodies[url] = record.content_stream().read()
                assert record.http_headers.get_statuscode() == ("404" if url.endswith("/robots.txt") else "200")
            elif record.rec_type == "revisit":
                assert record.rec_headers.get_header("WARC-Refers-To-Target-URI") == url and url in bodies
    with town.archive() as archive:
        captures = list(archive.captures())
        assert len(kinds) == len(captures) + 1 and kinds[0] == "warcinfo"
        for capture in captures:
            if capture.status == 200:
                assert bodies[capture.url] in {archive.body(c) for c in captures if c.url == capture.url and c.sha256}
    assert (done.json["responses"], done.json["revisits"]) == (kinds.count("response"), kinds.count("revisit"))
    assert done.json["revisits"] > 0


def test_what_is_damaged_is_counted_and_what_is_wrong_is_told(town: Town, tmp_path: Path) -> None:
    town.refresh()
    with town.archive() as archive:
        (document,) = archive.documents("toy:wren")
        assert document.version is not None
        archive.blob_path(document.version.sha256).write_bytes(b"not it")
    file = tmp_path / "all.warc"
    done = town.run("archive", "export", "--to", file)
    assert done.code == 6 and "1 damaged body" in done.out and file.is_file()
    for words, said in (
        (("export",), "--to FILE.warc.gz"),
        (("export", "--to", "x.zip"), "--to FILE.warc.gz"),
        (("export", "--to", tmp_path / "x.warc", "--source", "tyo"), "did you mean toy?"),
        (("backup",), "takes a folder"),
        (("backup", town.data / "inside"), "elsewhere"),
        (("bakcup", "x"), "did you mean backup?"),
    ):
        wrong = town.run("archive", *words)
        assert wrong.code == 2 and said in wrong.err, wrong
    (tmp_path / "full" / "archive").mkdir(parents=True)
    (tmp_path / "full" / "archive" / "thesis.doc").write_text("mine")
    assert "no backup" in town.run("archive", "backup", tmp_path / "full").err
    unwritable = town.run("archive", "export", "--to", "/proc/no/all.warc")
    assert unwritable.code in (1, 5) and unwritable.err.count("\n") == 1


def test_a_backup_can_be_used_and_is_brought_up_to_date(town: Town, tmp_path: Path) -> None:
    town.refresh()
    copy = tmp_path / "copy"
    first = town.run("archive", "backup", copy, "--format", "json")
    assert first.code == 0 and first.json["files"] > 0 and first.json["missing"] == 0
    assert town.run("archive", "backup", copy, "--format", "json").json["files"] == 0
    again = Town(town.web, tmp_path)
    again.data = copy
    assert again.run("index").code == 0 and again.run("verify").code == 0
    assert again.run("search", "bruises", "--format", "json").json["total"] == 1
    assert again.source(again.refresh())["documents"]["fetched"] == 0, "a backup goes on where the archive was"
    town.run("forget", "toy:wren", "--reason", "asked for")
    assert town.run("archive", "backup", copy, "--format", "json").json["removed"] >= 1


@pytest.mark.parametrize("pages", [12])
def test_a_backup_is_consistent_while_a_refresh_runs(town: Town, tmp_path: Path, pages: int) -> None:
    for number in range(pages):
        town.publish(f"bird-{number}", f"Text {number}.")
    ended: list[int] = []
    refresh = threading.Thread(target=lambda: ended.append(town.apart("refresh", "toy").code))
    refresh.start()
    counts = []
    copy = tmp_path / "copy"
    while refresh.is_alive():
        done = town.apart("archive", "backup", copy)
        if done.code == 2:  # nothing there yet
            continue
        assert done.code == 0, done.err
        with Archive.open(copy / "archive") as archive:
            archive.check()
            for capture in archive.captures():
                assert capture.sha256 is None or archive.body(capture)
            counts.append(sum(1 for _ in archive.reviews()))
    refresh.join()
    assert ended == [0], "the refresh was not disturbed"
    assert counts == sorted(counts)
    assert town.apart("archive", "backup", copy).code == 0
    with Archive.open(copy / "archive") as archive:
        assert sum(1 for _ in archive.reviews()) == pages + 2
    assert f"{FILES}/bird-0.pdf" in town.web.paths()
