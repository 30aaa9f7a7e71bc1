"""Whether bytes name something, in any of the ways in which web pages and JSON write it."""

import html
import json
from collections.abc import Iterable

SHORTEST = 6
"""Letters that a text must have to be sought: what is shorter would be found everywhere."""


def needles(texts: Iterable[str]) -> frozenset[bytes]:
    """The ways in which each text may be written: plain, in HTML, in JSON with and without escapes."""
    found = set()
    for text in map(str.strip, texts):
        if len(text) < SHORTEST:
            continue
        plain = json.dumps(text, ensure_ascii=False)[1:-1]
        escaped = json.dumps(text)[1:-1]
        ways = {text, html.escape(text), html.escape(text, quote=False), plain, escaped}
        ways |= {way.replace("/", "\\/") for way in (plain, escaped)}
        found |= {way.encode() for way in ways}
    return frozenset(found)


def mentions(body: bytes, wanted: frozenset[bytes]) -> bool:
    """Whether any of the needles is in the bytes."""
    return any(each in body for each in wanted)
