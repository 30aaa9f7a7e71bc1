"""The whole job on a bundled loopback web of invented reviews: gather, read, index, search, read a page."""

import argparse
import contextlib
import json
import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from casereviews.cli.arguments import settings
from casereviews.cli.output import terminal
from casereviews.cli.words import short_id
from casereviews.errors import UsageError
from casereviews.terminal import Terminal

if TYPE_CHECKING:
    from casereviews.config import Settings
    from crawler.run import SourceInfo

USAGE = ""
EXAMPLES = """
casereviews demo
casereviews demo --reset --data /tmp/demo
"""

FOLDER = Path("demo-data")
_SEARCHES = (
    ("professional curiosity", "--limit", "3"),
    ('bruising "health visitor"', "--in", "pages", "--sort", "newest", "--limit", "3"),
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--reset", action="store_true", help="forget the demo's data and start over")


def run(options: argparse.Namespace) -> int:
    """Refresh from the replica's next state, then search and read; a second demo shows what changed."""
    from casereviews.cli.refresh import gather, report
    from crawler.run import sources
    from replica.server import STATES, Replica
    from replica.sites import SITES
    from replica.sites.boards import sources as of_boards

    if options.replica:
        raise UsageError("demo brings its own replica; leave --replica out")
    options.data = options.data or FOLDER
    chosen = settings(options)
    out = terminal(options)
    note = _Note(chosen.data)
    if options.reset:
        note.forget()
    elif not note.ours():
        raise UsageError(f"{chosen.data} holds data that is not the demo's; give another folder with --data")
    state = min(note.state + 1, len(STATES))
    out.paragraph(f"The demo keeps its data in {chosen.data.resolve()}.")
    out.paragraph("Serving a small web of invented reviews on this machine; nothing leaves it.")
    if not (chosen.data / "replica").exists():
        out.paragraph("Their reports are being set as PDF files first, which takes a few seconds.")
    out.stream.flush()
    note.write(note.state)
    with Replica(chosen.data / "replica", state) as replica:
        # Real boards publish none of these reviews: invented ones stand in their place.
        local = replace(chosen, replica=replica.url, sources={**chosen.sources, **of_boards()})
        local = replace(local, digest_file=None, digest_command=())  # nobody is to be sent an invented digest
        names = (each.name for each in sources() if each.enabled and _first_host(each) in SITES)
        served = sorted({*names, *of_boards()})
        _heading(f"casereviews refresh {' '.join(served)}", out)
        options.format = "text"
        code = report(gather(options, local, served), options, local)
    if code:
        return code
    last = note.state >= len(STATES)
    note.write(state)
    _look(chosen, out)
    _try_next(chosen.data, last, state < len(STATES), out)
    return 0


def _first_host(source: "SourceInfo") -> str | None:
    return urlsplit(source.start_urls[0]).hostname if source.start_urls else source.hosts[0]


class _Note:
    """What the demo remembers in its folder: that the folder is its own, and the state it has seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "demo.json"

    @property
    def state(self) -> int:
        try:
            return int(json.loads(self.path.read_text(encoding="utf-8"))["state"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return 0

    def ours(self) -> bool:
        return self.path.exists() or not self.folder.exists() or not any(self.folder.iterdir())

    def write(self, state: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.write_text(json.dumps({"state": state}) + "\n", encoding="utf-8")

    def forget(self) -> None:
        if not self.ours():
            raise UsageError(f"{self.folder} was not made by the demo and is left alone")
        for name in ("archive", "index", "cache", "replica"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.path.unlink(missing_ok=True)


def _look(chosen: "Settings", out: Terminal) -> None:
    """Two searches and one page, run as an analyst would type them."""
    from casereviews.cli import main
    from search import SearchRequest, open_index

    colour = () if out.colour else ("--no-color",)
    for words in _SEARCHES:
        _heading(f"casereviews search {shlex.join(words)}", out)
        main(["search", *words, *colour, "--data", str(chosen.data)])
    with open_index(chosen.index_folder) as index:
        hit = index.search(SearchRequest(_SEARCHES[0][0], limit=1)).to_dict()["hits"][0]
    page, review = str(hit["passages"][0]["page"] or 1), short_id(hit["review"])
    _heading(f"casereviews show {review} --page {page}", out)
    main(["show", review, "--page", page, *colour, "--data", str(chosen.data)])


def _heading(command: str, out: Terminal) -> None:
    out.say("", out.paint("label", f"$ {command}"), "")
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()


def _try_next(data: Path, repeated: bool, more: bool, out: Terminal) -> None:
    folder = shlex.quote(str(data))
    out.say("", out.paint("strong", "Try next"), "")
    for command in (
        "search '\"information sharing\" -school' --sort newest",
        "search recommendation --in pages --format csv",
        "changes --since 1",
    ):
        out.say(f"  {_program()} {command} --data {folder}")
    out.say("")
    if more:
        out.paragraph("Run it again: the web has moved on, and the digest says what is new, changed and gone.")
    else:
        seen = "There was nothing new" if repeated else "That was all"
        again = f"{_program()} demo --reset --data {folder}"
        out.paragraph(f"{seen}: this was the last state of the demo's web. To start over: {again}")


def _program() -> str:
    """How this shell starts the program: by name where it is on the path."""
    started = Path(sys.argv[0])
    if started.name != "casereviews":
        return "python -m casereviews"
    if shutil.which("casereviews"):
        return "casereviews"
    inside = started.resolve().is_relative_to(Path.cwd())
    return shlex.quote(str(started.resolve().relative_to(Path.cwd()) if inside else started.resolve()))
