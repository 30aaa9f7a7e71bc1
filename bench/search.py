"""Search, measured: our engine, Whoosh as its manual shows it, SQLite FTS5 and tantivy, on one generated corpus.

    python -m bench.search [--reviews 2000] [--folder DIR] [--engines ours,whoosh,fts5]

Indexes are built once for each size in processes of their own and kept in the folder. Queries of every kind
then run interleaved in one process; times are processor time, since the machine is shared. Ours and Whoosh
say how many hits there are, FTS5 is spared that. Peers answer pages, ours reviews located to pages.
"""

import argparse
import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.corpus import _FIELD, _PHRASES, PAGES, corpus
from bench.peers import Question, engines

BARS = {
    ("whoosh", "word + filter + years"): 20,
    ("whoosh", "facets"): 8,
    ("whoosh", "common word"): 5,
    ("whoosh", "and"): 3,
    ("whoosh", "phrase"): 4,
    ("whoosh", "top 20 with snippets"): 3,
    ("fts5", "common word"): 1,
    ("fts5", "word + filter + years"): 1,
    ("fts5", "facets"): 1,
    ("fts5", "top 20 with snippets"): 1,
    ("fts5", "phrase"): 0.2,
}
"""How many times quicker than a peer ours must be at the median."""

COLD_BAR = 12
"""A search from a new process, in times of `python -c pass`."""

PER_KIND = 8


def questions() -> dict[str, list[Question]]:
    """For each kind of query several, the same in every run."""
    rng = random.Random(6)
    common, usual = _FIELD[:60], _FIELD[60:]

    def several(make: Callable[[], Question]) -> list[Question]:
        return [make() for _ in range(PER_KIND)]

    phrases = [phrase for phrase, _ in _PHRASES]
    return {
        "common word": several(lambda: Question("word", (rng.choice(common),))),
        "rare word": several(lambda: Question("word", (rng.choice(_names(rng)),))),
        "and": several(lambda: Question("word", (rng.choice(common), rng.choice(usual)))),
        "phrase": [Question("phrase", tuple(phrase.split())) for phrase in phrases],
        "near": several(lambda: Question("near", (rng.choice(common), rng.choice(usual)))),
        "prefix": several(lambda: Question("prefix", (rng.choice(usual)[:4],))),
        "fuzzy": several(lambda: Question("fuzzy", (_misspelt(rng, rng.choice(usual)),))),
        "word + filter + years": several(
            lambda: Question("word", (rng.choice(common),), types=("cspr", "dhr"), years=(2014, 2019))
        ),
        "facets": several(lambda: Question("word", (rng.choice(common),), facets=True)),
        "top 20 with snippets": several(lambda: Question("word", (rng.choice(common),), snippets=True)),
    }


def _names(rng: random.Random) -> list[str]:
    record = next(iter(corpus(1)))
    words = {word.strip(".").lower() for page in record.documents[0].pages for word in page.text.split()}
    return sorted(words - set(_FIELD), key=lambda word: (-len(word), word))[: 40 + rng.randrange(3)]


def _misspelt(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 2))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def build(name: str, reviews: int, folder: Path) -> None:
    """Build one engine's index in this process and note what it took."""
    engine = engines(folder)[name]
    made = list(corpus(min(reviews, 50)))
    start = time.process_time()
    for _ in corpus(len(made)):
        pass
    generating = (time.process_time() - start) * reviews / len(made)
    start = time.process_time()
    engine.build(corpus(reviews))
    noted = {
        "seconds": time.process_time() - start - generating,
        "megabytes": sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file()) / 1e6,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if name.startswith("ours"):
        noted["refresh_seconds"] = _refresh(folder / name, reviews, "tantivy" if "tantivy" in name else "whoosh")
    (folder / f"{name}.json").write_text(json.dumps(noted), encoding="utf-8")


def _refresh(folder: Path, reviews: int, engine: str) -> float:
    """Seconds to replace 20 reviews by new versions of them."""
    from search import open_writer

    records = [record for number, record in enumerate(corpus(20)) if number < reviews]
    start = time.process_time()
    with open_writer(folder, engine=engine) as writer:
        for record in records:
            writer.add(record)
        writer.commit()
    return time.process_time() - start


def _usable(index: Path) -> bool:
    """Whether our index is of this version of the program."""
    from casereviews.errors import CaseReviewsError
    from search import open_index

    try:
        open_index(index).close()
    except CaseReviewsError:
        return False
    return True


def cold(index: Path) -> float:
    """A two-word search in a new process, as a multiple of a bare interpreter; medians of interleaved runs."""
    opened = f"from pathlib import Path; from search import open_index; open_index(Path({str(index)!r}))"
    ours = f"{opened}.search('neglect police')"
    times: dict[str, list[float]] = {"pass": [], ours: []}
    for _ in range(15):
        for code, taken in times.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times[ours]) / statistics.median(times["pass"])


def measure(folder: Path, names: list[str], repeat: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each query for each kind and engine, interleaved; what an engine cannot do is absent."""
    opened = {name: engine for name, engine in engines(folder).items() if name in names}
    taken: dict[str, dict[str, list[float]]] = {}
    for kind, asked in questions().items():
        of_kind = taken[kind] = {name: [] for name in opened}
        for round_ in range(repeat + 1):
            for question in asked:
                for name, engine in opened.items():
                    gc.collect() if round_ == 0 else None
                    start = time.process_time()
                    try:
                        engine.ask(question)
                    except NotImplementedError:
                        continue
                    if round_:  # the first round warms up
                        of_kind[name].append((time.process_time() - start) * 1e3)
    return taken


def report(taken: dict[str, dict[str, list[float]]], names: list[str]) -> bool:
    """Print medians, 95th percentiles and ratios; whether every bar is met."""
    met = True
    print(f"{'milliseconds p50 / p95':24}" + "".join(f"{name:>20}" for name in names) + "   times quicker (bar)")
    for kind, of_kind in taken.items():
        cells, ratios = "", []
        for name in names:
            times = sorted(of_kind[name])
            if not times:
                cells += f"{'–':>20}"
                continue
            cells += f"{statistics.median(times):>11.2f} /{times[int(len(times) * 0.95)]:>7.1f}"
            ours = of_kind["ours-tantivy" if name == "tantivy" else "ours"]
            if name not in ("ours", "ours-tantivy") and ours:
                ratio = statistics.median(times) / statistics.median(ours)
                bar = BARS.get((name, kind))
                failed = bar is not None and ratio < bar
                met &= not failed
                ratios.append(f"{name} {ratio:.1f}" + (f" ({bar}{', NOT MET' if failed else ''})" if bar else ""))
        print(f"{kind:24}{cells}   {'; '.join(ratios)}")
    return met


def main() -> int:
    """Build what is not there, measure, print; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviews", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "casereviews-bench")
    parser.add_argument("--engines", default="ours,whoosh,fts5,ours-tantivy,tantivy")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--build", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder: Path = options.folder / str(options.reviews)
    folder.mkdir(parents=True, exist_ok=True)
    if options.build:
        build(options.build, options.reviews, folder)
        return 0
    names = options.engines.split(",")
    for name in names:
        if not (folder / f"{name}.json").exists() or (name.startswith("ours") and not _usable(folder / name)):
            print(f"building {name} …", file=sys.stderr, flush=True)
            subprocess.run(["rm", "-rf", str(folder / name)], check=True)
            again = [sys.executable, "-m", "bench.search", "--reviews", str(options.reviews), "--build", name]
            subprocess.run([*again, "--folder", str(options.folder)], check=True)
    print(f"{options.reviews:,} reviews, {options.reviews * PAGES:,} pages; {os.cpu_count()} cores")
    base = json.loads((folder / "fts5.json").read_text())["seconds"] if "fts5" in names else None
    for name in names:
        noted = json.loads((folder / f"{name}.json").read_text())
        ratio = f" ({noted['seconds'] / base:.1f} × fts5)" if base else ""
        more = f", 20 reviews again in {noted['refresh_seconds']:.2f} s" if "refresh_seconds" in noted else ""
        print(
            f"build {name:8} {noted['seconds']:8.1f} s{ratio}, {noted['megabytes']:.0f} MB,"
            f" peak {noted['peak_megabytes']:.0f} MB of memory{more}"
        )
    met = report(measure(folder, names, options.repeat), names)
    times = cold(folder / "ours")
    print(f"cold two-word search: {times:.1f} × python -c pass (bar {COLD_BAR})")
    print(f"peak memory with all engines open: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if met and times <= COLD_BAR else 1


if __name__ == "__main__":
    sys.exit(main())
