"""Check what is held: files against their hashes, texts against a new reading, the index against both."""

import argparse

from casereviews.cli.arguments import add_format, settings
from casereviews.cli.output import print_json, terminal
from casereviews.errors import UsageError
from casereviews.terminal import clean

USAGE = ""
EXAMPLES = """
casereviews verify
casereviews verify --all --format json
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--all", action="store_true", help="read every document anew, not only a sample")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Verify; exit code 6 where anything is not what was stored."""
    from casereviews.archive import Archive
    from casereviews.cli.interrupts import interruptible
    from casereviews.cli.progress import reporter
    from casereviews.errors import DamagedError
    from casereviews.lock import run_lock
    from indexer.verify import summary, verify

    chosen = settings(options)
    if not chosen.archive_folder.is_dir():
        raise UsageError(f"no archive in {chosen.data}; run casereviews refresh first, or check --data")
    with (
        run_lock(chosen.data),
        Archive.open(chosen.archive_folder) as archive,
        reporter(options) as progress,
        interruptible(),
    ):
        report = verify(archive, chosen, every=options.all, progress=progress.build)
    if options.format == "json":
        print_json(report.to_dict())
    else:
        out = terminal(options)
        for line in summary(report):
            out.paragraph(line)
        for line in (*report.faults, *report.notices):
            out.paragraph(clean(line), indent="  ")
        out.say(out.paint("bad", "Damaged.") if report.faults else out.paint("good", "All is as it was stored."))
    return DamagedError.exit_code if report.faults else 0
