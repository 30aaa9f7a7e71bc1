"""The list of themes as SKOS in Turtle, for thesaurus programs and catalogues."""

from collections.abc import Iterator
from urllib.parse import quote

from indexer.themes import Concept, Scheme, forms

BASE = "urn:casereviews:theme:"
"""Begins the URI of every concept; its id follows."""

_PREFIXES = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix dct: <http://purl.org/dc/terms/> .",
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def turtle(scheme: Scheme) -> str:
    """The whole list: a scheme, a collection for each facet, a concept for each theme.

    Aliases are `skos:altLabel`, weak words `skos:hiddenLabel`: they find a theme but are no names for it.
    """
    whole = f"<{BASE}scheme>"
    blocks = ["\n".join(_PREFIXES)]
    about = [
        "a skos:ConceptScheme",
        f"dct:title {_text('Themes of case reviews')}",
        f"dct:identifier {_text(scheme.fingerprint, None)}",
    ]
    tops = [_uri(c.id) for c in scheme.concepts.values() if not c.broader]
    blocks.append(_block(whole, [*about, *(f"skos:hasTopConcept {top}" for top in tops)]))
    for facet, label in scheme.facets.items():
        members = [_uri(c.id) for c in scheme.concepts.values() if c.facet == facet]
        facts = ["a skos:Collection", f"skos:prefLabel {_text(label)}", *(f"skos:member {each}" for each in members)]
        blocks.append(_block(f"<{BASE}facet:{quote(facet)}>", facts))
    blocks += [_block(_uri(c.id), list(_facts(c, scheme, whole))) for c in scheme.concepts.values()]
    return "\n\n".join(blocks) + "\n"


def _facts(concept: Concept, scheme: Scheme, whole: str) -> Iterator[str]:
    yield "a skos:Concept"
    yield f"skos:inScheme {whole}"
    yield f"skos:notation {_text(concept.id, None)}"
    yield f"skos:prefLabel {_text(concept.label)}"
    given = {concept.label}
    for kind, texts in (("altLabel", concept.aliases), ("hiddenLabel", concept.weak)):
        for text in (form for each in texts for form in forms(each)):
            if text not in given:  # SKOS: a label of a concept is of one kind only
                given.add(text)
                yield f"skos:{kind} {_text(text)}"
    if concept.broader:
        yield f"skos:broader {_uri(concept.broader)}"
    else:
        yield f"skos:topConceptOf {whole}"
    yield from (f"skos:narrower {_uri(c.id)}" for c in scheme.concepts.values() if c.broader == concept.id)
    # SKOS: what is broader or narrower is never related as well
    line = {*scheme.above(concept.id), *scheme.below(concept.id)}
    yield from (f"skos:related {_uri(other)}" for other in concept.related if other not in line)
    if concept.scope_note:
        yield f"skos:scopeNote {_text(concept.scope_note)}"
    for name in concept.source:
        address = scheme.sources.get(name)
        yield f"dct:source {_address(address)}" if address else f"dct:source {_text(name, None)}"


def _block(subject: str, facts: list[str]) -> str:
    return f"{subject}\n    " + " ;\n    ".join(facts) + " ."


def _uri(concept: str) -> str:
    return f"<{BASE}{quote(concept, safe='._-')}>"


def _address(address: str) -> str:
    return f"<{quote(address, safe=':/?#[]@!$&()*+,;=%~._-')}>"


def _text(text: str, language: str | None = "en-GB") -> str:
    escaped = "".join(_ESCAPES.get(letter, letter) for letter in text if letter in _ESCAPES or letter >= " ")
    return f'"{escaped}"' + (f"@{language}" if language else "")
