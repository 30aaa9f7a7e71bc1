"""Case management reviews of the Safeguarding Board for Northern Ireland: executive summaries and learning memos."""

from crawler.platforms.boards import BoardsSpider
from crawler.platforms.sites import Site
from crawler.spider import Expect


class NorthernIrelandSpider(BoardsSpider):
    """The board's page and that of its panel, where the summaries are attached."""

    name = "ni"
    title = "Case management reviews (Safeguarding Board for Northern Ireland)"
    nation = "northern-ireland"
    sites = (
        Site(
            "sbni",
            "Safeguarding Board for Northern Ireland",
            "Northern Ireland",
            (
                "https://www.safeguardingni.org/case-management-review",
                "https://www.safeguardingni.org/case-management-review-panel",
            ),
            seen=True,
        ),
    )
    review_type = "cmr"
    fallen_sites = 0.0
    expect = Expect(minimum=1, filled={"title": 1.0, "links": 1.0}, failed_documents=0.2, drop=1.0)
    notes = "Text of the pages seen, their tags not. Executive summaries are published, full reports are not."
