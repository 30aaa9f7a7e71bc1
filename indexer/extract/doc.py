"""Old Word files, through LibreOffice or antiword, whichever is installed; else a refusal that says so."""

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from indexer.extract.docx import read_docx
from indexer.extract.plain import read_text
from indexer.extract.result import Extraction, ExtractionError

_SECONDS = 50
"""Wall time for a converter; less than a small document has, so that the other one may follow."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
"""LibreOffice runs no macro and fetches nothing that a document links to."""


def read_doc(body: bytes) -> Extraction:
    """Read an old Word file: by LibreOffice, which keeps its headings, else by antiword; else refuse it by name."""
    office, antiword = shutil.which("soffice") or shutil.which("libreoffice"), shutil.which("antiword")
    if office is None and antiword is None:
        raise ExtractionError(
            "unsupported", "an old Word file (.doc): install LibreOffice or antiword, or save it as .docx or PDF"
        )
    with _writing(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        path = folder / "document.doc"
        path.write_bytes(body)
        if office is not None and (converted := _converted(office, path)) is not None:
            return replace(read_docx(converted), engine="soffice-docx")
        if antiword is not None:
            text = _run([antiword, "-m", "UTF-8.txt", "-w", "0", str(path)], folder)
            if text.strip():
                return read_text(text, "antiword")
    raise ExtractionError("damaged", "no converter can read it")


def _converted(office: str, path: Path) -> bytes | None:
    """The file as DOCX; None where LibreOffice cannot make it one."""
    folder = path.parent
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    # With the filter named, junk is refused instead of being taken for text of some other kind.
    command += ["--infilter=MS Word 97", "--convert-to", "docx", "--outdir", str(folder), str(path)]
    _run(command, folder)
    made = path.with_suffix(".docx")
    return made.read_bytes() if made.exists() else None


def _run(command: list[str], home: Path) -> bytes:
    """What a converter prints; nothing where it fails or takes too long, and then its children end with it."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(home)},
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            printed = b""
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return printed if process.returncode == 0 else b""


@contextmanager
def _writing() -> Iterator[None]:
    """A worker may write no file but what a converter is given and makes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    except OSError as error:
        raise ExtractionError("unsupported", f"no converter can be used: {error.strerror}") from error
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
