"""How well sections and recommendations are found, against real reports marked by hand.

`labels/*.json` holds labels only: the file's SHA-256, and for each heading its page, section and first words, for
each recommendation its page, number and first words. `optional` headings are a matter of taste: neither wanted nor
wrong. Run it: `CASEREVIEWS_SHARED=… python -m tests.text.evaluation`.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casereviews.model import Page
from indexer.extract import extract
from indexer.recommendations import recommendations_of
from indexer.sections import sections_of, with_sections

LABELS = Path(__file__).parent / "labels"
_WORDS = 5


@dataclass
class Score:
    """Right, wrong and missed, and what they were."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + len(self.wrong) + len(self.missed))

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}  ({self.right} right)"


def labelled(shared: Path) -> Iterable[tuple[Mapping[str, Any], tuple[Page, ...]]]:
    """Each marked file with its pages, as the extractor reads them; a file that is not the marked one is an error."""
    for path in sorted(LABELS.glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        body = (shared / "real" / "pdf" / label["file"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == label["sha256"], f"{label['file']} is not the file that was marked"
        yield label, extract(body, "application/pdf").pages


def score_sections(label: Mapping[str, Any], pages: Sequence[Page]) -> Score:
    """A section is right when page, name and first words are."""
    left = list(label["sections"])
    score = Score()
    for section in sections_of(pages):
        said = f"p{section.page} {section.canonical}: {section.heading}"
        same = [m for m in left if m["page"] == section.page and _alike(m["words"], section.heading)]
        match = next((m for m in same if m["canonical"] == section.canonical), None)
        if match:
            left.remove(match)
            score.right += 1
        elif not any(m["page"] == section.page and _alike(m["words"], section.heading) for m in label["optional"]):
            score.wrong.append(said)
    score.missed = [f"p{m['page']} {m['canonical']}: {m['words']}" for m in left]
    return score


def score_recommendations(label: Mapping[str, Any], pages: Sequence[Page]) -> Score:
    """A recommendation is right when page, number and first words are."""
    left = list(label["recommendations"])
    score = Score()
    sections = sections_of(pages)
    for item in recommendations_of(with_sections(pages, sections), sections):
        match = next(
            (
                m
                for m in left
                if m["page"] in item.pages
                and (m["number"] or None) == (item.number.strip("(). ") if item.number else None)
                and _begins(item.text, m["words"])
            ),
            None,
        )
        if match:
            left.remove(match)
            score.right += 1
        else:
            score.wrong.append(f"p{item.pages} {item.number} [{item.form}] {item.text[:60]!r}")
    score.missed = [f"p{m['page']} {m['number']}: {m['words']}" for m in left]
    return score


def _begins(text: str, words: str) -> bool:
    wanted = _tokens(words)[:4]
    return _tokens(text)[: len(wanted)] == wanted


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _alike(words: str, heading: str) -> bool:
    wanted, found = _tokens(words), _tokens(heading)
    least = min(len(wanted), _WORDS)
    return any(found[at : at + least] == wanted[:least] for at in range(len(found) - least + 1 if least > 3 else 1))


def evaluate(shared: Path, *, verbose: bool = False, held: bool | None = None) -> dict[str, tuple[Score, Score]]:
    """Scores of sections and recommendations over the files for tuning, those held out, and all."""
    totals = {name: (Score(), Score()) for name in ("tuned", "held_out", "all")}
    for label, pages in labelled(shared):
        if held is not None and label["held_out"] is not held:
            continue
        both = score_sections(label, pages), score_recommendations(label, pages)
        for name in ("held_out" if label["held_out"] else "tuned", "all"):
            totals[name] = totals[name][0] + both[0], totals[name][1] + both[1]
        if verbose:
            print(f"{label['file']}: sections {both[0].f1:.2f}, recommendations {both[1].f1:.2f}")
            for kind, score in zip(("section", "recommendation"), both, strict=True):
                for line in score.wrong:
                    print(f"   wrong {kind}  {line}")
                for line in score.missed:
                    print(f"   missed {kind} {line}")
    return totals


def main() -> None:
    """Print the table."""
    shared = Path(os.environ.get("CASEREVIEWS_SHARED", "../shared"))
    held = {"--tuned": False, "--held-out": True}.get(next((a for a in sys.argv if a in ("--tuned", "--held-out")), ""))
    for name, (sections, recommendations) in evaluate(shared, verbose="-v" in sys.argv, held=held).items():
        print(f"{name:9} sections         {sections}")
        print(f"{name:9} recommendations  {recommendations}")


if __name__ == "__main__":
    main()
