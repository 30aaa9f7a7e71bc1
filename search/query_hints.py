"""Where a word or a mark means less here than it does elsewhere: what to write instead."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.query_fields import FIELDS, FILTER_FIELDS
from search.query_lexer import Token

_SINGLE = re.compile(r"(?<!\w)['‘][^\W_][^'‘’\"]*\s[^'‘’\"]*['’](?!\w)")
_SPAN = re.compile(r"\b(?:from|since|between|after|before|until|till)\s+(?:19|20)[0-9]{2}\b", re.IGNORECASE)
_WEIGHT = re.compile(r"[^\W_]\^[0-9]")

_SHORT = 6
"""Words up to which a query is taken as typed with care, not pasted."""


def hints(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The notices that a query deserves as a whole; its tree is not touched by them."""
    plain = [token.text for token in tokens if token.kind == "chunk"]
    if "or" in plain and len(plain) <= _SHORT:
        yield "“or” in lower case is a word to look for: write OR for either of two"
    if any(word == "NEAR" or word.startswith("NEAR/") for word in plain):
        yield 'NEAR is a word to look for: words near each other are written "one two"~5'
    if "TO" in plain and any(word[0] in "[{" for word in plain):
        yield "square and curly brackets are taken literally: a range is written year:2019..2023"
    if any(token.kind == "NOT" and token.text == "NOT" for token in tokens) and text.isupper():
        yield "NOT in capitals excludes what follows: write it in lower case for the word"
    if any(word[0] == "!" and word[1:2].isalnum() for word in plain):
        yield "! does not exclude a word: write -word"
    if match := re.search(rf"\b({'|'.join(FIELDS)})\s*[=<>]", text, re.IGNORECASE):
        yield f"a field is written with a colon: {match[1].lower()}:value, year:2019..2023"
    if _SINGLE.search(text):
        yield 'single quotation marks hold no phrase together: write "one two" for words side by side'
    if _SPAN.search(text) and len(plain) <= 2 * _SHORT:
        yield "years in words are words to look for: a span of them is written year:2019..2023"
    if _WEIGHT.search(text):
        yield "a ^ gives a word no weight, and what follows it is looked for"
    if any(word == "-" for word in plain[1:-1]) and len(plain) <= _SHORT:
        yield "a - that stands alone is ignored: write -word to exclude a word"
    if any(word[:2] == "--" and word[2:3].isalnum() for word in plain):
        yield "two - before a word are ignored: write -word to exclude it"
    for token, after in pairwise(tokens):
        if token.kind == "phrase" and after.kind == "chunk" and re.fullmatch("~[0-9]*", after.text):
            yield 'a ~ stands right after a phrase, without a space: "one two"~5'
        field, colon, value = token.text.partition(":")
        name = field.lower()
        named = token.kind == "chunk" and colon and name in FILTER_FIELDS and value.istitle()
        if named and after.kind == "chunk" and (after.text[0].isupper() or after.text in ("and", "&")):
            yield f'“{value[:40]}” alone is the {name}: write {name}:"one two" for several words'
