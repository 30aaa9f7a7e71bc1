"""How counts, times, ids and sizes are written for people."""

import re
from datetime import UTC, datetime

_LONG_ID = re.compile(r"([a-z0-9-]+:[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 review`, `2 reviews`, `1,203 pages`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(number: int) -> str:
    """Bytes as people say them: `640 bytes`, `12 kB`, `3.4 MB`."""
    if number < 1000:
        return count(number, "byte")
    amount = float(number)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 1000 or unit == "GB":
            break
    return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:,.0f} {unit}"


def day(text: str | None) -> str:
    """An ISO date as precise as it is: `4 March 2025`, `March 2025`, `2025`; `no date` for None."""
    if not text:
        return "no date"
    for form, shape in (("%Y-%m-%d", "%-d %B %Y"), ("%Y-%m", "%B %Y")):
        try:
            return datetime.strptime(text[:10], form).strftime(shape)
        except ValueError:
            continue
    return text


def moment(text: str | None) -> str:
    """An ISO time in UTC as `23 Nov 2026 06:53`; `never` for None."""
    if not text:
        return "never"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.astimezone(UTC).strftime("%-d %b %Y %H:%M")


def short_id(review: str) -> str:
    """An id as short as a person needs it: a content id keeps its first eight digits, which `show` accepts."""
    found = _LONG_ID.match(review)
    return found[1] if found else review


def span(start: str | None, end: str | None) -> str:
    """From one time to another in UTC; the day is said once where it is the same."""
    first, last = moment(start), moment(end)
    if not end:
        return f"begun {first} UTC"
    day, _, time = last.rpartition(" ")
    return f"{first} to {time if first.startswith(day) else last} UTC"
