"""Text of documents, page by page: PDF, HTML, DOCX, ODT and plain text, within limits.

`extract` reads in this process, `extract_isolated` reads one document in a limited worker process, and
`Extractor` reads many on several of them.
"""

from indexer.extract.ocr import lacking as lacking_for_ocr
from indexer.extract.pool import Extractor, extract_isolated
from indexer.extract.read import extract
from indexer.extract.result import EXTRACTOR_VERSION, REASONS, Extraction

__all__ = ["EXTRACTOR_VERSION", "REASONS", "Extraction", "Extractor", "extract", "extract_isolated", "lacking_for_ocr"]
