"""Bring the index in step with the archive: read what is new, index what changed."""

import argparse

from casereviews.cli.arguments import add_format, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count
from casereviews.errors import UsageError
from casereviews.terminal import clean

USAGE = ""
EXAMPLES = """
casereviews index
casereviews index --rebuild
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--rebuild", action="store_true", help="build the index anew; texts that were read are kept")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Index; a document that cannot be read is named and does not fail the command."""
    from casereviews.archive import Archive
    from casereviews.cli.interrupts import interruptible
    from casereviews.cli.progress import reporter
    from casereviews.lock import run_lock
    from indexer.build import build_index
    from indexer.differences import note_differences
    from indexer.erase import finish_takedowns

    chosen = settings(options)
    if not chosen.archive_folder.is_dir():
        raise UsageError(f"no archive in {chosen.data}; run casereviews refresh first, or check --data")
    with (
        run_lock(chosen.data),
        Archive.open(chosen.archive_folder, write=True) as archive,
        reporter(options) as progress,
        interruptible(),
    ):
        finish_takedowns(archive, chosen)
        report = build_index(archive, chosen, rebuild=options.rebuild, progress=progress.build, note=progress.note)
        note_differences(archive, chosen)
    if options.format == "json":
        print_json(report.to_dict())
        return 0
    out = terminal(options)
    out.say(
        f"Indexed {count(report.records_indexed, 'review')} ({count(report.pages_indexed, 'page')}), "
        f"removed {report.records_deleted:,}, tagged anew {report.records_retagged:,}; "
        f"read {count(report.documents_extracted, 'document')}. "
        f"The index holds {count(report.reviews, 'review')}."
    )
    if report.failures:
        out.say("Not readable, or in part only:")
    for failure in report.failures:
        out.paragraph(clean(failure), indent="  ")
    return 0
