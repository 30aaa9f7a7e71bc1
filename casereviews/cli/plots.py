"""Pictures of themes: trends as lines, pairs as a heat map, counts as bars (needs casereviews[plot])."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casereviews.errors import StorageError, UsageError

_ENDINGS = (".svg", ".png", ".html")
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, told apart by colour-blind readers; lines differ by their marks as well."""

_MARKS = "osD^vPX"
_MOST_BARS, _MOST_CELLS = 30, 16
_LETTERS = 46
Table = Mapping[str, Any]


def plot(what: str, found: Table, file: Path) -> None:
    """Draw a table of themes to a file; its ending says which kind."""
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(f"cannot draw to {file.name}: the name must end in {', '.join(_ENDINGS)}")
    draw = {"list": _bars, "trend": _lines, "pairs": _heat, "by": _heat_by}.get(what)
    if draw is None:
        raise UsageError(f"themes {what} has no picture; list, trend, pairs and by have")
    if not found["rows"]:
        raise UsageError("there is nothing to draw: no review has what was asked for")
    try:
        import matplotlib as mpl
    except ImportError:
        raise UsageError("pictures need matplotlib: pip install 'casereviews[plot]'") from None
    mpl.use("Agg")
    from matplotlib import pyplot

    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "casereviews", "font.size": 10, "axes.axisbelow": True}
    figure = draw(pyplot, found)
    built = str(found["index_built"])[:10]
    caption = f"{found['reviews']:,} reviews, each counted once; casereviews index of {built}"
    figure.supxlabel(caption, fontsize=8, color="#555555")
    try:
        _save(figure, file, caption)
    except OSError as error:
        raise StorageError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        pyplot.close(figure)


def _save(figure: Any, file: Path, caption: str) -> None:
    if file.suffix.lower() != ".html":
        figure.savefig(file, dpi=160, metadata={"Date": None} if file.suffix.lower() == ".svg" else None)
        return
    from html import escape

    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    svg = drawn.getvalue()
    page = (
        '<!doctype html>\n<html lang="en-GB">\n<meta charset="utf-8">\n<title>Themes of case reviews</title>\n'
        f'<body style="max-width:70em;margin:auto">\n<figure>\n{svg[svg.index("<svg") :]}\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>\n</body>\n</html>\n"
    )
    file.write_text(page, encoding="utf-8")


def _bars(pyplot: Any, found: Table) -> Any:
    rows = found["rows"][:_MOST_BARS][::-1]
    figure, axes = pyplot.subplots(figsize=(9, 1.4 + 0.28 * len(rows)), layout="constrained")
    bars = axes.barh([_short(row["label"]) for row in rows], [row["reviews"] for row in rows], color=_COLOURS[0])
    axes.bar_label(bars, [f"{row['reviews']:,} ({row['share']:.0%})" for row in rows], padding=3, fontsize=8)
    axes.margins(x=0.15)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Reviews with each theme", loc="left")
    return figure


def _lines(pyplot: Any, found: Table) -> Any:
    figure, axes = pyplot.subplots(figsize=(9, 5), layout="constrained")
    for place, theme in enumerate(found["themes"]):
        rows = [row for row in found["rows"] if row["theme"] == theme and row["of"]]
        axes.plot(
            [row["year"] for row in rows],
            [100 * row["share"] for row in rows],
            label=_short(rows[0]["label"]) if rows else theme,
            color=_COLOURS[place % len(_COLOURS)],
            marker=_MARKS[place % len(_MARKS)],
        )
    of = {row["year"]: row["of"] for row in found["rows"]}
    ticks = sorted(of)[:: max(1, len(of) // 12)]
    axes.set_xticks(ticks, [f"{year}\nof {of[year]:,}" for year in ticks], fontsize=8)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("% of the year's reviews")
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    axes.set_title("Share of each year's reviews", loc="left")
    return figure


def _heat(pyplot: Any, found: Table) -> Any:
    rows = found["rows"]
    labels = dict.fromkeys(name for row in rows for name in (row["label"], row["with_label"]))
    names = list(labels)[:_MOST_CELLS]
    cells = {(row["label"], row["with_label"]): row for row in rows}
    cells |= {(row["with_label"], row["label"]): row for row in rows}
    lifts = [[_lift(cells, one, other) for other in names] for one in names]
    counts = [[str(cells[one, other]["reviews"]) if (one, other) in cells else "" for other in names] for one in names]
    return _grid(pyplot, names, names, lifts, counts, "Lift of themes that stand together (number: reviews with both)")


def _lift(cells: Mapping[tuple[str, str], Table], one: str, other: str) -> float:
    return float(cells[one, other]["lift"]) if (one, other) in cells else float("nan")


def _heat_by(pyplot: Any, found: Table) -> Any:
    groups = list(dict.fromkeys(f"{row['label']} ({row['of']:,})" for row in found["rows"]))[:_MOST_BARS]
    themes = list(dict.fromkeys(row["theme_label"] for row in found["rows"]))[:_MOST_CELLS]
    shares = {(f"{row['label']} ({row['of']:,})", row["theme_label"]): row for row in found["rows"]}
    values = [[100 * shares[g, t]["share"] if (g, t) in shares else float("nan") for t in themes] for g in groups]
    texts = [[str(shares[g, t]["reviews"]) if (g, t) in shares else "" for t in themes] for g in groups]
    return _grid(pyplot, groups, themes, values, texts, f"% of reviews by {found['by']} (number: reviews)")


def _grid(pyplot: Any, down: list[str], across: list[str], values: Any, texts: Any, title: str) -> Any:
    size = (5.5 + 0.5 * len(across), 3.5 + 0.35 * len(down))
    figure, axes = pyplot.subplots(figsize=size, layout="constrained")
    image = axes.imshow(values, cmap="cividis", aspect="auto")  # cividis: made for colour-blind readers
    middle = (image.norm.vmin + image.norm.vmax) / 2
    for at_y, row in enumerate(texts):
        for at_x, text in enumerate(row):
            dark = values[at_y][at_x] < middle
            axes.text(at_x, at_y, text, ha="center", va="center", fontsize=8, color="white" if dark else "black")
    axes.set_xticks(range(len(across)), [_short(name) for name in across], rotation=45, ha="right", fontsize=8)
    axes.set_yticks(range(len(down)), [_short(name) for name in down], fontsize=8)
    figure.colorbar(image)
    axes.set_title(title, loc="left", fontsize=10)
    return figure


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "…"
