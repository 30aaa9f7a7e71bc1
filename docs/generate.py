"""Writes the reference from the code, and what commands print into the pages that show it.

python -m docs.generate               docs/reference/, from the code alone
python -m docs.generate --demo DIR    also the output below each `$ casereviews …` in SHOWN, from a demo's data folder
"""

import argparse
import contextlib
import io
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from casereviews import config, errors
from casereviews.cli import COMMANDS, arguments
from casereviews.cli import main as main_of_program

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
SHOWN = ("README.md", "docs/tutorial.md")
"""Pages that show what commands print."""

_NOTE = "<!-- Written by `python -m docs.generate`: change the code, not this page. -->\n"
_CONSOLE = re.compile(r"^```console\n\$ (casereviews [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def reference() -> dict[str, str]:
    """Each page of docs/reference/ that the code writes, by its name."""
    return {
        "commands.md": _commands(),
        "configuration.md": _configuration(),
        "exit-codes.md": _exit_codes(),
        "sources.md": "# Sources\n\n" + _NOTE + "\n" + source_table() + "\n" + _sources(),
        "schema.md": _schema(),
        "themes.md": _themes(),
    }


def _commands() -> str:
    parts = [
        "# Commands and flags",
        _NOTE,
        "`casereviews COMMAND --help` says the same. The flags that go with every command stand last.",
        "| command | does |\n|---|---|",
    ]
    rows = (f"| [`{name}`](#{name}) | {_cell(meaning)} |" for name, meaning in COMMANDS.items())
    parts[-1] += "\n" + "\n".join(rows)
    for name in COMMANDS:
        command = import_module(f"casereviews.cli.{name}")
        parser = argparse.ArgumentParser(add_help=False)
        command.declare(parser)
        parts += [f"## {name}", str(command.__doc__), f"    {' '.join(f'casereviews {name} {command.USAGE}'.split())}"]
        parts += _arguments(parser)
        parts.append("```sh\n" + "\n".join(line.strip() for line in command.EXAMPLES.strip().splitlines()) + "\n```")
    common = argparse.ArgumentParser(add_help=False)
    arguments.add_common(common)
    return "\n\n".join([*parts, "## Everywhere", *_arguments(common)]) + "\n"


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    rows = [f"| {_cell(_written(action))} | {_cell(action.help or '')} |" for action in parser._actions]
    return ["| argument | meaning |\n|---|---|\n" + "\n".join(rows)] if rows else []


def _written(action: argparse.Action) -> str:
    value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
    names = action.option_strings or [str(value)]
    takes = f" {value}" if action.option_strings and action.nargs != 0 else ""
    return ", ".join(f"`{name}{takes}`" for name in names)


def _cell(text: str) -> str:
    """Text as a cell of a table holds it; text outside of backticks shows its * and <."""
    pieces = text.replace("|", "\\|").split("`")
    pieces[::2] = [re.sub(r"([*<_\[])", r"\\\1", piece) for piece in pieces[::2]]
    return "`".join(pieces).replace("\n", " ")


def _configuration() -> str:
    defaults = config.Settings(data=Path("the platform's folder for user data"))
    told = config.documented()
    rows = []
    for each in fields(config.Settings):
        value = getattr(defaults, each.name)
        shown = "not set" if value in (None, (), {}) else str(value).lower() if isinstance(value, bool) else str(value)
        variable = "" if each.name == "sources" else f"`{config.ENVIRONMENT_PREFIX}{each.name.upper()}`"
        rows.append(f"| `{each.name}` | {variable} | {_cell(shown)} | {_cell(' '.join(told[each.name].split()))} |")
    return "\n\n".join(
        [
            "# Configuration",
            _NOTE,
            "A flag wins over the environment, the environment over `casereviews.toml`, the file over the default. "
            "The file is the one given with `--config` or `CASEREVIEWS_CONFIG`, else the one in the platform's folder "
            "for configuration; `casereviews config path` says where that is, `casereviews config init` writes a first "
            "one, and `casereviews config show` tells what holds and where from. An unknown key is refused, with the "
            "nearest name.",
            "| key | variable | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows),
            "`NO_COLOR`, `TERM` and `COLUMNS` are honoured as elsewhere. What options a source has, "
            "`casereviews sources show SOURCE` says; they stand in a table such as `[sources.dhr]`.",
        ]
    ) + "\n"  # fmt: skip


def _exit_codes() -> str:
    codes: dict[int, list[str]] = {1: [], 3: ["A source gave less than it promises; what it gave is kept."]}
    pending = [errors.CaseReviewsError]
    while pending:
        kind = pending.pop(0)
        codes.setdefault(kind.exit_code, []).append((kind.__doc__ or "").strip().splitlines()[0])
        pending += [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    codes[1] = ["A source failed, or something else did: the message says what."]
    rows = [f"| {code} | {_cell(' '.join(told))} |" for code, told in sorted(codes.items())]
    return "\n\n".join(
        [
            "# Exit codes",
            _NOTE,
            "| code | means |\n|---|---|\n| 0 | Done. |\n"
            + "\n".join(rows)
            + "\n| 130, 143 | Interrupted by Ctrl-C or asked to end, after a clean end. |",
            "Of several outcomes the smallest code from 1 to 7 counts, but 3 yields to 5, 6 and 7.",
        ]
    ) + "\n"  # fmt: skip


def source_table() -> str:
    """The sources as a table: what each is, and how far it is proven."""
    from crawler.run import sources

    rows = [
        f"| `{each.name}` | {_cell(each.title)} | {each.licence or 'publishers’ copyright'} | "
        f"{'live site' if each.proven else 'recorded shapes'} | {'every refresh' if each.enabled else 'when named'} |"
        for each in sources()
    ]
    head = "| source | gathers | licence | proven against | runs with |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _sources() -> str:
    from crawler.run import sources

    parts = []
    for each in sources():
        hosts = ", ".join(f"`{host}`" for host in each.hosts[:12]) + (" …" if len(each.hosts) > 12 else "")
        least = f"At least {each.expect.minimum} reviews are expected of a run."
        parts.append(
            f"## {each.name}\n\n{each.title}. {least} Hosts: {hosts or 'those of its sites'}.\n\n{each.notes}".rstrip()
        )
    return "\n\n".join(parts) + "\n"


def _schema() -> str:
    from casereviews.archive.catalogue import schema_steps

    first, *later = ((f"Version {number}", sql) for number, sql in enumerate(schema_steps(), 1))
    parts = [
        "# Archive and index",
        _NOTE,
        "The archive is a folder: `catalogue.sqlite3` and `blobs/ab/<sha256>`, the bytes of every file and page as "
        "they came. It is the only thing that cannot be rebuilt. Any SQLite program reads it; nothing but casereviews "
        "should write it.",
        "## The catalogue",
    ]
    parts += [f"{title}:\n\n```sql\n{sql.strip()}\n```" for title, sql in (first, *later)]
    index = (ROOT / "search" / "schema.sql").read_text(encoding="utf-8").strip()
    parts += [
        "## The index",
        "`index/pages.sqlite3`, beside the engine's own files; made anew at will.",
        f"```sql\n{index}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _themes() -> str:
    from indexer import themes

    scheme = themes.load()
    parts = [
        "# The list of themes",
        _NOTE,
        "How tags are made, how wrong they are and how to add a theme: [themes](../themes.md).",
    ]
    for facet, title in scheme.facets.items():
        concepts = [each for each in scheme.concepts.values() if each.facet == facet]
        if not concepts:
            continue
        rows = "\n".join(f"| `{c.id}` | {_cell(c.label)} | {f'`{c.broader}`' if c.broader else ''} |" for c in concepts)
        parts.append(f"## {title}\n\n| id | label | broader |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


ANSWERS = {
    "search": ("search bruising --limit 99 --facet theme", "Hits and how much was searched"),
    "search, pages": ("search bruising --in pages --limit 99", "With `--in pages` a hit is one page"),
    "search, recommendations": (
        "search bruising --in recommendations --limit 99",
        "With `--in recommendations` a hit is one recommendation",
    ),
    "show": ("show cspr-panel:bruising-non-mobile-infants-briefing", "One review"),
    "refresh and changes": ("changes --since 1", "The digest"),
    "status": ("status", "What is held"),
    "sources": ("sources", "Each source"),
    "themes": ("themes", "The count of each theme"),
    "themes trend": ("themes trend neglect", "The share of each year"),
    "themes pairs": ("themes pairs", "Which themes stand together"),
    "precedents": ("precedents 'audit bruising'", "Earlier recommendations like one"),
    "saved": ("saved list", "The saved searches"),
    "verify": ("verify", "What was checked"),
    "config": ("config show", "The settings"),
}
"""Answers whose fields are told in docs/reference/json.md, each with the command that gives one."""


def answers(demo: Path) -> str:
    """The page on JSON: the fields of each answer, as the demo's data gives them."""
    parts = [
        "# JSON",
        _NOTE,
        "Every command that reports takes `--format json`. Fields never vanish; what is not known is `null`. New "
        "fields may come; one that is told here does not change its meaning. `[]` stands for each element of a list, "
        "`{}` for each value of an object whose keys are data. Where only `null` is told, the demo has no example.",
    ]
    for title, (command, told) in ANSWERS.items():
        kinds: dict[str, set[str]] = {}
        _walk(json.loads(printed(f"casereviews {command} --format json", demo, check=False)), "", kinds)
        if " --in " in command:  # the rest is as told above
            kinds = {path: kind for path, kind in kinds.items() if path.startswith("hits[].")}
        rows = [f"| `{path}` | {' or '.join(sorted(kind))} |" for path, kind in kinds.items() if path]
        parts += [f"## {title}", f"{told}, as of `casereviews {command} --format json`:"]
        parts.append("| field | is |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


_KINDS = {
    str: "text",
    bool: "true or false",
    int: "number",
    float: "number",
    type(None): "null",
    list: "list",
    dict: "object",
}
_KEYED = ("per_theme", "filled", "stale_since", "facets", "reasons", "options")
"""Objects whose keys are data."""


def _walk(value: Any, path: str, kinds: dict[str, set[str]]) -> None:
    kinds.setdefault(path, set()).add(_KINDS[type(value)])
    if isinstance(value, dict):
        keyed = path.rpartition(".")[2] in _KEYED
        for key, inner in value.items():
            _walk(inner, f"{path}.{'{}' if keyed else key}".lstrip("."), kinds)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, f"{path}[]", kinds)


def shown(text: str, demo: Path) -> str:
    """A page with the output of each command that it shows, as the demo's data gives it at 80 columns."""
    return _CONSOLE.sub(lambda found: f"```console\n$ {found[1]}\n{printed(found[1], demo)}```", text)


def printed(command: str, demo: Path, *, check: bool = True) -> str:
    """What a command prints on the demo's data at 80 columns, beside the data and without any configuration.

    Raises ValueError when the command fails, with `check`.
    """
    words = [*shlex.split(command)[1:], "--data", str(demo.resolve())]
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    out = io.StringIO()
    with (
        patch.dict(os.environ, {**kept, "HOME": str(demo), "COLUMNS": "80"}, clear=True),
        contextlib.chdir(demo.parent),
        contextlib.redirect_stdout(out),
    ):
        code = main_of_program(words)
    if code and check:
        raise ValueError(f"{command} ends with {code}")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def table_in_readme(text: str) -> str:
    """The README with today's table of sources between its marks."""
    return re.sub(
        r"(?<=<!-- sources -->\n).*?(?=<!-- /sources -->)", lambda _: source_table(), text, count=1, flags=re.DOTALL
    )


def stale() -> Iterator[str]:
    """The names of pages that are not what the code would write today."""
    for name, text in reference().items():
        path = REFERENCE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"docs/reference/{name}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if table_in_readme(readme) != readme:
        yield "README.md"


def main() -> None:
    """Write every page anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", type=Path, metavar="DIR")
    options = parser.parse_args()
    for name, text in reference().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    if options.demo:
        (REFERENCE / "json.md").write_text(answers(options.demo), encoding="utf-8")
    for page in SHOWN:
        text = table_in_readme((ROOT / page).read_text(encoding="utf-8"))
        (ROOT / page).write_text(shown(text, options.demo) if options.demo else text, encoding="utf-8")


if __name__ == "__main__":
    main()
