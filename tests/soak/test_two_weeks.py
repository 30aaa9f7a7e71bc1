"""Two weeks and a day of nightly refreshes, with all that befalls them; every digest and the end are as foretold.

`make soak` lives the day of kills with sixty of them, at moments spread over the whole run; the suite with a few.
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.conftest import ROOT
from tests.crawler.faultserver import Answer, page
from tests.crawler.toys import SITE
from tests.refresh.test_takedown import holding
from tests.refresh.town import IN_A_PROCESS, Town

KILLS = int(os.environ.get("SOAK_KILLS", "4"))
NOISE = ("new", "changed", "resaved", "missing", "gone", "returned", "withdrawn")
BIRDS = ("wren", "robin", "pipit", "heron", "sparrow", "swift", "plover", "dunlin")
QUIET: dict[str, list[str]] = {}
FINCH = ("Bruises were seen.", "Nobody asked.", "The board was told.", "It recommends to ask.")
SECRET = "quillonberry"


class Life:
    """The town, what each day should tell, and what was told in all."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.saved: list[str] = []
        self.last = 0
        """The last run that ended."""

    def night(
        self, told: dict[str, list[str]], *, code: int = 0, verdict: str = "ok", words: tuple[str, ...] = ()
    ) -> Any:
        """A refresh that tells exactly this, and ends so."""
        done = self.town.run("refresh", "toy", "--format", "json", *words)
        assert done.code == code, (self.town.days, done.err, done.out)
        digest = done.json
        assert digest["verdict"] == verdict
        self.compare(digest, told)
        self.last = digest["run"]
        return digest

    def compare(self, digest: Any, told: dict[str, list[str]]) -> None:
        source = self.town.source(digest)
        expected = {kind: sorted(f"toy:{key}" for key in told.get(kind, ())) for kind in NOISE}
        assert {kind: sorted(source[kind]) for kind in NOISE} == expected, (self.town.days, source["errors"])
        (saved,) = digest["saved"] or [{"new": [], "error": None}]
        assert sorted(saved["new"]) == sorted(f"toy:{key}" for key in told.get("saved", ())), self.town.days
        assert saved["error"] is None
        self.saved += saved["new"]


def begin(life: Life) -> None:
    """Day 0: a board of eight reviews, gathered for the first time; a search is saved."""
    for bird in BIRDS:
        life.town.publish(bird, f"The review of {bird}.", "Its second page.")
    life.town.publish("heron", f"The {SECRET} was never asked about.")
    life.night({"new": [*BIRDS]})
    assert life.town.run("saved", "add", "bruises", "bruises").code == 0


def one_leaves(life: Life) -> None:
    """Day 1: a review leaves its listing for good."""
    life.town.take_down("pipit")
    life.night({"missing": ["pipit"]})


def one_comes(life: Life) -> None:
    """Day 2: a new review, which the saved search finds."""
    life.town.publish("finch", *FINCH)
    life.night({"new": ["finch"], "saved": ["finch"]})


def one_is_replaced(life: Life) -> None:
    """Day 3: a report is replaced."""
    life.town.publish("wren", "The review of wren, with bruises.", "Its second page.")
    digest = life.night({"changed": ["wren"], "saved": ["wren"]})
    (replaced,) = life.town.source(digest)["replaced"]
    assert replaced["pages"] == {"before": 2, "after": 2, "added": 0, "removed": 0, "changed": 1}


def another_leaves(life: Life) -> None:
    """Day 4: another leaves, which will be back."""
    life.town.take_down("robin")
    life.night({"missing": ["robin"]})


def disturbed(answer: Answer, code: int, verdict: str) -> Callable[[Life], None]:
    """A day on which the listing answers otherwise: no state may move."""

    def day(life: Life) -> None:
        life.town.web.routes[f"{SITE}/list"] = answer
        digest = life.night(QUIET, code=code, verdict=verdict)
        assert life.town.source(digest)["errors"]
        life.town.set_listing()

    return day


def killed(life: Life) -> None:
    """Day 8: SIGKILL at any moment, again and again; then what there was to tell is told once."""
    life.town.publish("dove", "Bruises were noted.")
    life.town.publish("swift", "The review of swift, rewritten.", "Its second page.")
    moments = random.Random(20261123)
    words = life.town.words(("refresh", "toy", "--format", "json"))
    hit = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", IN_A_PROCESS, str(life.town.days), "", *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                process.wait(moments.uniform(0.3, 5.0))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                hit += 1
    assert hit
    done = life.town.run("refresh", "toy", "--format", "json")
    assert done.code == 0, done.err
    since = life.town.run("changes", "--since", str(life.last + 1), "--format", "json").json
    life.compare(since, {"new": ["dove"], "changed": ["swift"], "saved": ["dove"]})
    life.last = done.json["run"]


def one_is_saved_again(life: Life) -> None:
    """Day 9: a report is saved again with another footer."""
    life.town.file("finch", *FINCH, footer="Page {n} of {of}")
    life.night({"resaved": ["finch"]})


def the_disk_is_full(life: Life) -> None:
    """Day 10: a new review, and no room for it until later that day."""
    life.town.publish("owl", *(f"Bruises, page {number}." for number in range(30)))
    full = life.town.apart("refresh", "toy", extra={"TOWN_LARGEST_FILE": "20000"})
    assert full.code == 5 and "Traceback" not in full.err, full.err
    life.night({"new": ["owl"], "saved": ["owl"]})


def one_is_back(life: Life) -> None:
    """Day 11: one that was missing is listed again, its report saved anew."""
    life.town.publish("robin", "The review of robin.", "Its second page.")
    life.night({"returned": ["robin"], "resaved": ["robin"]})


def one_is_taken_down(life: Life) -> None:
    """Day 12: a board asks for a review to be forgotten; its page still lists it."""
    assert life.town.run("forget", "toy:heron", "--reason", "asked for by the board").code == 0
    life.night(QUIET)
    assert list(holding(life.town.data, SECRET)) == []


def one_is_withdrawn(life: Life) -> None:
    """Day 13: a source says that it withdrew a review."""
    life.town.web.routes[f"{SITE}/review/sparrow"] = page('<p class="gone">Published in error</p>')
    life.night({"withdrawn": ["sparrow"]}, words=("--full",))


def two_at_once(life: Life) -> None:
    """Day 14: a second job ends at once and says who is at work."""
    from casereviews.lock import run_lock

    with run_lock(life.town.data):
        second = life.town.apart("refresh", "toy")
        assert second.code == 4 and str(os.getpid()) in second.err
    life.night(QUIET)


def the_first_is_gone(life: Life) -> None:
    """Day 15: what left its listing a fortnight ago is gone."""
    life.night({"gone": ["pipit"]})


DAYS = (
    begin,
    one_leaves,
    one_comes,
    one_is_replaced,
    another_leaves,
    disturbed(Answer(status=503), 1, "failed"),
    disturbed(page("<p>A new design</p>"), 1, "failed"),
    disturbed(page("<h1>Reviews</h1>"), 3, "short"),
    killed,
    one_is_saved_again,
    the_disk_is_full,
    one_is_back,
    one_is_taken_down,
    one_is_withdrawn,
    two_at_once,
    the_first_is_gone,
)

STATES = {
    **dict.fromkeys(("wren", "finch", "dove", "owl", "swift", "plover", "dunlin"), "present"),
    "robin": "returned",
    "pipit": "gone",
    "sparrow": "withdrawn",
}
VERSIONS = {"wren": 2, "swift": 2, "finch": 2, "robin": 2}


def test_two_weeks_end_as_foretold(town: Town) -> None:
    town.listed.clear()
    life = Life(town)
    for day, befalls in enumerate(DAYS):
        town.days = float(day)
        befalls(life)
    assert sorted(life.saved) == ["toy:dove", "toy:finch", "toy:owl", "toy:wren"], "each once for ever"
    with town.archive() as archive:
        archive.check()
        stored = {each.review.key: each for each in archive.reviews()}
        assert {key: each.state for key, each in stored.items()} == STATES
        for key in STATES:
            (document,) = archive.documents(f"toy:{key}")
            assert len(archive.versions(document.id)) == VERSIONS.get(key, 1), key
        bodies = [archive.body(each) for each in archive.captures() if each.sha256]  # DamagedError for a torn one
        assert len(bodies) > 100
        assert [run.verdict for run in archive.runs(100) if run.finished is None] == []
    assert town.run("verify").code == 0
    assert town.run("status", "--check").out.strip() == "healthy"
    assert town.run("search", "bruises", "--format", "json").json["total"] == 4
    assert list(holding(town.data, SECRET)) == []
    night = life.night(QUIET)
    assert (night["index"]["records_indexed"], night["index"]["documents_extracted"]) == (0, 0)
