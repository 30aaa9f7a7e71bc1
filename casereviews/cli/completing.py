"""What a shell is offered for a half-typed line; runs only when a shell asks (casereviews completion)."""

import argparse
import contextlib
import os
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from casereviews.cli import arguments
from casereviews.errors import CaseReviewsError

_FIELDS = ("theme", "type", "area", "nation", "agency", "age", "section")
"""The filters whose values are what the index holds; each is the metavar in small letters."""


def answer(commands: Mapping[str, str]) -> None:
    """Write the words that may follow to the shell that asks, and end the process."""
    from argcomplete.finders import CompletionFinder

    CompletionFinder()(whole_parser(os.environ.get("COMP_LINE", "").split(), commands), always_complete_options=False)


def whole_parser(words: Sequence[str], commands: Mapping[str, str]) -> argparse.ArgumentParser:
    """One parser of all commands; only the one that is typed knows its flags, the others cost no import."""
    parser = argparse.ArgumentParser("casereviews", add_help=False, allow_abbrev=False)
    arguments.add_common(parser)
    choices = parser.add_subparsers()
    for name, meaning in commands.items():
        inner = choices.add_parser(name, help=meaning, add_help=False, allow_abbrev=False)
        if name in words:
            import_module(f"casereviews.cli.{name}").declare(inner)
            arguments.add_common(inner)
            for action in inner._actions:
                _complete(action)
    return parser


def _complete(action: argparse.Action) -> None:
    """Give an argument its completer, by what it says that it takes."""
    wanted = str(action.metavar or "").partition("[")[0]
    if wanted == "WHAT" and not action.choices:
        action.completer = _whats  # type: ignore[attr-defined]
    elif wanted == "SOURCE":
        action.completer = lambda **_: sources()  # type: ignore[attr-defined]
    elif wanted.startswith("REVIEW"):
        action.completer = _reviews  # type: ignore[attr-defined]
    elif wanted == "FIELD":
        action.completer = _fields  # type: ignore[attr-defined]
    elif wanted.lower() in _FIELDS:
        field = wanted.lower()
        action.completer = lambda parsed_args, **_: _values(parsed_args, field)  # type: ignore[attr-defined]
    elif wanted in ("QUERY", "TEXT", "N", "DATE", "RUN|DATE", "URL"):
        action.completer = lambda **_: ()  # type: ignore[attr-defined]


def sources() -> Iterable[str]:
    """The names of the sources, by their files: none is imported."""
    import crawler.spiders

    return sorted(each.name.replace("_", "-") for each in pkgutil.iter_modules(crawler.spiders.__path__))


def _fields(**_: object) -> Iterable[str]:
    from search.facets import FIELDS

    return FIELDS


def _whats(parser: argparse.ArgumentParser, **_: object) -> Mapping[str, str]:
    name = parser.prog.rpartition(" ")[2]
    what: Mapping[str, str] = getattr(import_module(f"casereviews.cli.{name}"), "WHAT", {})
    return what


def _values(options: argparse.Namespace, field: str) -> Iterable[str]:
    from search.names import values

    with contextlib.suppress(CaseReviewsError):
        return values(_index(options), field)
    return ()


def _reviews(prefix: str, parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    from search.names import reviews

    with contextlib.suppress(CaseReviewsError):
        return reviews(_index(parsed_args), prefix)
    return ()


def _index(options: argparse.Namespace) -> Path:
    return arguments.settings(options).index_folder
