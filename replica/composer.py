"""Composes an invented report out of phrases: which sections, which themes, how many words."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from replica.corpus import File, Invented
from replica.prose import Speaker, phrases, sentence, slots, themes
from replica.report import NUMBERED, SECTIONS, Block, Report


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
        options = dict(slots(kind))
        if review.area:
            options["body"] = (f"{review.area} {options['body'][0]}",)
            options["area"] = (review.area,)
        else:
            options["body"] = options["everywhere"]
            options["area"] = ("the areas concerned",)
        kinds = {kind, "thematic"} if self.thematic else {kind}
        self.say = Speaker(f"{review.id}/{file.key}", frozenset(kinds), options)
        self.chance = self.say.chance
        if self.thematic:
            self.cast = tuple(f"{options['S'][0]} in case {number}" for number in range(2, 30, 3))
        else:
            self.cast = (review.name or options["S"][0],)
            self.say.slots["carer"] = tuple(self.chance.sample(options["carer"], 2))
        self.body = self.say.slots["body"][0]
        self.themes = tuple(theme for theme in review.themes if theme in themes()) or ("multi_agency",)
        self.headings = [
            self.chance.choice(options.split("|"))
            for options in SECTIONS.get(kind, SECTIONS["victim" if kind == "adult" else "child"])
        ]

    def report(self) -> Report:
        author = self.chance.choice(self.say.slots["author"])
        moment = self.review.published
        printed = f"{calendar.month_name[moment.month]} {moment.year}"
        short = self.review.kind == "none" or self.file.kind != "report" or self.words < 1500
        if self.review.kind == "none":
            blocks = self.leaflet()
        elif short:
            blocks = self.brief()
        else:
            blocks = self.full()
        return Report(self.file.title, self.body, author, printed, tuple(blocks), short)

    def subject(self) -> None:
        """Settle whom the next paragraph is about."""
        self.say.slots["S"] = (self.chance.choice(self.cast),)

    def paragraphs(self, section: str, count: int, each: int = 4) -> Iterator[Block]:
        for _ in range(count):
            self.subject()
            if text := self.say.sentences("common", section, each):
                yield Block("p", text)

    def leaflet(self) -> Iterator[Block]:
        yield Block("h1", "About this document")
        yield Block("p", self.review.summary)
        for _ in range(4):
            yield Block("p", self.say.sentences("leaflet", "text", 3))

    def full(self) -> Iterator[Block]:
        head = self.headings
        yield from self.opening(head)
        tail = list(self.closing())
        left = self.words - 1300 - sum(len(block.text.split()) for block in tail)
        yield Block("h1", "Case examples" if self.thematic else head[4])
        middle = list(self.cases(left * 3 // 10) if self.thematic else self.chronology(left * 3 // 10))
        if left > 6000 and not self.thematic:
            middle += self.agencies()
        yield from middle
        yield Block("h1", head[5])
        yield from self.analysis(left - sum(len(block.text.split()) for block in middle))
        yield from tail

    def opening(self, head: list[str]) -> Iterator[Block]:
        self.subject()
        yield Block("h1", head[0])
        if self.version == 2:
            yield Block("p", sentence(_CORRECTION))
        first = self.say.sentence("common", "lead")
        yield Block("p", f"{first} {self.say.sentences('common', 'introduction', 2)}")
        yield from self.paragraphs("introduction", 2, 3)
        yield Block("h1", head[1])
        yield Block("p", "The review was asked to consider the following questions.")
        for _ in range(7):
            yield Block("bullet", self.say.sentence("common", "terms") or "")
        yield Block("h1", head[2])
        yield from self.paragraphs("method", 3, 3)
        yield Block("h1", "The cases" if self.thematic else head[3])
        yield from self.paragraphs("background", 3, 3)

    def brief(self) -> Iterator[Block]:
        self.subject()
        yield Block("h1", "Summary" if self.file.kind != "response" else "Response to the review")
        if self.version == 2:
            yield Block("p", sentence(_CORRECTION))
        first = self.say.sentence("common", "lead")
        yield Block("p", f"{first} {self.say.sentences('common', 'introduction', 3)}")
        yield Block("h1", self.headings[5])
        yield from self.analysis(max(150, self.words - 450))
        yield Block("h1", self.headings[7])
        yield from self.findings()
        yield Block("h1", "Recommendations")
        yield from self.recommendations(4)

    def chronology(self, words: int) -> Iterator[Block]:
        events = [event for theme in self.themes for event in self.events(theme)]
        events += self.events("common", "episode")
        self.chance.shuffle(events)
        events.sort(key=lambda event: bool(_EARLY.search(event)), reverse=True)
        end = _day(self.review.incident, self.review.published)
        months = 14 if subject_kind(self.review) == "baby" else self.chance.choice((24, 36))
        step = months * 30 / (len(events) + 1)
        year = 0
        for number, event in enumerate(events, 1):
            day = end - timedelta(days=int((len(events) - number + 1) * step) - self.chance.randint(0, int(step)))
            if day.year != year:
                year = day.year
                yield Block("h2", f"{year}")
            seen = self.say.observation(self.chance.choice(self.themes)) if self.chance.random() < 0.3 else None
            said = f"{event} {seen}" if seen else event
            text = f"On {day.day} {calendar.month_name[day.month]} {day.year}, {said}"
            words -= len(text.split())
            yield Block("p", text)
            if words < 0:
                return

    def events(self, theme: str, section: str = "event") -> Iterator[str]:
        self.subject()
        while text := self.say.sentence(theme, section):
            yield text if text.startswith(_PROPER) else text[0].lower() + text[1:]

    def cases(self, words: int) -> Iterator[Block]:
        for number, name in enumerate(self.cast, 1):
            self.say.slots["S"] = (name,)
            said = [self.say.sentence(self.chance.choice(self.themes), "event") for _ in range(2)]
            said += [self.say.observation(self.chance.choice(self.themes)) for _ in range(3)]
            text = " ".join(each for each in said if each)
            if words < 0 or not text:
                return
            words -= len(text.split())
            yield Block("h2", f"Case example {number}")
            yield Block("p", text)

    def agencies(self) -> Iterator[Block]:
        yield Block("h1", "Agency involvement")
        self.subject()
        everyone = self.say.slots["agency"]
        for name in everyone[:6]:
            self.say.slots["agency"] = (name,)
            yield Block("h2", sentence(name).rstrip("."))
            yield Block("p", self.say.sentences("common", "agency", 3))
        self.say.slots["agency"] = everyone

    def analysis(self, words: int) -> Iterator[Block]:
        for number, theme in enumerate(self.themes):
            share = words // (len(self.themes) - number)
            yield Block("h2", self.chance.choice(phrases(theme)["heading"]))
            while share > 0:
                self.subject()
                said = [self.say.sentence(theme, "analysis")]
                said += [self.say.observation(theme) for _ in range(self.chance.choice((1, 2, 2)))]
                if self.chance.random() < 0.3:
                    said.append(self.say.sentence("common", "link"))
                told = [each for each in said if each]
                if len(told) < 2:
                    break
                if self.chance.random() < 0.3:
                    told = [*told[1:], told[0]]
                text = " ".join(told)
                share, words = share - len(text.split()), words - len(text.split())
                yield Block("p", text)
                note = self.say.sentence("common", "footnote", 3) if self.chance.random() < 0.2 else None
                if note:
                    yield Block("note", note)

    def findings(self) -> Iterator[Block]:
        for number, theme in enumerate(self.themes, 1):
            self.subject()
            yield Block("p", f"Finding {number}: {self.say.sentence(theme, 'finding')}")

    def closing(self) -> Iterator[Block]:
        self.subject()
        yield Block("h1", self.headings[6])
        for _ in range(5):
            yield Block("bullet", self.say.sentence("common", "good") or "")
        yield Block("h1", self.headings[7])
        yield from self.findings()
        yield Block("h1", self.headings[8])
        yield from self.paragraphs("conclusion", 2, 3)
        yield Block("h1", "Recommendations")
        yield from self.recommendations(min(14, 3 + len(self.themes)))
        if self.words > 6000 and not self.thematic:
            yield from self.action_plan()
        yield Block("h1", "Appendix A: Glossary")
        rows = sorted(self.chance.sample(phrases("common")["glossary"], 12))
        yield Block("glossary", rows=tuple(tuple(row.split(" | ")) for row in rows))
        yield Block("h1", "References")
        for reference in sorted(self.chance.sample(phrases("common")["reference"], 7)):
            yield Block("reference", reference)

    def action_plan(self) -> Iterator[Block]:
        yield Block("h1", "Appendix B: Action plan")
        rows = [("Ref.", "Action", "Lead", "Status")]
        for number in range(1, 9):
            lead = sentence(self.chance.choice(self.say.slots["agency"])).rstrip(".")
            status = self.chance.choice(("Complete", "In progress", "In progress", "Not started"))
            rows.append((f"A{number}", self.say.sentence("common", "action") or "", lead, status))
        yield Block("table", rows=tuple(rows))

    def recommendations(self, count: int) -> Iterator[Block]:
        turns = (*self.themes, "common", *self.themes, *self.themes, "common")
        said = (self.say.sentence(theme, "recommendation") for theme in turns)
        chosen = [each for each in said if each][:count]
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
_EARLY = re.compile("pregnan|thirty-four weeks|on the ward, with|perinatal|reception")
_PROPER = ("Child ", "Baby ", "Mr ", "Mrs ", "Ms ", "CAMHS", "MARAC", "Young Person ", "ACCT")


def _lead(text: str) -> str:
    return text.split(" should ", maxsplit=1)[0].removeprefix("The ")[:48]


def _day(incident: str, published: date) -> date:
    if not incident:
        return published - timedelta(days=540)
    year, _, month = incident.partition("-")
    return date(int(year), int(month or 6), 17)
