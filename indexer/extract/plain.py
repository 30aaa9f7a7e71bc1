"""Plain text, and old Word files through a converter where one is installed."""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from indexer.clean import clean_block
from indexer.extract.flow import Flow
from indexer.extract.limits import MAX_MARKUP
from indexer.extract.result import Extraction, ExtractionError

_LINES_PER_PAGE = 60
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_CONVERTER_SECONDS = 60


def read_text(body: bytes, engine: str = "text") -> Extraction:
    """Read plain text; its pages end at form feeds, or after 60 lines at the next blank one."""
    if len(body) > MAX_MARKUP:
        raise ExtractionError("too-large")
    text = _decoded(body)
    flow = Flow()
    lines = 0
    for sheet in text.replace("\r\n", "\n").replace("\r", "\n").split("\f"):
        for line in clean_block(sheet).split("\n"):
            lines += 1
            if not line:
                flow.part()
                if lines > _LINES_PER_PAGE:
                    flow.end_page()
                    lines = 0
                continue
            flow.add(line)
            flow.end_line()
        flow.end_page()
        lines = 0
    return Extraction(flow.finish(), None, engine)


def _decoded(body: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def read_doc(body: bytes) -> Extraction:
    """Read an old Word file with antiword, where it is installed; else refuse it by name."""
    antiword = shutil.which("antiword")
    if antiword is None:
        raise ExtractionError("unsupported", "an old Word file (.doc): install antiword, or save it as .docx or PDF")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))  # a worker may write nothing but this
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "document.doc"
            path.write_bytes(body)
            command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(path)]
            run = subprocess.run(command, capture_output=True, timeout=_CONVERTER_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ExtractionError("timeout") from error
    except OSError as error:
        raise ExtractionError("unsupported", f"antiword cannot be used: {error.strerror}") from error
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    if run.returncode or not run.stdout.strip():
        raise ExtractionError("damaged", "antiword cannot read it")
    return read_text(run.stdout, "antiword")
