"""Every source against its own recorded pages with one CSS class taken out: said loudly, or nothing is lost.

Holds for each new source as soon as it has a fixture; whole crawls of damaged sites are in the sources' own tests.
"""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.fixtures import Case, Outcome, play, read_case, spiders
from crawler.spider import ReviewSpider

HERE = Path(__file__).parent
SPIDERS = spiders()
CASES = sorted(path.parent for path in HERE.glob("*/*/meta.json"))
CLASS = re.compile(r"""\bclass\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def classes(body: str) -> set[str]:
    return {name for found in CLASS.finditer(body) for name in (found[1] or found[2] or "").split()}


def without(case: Case, name: str) -> Case:
    def rest(found: re.Match[str]) -> str:
        return f'class="{" ".join(each for each in (found[1] or found[2] or "").split() if each != name)}"'

    return replace(case, body=CLASS.sub(rest, case.body.decode()).encode())


def kinds(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(next(iter(outcome)) for outcome in outcomes)


def said(spider: type[ReviewSpider], before: list[Outcome], after: list[Outcome]) -> bool:
    """Whether a run that gave `after` where it gave `before` would be short or failed, by the rules of the verdict."""
    had, has = kinds(before), kinds(after)
    if any(has[kind] > had[kind] for kind in ("wrong structure", "failure", "short")):
        return True
    entries = sum(has[kind] for kind in ("review", "gone", "request", "problem"))
    if any("problem" in each for each in lost(after, before)) and has["problem"] > spider.expect.problems * entries:
        return True
    if any(each.get("role") == "listing" for each in lost(before, after)) and entries < spider.expect.minimum:
        return True  # the pages that would follow are not had, and one page alone is not enough
    if has["stated"] and sum(had[kind] for kind in ("review", "request")) > sum(
        has[kind] for kind in ("review", "request")
    ):
        return True
    reviews = [each["review"] for each in after if "review" in each]
    return any(
        sum(field in review for review in reviews) < share * len(reviews)
        for field, share in spider.expect.filled.items()
    )


def lost(before: list[Outcome], after: list[Outcome]) -> list[Outcome]:
    """What was yielded and no longer is, as it was."""
    return [outcome for outcome in before if outcome not in after]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_lost_class_is_said_or_loses_nothing(case: Path) -> None:
    recorded = read_case(case)
    if "html" not in recorded.headers.get("Content-Type", "html") or recorded.link is not None:
        return
    spider = SPIDERS[case.parent.name]
    whole = play(spider, recorded)
    for name in sorted(classes(recorded.body.decode())):
        damaged = play(spider, without(recorded, name))
        missing = lost(whole, damaged)
        assert not missing or said(spider, whole, damaged), (
            f"without the class {name!r} this is lost quietly: {missing}"
        )


def test_the_rule_itself_sees_a_quiet_loss() -> None:
    spider = SPIDERS["dhr"]
    whole = play(spider, read_case(HERE / "dhr" / "listing"))
    fewer = [outcome for outcome in whole if "review" not in outcome and "stated" not in outcome]
    assert lost(whole, fewer) and not said(spider, whole, fewer)
    assert said(spider, whole, [*fewer, {"wrong structure": "no card"}])
    unfilled = [{"review": {"title": "x"}}, *fewer]
    assert said(spider, whole, unfilled)
