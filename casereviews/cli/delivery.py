"""Where a digest goes beside the terminal: a file, a command; and which runs ended without anyone being told."""

import contextlib
import io
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.cli import digest as digests
from casereviews.errors import CaseReviewsError, StorageError
from casereviews.terminal import Terminal, clean, escape_json

if TYPE_CHECKING:
    from casereviews.archive import Archive
    from casereviews.config import Settings

COMMAND_SECONDS = 120
"""How long the command that sends a digest may take."""
_TOLD = "told"


def worth_telling(digest: Mapping[str, Any], code: int) -> bool:
    """Whether a digest says anything: something changed, was found, moved, or is wrong."""
    if code or digest["untold"] or digest["themes"]:
        return True
    if any(saved["new"] or saved["error"] for saved in digest["saved"]):
        return True
    return any(source[kind] for source in digest["sources"] for kind in (*digests.LISTS, "replaced"))


def as_text(digest: Mapping[str, Any], titles: Mapping[str, str], form: str) -> str:
    """A digest as `text`, `json` or `markdown`."""
    if form == "json":
        import json

        return escape_json(json.dumps(digest, indent=2, ensure_ascii=False)) + "\n"
    if form == "markdown":
        from casereviews.cli.digest_markdown import markdown

        return markdown(digest, titles)
    out = io.StringIO()
    digests.render(digest, Terminal.of(out, colour=False), titles)
    return out.getvalue()


def deliver(digest: Mapping[str, Any], titles: Mapping[str, str], chosen: "Settings") -> None:
    """Write the digest to `digest_file` and give it to `digest_command`; raises a CaseReviewsError where that fails.

    The ending of the file says its form: .md, .json, or else text, which the command gets too.
    """
    failed: CaseReviewsError | None = None
    if chosen.digest_file is not None:
        form = {".md": "markdown", ".json": "json"}.get(chosen.digest_file.suffix.lower(), "text")
        try:
            _write(chosen.digest_file, as_text(digest, titles, form))
        except OSError as error:
            failed = StorageError(f"cannot write the digest to {chosen.digest_file}: {error.strerror}")
    if chosen.digest_command:
        _hand_over(list(chosen.digest_command), as_text(digest, titles, "text"))
    if failed is not None:
        raise failed


def _write(path: Path, text: str) -> None:
    """Whole or not at all, for whoever reads it meanwhile."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _hand_over(command: list[str], text: str) -> None:
    """Run the command without a shell, with the digest on its stdin."""
    try:
        done = subprocess.run(
            command, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=COMMAND_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise CaseReviewsError(f"digest_command {command[0]} took over {COMMAND_SECONDS} seconds") from None
    except OSError as error:
        raise CaseReviewsError(f"digest_command {command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        said = clean(done.stderr.decode("utf-8", "replace"))[:200]
        raise CaseReviewsError(f"digest_command {command[0]} ended with {done.returncode}: {said or 'no message'}")


def untold(archive: "Archive", data: Path, run: int) -> list[int]:
    """Runs before `run` that ended while nobody could be told: the program was stopped in between."""
    ended = [each.id for each in archive.runs(50) if each.id < run and each.verdict not in (None, "interrupted")]
    try:
        last = int((data / _TOLD).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ended[:1]
    return sorted(each for each in ended if each > last)


def note_told(data: Path, run: int) -> None:
    """Note that the digest of a run that ended was handed over."""
    _write(data / _TOLD, f"{run}\n")
