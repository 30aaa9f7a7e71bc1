"""How tables of themes are shown: text with bars and sparklines, JSON, or CSV."""

import argparse
import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casereviews.cli.output import print_json
from casereviews.cli.words import count, day, short_id
from casereviews.model import REVIEW_TYPES
from casereviews.spreadsheet import cell
from casereviews.terminal import Terminal, clean, pad, shorten, width

_SPARKS = "▁▂▃▄▅▆▇█"
_BAR = 19
_WIDEST = 44
_MOST_ROWS = 40
_SENTENCES = 2
Table = Mapping[str, Any]


def show(what: str, found: Table, options: argparse.Namespace, out: Terminal) -> None:
    """Print a table as the format asks."""
    if options.format == "json":
        print_json(found)
    elif options.format == "csv":
        _csv(what, found["rows"])
    else:
        _VIEWS[what](found, out, options.all)


def sparkline(shares: Sequence[float | None]) -> str:
    """A share for each column, the greatest as a full block; a year without reviews is a gap.

    >>> sparkline([0.0, 0.25, None, 0.5])
    '▁▅ █'
    """
    top = max((share for share in shares if share), default=1.0)
    marks = [" " if share is None else _SPARKS[round(share / top * (len(_SPARKS) - 1))] for share in shares]
    return "".join(marks)


def _csv(what: str, rows: Sequence[Table]) -> None:
    if what == "explain":  # one line for each sentence, not for each theme
        rows = [
            {
                "theme": tag["theme"],
                "label": tag["label"],
                "field": tag["field"],
                "relevance": tag["relevance"],
                **proof,
            }
            for tag in rows
            for proof in tag["evidence"]
        ]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])


def _list(found: Table, out: Terminal, every: bool) -> None:
    rows = found["rows"]
    if not _any(found, out):
        return
    out.say(out.paint("strong", f"{count(len(rows), 'theme')} in {count(found['reviews'], 'review')}"), "")
    most = max(row["reviews"] for row in rows) or 1
    labels = _padded([row["label"] for row in rows])
    for label, row in zip(labels, rows[: None if every else _MOST_ROWS], strict=False):
        bar = "█" * round(row["reviews"] / most * _BAR)
        out.say(f"  {label}  {row['reviews']:>5,}  {_percent(row['share']):>4}  {out.paint('label', bar)}")
    _rest(len(rows), every, out)


def _tree(found: Table, out: Terminal, every: bool) -> None:
    facet = None
    for row in found["rows"]:
        if row["facet"] != facet:
            facet = row["facet"]
            out.say("", out.paint("strong", clean(found["facets"].get(facet, facet))))
        indent = "  " * (row["depth"] + 1)
        number = f"{row['reviews']:,}" if row["reviews"] else "-"
        out.say(f"{number:>6}{indent}{clean(row['label'])}  {out.paint('label', row['theme'])}")


def explain(found: Table, out: Terminal, every: bool) -> None:
    """Show each tag of a review with the sentences that prove it, and with `every` what the ranker made of it."""
    out.paragraph(out.paint("strong", clean(found["title"])))
    about = (REVIEW_TYPES.get(found["type"], ""), day(found["published"]), short_id(clean(found["review"])))
    out.paragraph(" · ".join(filter(None, about)))
    if found["keywords"]:
        out.paragraph(f"Keywords its source lists: {clean('; '.join(found['keywords']))}")
    if found["listed"]:
        out.paragraph(f"  which stand for: {clean('; '.join(each['label'] for each in found['listed']))}")
    if not found["rows"]:
        told = "nothing in its text speaks for one." if found["read"] else "none of its documents could be read."
        out.say("", f"No theme: {told}")
    for kind, heading in (("theme", "Themes"), ("age", "Age"), ("agency", "Agencies")):
        rows = [row for row in found["rows"] if row["field"] == kind]
        if rows:
            out.say("", out.paint("strong", heading))
        for row in rows:
            told = f"{count(row['mentions'], 'mention')} on {count(len(row['pages']), 'page')}"
            out.say(f"  {out.paint('strong', clean(row['label']))}  relevance {row['relevance']:.2f}, {told}")
            if kind != "agency" or every:
                _proofs(row, out, every)
            if every:
                reasons = ", ".join(f"{each['feature']} {each['adds']:+.2f}" for each in row["why"])
                out.paragraph(f"why: {clean(reasons)}", indent="    ")


def _proofs(row: Table, out: Terminal, every: bool) -> None:
    for proof in row["evidence"][: None if every else _SENTENCES]:
        place = f"p. {proof['page']}" if proof["page"] else "summary"
        section = f" [{clean(proof['section'].replace('_', ' '))}]" if proof["section"] and proof["page"] else ""
        denied = " (denied)" if proof["negated"] else ""
        sentence = clean(proof["sentence"]).replace(clean(proof["words"]), out.paint("mark", clean(proof["words"])), 1)
        out.hanging(
            f"    {out.link(place, proof['document_url'])}{section}{denied}  ", sentence, most=None if every else 3
        )


def _trend(found: Table, out: Terminal, every: bool) -> None:
    if not _any(found, out):
        return
    years = sorted({row["year"] for row in found["rows"]})
    of = {row["year"]: row["of"] for row in found["rows"]}
    out.say(out.paint("strong", f"Share of each year's reviews, {years[0]} to {years[-1]}"), "")
    for theme in found["themes"]:
        rows = [row for row in found["rows"] if row["theme"] == theme]
        line = sparkline([row["share"] for row in rows])
        out.say(
            f"  {clean(rows[0]['label'])}", f"  {line}  {_percent(rows[0]['share'])} → {_percent(rows[-1]['share'])}"
        )
        for row in rows:
            if row["of"]:
                out.say(f"    {row['year']}  {row['reviews']:>4,} of {row['of']:<5,} {_percent(row['share']):>4}")
    dated = sum(of.values())
    out.say(
        "", f"Of {count(dated, 'review')} with a date of publication; {found['undated']:,} without one are left out."
    )


def _pairs(found: Table, out: Terminal, every: bool) -> None:
    if not _any(found, out):
        return
    out.say(out.paint("strong", f"Themes that stand together, in {count(found['reviews'], 'review')}"), "")
    rows = found["rows"][: None if every else _MOST_ROWS]
    out.say("  both  lift")
    for row in rows:
        both = f"{clean(row['label'])} + {clean(row['with_label'])}"
        out.say(f"  {row['reviews']:>4,}  {row['lift']:>4.1f}  {shorten(both, out.columns - 14)}")
    _rest(len(found["rows"]), every, out)
    out.say("", "Lift: how many times more often than if the two had nothing to do with each other.")


def _by(found: Table, out: Terminal, every: bool) -> None:
    if not _any(found, out):
        return
    seen = None
    for row in found["rows"]:
        if row["label"] != seen:
            seen = row["label"]
            out.say("", out.paint("strong", f"{clean(str(seen))} ({count(row['of'], 'review')})"))
        bar = "█" * round((row["share"] or 0) * _BAR)
        label = pad(shorten(clean(row["theme_label"]), _WIDEST), _WIDEST)
        out.say(f"  {label}  {row['reviews']:>4,}  {_percent(row['share']):>4}  {out.paint('label', bar)}")


def _diff(found: Table, out: Terminal, every: bool) -> None:
    before, after = found["reviews_before"], found["reviews_after"]
    told = f"After run {found['from_run']}: {count(before, 'review')}; after run {found['to_run']}: {after:,}"
    out.say(out.paint("strong", told), "")
    for row in found["rows"]:
        out.say(f"  {row['before']:>5,} → {row['after']:<5,} {row['change']:>+5,}  {clean(row['label'])}")
    if not found["rows"]:
        out.say("  no theme changed")


def _check(found: Table, out: Terminal, every: bool) -> None:
    for row in found["rows"]:
        out.paragraph(f"{clean(row['file'])}: [{clean(row['table'])}] {clean(row['problem'])}")
    if not found["rows"]:
        out.say(f"{found['themes']:,} themes with {found['labels']:,} labels; nothing is wrong with them.")


def _eval(found: Table, out: Terminal, every: bool) -> None:
    low, high = found["interval"]
    out.say(
        out.paint("strong", f"micro F1 {found['micro_f1']:.3f}  (95 % of resamples: {low:.3f} to {high:.3f})"),
        f"precision {found['precision']:.3f}, recall {found['recall']:.3f}, macro F1 {found['macro_f1']:.3f}, "
        f"F1@5 {found['f1_at_5']:.3f}, P@1 {found['p_at_1']:.3f}",
        f"{count(found['documents'], 'text')}, {count(found['labels'], 'label')}",
    )
    seen = found["cross_validated"]
    told = f"{seen:,} of them were learnt from; each is judged by weights learnt without its part of {found['folds']}."
    out.paragraph(told if seen else "None of them was learnt from.")
    for stratum, figures in found["strata"].items():
        out.say(f"  {clean(stratum) or 'all'}: F1 {figures['f1']:.3f} ({figures['given']:,} labels)")
    out.say("", "  precision  recall     F1  labels")
    for row in sorted(found["rows"], key=lambda row: -row["given"]):
        numbers = f"{row['precision']:>11.2f}  {row['recall']:>6.2f}  {row['f1']:>5.2f}  {row['given']:>6,}"
        out.say(f"{numbers}  {clean(row['theme'])}")


def _any(found: Table, out: Terminal) -> bool:
    if not found["rows"]:
        out.say(f"Nothing to show, in {count(found['reviews'], 'review')}.")
    return bool(found["rows"])


def _rest(rows: int, every: bool, out: Terminal) -> None:
    if rows > _MOST_ROWS and not every:
        out.say(f"  and {rows - _MOST_ROWS:,} more: --all")


def _padded(labels: Sequence[str]) -> list[str]:
    cut = [shorten(clean(label), _WIDEST) for label in labels]
    size = max(map(width, cut), default=0)
    return [pad(label, size) for label in cut]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


_VIEWS: dict[str, Callable[[Table, Terminal, bool], None]] = {
    "list": _list,
    "tree": _tree,
    "explain": explain,
    "trend": _trend,
    "pairs": _pairs,
    "by": _by,
    "diff": _diff,
    "check": _check,
    "eval": _eval,
}
