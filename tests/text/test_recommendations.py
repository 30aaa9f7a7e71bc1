"""Every form in which reports set their recommendations, and what looks like one and is none."""

import pytest

from tests.text.documents import pages, recommendations

HEAD = "# 7. Recommendations\n\n"


def numbers_and_texts(*texts: str) -> list[tuple[str | None, str]]:
    return [(one.number, one.text) for one in recommendations(*texts)]


def test_labelled_with_colon() -> None:
    found = recommendations(
        HEAD + "Recommendation 1: The Partnership should review its neglect strategy\nwithin six months.\n\n"
        "Recommendation 2 (Northmere Police): Officers should record what\nchildren say.\n"
    )
    assert [(one.number, one.form, one.pages) for one in found] == [("1", "labelled", (1,)), ("2", "labelled", (1,))]
    assert found[0].text == "The Partnership should review its neglect strategy within six months."
    assert found[0].kinds == ("partnership",)
    assert (found[1].addressees, found[1].kinds) == (("Northmere Police",), ("police",))


def test_label_on_a_line_of_its_own_and_numbers_in_words() -> None:
    assert numbers_and_texts(
        HEAD + "## Recommendation One\n\nThe Board should seek assurance that supervision takes place.\n\n"
        "## Recommendation Two\n\nSchools must share what they know with the social worker.\n"
    ) == [
        ("One", "The Board should seek assurance that supervision takes place."),
        ("Two", "Schools must share what they know with the social worker."),
    ]


def test_codes() -> None:
    found = recommendations(
        HEAD + "R1 All agencies should act now.\n\nR2. Health should act too.\n\nRec 3: Housing should act as well.\n"
    )
    assert [one.number for one in found] == ["R1", "R2", "3"]


@pytest.mark.parametrize(
    "marks", [("1.", "2.", "3."), ("(1)", "(2)", "(3)"), ("7.1", "7.2", "7.3"), ("a)", "b)", "c)")]
)
def test_numbered(marks: tuple[str, ...]) -> None:
    text = "\n\n".join(
        f"{mark} The council should do thing number {name}." for mark, name in zip(marks, "xyz", strict=True)
    )
    found = recommendations(HEAD + text)
    assert [one.number for one in found] == [mark.strip("().") for mark in marks]
    assert {one.form for one in found} == {"numbered"}
    assert found[1].kinds == ("council",)


def test_a_numbered_introduction_is_none() -> None:
    assert [n for n, _ in numbers_and_texts(
        HEAD + "7.1 The review makes the following recommendations:\n\n7.2 The police should act "
"upon what is known.\n\n"
        "7.3 The health board should act upon what is known.\n"
    )] == ["7.2", "7.3"]  # fmt: skip


def test_bullets_nested_in_a_number_belong_to_it() -> None:
    found = recommendations(
        HEAD + "1. The Board should ensure that:\n\n• plans are clear\n\n• plans are kept.\n\n2. The "
        "Board should ask again in a year.\n"
    )
    assert [one.number for one in found] == ["1", "2"]
    assert found[0].text == "The Board should ensure that:\n• plans are clear\n• plans are kept."


def test_bulleted_under_addressees() -> None:
    found = recommendations(
        HEAD + "## Westfold Council\n\n• Review the offer of early help to families.\n\n• Publish the results.\n\n"
        "## Westfold Hospitals NHS Foundation Trust\n\n• Record every visit of a child to the department.\n"
    )
    assert [(one.addressees, one.kinds) for one in found] == [
        (("Westfold Council",), ("council",)),
        (("Westfold Hospitals NHS Foundation Trust",), ("health",)),
    ] or [one.kinds for one in found] == [("council",), ("health",)]


def test_across_two_pages() -> None:
    (found,) = recommendations(
        HEAD + "1. The Partnership should agree a protocol which sets out who", "is told, when and by whom.\n"
    )
    assert found.text == "The Partnership should agree a protocol which sets out who is told, when and by whom."
    assert (found.pages, found.start, found.end) == ((1,), (1, 20), (2, 26))


def test_rows_of_a_table_with_its_leads() -> None:
    found = recommendations(
        HEAD + "No.\tRecommendation\tLead\tBy\n\n1 The board should relaunch its strategy and\nsay "
        "so widely.\n\nEastmarsh\nSafeguarding\n"
        "Board\n\n9 months\n\n2 Ensure that every plan names a lead professional.\nChildren’s social care\t6 months\n"
    )
    assert [(one.number, one.form) for one in found] == [("1", "table"), ("2", "table")]
    assert found[0].text == "The board should relaunch its strategy and say so widely."
    assert found[1].addressees == ("Children’s social care",)


def test_semicolon_list_in_a_sentence() -> None:
    found = recommendations(
        "# Summary\n\nRecommendations include: ensure that schools share records; develop a "
        "bruising protocol; and review supervision.\n"
    )
    assert [one.text for one in found] == [
        "ensure that schools share records",
        "develop a bruising protocol",
        "review supervision",
    ]
    assert {one.form for one in found} == {"list"}


def test_paragraphs_that_ask() -> None:
    found = recommendations(
        HEAD + "The reviewers thank all who took part.\n\nThe integrated care board should audit all "
        "presentations of babies.\n"
    )
    assert [(one.form, one.kinds) for one in found] == [("paragraph", ("health",))]


def test_findings_where_nothing_is_recommended() -> None:
    found = recommendations(
        "# Findings\n\nFinding 1: Staff did not share what they knew about the father.\n\n"
        "This was seen in four agencies.\n\n"
        "Finding 2: Meetings were not attended by those who knew the child.\n",
        "# Questions for the Board\n\n1. How will the Board know that practice has changed?\n\n"
        "2. What will it ask of its partners?\n",
    )
    assert [(one.nature, one.number) for one in found] == [
        ("question", "1"),
        ("question", "2"),
        ("finding", "1"),
        ("finding", "2"),
    ]


def test_parent_finding() -> None:
    (found,) = recommendations(
        "# Findings\n\nFinding 3: Thresholds were not understood by schools.\n\nIt was seen often.\n\n"
        "Recommendation 3: The Partnership should relaunch its threshold document.\n"
    )
    assert found.finding == "Finding 3: Thresholds were not understood by schools."


def test_said_twice_is_one_with_two_pages() -> None:
    (found,) = recommendations(
        "# Executive summary\n\nRecommendation 1: The Partnership should review its strategy "
        "on neglect with all its partners.\n",
        HEAD + "Recommendation 1: The Partnership should review its strategy on neglect with all its partners.\n",
    )
    assert found.pages == (1, 2)


def test_concerns_of_a_coroner() -> None:
    found = recommendations(
        "REGULATION 28: REPORT TO PREVENT FUTURE DEATHS\n\nTHIS REPORT IS BEING SENT TO:\n\n"
        "1. Chief Executive, Saltmere NHS Trust\n\n"
        "2. Secretary of State for Transport\n\n1 CORONER\n\nI am the coroner for Saltmere.\n\n"
        "2 CORONER’S LEGAL POWERS\n\nI report under paragraph 7.\n\n"
        "3 INVESTIGATION and INQUEST\n\nOn 3 May it began.\n\n4 CIRCUMSTANCES OF THE DEATH\n\n"
        "He walked alone.\n\n5 CORONER’S CONCERNS\n\n"
        "The MATTERS OF CONCERN are as follows.\n\n(1) There was no lighting at the crossing.\n\n"
        "(2) Staff had not been trained in its use.\n\n"
        "6 ACTION SHOULD BE TAKEN\n\nIn my opinion action should be taken.\n\n7 YOUR RESPONSE\n\n"
        "You are under a duty to respond.\n"
    )
    assert [(one.number, one.nature, one.section) for one in found] == [
        ("1", "concern", "concerns"),
        ("2", "concern", "concerns"),
    ]
    assert found[0].addressees == ("Chief Executive, Saltmere NHS Trust", "Secretary of State for Transport")
    assert found[0].kinds == ("health", "government")


@pytest.mark.parametrize(
    "text",
    [
        "# Contents\n\nRecommendations ..... 12\nRecommendation 1: neglect ..... 13\nAppendix "
        "A ..... 20\nFindings ..... 9\n",
        "# Analysis\n\nRecommendation 3 was not carried out by the former Board.\n\nThe "
        "recommendations of previous reviews were not followed.\n",
        "# Recommendations of previous reviews\n\n1. The Board should have acted sooner than "
        "it did.\n\n2. The Board should train staff.\n",
        "# Analysis\n\nRecommendations 1 and 2 were accepted by all agencies at the time.\n",
        "# Recommendations\n",
    ],
)
def test_what_is_none(text: str) -> None:
    assert recommendations(text, "# Conclusions\n\nThat is all.\n") == ()


def test_every_line_end_belongs_to_the_text_word_for_word() -> None:
    made = pages(HEAD + "1. The Partnership should\nmake sure of it all.\n\n2. The police should\nmake sure too.\n")
    for one in recommendations(
        HEAD + "1. The Partnership should\nmake sure of it all.\n\n2. The police should\nmake sure too.\n"
    ):
        assert one.start and one.end
        assert " ".join(made[0].text[one.start[1] : one.end[1]].split()).endswith(one.text)


def test_roman_numbers_of_one_letter_are_counted_with_the_others() -> None:
    marks = ("i", "ii", "iii", "iv", "v", "vi")
    text = "\n\n".join(f"({mark}) The Board should act on thing {at}." for at, mark in enumerate(marks))
    assert [one.number for one in recommendations(HEAD + text)] == list(marks)


def test_rows_of_a_table_without_numbers() -> None:
    found = recommendations(
        HEAD + "Recommendation\tAgency\tTimescale\n\nReview the escalation policy and make sure that\n"
        "all staff know of it.\nHealth Visiting Service\t6 months\n\nAudit the quality of chronologies in long cases\n"
        "of neglect.\nNorthmere Police\nMarch 2022\n"
    )
    assert [(one.form, one.text.split()[0], one.addressees, one.kinds) for one in found] == [
        ("table", "Review", ("Health Visiting Service",), ("health",)),
        ("table", "Audit", ("Northmere Police",), ("police",)),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It is recommended that Northmere Safeguarding Adults Board reviews its policy.", "Northmere Safeguarding"),
        ("That the LSCB reviews its neglect strategy and its use.", "LSCB"),
        ("GP practices to code what they know in a consistent way.", "GP practices"),
        ("Ensure that Northmere Police officers record what they see.", ""),
    ],
)
def test_the_body_that_a_text_begins_with_is_asked(text: str, name: str) -> None:
    (one,) = recommendations(HEAD + f"Recommendation 1: {text}\n")
    assert "".join(one.addressees).startswith(name)
    assert bool(one.addressees) == bool(name)


def test_a_heading_may_name_a_sector() -> None:
    (one,) = recommendations("# Recommendations for Health\n\n• To ensure that midwives ask at every contact.\n")
    assert (one.addressees, one.kinds) == (("Health",), ("health",))
    (one,) = recommendations(HEAD + "Overview report recommendation 3: Health should brief midwives on its policy.\n")
    assert (one.number, one.addressees, one.kinds) == ("3", ("Health",), ("health",))


def test_questions_belong_to_the_finding_before_them() -> None:
    found = recommendations(
        "# Findings\n\n## Finding 1: Adults come first\n\nThe pattern is wide.\n\n"
        "# Questions for the Board\n\n• Does the Board recognise this pattern in other cases?\n"
    )
    assert [one.finding for one in found if one.nature == "question"] == ["Finding 1: Adults come first"]


def test_the_addressees_of_a_coroner_may_stand_on_the_line_that_heads_them() -> None:
    found = recommendations(
        "REGULATION 28 REPORT TO PREVENT FUTURE DEATHS\n\n"
        "THIS REPORT IS BEING SENT TO: 1. Chief Executive, Northmere NHS Foundation Trust 2.\n"
        "Secretary of State for Health and Social Care\n\n1 CORONER\n\nI am one.\n\n3 INVESTIGATION and INQUEST\n\n"
        "It began.\n\n4 CIRCUMSTANCES OF THE DEATH\n\nHe was found.\n\n5 CORONER'S CONCERNS\n\n"
        "The MATTERS OF CONCERN are as follows:\n\n(1) There was no system for missed appointments.\n\n"
        "6 ACTION SHOULD BE TAKEN\n\nIn my opinion.\n"
    )
    assert [one.addressees for one in found] == [
        ("Chief Executive, Northmere NHS Foundation Trust", "Secretary of State for Health and Social Care")
    ]
    assert found[0].kinds == ("health", "government")


def test_a_title_is_followed_by_what_is_set_as_large() -> None:
    found = recommendations(
        HEAD + "## Recommendation 1: Protection units\n\n"
        "## We recommend that units should be established in every area.\n\nWe heard much.\n"
    )
    assert "units should be established" in found[0].text
