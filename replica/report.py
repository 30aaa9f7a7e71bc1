"""The contents of an invented report as blocks; how they look on paper is report_pdf's affair."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from replica.corpus import File, Invented
from replica.prose import Speaker, phrases, sentence, themes

BODIES = {"baby": "child", "teen": "child"}
NUMBERED = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
SECTIONS = {
    "child": (
        "Introduction|Introduction and context|Section One: Introduction",
        "Terms of reference|The terms of reference|Scope of the review and key lines of enquiry",
        "Methodology|The review process|Method",
        "Family background|Family composition and background|Family structure",
        "Chronology of key events|Timeline of key events|Summary of contact and significant events",
        "Analysis of practice|Thematic analysis|Analysis",
        "Good practice|Areas of good practice",
        "Findings|Key findings|Findings and learning points",
        "Conclusions|Conclusions and reflections",
    ),
    "victim": (
        "Introduction",
        "Terms of reference",
        "Methodology",
        "Background information (the facts)|The facts and family",
        "Chronology|Narrative chronology",
        "Overview and analysis|Analysis",
        "Good practice|Effective practice",
        "Lessons to be learned|Key findings",
        "Conclusions",
    ),
    "patient": (
        "Introduction|Background and context",
        "Scope of the investigation|Terms of reference",
        "Investigation process|Methodology",
        "The patient and the setting|Background",
        "The reference event|Timeline of events",
        "Analysis and findings|Analysis",
        "What worked well",
        "Summary of findings|Key findings",
        "Conclusions",
    ),
    "prison": (
        "Summary|Introduction",
        "Terms of reference",
        "The investigation process|Methodology",
        "Background information",
        "Key events|Chronology",
        "Issues|Analysis",
        "Good practice",
        "Findings",
        "Conclusions",
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a report: `style` is one of h1, h2, p, bullet, rec, quote, table, glossary, note."""

    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report before it is set."""

    title: str
    body: str
    author: str
    printed: str
    blocks: tuple[Block, ...]


def subject_kind(review: Invented) -> str:
    """The slot table that suits a review: baby, child, teen, adult, victim, patient or prison."""
    kind = review.subject.removesuffix("-thematic")
    return {"thematic": "child", "none": "child", "prisoner": "prison"}.get(kind, kind)


def compose(review: Invented, file: File, version: int, words: int) -> Report:
    """A report of roughly so many words, the same for the same review, file and version."""
    return _Composer(review, file, version, words).report()


class _Composer:
    def __init__(self, review: Invented, file: File, version: int, words: int) -> None:
        kind = subject_kind(review)
        self.review, self.file, self.version, self.words = review, file, version, words
        self.thematic = "thematic" in review.subject
        self.body = _body(review, kind)
        fixed = {"S": review.name, "area": review.area or "the areas concerned", "body": self.body}
        self.say = Speaker(f"{review.id}/{file.key}", kind, fixed)
        self.chance = self.say.chance
        self.themes = tuple(theme for theme in review.themes if theme in themes()) or ("multi_agency",)
        self.headings = [
            self.chance.choice(options.split("|"))
            for options in SECTIONS.get(kind, SECTIONS["victim" if kind == "adult" else "child"])
        ]

    def report(self) -> Report:
        author = self.chance.choice(self.say.slots["author"])
        moment = self.review.published
        printed = f"{calendar.month_name[moment.month]} {moment.year}"
        short = self.file.kind in ("summary", "briefing", "response", "action-plan", "other") or self.words < 1500
        blocks = tuple(self.brief() if short else self.full())
        return Report(self.file.title, self.body, author, printed, blocks)

    def paragraph(self, name: str, section: str, count: int) -> Block:
        have = len(phrases(name)[section])
        return Block("p", " ".join(self.say.sentence(name, section) for _ in range(min(count, have))))

    def full(self) -> Iterator[Block]:
        head = self.headings
        tail = list(self.closing())
        yield Block("h1", head[0])
        if self.version == 2:
            yield Block("p", sentence(_CORRECTION))
        yield from (self.paragraph("common", "introduction", 4) for _ in range(3))
        yield Block("h1", head[1])
        yield Block("p", "The review was asked to consider the following questions.")
        yield from (Block("bullet", self.say.sentence("common", "terms")) for _ in range(8))
        yield Block("h1", head[2])
        yield from (self.paragraph("common", "method", 4) for _ in range(3))
        yield Block("h1", head[3])
        yield from (self.paragraph("common", "background", 4) for _ in range(3))
        left = max(600, self.words - 1500 - sum(len(block.text.split()) for block in tail))
        yield Block("h1", "Case examples" if self.thematic else head[4])
        yield from self.cases(left * 3 // 10) if self.thematic else self.chronology(left * 3 // 10)
        yield Block("h1", head[5])
        yield from self.analysis(left * 7 // 10)
        yield from tail

    def brief(self) -> Iterator[Block]:
        yield Block("h1", "Summary" if self.file.kind != "response" else "Response to the review")
        if self.version == 2:
            yield Block("p", sentence(_CORRECTION))
        yield self.paragraph("common", "introduction", 4)
        yield Block("h1", self.headings[5])
        yield from self.analysis(max(150, self.words - 450))
        yield Block("h1", self.headings[7])
        yield from self.findings()
        yield Block("h1", "Recommendations")
        yield from self.recommendations(4)

    def chronology(self, words: int) -> Iterator[Block]:
        end = _day(self.review.incident, self.review.published)
        day = end - timedelta(days=365 * self.chance.choice((2, 3)))
        step = max(2, (end - day).days * 42 // max(words, 42))
        year = 0
        while words > 0:
            day = min(end, day + timedelta(days=self.chance.randint(1, 2 * step)))
            if day.year != year:
                year = day.year
                yield Block("h2", f"{year}")
            said = [self.event()]
            if self.chance.random() < 0.4:
                said.append(self.say.observation(self.chance.choice(self.themes)))
            text = f"On {day.day} {calendar.month_name[day.month]} {day.year}, {' '.join(said)}"
            words -= len(text.split())
            yield Block("p", text)

    def event(self) -> str:
        theme = self.chance.choice(("common", *self.themes, *self.themes))
        text = sentence(self.say.phrase(theme, "episode" if theme == "common" else "event"))
        return text[0].lower() + text[1:] if not text.startswith(_PROPER) else text

    def cases(self, words: int) -> Iterator[Block]:
        number = 0
        while words > 0:
            number += 1
            yield Block("h2", f"Case example {number}")
            said = [sentence(self.event()) for _ in range(2)]
            said += [self.say.observation(self.chance.choice(self.themes)) for _ in range(3)]
            text = " ".join(said)
            words -= len(text.split())
            yield Block("p", text)

    def analysis(self, words: int) -> Iterator[Block]:
        for theme in self.themes:
            share = words // len(self.themes)
            yield Block("h2", self.say.phrase(theme, "heading"))
            while share > 0:
                said = [self.say.sentence(theme, "analysis")]
                said += [self.say.observation(theme) for _ in range(self.chance.choice((1, 2, 2)))]
                if self.chance.random() < 0.35:
                    said.append(self.say.sentence("common", "link"))
                if self.chance.random() < 0.3:
                    self.chance.shuffle(said)
                text = " ".join(said)
                share -= len(text.split())
                yield Block("p", text)
                if self.chance.random() < 0.12:
                    yield Block("note", self.say.phrase("common", "footnote"))

    def findings(self) -> Iterator[Block]:
        for number, theme in enumerate(self.themes, 1):
            yield Block("p", f"Finding {number}: {self.say.sentence(theme, 'finding')}")

    def closing(self) -> Iterator[Block]:
        yield Block("h1", self.headings[6])
        yield from (Block("bullet", self.say.sentence("common", "good")) for _ in range(4))
        yield Block("h1", self.headings[7])
        yield from self.findings()
        yield Block("h1", self.headings[8])
        yield from (self.paragraph("common", "conclusion", 4) for _ in range(2))
        yield Block("h1", "Recommendations")
        yield from self.recommendations(min(12, 3 + len(self.themes)))
        yield Block("h1", "Appendix A: Glossary")
        rows = sorted(self.chance.sample(phrases("common")["glossary"], 12))
        yield Block("glossary", rows=tuple(tuple(row.split(" | ")) for row in rows))
        yield Block("h1", "References")
        for reference in sorted(self.chance.sample(phrases("common")["reference"], 7)):
            yield Block("reference", reference)

    def recommendations(self, count: int) -> Iterator[Block]:
        chosen = [self.say.sentence(theme, "recommendation") for theme in self.themes]
        while len(chosen) < count:
            chosen.append(self.say.sentence(self.chance.choice((*self.themes, "common")), "recommendation"))
        chosen = list(dict.fromkeys(chosen))[:count]
        form = self.review.recommendations
        if form == "table":
            due = (6, 9, 12)
            rows = [("No.", "Recommendation", "Lead", "By")]
            rows += [
                (str(n), text, _lead(text), f"{self.chance.choice(due)} months") for n, text in enumerate(chosen, 1)
            ]
            yield Block("table", "Action plan", tuple(rows))
            return
        for number, text in enumerate(chosen, 1):
            label = {"coded": f"R{number}", "words": f"Recommendation {NUMBERED[(number - 1) % 12]}:"}
            named = "" if form == "bullet" else label.get(form, f"Recommendation {number}:") + " "
            yield Block("bullet" if form == "bullet" else "rec", named + text)


_CORRECTION = (
    "this version corrects two dates in the chronology and one recommendation; it replaces the version first published"
)
_PROPER = ("Child ", "Baby ", "Mr ", "Mrs ", "Ms ", "CAMHS", "MARAC", "Young Person ", "ACCT")


def _body(review: Invented, kind: str) -> str:
    from replica.prose import slots

    word = slots(kind)["body"][0]
    return f"{review.area} {word}" if review.area else f"national leaders and each local {word}"


def _lead(text: str) -> str:
    return text.split(" should ", maxsplit=1)[0].removeprefix("The ")[:48]


def _day(incident: str, published: date) -> date:
    if not incident:
        return published - timedelta(days=540)
    year, _, month = incident.partition("-")
    return date(int(year), int(month or 6), 17)
