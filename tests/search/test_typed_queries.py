"""A log of queries as people type them: each is answered as it was read by a person, or says why not.

typed.txt holds, for each query, the reviews that answer it (`-` for none, `REFUSED` with the limit named), a mark
and the query: `!` where a notice says that it was taken otherwise, `~` where another spelling is suggested.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.errors import QueryError
from search import Index, Query, open_index, open_writer
from search.engine import ENGINES
from tests.search.typed_records import RECORDS

LOG = [
    tuple(line.split("\t", 2))
    for line in (Path(__file__).parent / "typed.txt").read_text("utf-8").split("\n")
    if line
]  # fmt: skip


@pytest.fixture(scope="module", params=sorted(ENGINES))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("typed") / "index"
    with open_writer(folder, request.param) as writer:
        for each in RECORDS:
            writer.add(each)
        writer.commit()
    with open_index(folder) as opened:
        yield opened


def test_the_log_is_long_and_mixed() -> None:
    assert len(LOG) >= 200 and len({query for *_, query in LOG}) == len(LOG)
    assert {mark for _, mark, _ in LOG} == {".", "!", "~"}


def test_every_typed_query_is_answered_as_a_person_reads_it(index: Index) -> None:
    wrong: list[tuple[object, ...]] = []
    for keys, mark, query in LOG:
        try:
            found = index.search(Query(query, limit=None))
        except QueryError as refused:
            if keys != "REFUSED" or "\n" in str(refused):
                wrong.append((query, str(refused)))
            continue
        got = ",".join(sorted(hit.review.partition(":")[2] for hit in found.hits)) or "-"
        said = "!" if found.notices else "~" if found.suggestion else "."
        if (got, said) != (keys, mark):
            wrong.append((query, got, said, found.notices, found.suggestion))
    assert not wrong


@pytest.mark.parametrize("inside", ["pages", "recommendations"])
def test_a_page_is_of_a_review_that_matches(index: Index, inside: str) -> None:
    for keys, _, query in LOG:
        if keys != "REFUSED" and "-" not in query and "NOT" not in query:
            hits = index.search(Query(query, inside=inside, limit=None)).hits
            assert {hit.review.partition(":")[2] for hit in hits} <= set(keys.split(",")), query
