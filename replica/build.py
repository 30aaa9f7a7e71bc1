"""Builds the files of the corpus once into a folder: atomically, and again when the replica's own source changes."""

import hashlib
import json
import shutil
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from replica.composer import compose
from replica.corpus import File, Invented, file_name, invented
from replica.forms import regulation_28, response
from replica.report import Report
from replica.report_other import set_docx, set_html
from replica.report_pages import LAYOUTS
from replica.report_pdf import set_pdf

FRONT = 2
"""Pages that hold no running text: title and contents."""

Built = dict[str, tuple[Path, int, int, str]]
"""file name -> path, bytes, pages, sha256."""


@cache
def fingerprint() -> str:
    """Changes whenever the files would."""
    digest = hashlib.sha256(version("reportlab").encode())
    here = Path(__file__).parent
    for path in sorted((*here.glob("*.py"), *here.glob("*/*.txt"), *here.glob("*/*.toml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def build(folder: Path) -> Built:
    """The corpus's files, built unless `folder` holds them already; older builds are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / fingerprint()
    if not (ready / "manifest.json").is_file():
        fresh = Path(tempfile.mkdtemp(prefix="building-", dir=folder))
        write(fresh, invented())
        try:
            fresh.rename(ready)
        except OSError:  # another process was first; its files are the same
            shutil.rmtree(fresh, ignore_errors=True)
        for old in folder.iterdir():
            if old.is_dir() and old != ready and not old.name.startswith("building-"):
                shutil.rmtree(old, ignore_errors=True)
    manifest = json.loads((ready / "manifest.json").read_text())
    return {name: (ready / name, *facts) for name, facts in manifest.items()}


def write(folder: Path, reviews: tuple[Invented, ...]) -> None:
    """Write every file of these reviews, then the manifest."""
    manifest: dict[str, tuple[int, int, str]] = {}
    for review in reviews:
        for file in review.files:
            if file.url:
                continue
            for number in (1, 2) if file.replaced else (1,):
                body, pages = render(review, file, number)
                name = file_name(review, file, number)
                (folder / name).write_bytes(body)
                manifest[name] = (len(body), pages, hashlib.sha256(body).hexdigest())
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=0))


def render(review: Invented, file: File, number: int) -> tuple[bytes, int]:
    """One version of a document: its bytes and the pages it has (0: not paged)."""
    layout = LAYOUTS.get(file.layout, LAYOUTS["plain"])
    long = file.kind == "report" and file.media == "pdf"
    text_pages = max(1, file.pages - FRONT) if long else file.pages
    report = _report(review, file, number, text_pages * layout.words)
    if file.media == "docx":
        return set_docx(report), 0
    if file.media == "html":
        return set_html(report).encode(), 0
    if file.layout == "scan":
        from replica.scan import scan_pdf

        return scan_pdf(report, file.pages)
    return set_pdf(report, layout)


def _report(review: Invented, file: File, number: int, words: int) -> Report:
    if review.kind != "pfd":
        return compose(review, file, number, words)
    return (
        response(review, file.title.removeprefix("Response from "))
        if file.kind == "response"
        else regulation_28(review)
    )
