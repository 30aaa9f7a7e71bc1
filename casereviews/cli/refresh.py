"""Gather what is new from the sources, then bring the index in step; prints the digest."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.cli import digest
from casereviews.cli.arguments import add_format, number, settings
from casereviews.errors import CaseReviewsError, exit_code
from casereviews.terminal import clean

if TYPE_CHECKING:
    from casereviews.config import Settings
    from crawler.run import Outcome

USAGE = "[SOURCE ...]"
EXAMPLES = """
casereviews refresh
casereviews refresh govuk --format json
"""

RESUMED = ("interrupted", "deadline")
"""How a run ends that the next one goes on with."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run gave: the JSON of the digest, the titles of the reviews it names, the exit code."""

    digest: dict[str, Any]
    titles: dict[str, str]
    code: int


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="only these (casereviews sources lists them)")
    add_traffic(parser)
    add_format(parser, "text", "json", "markdown")


def run(options: argparse.Namespace) -> int:
    """Crawl and index under one lock."""
    chosen = within(options)
    return report(gather(options, chosen, options.sources, full=options.full), options, chosen)


def add_traffic(parser: argparse.ArgumentParser) -> None:
    """The flags that say how much is asked of the web, and for how long."""
    parser.add_argument("--full", action="store_true", help="ask for everything, however long it was quiet")
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="write the log to this file too, in turns")
    parser.add_argument("--deadline", type=number, metavar="SECONDS", help="end cleanly after so many seconds")


def within(options: argparse.Namespace) -> "Settings":
    """The settings, with the deadline and the log that were given."""
    chosen = settings(options)
    if options.deadline is not None:
        chosen = replace(chosen, deadline=float(options.deadline))
    return chosen if options.log_file is None else replace(chosen, log_file=options.log_file)


def report(gathered: Gathered, options: argparse.Namespace, chosen: "Settings") -> int:
    """Print the digest and hand it to whom the configuration names; returns the exit code."""
    from casereviews.cli import delivery

    found, code = gathered.digest, gathered.code
    digest.show(found, gathered.titles, options)
    sys.stdout.flush()
    if delivery.worth_telling(found, code):
        try:
            delivery.deliver(found, gathered.titles, chosen)
        except CaseReviewsError as error:
            print(f"casereviews: {clean(str(error))}", file=sys.stderr)
            code = code if code >= 128 else exit_code({code, error.exit_code})
    if found["verdict"] not in RESUMED:
        delivery.note_told(chosen.data, found["run"])
    elif not options.quiet:
        print("note: the next refresh of the same sources goes on from here", file=sys.stderr)
    return code


def gather(
    options: argparse.Namespace,
    chosen: "Settings",
    names: Sequence[str],
    *,
    offline: bool = False,
    limit: int | None = None,
    full: bool = False,
    index: bool = True,
) -> Gathered:
    """Crawl the named sources (all without names), and index unless told otherwise.

    SIGINT and SIGTERM end it cleanly; what was gathered is kept, and the next run goes on from there.
    """
    import logging

    from casereviews import __version__
    from casereviews.archive import Archive
    from casereviews.cli import delivery
    from casereviews.cli.interrupts import Interrupted, interruptible
    from casereviews.cli.progress import reporter
    from casereviews.cli.saved_hits import answers, theme_counts
    from casereviews.lock import run_lock
    from crawler.run import crawl, select

    sources = [spider.name for spider in select(chosen, names)]  # before a run that the next would go on with
    _advise(chosen, offline, options.quiet)
    log = logging.getLogger(__name__)
    ended: str | None = None
    built: dict[str, Any] | None = None
    with (
        run_lock(chosen.data),
        Archive.open(chosen.archive_folder, write=True, replica=chosen.replica is not None) as archive,
    ):
        if index and archive.takedowns(unfinished=True):
            from indexer.erase import finish_takedowns

            finish_takedowns(archive, chosen)
        begun = archive.begin_run(sources, program=f"casereviews {__version__}{' offline' if offline else ''}")
        try:
            with reporter(options, chosen.log_file) as progress, interruptible():
                if begun.resumed:
                    progress.note(f"going on with run {begun.id}, which was interrupted")
                log.info("run %d of %s begins", begun.id, ", ".join(sources))
                started = time.monotonic()
                outcome = crawl(
                    chosen, sources, archive, begun, offline=offline, limit=limit, full=full, progress=progress.crawl
                )
                code = outcome.exit_code
                late = chosen.deadline is not None and time.monotonic() - started >= chosen.deadline
                ended = _verdict(outcome, late=late)
                if index and outcome.signal is None:
                    from indexer.build import build_index
                    from indexer.differences import note_differences

                    built = build_index(archive, chosen, progress=progress.build, note=progress.note).to_dict()
                    note_differences(archive, chosen)
                # Only now, so that a run killed while it indexed is resumed and its digest still told.
                if ended not in RESUMED:
                    searches = archive.saved_searches() if built is not None else []
                    told = answers(chosen.index_folder, searches)
                    themes = theme_counts(chosen.index_folder) if built is not None else None
                    archive.close_run(begun.id, ended, told, themes)
                log.info("run %d ends: %s", begun.id, ended)
        except Interrupted as interrupt:
            ended, code = "interrupted", interrupt.exit_code
        found = archive.digest()
        found["verdict"] = ended
        found["index"] = built
        found["untold"] = delivery.untold(archive, chosen.data, begun.id)
        return Gathered(found, digest.titles(archive, digest.named(found)), code)


def _verdict(outcome: "Outcome", *, late: bool) -> str:
    verdicts = {result.verdict for result in outcome}
    if outcome.signal is not None:
        return "interrupted"
    if late:
        return "deadline"
    if "failed" in verdicts:
        return "failed"
    if outcome.budgets:
        return "budget"
    return "short" if "short" in verdicts else "ok"


def _advise(chosen: "Settings", offline: bool, quiet: int) -> None:
    if chosen.replica or offline or chosen.contact or quiet:
        return
    print(
        'note: no contact is set, so site owners cannot reach you; put contact = "you@example.org" into '
        "casereviews.toml or CASEREVIEWS_CONTACT",
        file=sys.stderr,
    )
