"""Reading PDFs, measured: ours against pdfminer's own way, pdfium and pdftotext, on real reports in one run.

    python -m bench.extract [--folder DIR] [--all] [--each]

Every reader reads every file in turn, so that a busy machine slows all alike; times are processor time, the
least of two. F1 is that of tokens, order the agreement of three words running; both against pdfium and
pdftotext. Our running lines are put back for the comparison, for the others leave them in the text.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from indexer.extract import Extractor, extract
from indexer.extract.limits import MAX_PAGES

PDF = "application/pdf"
BAR_RATIO, BAR_F1, BAR_ISOLATION = 4.0, 0.985, 0.05
USUAL_PAGES = 60
"""Files of more pages would outweigh all others."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Reader:
    """One way of reading; what it took and gave over all files."""

    name: str
    read: Callable[[Path], str]
    seconds: float = 0.0
    texts: dict[str, list[str]] = field(default_factory=dict)


def ours(path: Path) -> str:
    pages = extract(path.read_bytes(), PDF).pages
    return "\f".join("\n".join((*page.aside[:1], page.text, *page.aside[1:])) for page in pages)


def plain(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return extract_text(path)


def pdfium(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        text = "\f".join(page.get_textpage().get_text_range() for page in document)
    return text.replace("\ufffe", "").replace("\x02", "")


def pdftotext(path: Path) -> str:
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace")


def processor_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def f1(one: Counter[object], other: Counter[object]) -> float:
    both = sum((one & other).values())
    total = one.total() + other.total()
    return 2 * both / total if total else 1.0


def agreement(one: list[str], other: list[str]) -> tuple[float, float]:
    """F1 of the tokens, and of three tokens running."""
    threes = (Counter[object](zip(text, text[1:], text[2:], strict=False)) for text in (one, other))
    return f1(Counter(one), Counter(other)), f1(*threes)


def measure(readers: list[Reader], paths: list[Path]) -> None:
    """Let every reader read every file in turn, twice."""
    for path in paths:
        for reader in readers:
            took = []
            for _ in range(2):
                start = processor_seconds()
                text = reader.read(path)
                took.append(processor_seconds() - start)
            reader.seconds += min(took)
            reader.texts[path.name] = tokens(text)


def mean_agreement(one: Reader, other: Reader) -> tuple[float, float]:
    pairs = [agreement(text, other.texts[name]) for name, text in one.texts.items() if other.texts[name]]
    return sum(pair[0] for pair in pairs) / len(pairs), sum(pair[1] for pair in pairs) / len(pairs)


def tree_seconds() -> float:
    """Processor time of this process and of every worker alive below it."""
    me = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (me, *me.children(recursive=True)))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and wall seconds of some work."""
    processor, wall = tree_seconds(), time.perf_counter()
    work()
    return tree_seconds() - processor, time.perf_counter() - wall


def in_pool(workers: int, paths: list[Path]) -> tuple[float, float]:
    """Processor and wall seconds to read all files with so many workers, once they are warm."""
    items = [(path.name, path, PDF) for path in paths]
    with Extractor(workers) as extractor:
        list(extractor.map(items[: 2 * workers]))
        return timed(lambda: list(extractor.map(items)))


def made(folder: Path) -> Path:
    """Invented reports, for where there are no real ones."""
    from reportlab.pdfgen.canvas import Canvas

    for number in range(6):
        canvas = Canvas(str(folder / f"made-{number}.pdf"))
        for page in range(30):
            canvas.drawString(72, 800, "Safeguarding Children Board")
            for line in range(44):
                canvas.drawString(72, 760 - 16 * line, f"{page}.{line} The agencies that knew the family met.")
            canvas.showPage()
        canvas.save()
    return folder


def main() -> None:
    """Print the table; a bar that is missed is said so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = ROOT / os.environ.get("CASEREVIEWS_SHARED", "../shared") / "real/pdf"
    parser.add_argument("--folder", type=Path, default=shared if shared.is_dir() else None)
    parser.add_argument("--all", action="store_true", help=f"also files of more than {USUAL_PAGES} pages")
    parser.add_argument("--each", action="store_true", help="a line for every file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_here:
        folder = options.folder or made(Path(made_here))
        report(sorted(folder.glob("*.pdf")), options.each, MAX_PAGES if options.all else USUAL_PAGES)


def report(paths: list[Path], each: bool, most: int) -> None:
    extracted = {path: extract(path.read_bytes(), PDF) for path in paths}
    paths = [path for path, extraction in extracted.items() if 0 < len(extraction.pages) <= most]
    pages = sum(len(extracted[path].pages) for path in paths)
    print(f"{len(paths)} files with text, {pages} pages")
    readers = [Reader("ours", ours), Reader("pdfminer, plain", plain), Reader("pdfium", pdfium)]
    if shutil.which("pdftotext"):
        readers.append(Reader("pdftotext", pdftotext))
    measure(readers, paths)
    references = readers[2:]
    headings = "".join(f"{f'F1 {one.name}':>15}{f'order {one.name}':>17}" for one in references)
    print(f"{'one core':<18}{'pages/s':>8}{'ours is':>9}{headings}")
    for reader in readers:
        against = "".join(
            f"{pair[0]:>15.4f}{pair[1]:>17.4f}" for pair in (mean_agreement(reader, other) for other in references)
        )
        print(f"{reader.name:<18}{pages / reader.seconds:>8.1f}{reader.seconds / readers[0].seconds:>8.2f}x{against}")
    if each:
        for path in paths:
            one = agreement(readers[0].texts[path.name], readers[1].texts[path.name])
            print(f"  {path.name:<44}F1 {one[0]:.4f} order {one[1]:.4f} against pdfminer")
    cores = len(os.sched_getaffinity(0))
    runs = [
        (timed(lambda: [extract(path.read_bytes(), PDF) for path in paths]), in_pool(1, paths), in_pool(cores, paths))
        for _ in range(3)
    ]
    alone, isolated = (min(run[way][0] for run in runs) for way in (0, 1))
    cost, speed = isolated / alone - 1, max(run[0][1] / run[2][1] for run in runs)
    print(f"in one worker {cost:+.1%} of the processor time; {cores} workers {speed:.2f} times as fast by the clock")
    ratio, agreed = readers[1].seconds / readers[0].seconds, mean_agreement(readers[0], readers[1])
    for fact, good in (
        (f"{ratio:.1f} times plain pdfminer (bar {BAR_RATIO:.0f})", ratio >= BAR_RATIO),
        (f"F1 {agreed[0]:.4f} against plain pdfminer (bar {BAR_F1})", agreed[0] >= BAR_F1),
        (f"isolation costs {cost:+.1%} (bar {BAR_ISOLATION:.0%})", cost <= BAR_ISOLATION),
    ):
        print(f"{'met   ' if good else 'MISSED'} {fact}")


if __name__ == "__main__":
    main()
