"""What a source's parse methods may yield or raise beside reviews and requests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gone:
    """A listed review that its source has taken down; `notice` is the source's own explanation, if any."""

    key: str
    url: str
    notice: str | None = None


class WrongStructure(Exception):  # noqa: N818 - it names what is wrong with the page
    """A page is not built as the source's parser knows it: the whole source fails, loudly."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(f"{what}: {url}")
        self.url = url
        self.what = what


class BadDocument(Exception):  # noqa: N818 - it names what is wrong with the document
    """An answer that is not the document that was asked for; the text is the reason."""
