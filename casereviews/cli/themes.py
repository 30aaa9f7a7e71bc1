"""What reviews tell of: how often, since when, together with what, and the sentence behind every number."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.cli.arguments import add_format, nearest, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.search import add_filters, filters_of
from casereviews.errors import UsageError

if TYPE_CHECKING:
    from casereviews.config import Settings
    from search.theme_tables import ThemeTables

USAGE = "[WHAT] [NAME…]"
EXAMPLES = """
casereviews themes
casereviews themes explain cspr-panel:child-suicide-national-review
casereviews themes trend neglect domestic_abuse --type cspr --plot trend.svg
casereviews themes pairs curiosity --format csv
casereviews themes by area --from 2020
"""
WHAT = {
    "list": "each theme: in how many reviews, on how many pages",
    "tree": "all themes, narrower under broader",
    "explain": "REVIEW: each of its themes with the sentences that prove it",
    "trend": "THEME…: the share of each year's reviews",
    "pairs": "[THEME]: which themes stand together, against chance",
    "by": "area, source, type, agency, nation, age or year [THEME…]",
    "diff": "RUN RUN: what became more between two runs",
    "check": "[FILE]: what is wrong with the list of themes",
    "eval": "GOLD: how right the themes are on labelled texts",
    "export": "the list of themes for other programs (SKOS)",
}
"""What can be asked and what follows it."""

_NAMES = {
    "explain": (1, 1),
    "trend": (1, 12),
    "pairs": (0, 1),
    "by": (1, 13),
    "diff": (2, 2),
    "check": (0, 1),
    "eval": (1, 1),
}
"""How many names follow, at least and at most; none where nothing is said."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    told = "; ".join(f"{name} {meaning}" for name, meaning in WHAT.items())
    parser.add_argument("what", nargs="?", default="list", metavar="WHAT", help=told)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a review, themes, a field, runs or a file")
    add_filters(parser)
    shape = parser.add_argument_group("what to show")
    shape.add_argument("--of", choices=("theme", "agency", "age"), default="theme", help="list agencies or age bands")
    shape.add_argument("--all", action="store_true", help="also what no review has, and every sentence that is kept")
    shape.add_argument("--plot", type=Path, metavar="FILE", help="draw it: .svg, .png or .html (casereviews[plot])")
    shape.add_argument("--to-file", type=Path, metavar="FILE", help="where export writes to, instead of the terminal")
    shape.add_argument("--no-ranker", action="store_true", help="eval: without what was learnt from labelled reports")
    add_format(shape, "text", "json", "csv", "skos")


def run(options: argparse.Namespace) -> int:
    """Answer what is asked of the themes."""
    what = options.what
    if what not in WHAT:
        raise UsageError(f"themes knows no {what!r}{nearest(what, WHAT)}; there is {', '.join(WHAT)}")
    least, most = _NAMES.get(what, (0, 0))
    if not least <= len(options.names) <= most:
        raise UsageError(f"themes {what} takes {WHAT[what].partition(':')[0] if most else 'no names'}")
    if (options.format == "skos") != (what == "export"):
        raise UsageError("--format skos goes with themes export, and themes export with --format skos")
    chosen = settings(options)
    if what in ("check", "eval", "export"):
        return {"check": _check, "eval": _evaluate, "export": _export}[what](options, chosen)
    return _table(options, chosen)


def _table(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.cli import theme_views
    from search import SearchRequest, open_index
    from search.theme_tables import ThemeTables

    request = SearchRequest(filters=filters_of(options), since=options.since, until=options.until)
    with open_index(chosen.index_folder) as index:
        found = _found(ThemeTables(index, request), options, chosen)
    if options.plot:
        from casereviews.cli.plots import plot

        plot(options.what, found, options.plot)
    theme_views.show(options.what, found, options, terminal(options))
    return 0


def _found(tables: "ThemeTables", options: argparse.Namespace, chosen: "Settings") -> dict[str, Any]:
    names = options.names
    if options.what == "tree":
        return tables.tree()
    if options.what == "explain":
        return tables.explain(names[0])
    if options.what == "trend":
        return tables.trend(names)
    if options.what == "pairs":
        return tables.pairs(*names)
    if options.what == "by":
        return tables.by(names[0], names[1:])
    if options.what == "diff":
        before, after = (_moment(run, chosen) for run in names)
        return tables.diff(before, after) | {"from_run": int(names[0]), "to_run": int(names[1])}
    return tables.counts(options.of, every=options.all)


def _moment(run: str, chosen: "Settings") -> str:
    """When a run ended."""
    from casereviews.archive import Archive

    with Archive.open(chosen.archive_folder) as archive:
        found = next((each for each in archive.runs(limit=100_000) if str(each.id) == run), None)
    if found is None:
        raise UsageError(f"there is no run {run!r}; casereviews changes names the last one")
    return found.finished or found.started


def _check(options: argparse.Namespace, chosen: "Settings") -> int:
    from indexer import themes

    own = Path(options.names[0]) if options.names else chosen.themes_file
    scheme, problems = themes.read(own)
    rows = [{"file": each.file, "table": each.table, "problem": each.problem} for each in problems]
    matched = [concept for concept in scheme.concepts.values() if concept.matched]
    labels = sum(1 for concept in matched for _ in concept.labels())
    from casereviews.cli import theme_views

    found = {"themes": len(matched), "labels": labels, "themes_version": scheme.fingerprint, "rows": rows}
    theme_views.show("check", found, options, terminal(options))
    return 1 if problems else 0


def _evaluate(options: argparse.Namespace, chosen: "Settings") -> int:
    from casereviews.cli import theme_views
    from indexer import gold, ranker, themes

    using = ranker.load() if chosen.ranker and not options.no_ranker else ranker.plain()
    scheme = themes.load(chosen.themes_file)
    found = gold.evaluate_file(Path(options.names[0]), scheme, using)
    if options.format == "json":
        print_json(found)
    else:
        found["rows"] = [{"theme": theme, **figures} for theme, figures in found["per_theme"].items()]
        theme_views.show("eval", found, options, terminal(options))
    return 0


def _export(options: argparse.Namespace, chosen: "Settings") -> int:
    import sys

    from indexer import skos, themes

    text = skos.turtle(themes.load(chosen.themes_file))
    if options.to_file:
        options.to_file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0
