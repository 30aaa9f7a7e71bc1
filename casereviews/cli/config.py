"""The settings: what holds and where from, what each key means, where the file belongs."""

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from casereviews import config
from casereviews.cli.arguments import add_format
from casereviews.cli.output import print_json, terminal
from casereviews.errors import UsageError
from casereviews.terminal import Terminal, clean, pad

USAGE = "[show | init | path]"
EXAMPLES = """
casereviews config show
casereviews config init
casereviews config path
"""
_WHAT = {
    "show": "every key, its value, where the value comes from and what it means",
    "init": "write a casereviews.toml that explains every key and changes none",
    "path": "where the configuration, the data and its parts are",
}
_DEFAULT = "default"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    told = "; ".join(f"{name}: {meaning}" for name, meaning in _WHAT.items())
    parser.add_argument("what", nargs="?", choices=tuple(_WHAT), default="show", metavar="WHAT", help=told)
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Show the settings, write a first file or tell the places."""
    file = config.chosen_file(options.config) or config.default_file()
    if options.what == "init":
        return _init(file, options)
    loaded, origins = config.load_with_origins({"data": options.data, "replica": options.replica}, file=options.config)
    if options.what == "path":
        return _paths(file, loaded, options)
    told = config.documented()
    keys = [
        {
            "key": each.name,
            "value": _plain(getattr(loaded, each.name)),
            "origin": origins.get(each.name, _DEFAULT),
            "meaning": told[each.name].splitlines()[0],
        }
        for each in fields(config.Settings)
    ]
    if options.format == "json":
        print_json({"file": str(file), "exists": file.exists(), "keys": keys})
    else:
        _show(file, keys, terminal(options))
    return 0


def template() -> str:
    """A casereviews.toml that names every key, each commented out with its default."""
    defaults = config.Settings(data=config.default_data())
    told = config.documented()
    parts = [
        "# Settings of casereviews. Take the # off a line to change it; CASEREVIEWS_<KEY> in the environment\n"
        "# and flags win over this file. `casereviews config show` says what holds and where from.\n"
    ]
    for each in fields(config.Settings):
        meaning = "\n".join(f"# {line}".rstrip() for line in told[each.name].splitlines())
        if each.name == "sources":
            parts.append(f'{meaning}\n# [sources.partnerships]\n# sites_file = "boards.toml"\n')
            continue
        value = _plain(getattr(defaults, each.name))
        parts.append(
            f"{meaning}\n# {each.name} = {'...' if value is None else json.dumps(value, ensure_ascii=False)}\n"
        )
    return "\n".join(parts)


def _init(file: Path, options: argparse.Namespace) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(template())
    except FileExistsError:
        raise UsageError(f"{file} exists and is left as it is; casereviews config show tells what it says") from None
    out = terminal(options)
    out.say(f"Wrote {clean(str(file))}.")
    out.paragraph("Set contact in it: it is sent to site owners with every request.")
    return 0


def _paths(file: Path, loaded: config.Settings, options: argparse.Namespace) -> int:
    places = {
        "config": file,
        "data": loaded.data,
        "archive": loaded.archive_folder,
        "index": loaded.index_folder,
        "cache": loaded.cache_folder,
    }
    if options.format == "json":
        print_json({name: str(path) for name, path in places.items()})
        return 0
    out = terminal(options)
    for name, path in places.items():
        out.say(f"{out.paint('label', pad(name, 8))} {clean(str(path))}{'' if path.exists() else '  (not there yet)'}")
    return 0


def _show(file: Path, keys: list[dict[str, Any]], out: Terminal) -> None:
    there = "" if file.exists() else " (not there yet; casereviews config init writes one)"
    out.paragraph(f"Configuration: {clean(str(file))}{there}")
    out.say("")
    for each in keys:
        value = "not set" if each["value"] in (None, {}, []) else json.dumps(each["value"], ensure_ascii=False)
        out.hanging(f"{out.paint('label', pad(each['key'], 23))} ", clean(f"{value} ({each['origin']})"))
        out.paragraph(clean(each["meaning"]), indent=" " * 24)


def _plain(value: Any) -> Any:
    """A value as TOML and JSON have it."""
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
