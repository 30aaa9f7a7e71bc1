from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import themes
from indexer.labels import Labels, Words
from indexer.tagger import Mention, Passage, Tagger
from tests.themes.made import scheme


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    return Tagger(scheme(tmp_path_factory.mktemp("themes")))


def mentions(tagger: Tagger, text: str, section: str | None = None) -> dict[str, list[Mention]]:
    return dict(tagger.read([Passage(text, 1, 3, section)]).mentions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There was Neglect of the child.", "Neglect"),
        ("The home\nconditions were poor.", "home\nconditions"),
        ("She missed her health appointments.", "missed her health appointments"),
        ("He had taken his own life? He took his own life.", "took his own life"),
        ("missing health appointment", "missing health appointment"),
        ("an IDVA was asked", "IDVA"),
        ("the neglect’s effect", "neglect’s"),
    ],
)
def test_labels_are_found_as_they_are_written(tagger: Tagger, text: str, words: str) -> None:
    found = [m.evidence().words for each in mentions(tagger, text).values() for m in each]
    assert found == [" ".join(words.split())]


@pytest.mark.parametrize(
    "text",
    [
        "neglected",  # one word: no other form than those listed
        "an idva, a dash of salt",  # acronyms only as capitals
        "home. Conditions were poor",  # not across sentences
        "took, as they said, her own life",
        "the suicide prevention lead attended",  # an ignored phrase
        "services for those over the age of 16, under the age of 14",
    ],
)
def test_what_is_no_label_is_left_alone(tagger: Tagger, text: str) -> None:
    assert not mentions(tagger, text)


def test_the_longest_label_wins(tagger: Tagger) -> None:
    assert set(mentions(tagger, "It was medical neglect.")) == {"harm.medical_neglect"}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("A boy aged 14 died.", "person.adolescent"),
        ("a 14-year-old boy", "person.adolescent"),
        ("She was fifteen years of age.", "person.adolescent"),
        ("a six-week-old baby", "person.baby"),
        ("at the age of 13", "person.adolescent"),
        ("He was 11 months old", "person.baby"),
    ],
)
def test_ages_stand_for_their_band(tagger: Tagger, text: str, concept: str) -> None:
    assert set(mentions(tagger, text)) == {concept}


@pytest.mark.parametrize(
    "text",
    [
        "There was no evidence of domestic abuse.",
        "Domestic abuse was ruled out by both agencies.",
        "She denied domestic abuse when asked.",
        "There was no history of neglect or domestic abuse.",
        "The family was not known to services for domestic abuse.",
        "In the absence of domestic abuse, nothing was done.",
        "She was not known to be a victim of domestic abuse.",
        "Domestic abuse was not a feature of this case.",
        "Neither parent had a history of substance misuse or domestic abuse.",
    ],
)
def test_what_is_denied_is_kept_and_does_not_count(tagger: Tagger, text: str) -> None:
    (found,) = mentions(tagger, text)["harm.domestic_abuse"]
    assert found.evidence().negated and found.weight == 0


@pytest.mark.parametrize(
    "text",
    [
        "There was not only neglect but domestic abuse.",
        "No agency was told. There was domestic abuse.",
        "He had not worked for years, and domestic abuse was known to all.",
        "Nobody had doubts although domestic abuse was recorded.",
        "The GP did not ask about domestic abuse.",
        "Professionals did not recognise domestic abuse.",
    ],
)
def test_a_no_elsewhere_denies_nothing(tagger: Tagger, text: str) -> None:
    (found,) = mentions(tagger, text)["harm.domestic_abuse"]
    assert not found.evidence().negated and found.weight > 0


def test_absence_is_the_finding_in_practice(tagger: Tagger) -> None:
    (found,) = mentions(tagger, "There was no staff training.")["practice.training"]
    assert not found.evidence().negated and found.weight == 1


def test_what_is_left_open_counts_half(tagger: Tagger) -> None:
    (found,) = mentions(tagger, "It may have been suicide.")["harm.suicide"]
    assert found.evidence().uncertain and found.weight == 0.5


def test_sections_weigh(tagger: Tagger) -> None:
    weights = {s: mentions(tagger, "It was neglect.", s)["harm.neglect"][0].weight for s in ("findings", "glossary")}
    assert weights == {"findings": 1.5, "glossary": 0}


def test_evidence_is_the_sentence_in_one_line(tagger: Tagger) -> None:
    text = "Dr. Green wrote on 3 May. The\nchild, it was said, lived with\nneglect for years. Nothing was done."
    (found,) = mentions(tagger, text)["harm.neglect"]
    assert found.evidence().sentence == "The child, it was said, lived with neglect for years."
    assert (found.evidence().page, found.evidence().document) == (3, 1)


_VOCABULARY = (
    "neglect",
    "the",
    "home",
    "conditions",
    ".",
    ",",
    "took",
    "his",
    "own",
    "life",
    "aged",
    "14",
    "year",
    "old",
    "not",
    "of",
)
_WORDS = st.lists(st.sampled_from(_VOCABULARY))


@given(_WORDS.map(" ".join))
@settings(max_examples=300, deadline=None)
def test_matches_lie_within_the_text_in_order(text: str) -> None:
    labels = Labels(themes.load())
    held = Words(text)
    for match in labels.find(held):
        start, end = held.span(match.first, match.last)
        assert 0 <= start < end <= len(text) and match.meanings


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    reading = _WHOLE.read([Passage(text)], text)
    for found in reading.mentions.values():
        for mention in found:
            assert mention.evidence().words


_WHOLE = Tagger(themes.load())


def test_a_page_without_end_is_read_in_time(tmp_path: Path) -> None:
    import time

    begun = time.process_time()
    found = _WHOLE.read([Passage("took the of his " * 40_000), Passage("neglect " * 40_000)])
    assert len(found.mentions["harm.neglect"]) == 40_000 or not found.mentions.get("harm.neglect")
    assert time.process_time() - begun < 20
