"""What time it is: one place, so that a test can live through weeks in a minute."""

from datetime import UTC, datetime, timedelta

_shift = timedelta()


def utc() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC) + _shift


def shift(by: timedelta) -> None:
    """Let this process believe that it is so much later (or earlier) than it is."""
    global _shift  # noqa: PLW0603 - the one clock of the process
    _shift = by
