"""What was typed, read: the command, the flags that go anywhere, the nearest name for a slip."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from casereviews.errors import UsageError
from casereviews.terminal import wrap

if TYPE_CHECKING:
    from casereviews.config import Settings

_TAKES_VALUE = ("--data", "--config", "--replica")
_ANYWHERE = (*_TAKES_VALUE, "--verbose", "--quiet", "--no-color", "--version", "--help")
_MINUS = "\0"
"""Hides a leading minus from argparse, which would take `-word` for a flag; no argument can hold it."""


def find_command(words: Sequence[str], commands: Iterable[str]) -> tuple[str | None, list[str]]:
    """The command among the words, and the other words; the flags that go anywhere may stand before it."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        flag = words[at].partition("=")[0]
        if flag not in _ANYWHERE and flag.strip("-vqh"):
            raise UsageError(f"no flag {flag!r} goes before a command{nearest(flag, _ANYWHERE)}")
        at += 2 if words[at] in _TAKES_VALUE else 1
    if at >= len(words):
        return None, list(words)
    if words[at] not in commands:
        hint = nearest(words[at], commands)
        raise UsageError(f"there is no command {words[at]!r}{hint}; casereviews --help lists them all")
    return words[at], [*words[:at], *words[at + 1 :]]


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the closest known name, or nothing."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean {found[0]}?" if found else ""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, with the nearest flag where one is unknown."""
        unknown = message.partition("unrecognized arguments: ")[2].split()
        if unknown:
            flags = [flag for flag in self._option_string_actions if flag.startswith("--")]
            word = unknown[0].partition("=")[0]
            hint = nearest(word, flags) if word.startswith("-") else ""
            kind = "flag" if word.startswith("-") else "word"
            message = f"{self.prog.partition(' ')[2] or 'casereviews'} takes no {kind} {word!r}{hint}"
        raise UsageError(f"{message}; {self.prog} --help tells more")


def read(name: str, command: ModuleType, words: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command, as its module declares them."""
    parser = _parser(f"casereviews {name}", str(command.__doc__), command.EXAMPLES)
    parser.usage = " ".join(f"casereviews {name} {command.USAGE} [flags]".split())
    command.declare(parser)
    add_common(parser)
    if getattr(command, "MINUS_WORDS", False):
        words = [_MINUS + word if _is_minus_word(word) else word for word in words]
    return parser.parse_intermixed_args(words)


def plain(words: Iterable[str]) -> str:
    """What was typed as words of a query, those that begin with a minus included."""
    return " ".join(word.removeprefix(_MINUS) for word in words)


def _is_minus_word(word: str) -> bool:
    """Whether this is `-word` of a query: no flag of one letter, and not `--flag`."""
    return len(word) > 1 and word[0] == "-" and word[1] != "-" and bool(word.strip("-vqh"))


def _parser(prog: str, description: str, examples: str = "") -> _Parser:
    return _Parser(
        prog=prog,
        description="\n".join(wrap(description, 79)),
        epilog=f"examples:\n{_indented(examples)}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )


def _indented(text: str) -> str:
    return "\n".join(f"  {line.strip()}" for line in text.strip().splitlines())


def add_common(parser: argparse.ArgumentParser) -> None:
    """The flags that go with every command."""
    group = parser.add_argument_group("everywhere")
    group.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    group.add_argument("--config", type=Path, metavar="FILE", help="another casereviews.toml")
    group.add_argument("--replica", metavar="URL", help="a loopback address that stands for the whole web")
    group.add_argument("-v", "--verbose", action="count", default=0, help="say more; -vv for everything")
    group.add_argument("-q", "--quiet", action="count", default=0, help="say only what went wrong")
    group.add_argument("--no-color", action="store_true", help="no colour and no links")
    group.add_argument("--version", action=_Version, nargs=0, help="versions of what matters")
    group.add_argument("-h", "--help", action="help", help="this help")


class _Version(argparse.Action):
    """Print the versions; they are looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from casereviews.cli.versions import versions

        for name, version in versions().items():
            print(f"{name} {version}")
        parser.exit()


def add_format(parser: argparse._ActionsContainer, *formats: str) -> None:
    """The flag `--format`, with the first as its default."""
    add_choice(parser, "--format", formats)


def add_choice(parser: argparse._ActionsContainer, flag: str, choices: Sequence[str], **options: Any) -> None:
    """A flag that takes one of some words, the first being its default."""
    told = f"{', '.join(choices[:-1])} or {choices[-1]} (default {choices[0]})"
    parser.add_argument(flag, choices=choices, default=choices[0], metavar="WHICH", help=told, **options)


def number(text: str) -> int:
    """A whole number from 0, as the type of an argument."""
    text = text.removeprefix(_MINUS)
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return int(text)


def settings(options: argparse.Namespace) -> "Settings":
    """The settings of this run: flags, then the environment, then the file."""
    from casereviews import config

    loaded = config.load({"data": options.data, "replica": options.replica}, file=options.config)
    if loaded.data.exists() and not loaded.data.is_dir():
        raise UsageError(f"the data folder {loaded.data} is a file; give a folder with --data")
    return loaded


def first_screen(words: Sequence[str], commands: Mapping[str, str]) -> int:
    """What `casereviews` alone says: what it is, what to do next, every command."""
    parser = _parser("casereviews", "")
    add_common(parser)
    if "-h" in words or "--help" in words:
        words = [word for word in words if word not in ("-h", "--help")]
    options = parser.parse_args(words)
    chosen = settings(options)
    if (chosen.index_folder / "pages.sqlite3").exists():
        steps = (
            ("casereviews search 'early help'", "find where reviews say it, page by page"),
            ("casereviews changes", "what the last refresh brought"),
            ("casereviews refresh", "gather what is new since"),
        )
    else:
        steps = (
            ("casereviews demo", "try it all on invented reviews, without a network"),
            ("casereviews sources", "what would be gathered, from where"),
            ("casereviews refresh", "gather, read and index published reviews"),
        )
    size = max(len(command) for command, _ in steps)
    print("casereviews: what published reviews say, where exactly, to whom, since when\n")
    print(f"Next, with data in {chosen.data}:\n")
    print("\n".join(f"  {command:<{size}}  {meaning}" for command, meaning in steps))
    print("\nCommands (casereviews COMMAND --help tells more):\n")
    print("\n".join(f"  {name:<11} {meaning}" for name, meaning in commands.items()))
    print("\nEverywhere: --data DIR, --config FILE, --replica URL, -v, -q, --no-color")
    return 0
