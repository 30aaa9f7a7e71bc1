"""What a listing says of a review in a few lines: what happened, what was learnt, what is recommended."""

import calendar
from dataclasses import dataclass

from replica.composer import subject_kind
from replica.corpus import Invented
from replica.prose import Speaker, slots

KEYWORDS = {
    "neglect": "child neglect",
    "domestic_abuse": "family violence",
    "voice": "voice of the child",
    "curiosity": "professional curiosity",
    "information_sharing": "information sharing",
    "multi_agency": "interagency cooperation",
    "school_attendance": "school attendance",
    "parental_mental_health": "parents with a mental health problem",
    "parental_substance": "substance misuse (parental)",
    "thresholds": "thresholds",
    "was_not_brought": "non-attendance",
    "supervision": "supervision",
    "disguised_compliance": "disguised compliance",
    "csa": "child sexual abuse",
    "bruising": "bruises",
    "pre_birth": "antenatal care",
    "fathers": "fathers",
    "sudi": "sudden infant death",
}
_AGES = {
    "baby": ("8-week-old", "4-month-old", "11-week-old"),
    "child": ("5-year-old", "2-year-1-month-old", "7-year-old"),
    "teen": ("14-year-old", "16-year-old", "17-year-old"),
}
_HARM = ("Death of a", "Serious and life-threatening injuries to a", "Serious neglect of a")


@dataclass(frozen=True, slots=True)
class Blurb:
    """The parts of an entry, each a sentence or more."""

    summary: str
    learning: tuple[str, ...]
    recommendations: tuple[str, ...]
    keywords: tuple[str, ...]


def blurb(review: Invented) -> Blurb:
    """The entry of a review about a child; the same every time."""
    kind = subject_kind(review)
    options = {**slots(kind), "S": (review.name,), "area": (review.area,), "body": ("partnership",)}
    say = Speaker(f"{review.id}/blurb", frozenset({kind}), options)
    chance = say.chance
    year, _, month = review.incident.partition("-")
    boy = chance.choice(("boy", "girl"))
    when = f"{calendar.month_name[int(month)]} {year}"
    harm = f"{chance.choice(_HARM)} {chance.choice(_AGES.get(kind, _AGES['child']))} {boy} in {when}."
    learning = (_item(say.sentence(theme, "finding")) for theme in review.themes)
    advice = (_item(say.sentence(theme, "recommendation")) for theme in review.themes)
    return Blurb(
        f"{harm} {say.sentences('common', 'agency', 2)}",
        tuple(each for each in learning if each),
        tuple(each for each in advice if each),
        tuple(dict.fromkeys(KEYWORDS[theme] for theme in review.themes if theme in KEYWORDS)),
    )


def _item(text: str | None) -> str:
    return text[0].lower() + text[1:].rstrip(".").replace(";", ",") if text else ""
