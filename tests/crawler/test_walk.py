"""The walk from listing to review to documents, and what it leaves in the archive."""

from tests.crawler.toys import SITE, Lab, furnish


def test_a_healthy_collection_is_gathered_whole(lab: Lab) -> None:
    furnish(lab.web, "a", "b", "c")
    result = lab.result()
    assert (result.verdict, result.found, result.errors) == ("ok", 3, ())
    assert result.documents.fetched == 3
    with lab.archive() as archive:
        review = archive.review("toy:a")
        assert review is not None
        assert review.review.url == f"https://{SITE}/review/a"
        (document,) = archive.documents("toy:a")
        assert document.version is not None and document.version.media_type == "application/pdf"
