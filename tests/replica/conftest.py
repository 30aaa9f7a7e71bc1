"""One build of the corpus for all tests of the replica."""

import http.client
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from replica import Replica

FILES = Path(tempfile.gettempdir()) / "casereviews-replica-files"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def files() -> Path:
    """Where built files are kept between runs of the tests: their name changes with the replica's source."""
    return FILES


@pytest.fixture
def replica(tmp_path: Path, files: Path) -> Iterator[Replica]:
    with Replica(tmp_path / "replica", files=files) as running:
        yield running


@pytest.fixture
def ask(replica: Replica) -> Iterator[Ask]:
    """Ask the replica for a real URL over one kept-alive connection."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(replica.url).port or 0, timeout=10)

    def get(url: str, method: str = "GET", **headers: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Host": parts.netloc, **named})
        response = connection.getresponse()
        return Answer(response.status, dict(response.headers), response.read())

    yield get
    connection.close()
