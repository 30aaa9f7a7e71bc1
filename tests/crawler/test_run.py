"""Runs as a whole: several sources, an early end by signal or deadline, and Scrapy's own commands."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from casereviews.archive import Archive
from casereviews.config import Settings
from casereviews.errors import StorageError, UsageError
from casereviews.lock import run_lock
from crawler.run import Outcome, crawl, find, sources
from tests.crawler.faultserver import Answer, Asked
from tests.crawler.toys import FILES, SITE, Lab, ToySpider, furnish

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
from typing import Any
from casereviews.archive import Archive
from casereviews.config import Settings
from crawler.run import crawl_spiders
from tests.crawler.toys import ToySpider

folder, replica = Path(sys.argv[1]), sys.argv[2]
with Archive.open(folder / "archive", write=True, replica=True) as archive:
    run = archive.begin_run(["toy"], program="test")
    outcome = crawl_spiders(Settings(data=folder, replica=replica), [ToySpider], archive, run)
    if outcome.signal is None:
        archive.end_run(run.id, "ok")
    print(outcome[0].verdict, outcome[0].found, flush=True)
sys.exit(outcome.exit_code)
"""


def start(lab: Lab) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, str(lab.folder), lab.web.base]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(lab: Lab, url: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not lab.web.times(url):
        assert time.monotonic() < end, f"{url} was never asked for: {lab.web.paths()}"
        time.sleep(0.01)


def test_sources_are_described_without_running_anything() -> None:
    described = {source.name: source for source in sources()}
    govuk = described["govuk"]
    assert govuk.enabled and "www.gov.uk" in govuk.hosts and govuk.title
    assert list(described) == sorted(described)


def test_an_unknown_source_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"unknown source 'gov-uk'; did you mean govuk\?"):
        find(["gov-uk"])


def test_an_unknown_source_stops_before_anything_is_asked(lab: Lab) -> None:
    with lab.archive() as archive, pytest.raises(UsageError):
        run = archive.begin_run(["nowhere"], program="test")
        crawl(Settings(data=lab.folder, replica=lab.web.base), ["nowhere"], archive, run)
    assert lab.web.asked == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_cleanly_within_seconds_and_the_next_run_goes_on(lab: Lab, number: signal.Signals) -> None:
    furnish(lab.web, "a", "b", "c")
    whole = lab.web.routes[f"{FILES}/b.pdf"]
    lab.web.routes[f"{FILES}/b.pdf"] = lambda sock, asked: time.sleep(15)
    process = start(lab)
    wait_for(lab, f"{FILES}/b.pdf")
    time.sleep(0.2)
    process.send_signal(number)
    started = time.monotonic()
    output, errors = process.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert (process.returncode, output.split()[0]) == (128 + number, "skipped"), errors
    lab.web.routes[f"{FILES}/b.pdf"] = whole
    lab.web.asked.clear()
    result = lab.result()
    assert (result.verdict, result.found, result.missing) == ("ok", 3, ())
    assert f"{SITE}/list" not in lab.web.paths()


def test_a_killed_run_is_resumed_without_doing_work_twice(lab: Lab) -> None:
    keys = [f"k{number}" for number in range(8)]
    furnish(lab.web, *keys)
    process = start(lab)
    wait_for(lab, f"{FILES}/k3.pdf")
    process.kill()
    process.communicate()
    result = lab.result()
    assert (result.verdict, result.found) == ("ok", 8)
    repeated = [url for url in set(lab.web.paths()) if lab.web.times(url) > 1]
    assert len(repeated) <= 2  # one per host: what was under way at the kill
    with lab.archive() as archive:
        assert all(archive.documents(f"toy:{key}")[0].version for key in keys)


def test_the_deadline_ends_a_run_with_exit_code_7(lab: Lab) -> None:
    furnish(lab.web, "a", "b")
    lab.web.routes[f"{FILES}/a.pdf"] = lambda sock, asked: time.sleep(10)
    lab.options["deadline"] = 1.0
    started = time.monotonic()
    outcome = lab.crawl()
    assert time.monotonic() - started < 5
    assert (outcome[0].verdict, outcome.exit_code) == ("short", 7)
    assert "the deadline was reached; the next run goes on from here" in outcome[0].errors


def test_one_failing_source_does_not_touch_the_others(lab: Lab) -> None:
    class Down(ToySpider):
        name = "down"
        hosts = ("down.toy.example",)
        start_urls = ("https://down.toy.example/",)

    furnish(lab.web, "a", "b")
    lab.web.routes["down.toy.example/"] = b""
    outcome = lab.crawl(Down, ToySpider)
    assert [(result.source, result.verdict) for result in outcome] == [("down", "failed"), ("toy", "ok")]
    assert outcome.exit_code == 1


def test_an_archive_that_cannot_be_written_ends_the_run_with_its_own_error(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(lab.web, "a", "b", "c")

    def full(*args: object, **kwargs: object) -> None:
        raise StorageError("cannot use the archive: no space left on device")

    monkeypatch.setattr(Archive, "save_version", full)
    with pytest.raises(StorageError, match="no space left"):
        lab.crawl()


def test_progress_is_told(lab: Lab) -> None:
    seen: list[tuple[str, dict[str, int | None]]] = []
    furnish(lab.web, "a", "b")
    lab.result(progress=lambda source, counts: seen.append((source, counts)))
    assert seen[-1] == ("toy", {"requests": 7, "reviews": 2, "documents": 2, "expected": None})


def test_exit_codes_of_verdicts() -> None:
    from casereviews.archive import SourceResult

    def code(*verdicts: str, budgets: frozenset[str] = frozenset(), number: int | None = None) -> int:
        outcome = Outcome(SourceResult(verdict, verdict) for verdict in verdicts)  # type: ignore[arg-type]
        outcome.budgets, outcome.signal = budgets, number
        return outcome.exit_code

    assert code("ok", "skipped") == 0
    assert code("ok", "failed", "short") == 1
    assert code("ok", "short") == 3
    assert code("short", budgets=frozenset({"short"})) == 7
    assert code("skipped", number=signal.SIGTERM) == 143


def scrapy(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("CASEREVIEWS_")}
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**env, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_scrapy_list_names_the_sources() -> None:
    found = scrapy("list")
    assert found.returncode == 0
    assert found.stdout.split() == [source.name for source in sources()]


def test_scrapy_crawl_writes_a_run_of_its_own(lab: Lab) -> None:
    def empty(sock: object, asked: Asked) -> None:
        answer = Answer(b'{"results": [], "total": 0, "start": 0}', "application/json")
        sock.sendall(answer.bytes(asked))  # type: ignore[attr-defined]

    lab.web.routes["www.gov.uk/api/search.json"] = empty
    found = scrapy("crawl", "govuk", CASEREVIEWS_DATA=str(lab.folder), CASEREVIEWS_REPLICA=lab.web.base)
    assert found.returncode == 0, found.stderr
    assert lab.web.times("www.gov.uk/robots.txt") == 1
    with lab.archive() as archive:
        (run,) = archive.runs()
        (result,) = archive.source_results(run.id)
    assert run.finished and result.source == "govuk" and result.verdict == "short"


def test_a_source_that_cannot_begin_fails_alone(lab: Lab) -> None:
    class Unfinished(ToySpider):
        name = "unfinished"

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            raise LookupError("partnerships.toml has no sites")

    furnish(lab.web, "a", "b")
    unfinished, whole = lab.crawl(Unfinished, ToySpider)
    assert unfinished.errors == ("the source cannot be run (LookupError: partnerships.toml has no sites)",)
    assert (unfinished.verdict, whole.verdict) == ("failed", "ok")


def test_scrapy_crawl_waits_for_nobody_who_holds_the_lock(lab: Lab) -> None:
    with run_lock(lab.folder):
        found = scrapy("crawl", "govuk", CASEREVIEWS_DATA=str(lab.folder), CASEREVIEWS_REPLICA=lab.web.base)
    assert found.returncode == 1
    assert "another run works on" in found.stderr
    assert lab.web.asked == []


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"dhr": {"theme_label": True}}, "has no option 'theme_label' for [sources.dhr]; it has theme_labels"),
        ({"dhr": {"theme_labels": "yes"}}, "a value of type bool is wanted"),
        ({"govuk": {"delay": 3}}, "it has none"),
        ({"dhrr": {"theme_labels": True}}, "did you mean dhr?"),
    ],
)
def test_a_wrong_option_of_a_source_is_refused_before_anything_is_asked(
    lab: Lab, table: dict[str, Any], says: str
) -> None:
    settings = Settings(lab.folder, replica=lab.web.base, sources=table)
    with lab.archive() as archive:
        run = archive.begin_run(["govuk"], program="test")
        with pytest.raises(UsageError, match=re.escape(says)):
            crawl(settings, ["dhr", "govuk"], archive, run)
    assert lab.web.asked == []
