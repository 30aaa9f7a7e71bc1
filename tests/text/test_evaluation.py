"""Real reports marked by hand: what is found must not get worse (needs CASEREVIEWS_SHARED)."""

from pathlib import Path

from tests.text.evaluation import evaluate

FLOOR_SECTIONS = 0.95
FLOOR_RECOMMENDATIONS = 0.97


def test_sections_and_recommendations_of_marked_reports(shared: Path) -> None:
    found = evaluate(shared)
    for name, (sections, recommendations) in found.items():
        print(f"{name:9} sections         {sections}\n{name:9} recommendations  {recommendations}")
    sections, recommendations = found["all"]
    assert sections.f1 >= FLOOR_SECTIONS, sections.wrong + sections.missed
    assert recommendations.f1 >= FLOOR_RECOMMENDATIONS, recommendations.wrong + recommendations.missed
