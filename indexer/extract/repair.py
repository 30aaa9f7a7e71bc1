"""Second reading of a damaged PDF: qpdf, through pikepdf where it is installed, rebuilds what can be rebuilt."""

import re
from io import BytesIO

from indexer.extract.result import ExtractionError

_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})")
_TAIL = 2048


def repaired(body: bytes) -> bytes | None:
    """The file rebuilt, without encryption; None where it cannot be or pikepdf is not installed.

    Raises `ExtractionError` when it asks for a password.
    """
    try:
        import pikepdf
    except ImportError:
        return None
    try:
        with pikepdf.open(BytesIO(body), suppress_warnings=True) as document:
            rebuilt = BytesIO()
            document.save(
                rebuilt,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                encryption=False,
            )
    except pikepdf.PasswordError as error:
        raise ExtractionError("encrypted") from error
    except MemoryError:
        raise
    except Exception:  # qpdf reports in many ways that there is nothing to rebuild
        return None
    return rebuilt.getvalue()


def truncated(body: bytes) -> bool:
    """Whether the end of the file is missing: a whole one points to its table of objects there."""
    if b"startxref" in body.rstrip(b"\x00\r\n\t ")[-_TAIL:]:
        return False
    pointers = _STARTXREF.findall(body)
    return not pointers or int(pointers[-1]) == 0  # a linearised file starts with a pointer to 0
