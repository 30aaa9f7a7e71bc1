"""One generation of a tantivy index among files that several generations share.

Tantivy's own files never change once written, but for the one that lists them. So they lie beside each other in the
engine's folder, and a generation is a folder in it, with a list of its own and links to what it names.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy

from casereviews.errors import DamagedError
from search.pages import REBUILD
from search.plans import TEXT, TITLE

LIST = "meta.json"
_MANAGED = ".managed.json"
_OWN = (LIST, _MANAGED)
RECORD = "record"
TOKENIZER = "words"


def schema() -> Any:
    """The fields of a record."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(RECORD, stored=False, indexed=True, fast=True)
    for field in (TEXT, TITLE):
        builder.add_text_field(field, stored=False, tokenizer_name=TOKENIZER, index_option="position")
    return builder.build()


def create(folder: Path) -> Any:
    """An empty index in a new folder."""
    folder.mkdir(mode=0o700)
    return _with_words(tantivy.Index(schema(), path=str(folder)))


def _with_words(index: Any) -> Any:
    """The index, whose texts are words with a space between, as `search.words` made them."""
    index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def go_on(shared: Path, before: str, folder: Path) -> Any:
    """An index in a new folder that goes on from a generation."""
    folder.mkdir(mode=0o700)
    for path in (shared / before).iterdir():
        if path.name in _OWN:
            shutil.copyfile(path, folder / path.name)
        elif path.is_symlink():
            (folder / path.name).symlink_to(path.readlink())
    return _with_words(tantivy.Index.open(str(folder)))


def share(shared: Path, folder: Path) -> list[str]:
    """Move a generation's new files beside the others; the names of all that it needs, as `finish` tells them."""
    names = []
    for path in sorted(folder.iterdir()):
        if path.name in _OWN:
            names.append(f"{folder.name}/{path.name}")
            continue
        if path.name.endswith(".lock"):
            path.unlink()
            continue
        if not path.is_symlink():
            path.replace(shared / path.name)
            path.symlink_to(Path("..") / path.name)
        names.append(path.name)
    return names


def open_generation(shared: Path, name: str, files: Iterable[str]) -> Any:
    """The index of a generation; DamagedError where it would read what is not among its own files."""
    folder, known = shared / name, set(files)
    for path in folder.iterdir():
        own = path.name in _OWN and not path.is_symlink()
        linked = path.is_symlink() and path.name in known and path.readlink() == Path("..") / path.name
        if not (own or linked or path.name.endswith(".lock")):
            raise DamagedError(f"{path} is not part of the search index; {REBUILD}")
    return tantivy.Index.open(str(folder))
