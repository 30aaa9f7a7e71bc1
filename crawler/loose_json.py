"""JSON from outside, read without trusting its types: what is missing or of another type is None or empty."""

import json
from collections.abc import Mapping

from parsel import Selector

from casereviews.terminal import clean
from crawler.lines import read_lines


class Refusal(ValueError):  # noqa: N818 - it names why an answer is not used, for the run's report
    """Why an answer is not used, in a few words."""


def read_object(body: bytes) -> dict[str, object]:
    """The JSON object of an answer; Refusal for anything else, such as an error page with status 200."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("the answer is not JSON") from error
    if not isinstance(value, dict):
        raise Refusal("the answer is not a JSON object")
    return value


def at(value: object, *names: str) -> object:
    """What stands under nested names; None as soon as one is missing or stands in no object.

    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": []}, "a", "b")
    (1, None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def dicts(value: object) -> list[dict[str, object]]:
    """The objects in a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The strings in a list."""
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def text(value: object, limit: int = 500) -> str | None:
    """A string on one line without control characters, cut at `limit` characters; None when nothing is left."""
    if not isinstance(value, str):
        return None
    plain = clean(value[: 2 * limit])
    return (plain if len(plain) <= limit else plain[: limit - 1] + "…") or None


def prose(markup: object, limit: int = 4000) -> str | None:
    """The text of a fragment of HTML, on one line."""
    if not isinstance(markup, str) or not markup.strip():
        return None
    return text(" ".join(line.text for line in read_lines(Selector(text=markup[:100_000]))), limit)
