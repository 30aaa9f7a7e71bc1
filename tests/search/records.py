"""Small records for the tests of search; every name and event is invented."""

from casereviews.model import DocumentKind, Page, ReadDocument, ReadState, Record, Review, State


def document(
    *texts: str,
    url: str = "https://example.org/report.pdf",
    sections: tuple[str | None, ...] = (),
    kind: DocumentKind = "report",
    media_type: str = "application/pdf",
    state: ReadState = "readable",
    anchors: tuple[str, ...] = (),
) -> ReadDocument:
    """A document with a page for each text."""
    pages = tuple(
        Page(
            number,
            text,
            str(number + 2),
            sections[number - 1] if number <= len(sections) else None,
            anchors[number - 1] if number <= len(anchors) else None,
        )
        for number, text in enumerate(texts, 1)
    )
    return ReadDocument(url, kind, None, media_type, "0" * 64, state, None, pages)


def record(
    key: str,
    *texts: str,
    title: str = "Child A",
    source: str = "govuk",
    documents: tuple[ReadDocument, ...] | None = None,
    published: str | None = "2021-05-04",
    summary: str | None = None,
    type: str = "cspr",
    area: str | None = "Anytown",
    nation: str | None = "england",
    themes: tuple[str, ...] = (),
    agencies: tuple[str, ...] = (),
    sections: tuple[str | None, ...] = (),
    state: State = "present",
    fingerprint: str = "1",
) -> Record:
    """A record with one document of these pages, unless its documents are given."""
    review = Review(
        source, key, title, f"https://example.org/{key}", type,
        publisher="Anytown Partnership", area=area, nation=nation, published=published, summary=summary,
    )  # fmt: skip
    if documents is None:
        documents = (document(*texts, url=f"https://example.org/{key}.pdf", sections=sections),)
    return Record(review, state, "2026-01-01", documents, fingerprint, themes, agencies)
