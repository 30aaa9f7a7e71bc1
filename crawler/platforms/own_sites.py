"""Sites of one's own: the rows of a file that an analyst names, checked before anything is asked."""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

from casereviews.errors import UsageError
from crawler.guard import Refused, check, numeric
from crawler.platforms.sites import Site
from crawler.run import find

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_LISTS = ("urls", "hosts")
_KEYS = ("id", "source", "name", "area", "platform", "urls", "hosts", "seen")
_WANTED = ("id", "name", "urls")


def own_sites(file: Path, source: str) -> tuple[Site, ...]:
    """The sites of a file's `[[site]]` rows that belong to a source: those that name it and those that name none.

    Raises UsageError naming the file, the row and what is wrong with it.
    """
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(f"no file of sites at {file}; sites_file in [sources.{source}] names it") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the sites of {file}: {error}") from error
    rows = table.get("site")
    if table.keys() - {"site"} or not isinstance(rows, list) or not rows:
        raise UsageError(f"{file} is to hold one [[site]] table for each site and nothing else (docs/own-boards.md)")
    chosen: dict[str, Site] = {}
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise ValueError("a [[site]] table is wanted")
            site, owner = _site(row), _source(row, source)
            if owner == source and site.id in chosen:
                raise ValueError(f"an earlier row has the id {site.id!r} too")
        except (ValueError, UsageError) as error:
            name = row.get("id") if isinstance(row, dict) else None
            raise UsageError(f"site {number}{f' ({name})' if name else ''} of {file}: {error}") from None
        if owner == source:
            chosen[site.id] = site
    if not chosen:
        raise UsageError(f"{file} has no site of the source {source}: no row names it, and each names another")
    return tuple(chosen.values())


def _source(row: dict[str, Any], reading: str) -> str:
    """The source that a row is for; ValueError or UsageError when there is none of that name that has sites."""
    named = row.get("source", reading)
    if not isinstance(named, str):
        raise ValueError("source = a source's name is wanted")
    if named != reading and "sites_file" not in find((named,))[0].options:
        raise ValueError(f"the source {named} takes no sites_file")
    return named


def _site(row: dict[str, Any]) -> Site:
    """A row as a site; ValueError says what is wrong."""
    for name in row:
        if name not in _KEYS:
            near = get_close_matches(name, _KEYS, 1)
            raise ValueError(f"unknown key {name!r}; " + (f"did you mean {near[0]}?" if near else f"it takes {_KEYS}"))
    if lacking := [name for name in _WANTED if not row.get(name)]:
        raise ValueError(f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} wanted")
    values = {name: _value(name, value) for name, value in row.items() if name != "source"}
    if not _ID.fullmatch(values["id"]):
        raise ValueError("id is to be small letters and digits, with single hyphens between them")
    for url in values["urls"]:
        _check_address(url)
    for host in values.get("hosts", ()):
        if not _HOST.fullmatch(host) or numeric(host):
            raise ValueError(f"hosts: {host!r} is no host name such as files.example.org")
    return Site(**{"area": None, **values})


def _value(name: str, value: Any) -> Any:
    if name in _LISTS:
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise ValueError(f"{name} is to be a list of texts")
        return tuple(value)
    hint = get_type_hints(Site)[name]
    wanted = next(iter(get_args(hint)), hint)
    if not isinstance(value, wanted):
        raise ValueError(f"{name} is to be {'true or false' if wanted is bool else 'a text'}")
    if wanted is str and name != "platform" and not value.strip():
        raise ValueError(f"{name} is empty")
    return value


def _check_address(url: str) -> None:
    try:
        host = urlsplit(url).hostname or ""
        check(url, (host,))
    except (ValueError, Refused) as error:
        raise ValueError(f"urls: {url!r}: {error}") from None
    if not _HOST.fullmatch(host):
        raise ValueError(f"urls: {url!r} has no host name such as www.example.org")
