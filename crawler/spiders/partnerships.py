"""Local safeguarding children partnerships of England: one row of partnerships.toml for each of their sites."""

from typing import ClassVar

from crawler.platforms.boards import BoardsSpider
from crawler.platforms.sites import read_sites
from crawler.spider import Expect


class PartnershipsSpider(BoardsSpider):
    """Every site of the table; what a site shows is its own affair, no reviews at all included."""

    name = "partnerships"
    title = "Local safeguarding children partnerships (England)"
    nation = "england"
    keeps_months = 12
    sites = read_sites("partnerships.toml")
    types: ClassVar[dict[str, str]] = {"cpr": "cspr"}
    expect = Expect(
        minimum=20, filled={"title": 1.0, "links": 1.0, "area": 0.95, "published": 0.2}, failed_documents=0.2, drop=1.0
    )
    notes = (
        "The shapes of these sites are seen, the addresses of many are remembered (seen = false in partnerships.toml)."
        " A site that fails is named and keeps its reviews; the source falls short when more than a quarter of the"
        " sites do. Reports stay for a year at least and may then go. Copyright stays with the boards."
    )
