"""A coroner's report on the form of Regulation 28, and the letter that answers it."""

import calendar
from collections.abc import Iterator
from datetime import timedelta

from replica.composer import subject_kind
from replica.corpus import Invented
from replica.prose import Speaker, sentence, slots
from replica.report import Block, Report

CATEGORIES = {
    "suicide": "Suicide (from 2015)",
    "self_harm": "Suicide (from 2015)",
    "mental_health_adult": "Mental Health related deaths",
    "prison_safety": "State Custody related deaths",
    "substance_adult": "Alcohol, drug and medication related deaths",
    "deterioration": "Hospital Death (Clinical Procedures and medical management) related deaths",
    "handover": "Hospital Death (Clinical Procedures and medical management) related deaths",
    "learning_disability": "Hospital Death (Clinical Procedures and medical management) related deaths",
    "workforce": "Community health care and emergency services related deaths",
    "family_involvement": "Other related deaths",
}
"""What the judiciary's site calls the category of a report about a theme."""


def coroner(review: Invented) -> str:
    """The coroner who wrote a report."""
    names = ("Ada Fennimore", "Rhodri Calloway-Pike", "Beatrix Somerled", "Tobias Marchbank", "Nesta Quillfeather")
    return names[sum(map(ord, review.id)) % len(names)]


def addressees(review: Invented) -> tuple[str, ...]:
    """Those to whom a report is sent: a trust, and a second body for every other one."""
    trust = f"{review.area} NHS Foundation Trust"
    more = ("Department of Health and Social Care", f"{review.area} Council", "National Institute for Safer Practice")
    return (trust, more[len(review.name) % 3]) if len(review.id + review.name) % 2 else (trust,)


def regulation_28(review: Invented) -> Report:
    """A report to prevent future deaths, in the nine parts of its form."""
    return Report(review.title, f"{review.area} coroner", coroner(review), _day(review), tuple(_form(review)), True)


def response(review: Invented, sender: str) -> Report:
    """The answer of one of those to whom the report was sent."""
    say = _speaker(review, f"response/{sender}")
    blocks = [
        Block("p", f"Dear {coroner(review)},"),
        Block("p", f"Regulation 28 report following the inquest touching on the death of {review.name}"),
        Block("p", f"Thank you for your report of {_day(review)}. {sender} offers its condolences to the family."),
    ]
    for theme in review.themes:
        concern = f"You raised a concern that {_lower(say.sentence(theme, 'finding'))}"
        blocks.append(Block("p", f"{concern} {say.sentences('common', 'action', 2)}"))
    blocks.append(Block("p", "I hope that this response assures you that action has been taken."))
    blocks.append(Block("p", f"Chief Executive, {sender}"))
    return Report(f"Response from {sender}", sender, sender, _day(review, 50), tuple(blocks), True)


def _form(review: Invented) -> Iterator[Block]:
    say = _speaker(review, "form")
    yield Block("h1", "REGULATION 28: REPORT TO PREVENT FUTURE DEATHS")
    yield Block("h2", "THIS REPORT IS BEING SENT TO:")
    yield from (Block("bullet", who) for who in addressees(review))
    yield Block("h2", "1 CORONER")
    yield Block("p", f"I am {coroner(review)}, HM Senior Coroner for the coroner area of {review.area}.")
    yield Block("h2", "2 CORONER’S LEGAL POWERS")
    yield Block(
        "p",
        "I make this report under paragraph 7, Schedule 5, of the Coroners and Justice Act 2009 and regulations 28 "
        "and 29 of the Coroners (Investigations) Regulations 2013.",
    )
    yield Block("h2", "3 INVESTIGATION and INQUEST")
    year, _, month = review.incident.partition("-")
    began = f"{calendar.month_name[int(month)]} {year}"
    age = 19 + len(review.id + review.name) * 7 % 60
    yield Block(
        "p",
        f"In {began} I commenced an investigation into the death of {review.name}, aged {age}. The investigation "
        f"concluded at the end of the inquest on {_day(review)}.",
    )
    yield Block("h2", "4 CIRCUMSTANCES OF THE DEATH")
    for theme in review.themes:
        told = [sentence(each) for each in (say.sentence(theme, "event"), say.observation(theme)) if each]
        yield Block("p", " ".join(told))
    yield Block("h2", "5 CORONER’S CONCERNS")
    yield Block(
        "p",
        "During the course of the inquest the evidence revealed matters giving rise to concern. In my opinion there "
        "is a risk that future deaths will occur unless action is taken. In the circumstances it is my statutory "
        "duty to report to you. The MATTERS OF CONCERN are as follows. –",
    )
    for number, theme in enumerate((*review.themes, *review.themes), 1):
        section = "finding" if number <= len(review.themes) else "analysis"
        yield Block("p", f"({number}) {say.sentence(theme, section)}")
    yield Block("h2", "6 ACTION SHOULD BE TAKEN")
    yield Block(
        "p", "In my opinion action should be taken to prevent future deaths and I believe you have the power to do so."
    )
    yield Block("h2", "7 YOUR RESPONSE")
    yield Block("p", "You are under a duty to respond to this report within 56 days of the date of this report.")
    yield Block("h2", "8 COPIES and PUBLICATION")
    yield Block("p", "I have sent a copy of my report to the Chief Coroner and to the family of the deceased.")
    yield Block("h2", f"9 {_day(review)}")
    yield Block("p", f"[SIGNED BY CORONER] {coroner(review)}")


def _speaker(review: Invented, part: str) -> Speaker:
    kind = "prison" if "prison_safety" in review.themes else subject_kind(review)
    options = dict(slots(kind))
    options |= {"S": (review.name,), "area": (review.area,), "body": options["everywhere"]}
    options["carer"] = options["carer"][:2]
    return Speaker(f"{review.id}/{part}", frozenset({kind, "pfd"}), options)


def _day(review: Invented, after: int = 0) -> str:
    day = review.published + timedelta(days=after)
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _lower(text: str | None) -> str:
    return text[0].lower() + text[1:] if text else ""
