"""What a search costs before it starts: only these libraries are loaded."""

import subprocess
import sys
from pathlib import Path

from search import open_writer
from tests.search.records import record

SEARCH = """
import sys
from pathlib import Path
from search import open_index
with open_index(Path(sys.argv[1])) as index:
    assert index.search("neglect polise OR neg* OR negelct~").total == 1
print(*sys.modules)
"""


def test_a_search_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    with open_writer(tmp_path / "index") as writer:
        writer.add(record("a", "neglect"))
        writer.commit()
    run = subprocess.run(
        [sys.executable, "-c", SEARCH, str(tmp_path / "index")], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert not {name.partition(".")[0] for name in loaded} & {"scrapy", "pdfminer", "bs4", "rich", "lxml", "twisted"}
    assert not loaded & {"whoosh.qparser", "whoosh.searching", "whoosh.query", "whoosh.highlight", "whoosh.writing"}
    assert not loaded & {"search.writer", "search.whoosh_engine.building", "casereviews.archive"}
