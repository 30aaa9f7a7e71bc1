"""Child practice reviews of the six regional safeguarding boards of Wales."""

from typing import ClassVar

from crawler.platforms.boards import BoardsSpider
from crawler.platforms.sites import Site
from crawler.spider import Expect


class WalesSpider(BoardsSpider):
    """Each board's pages; the repository of all Welsh reviews is for registered users only."""

    name = "wales"
    title = "Child practice reviews of the regional safeguarding boards (Wales)"
    nation = "wales"
    sites = (
        Site(
            "cysur",
            "Mid and West Wales Safeguarding Board (CYSUR)",
            "Mid and West Wales",
            ("https://www.cysur.wales/child-practice-reviews/",),
            seen=True,
        ),
        Site(
            "north-wales",
            "North Wales Safeguarding Board",
            "North Wales",
            ("https://www.northwalessafeguardingboard.wales/practice-reviews/",),
            seen=True,
        ),
        Site(
            "gwent",
            "Gwent Safeguarding Board",
            "Gwent",
            ("https://www.gwentsafeguarding.org.uk/en/Children/Child-Practice-Reviews/Child-Practice-Reviews.aspx",),
        ),
        Site(
            "cwm-taf-morgannwg",
            "Cwm Taf Morgannwg Safeguarding Board",
            "Cwm Taf Morgannwg",
            ("https://www.ctmsb.co.uk/child-practice-reviews/",),
        ),
        Site(
            "cardiff-vale",
            "Cardiff and Vale of Glamorgan Regional Safeguarding Board",
            "Cardiff and Vale of Glamorgan",
            ("https://www.cardiffandvalersb.co.uk/children/child-practice-reviews/",),
        ),
        Site(
            "west-glamorgan",
            "West Glamorgan Safeguarding Board",
            "West Glamorgan",
            ("https://www.wgsb.wales/child-practice-reviews",),
        ),
    )
    review_type = "cpr"
    types: ClassVar[dict[str, str]] = {"cspr": "cpr"}
    fallen_sites = 0.5
    expect = Expect(minimum=3, filled={"title": 1.0, "links": 1.0, "area": 1.0}, failed_documents=0.2, drop=1.0)
    notes = (
        "Text of the pages of CYSUR and North Wales seen; the addresses of the other four boards are remembered."
        " CYSUR has a page for each review. Copyright stays with the boards."
    )
