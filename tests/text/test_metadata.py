"""What reports say of themselves, each fact with its page, and what is not said of the one who died."""

import pytest

from casereviews.model import ReadDocument
from indexer.metadata import facts_in
from tests.text.documents import pages


def facts(*texts: str) -> list[tuple[str, str, int]]:
    document = ReadDocument("https://example.org/r.pdf", "report", None, None, None, "readable", None, pages(*texts))
    return [(fact.field, fact.value, fact.page) for fact in facts_in([document])]


def test_a_cover_and_a_first_page() -> None:
    assert facts(
        "# Child Q: Overview Report\n\nSerious Case Review\n\nWestfold Safeguarding Children "
        "Board\n\nIndependent Author: Hilary Penhallow-Moss\n\n14 March 2016\n",
        "Child Q was 11 weeks old and died on 3rd May 2014 in hospital.\n",
    ) == [
        ("board", "Westfold Safeguarding Children Board", 1),
        ("type", "scr", 1),
        ("reported", "2016-03-14", 1),
        ("author", "Hilary Penhallow-Moss", 1),
        ("ages", "11 weeks", 2),
        ("incident", "2014-05-03", 2),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Inspection date: 3 May 2017\n\nReport published: 19 June 2018\n", [("reported", "2018-06-19", 1)]),
        ("Date of report: 05/11/2020\n", [("reported", "2020-11-05", 1)]),
        ("Date of report: 45/11/2020\n", []),
        ("Children aged 16 to 17 and those under the age of 18 were counted.\n", []),
        ("The author of this report was asked to wait.\n", []),
        ("An inquest into the death was opened on 26 April 2022.\n", []),
        ("The Safeguarding Children Board met.\n", []),
        ("I am Ann Example, assistant coroner for Saltmere.\n", [("author", "Ann Example", 1)]),
    ],
)
def test_labels_and_what_is_none(text: str, said: list[tuple[str, str, int]]) -> None:
    assert facts(text) == said


def test_nothing_is_said_by_a_document_without_text() -> None:
    assert facts_in([ReadDocument("u", "report", None, None, None, "failed", "damaged")]) == ()
