"""The archive for other tools and other disks: a WARC file of all that was gathered, or a consistent copy."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.cli.arguments import add_format, nearest, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.words import count, size
from casereviews.errors import UsageError
from casereviews.terminal import clean

if TYPE_CHECKING:
    from casereviews.config import Settings

USAGE = "export --to FILE.warc.gz | backup DIR"
EXAMPLES = """
casereviews archive export --to reviews.warc.gz
casereviews archive export --source pfd --to pfd.warc.gz
casereviews archive backup /media/disk/reviews
"""
WHAT = ("export", "backup")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", metavar="WHAT", help="export: one WARC file; backup: a copy, also while a refresh runs")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="backup: a data folder of its own")
    parser.add_argument("--to", type=Path, metavar="FILE", help="export: the file, .warc or .warc.gz")
    parser.add_argument("--source", metavar="SOURCE", help="export: only what this source gave")
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Export or back up; neither waits for a refresh, nor keeps one waiting."""
    if options.what not in WHAT:
        raise UsageError(
            f"archive knows no {options.what!r}{nearest(options.what, WHAT)}; there is {' and '.join(WHAT)}"
        )
    chosen = settings(options)
    return _export(options, chosen) if options.what == "export" else _backup(options, chosen)


def _export(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews import __version__
    from casereviews.archive import Archive
    from casereviews.archive.warc import export_warc

    if options.to is None or not options.to.name.endswith((".warc", ".warc.gz")) or options.folder:
        raise UsageError("archive export takes --to FILE.warc.gz")
    with Archive.open(chosen.archive_folder) as archive:
        if options.source and options.source not in archive.sources_run():
            raise UsageError(
                f"nothing was gathered from {options.source!r}{nearest(options.source, archive.sources_run())}"
            )
        done = export_warc(archive, options.to, program=f"casereviews {__version__}", source=options.source)
    if options.format == "json":
        print_json({"file": str(options.to), **asdict(done)})
    else:
        terminal(options).paragraph(
            f"Wrote {clean(str(options.to))}: {count(done.responses, 'answer')}, "
            f"{count(done.revisits, 'confirmation')} of earlier ones, {size(done.bytes)}; "
            f"{count(done.damaged, 'damaged body', 'damaged bodies')} left out."
        )
    return 6 if done.damaged else 0


def _backup(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.archive import Archive
    from casereviews.archive.backup import back_up

    if options.folder is None or options.to:
        raise UsageError("archive backup takes a folder")
    if options.folder.resolve() == chosen.data.resolve() or chosen.data.resolve() in options.folder.resolve().parents:
        raise UsageError(f"a backup cannot stand in the data folder {chosen.data} itself; choose a folder elsewhere")
    with Archive.open(chosen.archive_folder) as archive:
        done = back_up(archive, options.folder / "archive")
    if options.format == "json":
        print_json({"folder": str(options.folder), **asdict(done)})
    else:
        out = terminal(options)
        out.paragraph(
            f"Copied {count(done.files, 'file')} ({size(done.bytes)}) to {clean(str(options.folder))}; "
            f"{count(done.kept, 'file')} stood there already."
        )
        out.paragraph(f"casereviews index --data {clean(str(options.folder))} makes it searchable.")
        if done.missing:
            out.paragraph(f"{count(done.missing, 'file')} could not be copied: run casereviews verify on the archive.")
    return 6 if done.missing else 0
