"""Small lists of themes and records for the tests of themes; every name and event is invented."""

from pathlib import Path

from casereviews.model import Page, ReadDocument, Record, Review, Section
from indexer import themes

SMALL = """
[facets]
harm = "Harm"
practice = "Practice"
age = "Age"

[harm.neglect]
label = "Child neglect"
aliases = ["neglect", "failed to thrive", "home condition(s)"]

[harm.medical_neglect]
label = "Medical neglect"
broader = "harm.neglect"
aliases = ["missed health appointments"]

[harm.suicide]
label = "Suicide"
aliases = ["suicidal", "took own life"]
weak = ["overdose", "bridge"]

[harm.domestic_abuse]
label = "Domestic abuse"
aliases = ["IDVA", "DASH"]

[practice.training]
label = "Training"
aliases = ["lack of training", "staff training"]

[person.baby]
label = "Babies"
facet = "age"
ages = [0, 0]

[person.adolescent]
label = "Adolescents"
facet = "age"
ages = [12, 17]

[ignored]
phrases = ["suicide prevention lead"]
"""


def scheme(folder: Path, text: str = SMALL) -> themes.Scheme:
    """The themes of a file with this text."""
    file = folder / "themes.toml"
    file.write_text(text, encoding="utf-8")
    found, problems = themes.read(base=file)
    assert not problems, problems
    return found


def record(
    *pages: str, title: str = "Child A", summary: str | None = None, sections: tuple[Section, ...] = ()
) -> Record:
    """A record with one report of these pages."""
    review = Review("govuk", "a", title, "https://example.org/a", type="cspr", summary=summary)
    made = tuple(Page(number, text) for number, text in enumerate(pages, 1))
    url = "https://example.org/a.pdf"
    report = ReadDocument(url, "report", None, "application/pdf", "0" * 64, "readable", None, made, sections)
    return Record(review, "present", "2026-01-01T00:00:00+00:00", (report,), "1")
