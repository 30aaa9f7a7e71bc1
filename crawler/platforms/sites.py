"""Boards' sites: one row of a table for each."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast
from urllib.parse import urlsplit

from crawler.platforms.cases import site_of


@dataclass(frozen=True, slots=True)
class Site:
    """A board's site: where it tells of its reviews, and for which area, as the table of areas calls it."""

    id: str
    name: str
    area: str | None
    urls: tuple[str, ...]
    platform: str = ""
    hosts: tuple[str, ...] = ()
    """Hosts of its documents beside its own."""
    seen: bool = False
    """Whether the address was read on a copy of the page, rather than remembered."""

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """Every host of the site, with and without `www.`."""
        named = [*(urlsplit(url).hostname or "" for url in self.urls), *self.hosts]
        return tuple(dict.fromkeys(form for host in named for form in _forms(host)))


def read_sites(name: str) -> tuple[Site, ...]:
    """The sites of a file of rows in this package, `partnerships.toml`."""
    rows: list[dict[str, Any]] = tomllib.loads(files("crawler").joinpath(name).read_text("utf-8"))["site"]
    listed = ({k: tuple(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    return tuple(Site(**cast(dict[str, Any], row)) for row in listed)


def _forms(host: str) -> tuple[str, ...]:
    bare = site_of(f"https://{host}/")
    return (host, bare if host != bare else f"www.{bare}")
