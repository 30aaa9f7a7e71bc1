"""A corpus of invented reviews from a seeded word model: as long, as repetitive and as odd as real ones.

Words follow Zipf's law over common English, the field's own words in several forms, and made-up names; set
phrases recur at fixed rates, so every kind of query has answers whose number is known to be stable.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

from casereviews.model import Page, ReadDocument, Record, Review

PAGES, WORDS_ON_PAGE = 38, 376
"""As measured on published reports."""

_COMMON_TEXT = """
the of and to in a that was for is on with as by be at had this from not were are have has an or it which their she
he they her his been would there who but when also could during between about after before into did no more other
these should what all some out up if so than its only where being because made through over under while may might
can will any each both such very most many first then however within around against without
"""
_FIELD_TEXT = """
child children review social worker workers practice family police agency agencies information assessment
assessments assessed concern concerns concerned protection plan plans health school schools mother father parents
parent care risk risks harm significant neglect neglected neglecting neglectful abuse abused domestic violence
violent partner professional professionals multi meeting meetings decision decisions decided service services
support supported supporting visit visits visited visiting home report reports reported recommendation
recommendations learning local safeguarding partnership board authority referral referrals referred strategy
conference core group nurse midwife midwives hospital doctor emergency department injury injuries injured bruise
bruising fracture baby infant sibling siblings young person people adult adults mental illness substance misuse
alcohol drug drugs supervision supervised management oversight curiosity challenge challenged escalation escalated
threshold thresholds record records recorded recording history historical chronology understanding understood
engagement engaged disengaged appointment appointments brought attended attendance missed cancelled housing
homelessness debt isolation culture language interpreter faith ethnicity disability education exclusion excluded
exploitation exploited county lines gang knife missing episode episodes return interview foster placement carer
carers order orders court proceedings legal threshold criminal investigation arrest bail sentence convicted
homicide suicide death deaths died pathologist coroner inquest finding findings analysis narrative terms reference
methodology panel author independent reviewer overview executive summary conclusion conclusions action actions
implemented evidence impact improvement improve improved training trained guidance procedure procedures policy
policies statutory working together voice lived experience daily life
"""
_PHRASES = (
    ("was not brought", 0.15),
    ("professional curiosity", 0.3),
    ("working together", 0.4),
    ("child protection plan", 0.5),
    ("lived experience of the child", 0.1),
    ("did not attend", 0.3),
    ("strategy meeting", 0.3),
    ("multi agency safeguarding hub", 0.1),
)
"""A phrase and how often it stands on a page, on average."""

_SYLLABLES_TEXT = """
ba bel cor dan el fen gar hol is jen kin lor mar nel os pren quil ros ster tam ul ven wick yar zel
"""
_COMMON, _FIELD, _SYLLABLES = _COMMON_TEXT.split(), _FIELD_TEXT.split(), _SYLLABLES_TEXT.split()
_TYPES = ("cspr", "scr", "dhr", "cpr", "thematic-review", "annual-report")
_NATIONS = ("england", "england", "england", "wales", "scotland")
_SECTIONS = (None, "introduction", "narrative", "analysis", "findings", "recommendations", None)
_THEMES = tuple(f"theme-{number:02d}" for number in range(60))


def _vocabulary(rng: random.Random) -> tuple[list[str], list[float]]:
    names = list(dict.fromkeys("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(60_000)))
    words = [*_COMMON, *_FIELD, *names]
    return words, list(accumulate((rank + 2.7) ** -1.2 for rank in range(len(words))))


def corpus(reviews: int, seed: int = 20261123) -> Iterator[Record]:
    """So many records, the same for the same seed, and the first n of them the same for any number."""
    words, weights = _vocabulary(random.Random(seed))
    for number in range(reviews):
        rng = random.Random(f"{seed}:{number}")
        yield _record(number, rng, words, weights)


def _record(number: int, rng: random.Random, words: list[str], weights: list[float]) -> Record:
    area = words[len(_COMMON) + len(_FIELD) + rng.randrange(150)].title()
    review = Review(
        source=rng.choice(("govuk", "nspcc", "partnerships", "pfd")),
        key=f"review-{number:05d}",
        title=f"{' '.join(rng.choices(_FIELD, k=4)).capitalize()}: Child {chr(65 + number % 26)}{number}",
        url=f"https://example.org/review-{number:05d}",
        type=rng.choice(_TYPES),
        publisher=f"{area} Safeguarding Children Partnership",
        area=area,
        nation=rng.choice(_NATIONS),
        published=f"{rng.randint(2008, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    )
    pages = tuple(
        Page(at + 1, _page(rng, words, weights), str(at), _SECTIONS[at * len(_SECTIONS) // PAGES])
        for at in range(PAGES)
    )
    document = ReadDocument(
        f"{review.url}.pdf", "report", review.title, "application/pdf", f"{number:064x}", "readable", pages=pages
    )
    themes = tuple(sorted(set(rng.choices(_THEMES, cum_weights=list(accumulate(range(60, 0, -1))), k=6))))
    return Record(review, "present", "2026-01-01", (document,), f"seeded-{number}", themes)


def _page(rng: random.Random, words: list[str], weights: list[float]) -> str:
    chosen = rng.choices(words, cum_weights=weights, k=WORDS_ON_PAGE)
    for phrase, rate in _PHRASES:
        if rng.random() < rate:
            chosen[rng.randrange(len(chosen))] = phrase
    lines, at = [], 0
    while at < len(chosen):
        size = rng.randint(9, 25)
        lines.append(" ".join(chosen[at : at + size]).capitalize() + ".")
        at += size
    return "\n".join(lines)
