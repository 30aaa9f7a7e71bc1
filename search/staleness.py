"""Which sources an answer may be out of date for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

STALE = timedelta(days=35)
"""A source that was last gathered longer ago is named with every answer."""


def stale_sources(sources: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, str | None]:
    """Sources whose last run was not whole, or whose last success is too long ago, each with that success."""
    stale = {}
    for name, source in sorted(sources.items()):
        last = source.get("last_success")
        old = last is None or now - _moment(last) > STALE
        if old or source.get("verdict") in ("short", "failed"):
            stale[name] = last
    return stale


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
