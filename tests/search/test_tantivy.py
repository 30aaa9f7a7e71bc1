"""The engine tantivy: the same answers as Whoosh, and generations that are whole, private and compact."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.cli import main
from casereviews.errors import DamagedError, UsageError
from search import SearchRequest, open_index, open_writer
from search.tantivy_engine import building
from tests.search.records import document, record

QUERIES = (
    "baby",
    "baby harm",
    "harmed OR risk",
    '"baby harmed"',
    '"harm baby"~3',
    '"risk home baby"~6',
    "bab* -risk",
    "hame~",
    "title:risk OR home",
    "(baby OR risk) -home",
    "",
)
WORDS = ["baby", "babies", "harm", "harmed", "risk", "home", "hams"]
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), min_size=1, max_size=3)


def fill(folder: Path, keys: str, text: str = "neglect of {key} noted", **options: str) -> None:
    with open_writer(folder, "tantivy") as writer:
        for key in keys:
            writer.add(record(key, text.format(key=key), **options))  # type: ignore[arg-type]
        writer.commit()


def found(folder: Path, query: str = "neglect") -> list[str]:
    with open_index(folder) as index:
        return [hit.review.partition(":")[2] for hit in index.search(SearchRequest(query, limit=None)).hits]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


@settings(max_examples=8, deadline=None)
@given(corpus=st.lists(st.tuples(texts, texts), min_size=1, max_size=6), heap=st.sampled_from([200, 100_000_000]))
def test_the_same_hits_pages_and_marks_as_whoosh(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[tuple[list[str], list[str]]], heap: int
) -> None:
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "SPILL", heap)
        for engine in ("whoosh", "tantivy"):
            with open_writer(folder / engine, engine) as writer:
                for number, (first, second) in enumerate(corpus):
                    held = (document(*first), document(*second, url="https://example.org/second.pdf"))
                    writer.add(record(f"k{number}", documents=held, title=" ".join(first)[:20] or "None"))
                    if number % 2:
                        writer.commit()
                writer.delete("govuk:k1")
                writer.commit()
    with open_index(folder / "whoosh") as one, open_index(folder / "tantivy") as other:
        for query in QUERIES:
            for inside in ("reviews", "pages"):
                request = SearchRequest(query, inside=inside, limit=None, sort="oldest", passages=9)
                a, b = one.search(request), other.search(request)
                assert a.total == b.total, query
                assert shown(a) == shown(b), query


def shown(result: object) -> list[tuple[object, ...]]:
    """What does not depend on scores."""
    return [
        (hit.review, sorted((p.document_url, p.snippet) for p in hit.passages))
        for hit in result.hits  # type: ignore[attr-defined]
    ]


def test_scores_differ_by_the_rounding_of_lengths_alone(tmp_path: Path) -> None:
    rng = random.Random(3)
    for engine in ("whoosh", "tantivy"):
        rng.seed(3)
        with open_writer(tmp_path / engine, engine) as writer:
            for number in range(60):
                text = " ".join(rng.choices([*WORDS, *(f"word{n}" for n in range(50))], k=rng.randrange(50, 800)))
                writer.add(record(f"k{number:02d}", text, title=f"Child {number}"))
            writer.commit()
    with open_index(tmp_path / "whoosh") as one, open_index(tmp_path / "tantivy") as other:
        for query in ("word7", "word3 word9", '"word1 word2" OR word5', "bab* OR word6"):
            request = SearchRequest(query, limit=None)
            a = {hit.review: hit.score for hit in one.search(request).hits}
            b = {hit.review: hit.score for hit in other.search(request).hits}
            assert a.keys() == b.keys() and a
            assert all(b[review] == pytest.approx(score, rel=0.15, abs=0.05) for review, score in a.items()), query


def test_generations(folder: Path) -> None:
    fill(folder, "ab")
    with open_index(folder) as index:
        for key in "cdefgh":
            fill(folder, key)
        with open_writer(folder, "tantivy") as writer:
            writer.delete("govuk:a")
            writer.commit()
            writer.add(record("z", "neglect"))
        assert {hit.review for hit in index.search("neglect").hits} == {"govuk:a", "govuk:b"}
    assert sorted(found(folder)) == list("bcdefgh"), "what was not committed is undone"
    generations = [path for path in (folder / "tantivy").iterdir() if path.is_dir()]
    assert len(generations) <= 2
    fill(folder, "")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with open_writer(folder, "tantivy") as writer:
        writer.commit()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_compact_commit_leaves_nothing_of_what_was_deleted(folder: Path) -> None:
    with open_writer(folder, "tantivy") as writer:
        writer.add(record("secretkey", "neglect of zanzibarian", title="Zanzibarian title"))
        writer.add(record("b", documents=(document("neglect of others", "and more"), document("and yet more"))))
        writer.commit()
    with open_writer(folder, "tantivy") as writer:
        writer.delete("govuk:secretkey")
        writer.commit(compact=True)
    assert found(folder) == ["b"] and found(folder, '"others and more"') == ["b"]
    assert found(folder, '"more and yet"') == [], "documents stay apart"
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"zanzibarian" not in path.read_bytes().lower(), path
    fill(folder, "c")
    assert sorted(found(folder)) == ["b", "c"]


def test_damage_is_found(folder: Path) -> None:
    fill(folder, "abcdef")
    rng = random.Random(1)
    files = [path for path in (folder / "tantivy").rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) > 5
    for path in files:
        whole = path.read_bytes()
        for _ in range(4):
            broken = bytearray(whole)
            broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
            path.write_bytes(broken)
            with pytest.raises(DamagedError, match="index --rebuild"):
                found(folder)
        path.write_bytes(whole)
    assert len(found(folder)) == 6
    link = next(path for path in (folder / "tantivy").rglob("*") if path.is_symlink())
    target = link.readlink()
    link.unlink()
    link.symlink_to("/etc/hostname")
    with pytest.raises(DamagedError):
        found(folder)
    link.unlink()
    link.symlink_to(target)
    assert len(found(folder)) == 6


KILLED = """
import sys
from pathlib import Path
from search import open_writer
from tests.search.records import record
number = 0
while True:
    with open_writer(Path(sys.argv[1]), "tantivy") as writer:
        for key in (f"x{number}", f"y{number}"):
            writer.add(record(key, "neglect " + " ".join(f"word{n}" for n in range(3000))))
        writer.commit()
        print(number, flush=True)
        number += 1
"""


@pytest.mark.parametrize("lines", [1, 3])
def test_a_kill_leaves_what_was_committed(folder: Path, lines: int) -> None:
    fill(folder, "ab")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    acknowledged = lines + len(process.stdout.read().split())
    process.wait()
    reviews = found(folder)
    assert {"a", "b", *(f"x{n}" for n in range(acknowledged))} <= set(reviews) and len(reviews) % 2 == 0
    fill(folder, "cd")
    assert len(found(folder)) == len(reviews) + 2


def test_changing_over(folder: Path) -> None:
    with open_writer(folder) as writer:
        writer.add(record("a", "neglect"))
        writer.commit()
    with pytest.raises(UsageError, match="index --rebuild"):
        open_writer(folder, "tantivy")
    with open_index(folder) as old:
        with open_writer(folder, "tantivy", rebuild=True) as writer:
            writer.add(record("b", "neglect"))
            assert found(folder) == ["a"]
            writer.commit()
        assert old.search("neglect").total == 1
    assert found(folder) == ["b"]
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"tantivy"}


def test_an_engine_that_is_not_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder, "a")
    monkeypatch.setattr("search.tantivy_engine.find_spec", lambda _: None)
    assert main(["search", "neglect", "--data", str(folder.parent)]) == 2
    assert "casereviews[tantivy]" in capsys.readouterr().err
