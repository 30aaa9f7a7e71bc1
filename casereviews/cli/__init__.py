"""The front door: find the command, read its arguments, run it, turn what went wrong into one line.

Nothing costly is imported here; a command's file is imported when it is asked for, its packages when it runs.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "refresh": "gather what is new, then bring the index in step",
    "search": "find reviews, pages or recommendations",
    "precedents": "earlier recommendations that say the same, oldest first",
    "export": "write every hit to a file: csv, jsonl, xlsx, ris or bib",
    "show": "read one review, page by page",
    "themes": "what reviews tell of, how often, since when, together with what",
    "changes": "what was new, changed or gone since a run or a date",
    "saved": "searches that every refresh asks again, and what they newly find",
    "sources": "each source, what it expects and what it last gave",
    "link": "say whether two listed reviews are the same",
    "status": "what is held, what could not be read, whether the index is in step",
    "crawl": "only gather",
    "index": "only bring the index in step with the archive",
    "fixture": "record a test case of a source from the archive",
    "archive": "a WARC file of all that was gathered, or a consistent copy",
    "forget": "take a review down on request, for good",
    "prune": "remove old versions and runs that nothing needs",
    "verify": "check stored files, texts and the index against each other",
    "config": "the settings: what holds, what each means, where they are kept",
    "completion": "make the Tab key complete commands, sources, themes and reviews",
    "demo": "the whole job on a bundled web of invented reviews",
}
"""Each command and what it does; its code is `casereviews/cli/<command>.py`."""

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (errors.py). Never raises but for SystemExit with that code."""
    from casereviews.errors import CaseReviewsError

    if "_ARGCOMPLETE" in os.environ:
        from casereviews.cli import completing

        completing.answer(COMMANDS)
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter is no reason to fail
    try:
        code = _run(words)
        sys.stdout.flush()
        return code
    except CaseReviewsError as error:
        return _fail(str(error), error.exit_code, words)
    except BrokenPipeError:
        # Whoever read the output has enough. Python flushes stdout at exit: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as interrupt:
        _say("interrupted")
        return getattr(interrupt, "exit_code", 130)
    except OSError as error:
        if error.errno not in _STORAGE:
            return _fail_unexpectedly(error, words)
        return _fail(f"cannot use {error.filename or 'the disk'}: {error.strerror}", 5, words)
    except Exception as error:
        return _fail_unexpectedly(error, words)


def _run(words: list[str]) -> int:
    from casereviews.cli import arguments

    name, rest = arguments.find_command(words, COMMANDS)
    if name is None:
        return arguments.first_screen(rest, COMMANDS)
    command = import_module(f"casereviews.cli.{name}")
    return int(command.run(arguments.read(name, command, rest)))


def _fail(message: str, code: int, words: Sequence[str]) -> int:
    _say(message)
    if _wants_traceback(words):
        import traceback

        traceback.print_exc()
    return code


def _fail_unexpectedly(error: Exception, words: Sequence[str]) -> int:
    hint = "" if _wants_traceback(words) else " (run again with -vv for the details)"
    return _fail(f"unexpected {type(error).__name__}: {error}{hint}", 1, words)


def _say(message: str) -> None:
    from casereviews.terminal import clean

    with contextlib.suppress(OSError):  # nobody listens
        print(f"casereviews: {clean(message)}", file=sys.stderr)


def _wants_traceback(words: Sequence[str]) -> bool:
    return sum(word.count("v") for word in words if word in ("-v", "-vv", "-vvv", "--verbose")) >= 2
