"""Generations: commits, kills, damage, concurrent readers, and reading reviews back."""

# mypy: disable-error-code="union-attr"
# Reviews and pages are sought here, whose hits are never those of recommendations.

import os
import pickle
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from casereviews.errors import DamagedError, LockedError, NoIndexError, OutdatedError, UsageError
from search import SearchRequest, open_index, open_writer
from search.pages import STORE
from tests.search.records import document, record


def fill(folder: Path, keys: str, text: str = "neglect of {key} noted", **options: str) -> None:
    with open_writer(folder) as writer:
        for key in keys:
            writer.add(record(key, text.format(key=key), **options))  # type: ignore[arg-type]
        writer.commit()


def found(folder: Path, query: str = "neglect") -> list[str]:
    with open_index(folder) as index:
        return [hit.review.partition(":")[2] for hit in index.search(SearchRequest(query, limit=None)).hits]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


def test_no_index_says_what_to_do(folder: Path) -> None:
    with pytest.raises(NoIndexError, match="casereviews refresh"):
        open_index(folder)
    assert not folder.exists(), "looking makes nothing"


def test_an_index_without_a_commit_is_none(folder: Path) -> None:
    with open_writer(folder) as writer:
        writer.add(record("a", "neglect"))
    with pytest.raises(NoIndexError):
        open_index(folder)


def test_the_folder_is_private(folder: Path) -> None:
    fill(folder, "a")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / STORE).stat().st_mode & 0o077 == 0


def test_records_are_replaced_and_deleted(folder: Path) -> None:
    fill(folder, "abc")
    with open_writer(folder) as writer:
        assert writer.fingerprints() == {"govuk:a": "1", "govuk:b": "1", "govuk:c": "1"}
        writer.add(record("a", "drowning", fingerprint="2"))
        assert writer.delete("govuk:b")
        assert not writer.delete("govuk:zz")
        writer.commit()
        assert writer.fingerprints() == {"govuk:a": "2", "govuk:c": "1"}
    assert found(folder) == ["c"]
    assert found(folder, "drowning") == ["a"]
    assert sorted(found(folder, "")) == ["a", "c"]


def test_what_is_not_committed_is_undone(folder: Path) -> None:
    fill(folder, "ab")
    with open_writer(folder) as writer:
        writer.add(record("c", "neglect"))
        writer.delete("govuk:a")
    assert sorted(found(folder)) == ["a", "b"]


def test_a_record_added_twice_counts_once(folder: Path) -> None:
    with open_writer(folder) as writer:
        writer.add(record("a", "neglect"))
        writer.add(record("a", "neglect again"))
        writer.commit()
    assert found(folder) == ["a"]
    assert found(folder, "again") == ["a"]


def test_many_small_commits_stay_few_files_and_give_the_same_answers(folder: Path, tmp_path: Path) -> None:
    texts = {f"k{number:02d}": f"neglect number{number} " + "noted " * (number % 7) for number in range(40)}
    for key, text in texts.items():
        with open_writer(folder) as writer:
            writer.add(record(key, text))
            writer.commit()
    with open_writer(folder) as writer:
        for key in list(texts)[::3]:
            writer.delete(f"govuk:{key}")
            del texts[key]
        writer.commit()
    assert len(list((folder / "whoosh").iterdir())) <= 40
    at_once = tmp_path / "at-once"
    with open_writer(at_once) as writer:
        for key, text in texts.items():
            writer.add(record(key, text))
        writer.commit()
    with open_index(folder) as grown, open_index(at_once) as whole:
        for query in ("neglect", "noted", "number7 OR noted", '"neglect number10"'):
            request = SearchRequest(query, limit=None)
            assert grown.search(request).to_dict() == whole.search(request).to_dict()


def test_a_commit_without_changes_writes_nothing(folder: Path) -> None:
    fill(folder, "ab")
    with open_writer(folder) as writer:
        writer.set_ledger({"archive_change": 7})
        generation = writer.commit()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with open_writer(folder) as writer:
        writer.set_ledger({"archive_change": 7})
        assert writer.commit() == generation
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    with open_index(folder) as index:
        assert index.generation == generation


def test_a_compact_commit_leaves_nothing_of_what_was_deleted(folder: Path) -> None:
    with open_writer(folder) as writer:
        writer.add(record("secretkey", "neglect of zanzibarian", title="Zanzibarian title", area="Zanzibarian area"))
        writer.add(record("b", "neglect of others"))
        writer.commit()
    with open_writer(folder) as writer:
        writer.delete("govuk:secretkey")
        writer.commit(compact=True)
    assert found(folder) == ["b"]
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            assert b"zanzibarian" not in content and b"secretkey" not in content, path


def test_a_second_writer_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.pages.BUSY_SECONDS", 0.1)
    fill(folder, "a")
    with open_writer(folder), pytest.raises(LockedError), open_writer(folder):
        pass


def test_a_reader_keeps_its_generation(folder: Path) -> None:
    fill(folder, "ab")
    with open_index(folder) as index:
        for key in "cdefgh":
            fill(folder, key)
        with open_writer(folder) as writer:
            writer.delete("govuk:a")
            writer.commit()
        assert {hit.review for hit in index.search("neglect").hits} == {"govuk:a", "govuk:b"}
        assert index.page("govuk:a", 1).text == "neglect of a noted"
    assert sorted(found(folder)) == list("bcdefgh")


def test_readers_meet_whole_generations_while_commits_go_on(folder: Path) -> None:
    fill(folder, "ab")
    stop, problems, seen = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            try:
                with open_index(folder) as index:
                    result = index.search(SearchRequest("neglect", limit=None))
                    seen.add(result.total)
                    assert result.total % 2 == 0
                    assert all(hit.passages[0].page == 1 for hit in result.hits)
            except Exception as error:
                problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(25):
        with open_writer(folder) as writer:
            writer.add(record(f"x{number}", "neglect"))
            writer.add(record(f"y{number}", "neglect"))
            if number % 5 == 4:
                writer.delete(f"govuk:x{number - 1}")
                writer.delete(f"govuk:y{number - 1}")
            writer.commit()
    stop.set()
    for reader in readers:
        reader.join()
    assert not problems
    assert len(seen) > 2


KILLED = """
import sys
from pathlib import Path
from search import open_writer
from tests.search.records import record
folder = Path(sys.argv[1])
number = 0
while True:
    with open_writer(folder) as writer:
        for _ in range(3):
            for key in (f"x{number}", f"y{number}"):
                writer.add(record(key, "neglect " + " ".join(f"word{n}" for n in range(3000))))
            writer.commit()
            print(number, flush=True)
            number += 1
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_kill_at_any_moment_leaves_what_was_committed(folder: Path, seed: int) -> None:
    fill(folder, "ab")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 0.3))
    process.send_signal(signal.SIGKILL)
    acknowledged = 1 + len(process.stdout.read().split())
    process.wait()
    reviews = found(folder)
    assert {"a", "b", *(f"x{n}" for n in range(acknowledged))} <= set(reviews)
    assert len(reviews) % 2 == 0, "a commit is whole or absent"
    fill(folder, "cd")
    assert len(found(folder)) == len(reviews) + 2
    with sqlite3.connect(folder / STORE) as store:
        (files,) = store.execute("SELECT value FROM state WHERE key = 'files'").fetchone()
    assert all(path.name in files for path in (folder / "whoosh").iterdir() if path.stat().st_size == 0)


def engine_files(folder: Path) -> list[Path]:
    return sorted((folder / "whoosh").iterdir())


def test_any_flipped_bit_is_found(folder: Path) -> None:
    fill(folder, "abcdef")
    rng = random.Random(1)
    for path in (*engine_files(folder), folder / STORE):
        whole = path.read_bytes()
        for _ in range(10):
            broken = bytearray(whole)
            broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
            path.write_bytes(broken)
            with pytest.raises(DamagedError, match="index --rebuild"):
                found(folder)
        path.write_bytes(whole)
    assert len(found(folder)) == 6


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_a_store_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    fill(folder, "a")
    (folder / STORE).write_bytes(content)
    with pytest.raises(DamagedError, match="index --rebuild"):
        open_index(folder)
    with pytest.raises(DamagedError), open_writer(folder):
        pass


def test_missing_and_cut_files_are_refused(folder: Path) -> None:
    fill(folder, "a")
    for path in engine_files(folder):
        whole = path.read_bytes()
        path.write_bytes(whole[:-3])
        with pytest.raises(DamagedError):
            open_index(folder)
        path.unlink()
        with pytest.raises(DamagedError):
            open_index(folder)
        path.write_bytes(whole)
    assert found(folder) == ["a"]


def test_a_newer_format_is_refused(folder: Path) -> None:
    fill(folder, "a")
    with sqlite3.connect(folder / STORE) as store:
        store.execute("PRAGMA user_version = 999")
    with pytest.raises(DamagedError, match="newer version") as refused:
        open_index(folder)
    assert not isinstance(refused.value, OutdatedError)


def test_an_older_format_is_told_apart_and_replaced(folder: Path) -> None:
    fill(folder, "a")
    with sqlite3.connect(folder / STORE) as store:
        store.execute("PRAGMA user_version = 1")
    store.close()
    for opener in (open_index, open_writer):
        with pytest.raises(OutdatedError, match="run: casereviews index"):
            opener(folder)
    with open_writer(folder, rebuild=True) as writer:
        writer.add(record("b", "neglect"))
        writer.commit()
    assert found(folder) == ["b"]


def test_a_rebuild_replaces_whatever_is_there(folder: Path) -> None:
    fill(folder, "ab")
    with open_index(folder) as old:
        with open_writer(folder, rebuild=True) as writer:
            assert writer.fingerprints() == {}
            writer.add(record("c", "neglect"))
            assert found(folder) == ["a", "b"], "until the commit"
            writer.commit()
        assert old.search("neglect").total == 2
    assert found(folder) == ["c"]
    for damaged in (b"x" * 9000, b""):
        (folder / STORE).write_bytes(damaged)
        with open_writer(folder, rebuild=True) as writer:
            writer.add(record("d", "neglect"))
            writer.commit()
        assert found(folder) == ["d"]
    engine_files(folder)[0].unlink()
    with open_writer(folder, rebuild=True) as writer:
        writer.commit()
    assert found(folder, "") == []


class Payload:
    """Pickles to a command that leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.trace}",)


def test_a_crafted_pickle_is_never_run(folder: Path, tmp_path: Path) -> None:
    """Even when the attacker has made every checksum fit."""
    from search import integrity
    from search.whoosh_engine.segments import MappedFile

    fill(folder, "a")
    trace = tmp_path / "trace"
    bomb = pickle.dumps(Payload(trace), 2)
    (terms,) = (path for path in engine_files(folder) if path.suffix == ".trm")
    reader = MappedFile(terms)
    whole = bytes(reader.map)
    at = len(whole) - 4 - int.from_bytes(whole[-4:], "big", signed=True)
    assert whole[at:].startswith(b"\x80"), "a pickle is where Whoosh keeps its extras"
    terms.write_bytes(whole[:at] + bomb + (len(bomb)).to_bytes(4, "big"))
    with pytest.raises(DamagedError):
        open_index(folder)
    with sqlite3.connect(folder / STORE) as store:
        names = [path.name for path in engine_files(folder)]
        forged = integrity.manifest(folder / "whoosh", names, {})
        import json

        store.execute("UPDATE state SET value = ? WHERE key = 'files'", (json.dumps(forged),))
    store.close()
    integrity.seal(folder, {})
    with pytest.raises(DamagedError):
        found(folder)
    assert not trace.exists()
    pickle.loads(bomb)
    assert trace.exists(), "the bomb is a real one"


def test_another_users_index_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, "a")
    owner = (folder / STORE).stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: owner + 4321)
    if owner == 0:
        os.chown(folder / STORE, 1234, -1)
    with pytest.raises(DamagedError, match="another user"):
        open_index(folder)


def test_a_copied_index_is_read_by_its_checksums(folder: Path, tmp_path: Path) -> None:
    fill(folder, "ab")
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert sorted(found(copy)) == ["a", "b"]


def test_paging_neither_repeats_nor_skips(folder: Path) -> None:
    fill(folder, "abcdefghijklmnopqrstuvwxyz", text="neglect in the same words")
    for sort in ("relevance", "newest", "oldest"):
        with open_index(folder) as index:
            whole = [hit.review for hit in index.search(SearchRequest("neglect", sort=sort, limit=None)).hits]
        assert whole == sorted(whole), "equal hits in the order of their ids"
        paged: list[str] = []
        while len(paged) < len(whole):
            with open_index(folder) as index:
                result = index.search(SearchRequest("neglect", sort=sort, limit=7, offset=len(paged)))
                assert result.total == len(whole)
                paged += [hit.review for hit in result.hits]
        assert paged == whole


def test_a_review_and_its_pages_are_read_back(folder: Path) -> None:
    with open_writer(folder) as writer:
        scan = document(url="https://example.org/scan.pdf", state="without_text")
        report = document("One.", "Two — “quoted”.", url="https://example.org/r.pdf", sections=("narrative",))
        writer.add(record("2021-anytown-a", title="Child A", documents=(scan, report), themes=("neglect",)))
        writer.add(record("2021-anytown-b", "x", source="pfd"))
        writer.commit()
    with open_index(folder) as index:
        entry = index.review("govuk:2021-anytown-a")
        assert entry.facts["title"] == "Child A" and entry.facts["themes"] == ["neglect"]
        assert [(d.place, d.state, d.pages) for d in entry.documents] == [(1, "without_text", 0), (2, "readable", 2)]
        page = index.page("govuk:2021", 2)
        assert (page.text, page.printed, page.document, page.pages) == ("Two — “quoted”.", "4", 2, 2)
        assert page.document_url == "https://example.org/r.pdf#page=2"
        assert index.page("govuk:2021-anytown-a", 1, document=2).section == "narrative"
        assert index.review("2021-anytown-b").id == "pfd:2021-anytown-b"
        for wrong in ("govuk:zzz", "zzz", "2021", ""):
            with pytest.raises(UsageError):
                index.review(wrong)
        for number, place in ((3, None), (0, None), (1, 1), (1, 9), (1, 0)):
            with pytest.raises(UsageError):
                index.page("govuk:2021-anytown-a", number, place)
