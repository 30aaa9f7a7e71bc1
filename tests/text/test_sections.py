"""Sections from headings, names, numbering and the contents page."""

from pathlib import Path

import pytest

from indexer.section_names import SectionNamesError, load, section_names
from indexer.sections import section_at, with_sections
from tests.text.documents import found_sections, pages, sections

PROSE = "What was known then is set out here, as far as it can be, by those who were there.\n"


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("7. Recommendations", "recommendations"),
        ("SECTION ELEVEN: RECOMMENDATIONS", "recommendations"),
        ("Recommendations for the Westfold Safeguarding Children Board", "recommendations"),
        ("Conclusions and Recommendations", "recommendations"),
        ("Recommendations of previous reviews", "changes_made"),
        ("Appendix A – Terms of Reference", "terms_of_reference"),
        ("Appendix 2: Agency attendance", "appendices"),
        ("Annex A: Glossary", "glossary"),
        ("Decision to undertake a Serious Case Review", "decision"),
        ("Chapter 3: Methodology", "methodology"),
        ("The facts and family", "subject_family"),
        ("Timeline of key events", "timeline"),
        ("Analysis of Key Episodes and Lessons Learnt", "analysis"),
        ("Findings and learning points", "findings"),
        ("Lessons to be learnt", "learning"),
        ("What worked well", "good_practice"),
        ("Action plan", "action_plan"),
        ("Bibliography", "references"),
        ("Executive summary", "summary"),
        ("A culture of questioning", None),
        ("Requires improvement", None),
    ],
)
def test_names(heading: str, section: str | None) -> None:
    found = section_names().section(heading)
    assert (found[0] if found else None) == section


def test_chapters_of_its_own_making_are_analysis_and_lower_headings_belong_to_theirs() -> None:
    assert sections(
        f"# Introduction\n\n{PROSE}\n# Hospital discharge planning then\n\n{PROSE}\n## The "
        f"ward round on Monday\n\n{PROSE}\n# Conclusions\n\n{PROSE}"
    ) == [(1, "introduction"), (1, "analysis"), (1, "conclusions")]


def test_contents_are_labelled_and_tell_which_headings_are_chapters() -> None:
    found = found_sections(
        "# Contents\n\n1 Introduction ........ 2\n2 Missing in plain sight ........ 3\n3 Recommendations ........ 4\n",
        f"1 Introduction\n\n{PROSE}",
        f"# 2 Missing in plain sight\n\n{PROSE}",
        f"# 3 Recommendations\n\n{PROSE}",
    )
    assert [(one.page, one.canonical) for one in found] == [
        (1, "contents"),
        (2, "introduction"),
        (3, "analysis"),
        (4, "recommendations"),
    ]


def test_addressees_within_recommendations_end_nothing() -> None:
    assert sections(f"# Findings\n\n{PROSE}\n# Recommendations\n\n# Westfold Safeguarding Children Board\n\n"
f"1. Act.\n\n# Finding 4\n\n{PROSE}") == [
        (1, "findings"), (1, "recommendations"),
    ]  # fmt: skip


def test_a_file_without_any_layout_is_read_by_its_lines() -> None:
    assert sections(f"1. Introduction\n\n{PROSE}\n2. Terms of reference\n\n{PROSE}\nThe introduction of "
"new rules was slow.\n\n3. Recommendations\n\n1. Act.\n") == [
        (1, "introduction"), (1, "terms_of_reference"), (1, "recommendations"),
    ]  # fmt: skip


def test_the_signatures_of_a_letter_are_no_chapters() -> None:
    assert sections(
        f"# Main findings\n\n{PROSE}\n# Next steps\n\n{PROSE}\nYours sincerely\n\n# Dr Ann Example Chief Inspector\n"
    )[-1] == (1, "action_plan")


def test_each_page_knows_what_it_opens_in_and_each_place_its_own() -> None:
    texts = (f"# Findings\n\n{PROSE}", f"{PROSE}\n# Recommendations\n\n1. Act now, all of you.\n", PROSE)
    found = found_sections(*texts)
    made = with_sections(pages(*texts), found)
    assert [page.section for page in made] == ["findings", "findings", "recommendations"]
    assert section_at(found, 2, 0) == "findings"
    assert section_at(found, 2, len(made[1].text) - 1) == "recommendations"
    assert section_at((), 1, 0) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[x]\nlabel = 'X'\n", "label and headings"),
        ("[x]\nlabel = 'X'\nheadings = ['Upper case']\n", "lower case"),
        ("[x]\nlabel = 'X'\nheadings = ['one']\n[y]\nlabel = 'Y'\nheadings = ['one']\n", "both"),
        ("[x\n", "cannot read"),
    ],
)
def test_a_faulty_file_of_names_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "sections.toml"
    path.write_text(text)
    with pytest.raises(SectionNamesError, match=told):
        load(path)
