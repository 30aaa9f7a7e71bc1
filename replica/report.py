"""The contents of an invented report as blocks; how they look on paper is report_pdf's affair."""

from dataclasses import dataclass

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
    short: bool = False
    """Whether it does without a title page and contents."""
