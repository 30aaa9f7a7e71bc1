"""Members of a zip-based document, within limits, and their XML with no entity ever looked up."""

import io
import zipfile
import zlib

from lxml import etree

from indexer.extract.limits import MAX_MARKUP
from indexer.extract.result import ExtractionError

_MOST_MEMBERS = 10_000
_MOST_RATIO = 200
"""A member that unpacks to more than this many times its size is a bomb; text shrinks to a tenth or so."""
_SMALL = 1024 * 1024


class Package:
    """A DOCX or ODT file."""

    def __init__(self, body: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ExtractionError("damaged", "the package cannot be opened") from error
        if len(self._archive.infolist()) > _MOST_MEMBERS:
            raise ExtractionError("too-large", "the package has more members than the limit")

    def xml(self, name: str) -> etree._Element | None:
        """The root of a member's XML; None where there is no such member."""
        try:
            member = self._archive.getinfo(name)
        except KeyError:
            return None
        if member.flag_bits & 1:
            raise ExtractionError("encrypted")
        content = self._read(member)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise ExtractionError("damaged", f"{name} is not well-formed") from error
        if root.getroottree().docinfo.doctype:
            raise ExtractionError("damaged", f"{name} declares a document type, as no word processor does")
        return root

    def _read(self, member: zipfile.ZipInfo) -> bytes:
        try:
            with self._archive.open(member) as stream:
                content = stream.read(MAX_MARKUP + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise ExtractionError("damaged", f"{member.filename} cannot be unpacked") from error
        if len(content) > MAX_MARKUP or len(content) > max(_SMALL, _MOST_RATIO * member.compress_size):
            raise ExtractionError("too-large", f"{member.filename} unpacks to more than the limit")
        return content
