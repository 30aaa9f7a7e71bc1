"""Learning reviews and significant case reviews that child protection committees of Scotland publish."""

from crawler.platforms.boards import BoardsSpider
from crawler.platforms.sites import Site
from crawler.spider import Expect


class ScotlandSpider(BoardsSpider):
    """Committees that publish; the Care Inspectorate holds all reviews and publishes none."""

    name = "scotland"
    title = "Learning reviews of child protection committees (Scotland)"
    nation = "scotland"
    sites = (
        Site(
            "west-dunbartonshire",
            "West Dunbartonshire Child Protection Committee",
            "West Dunbartonshire",
            (
                "http://www.wdhscp.org.uk/public-protection/children-protection-committee/the-child-protection-committee/"
                "cpc-learning-review-reports",
            ),
            seen=True,
        ),
        Site(
            "glasgow",
            "Glasgow Child Protection Committee",
            "Glasgow",
            ("https://www.glasgowchildprotection.org.uk/article/9450/Significant-Case-Reviews",),
        ),
        Site(
            "dundee",
            "Dundee Child Protection Committee",
            "Dundee",
            ("https://www.dundeeprotects.co.uk/learning-reviews",),
        ),
        Site(
            "fife",
            "Fife Child Protection Committee",
            "Fife",
            ("https://www.fifechildprotection.org.uk/learning-reviews",),
        ),
        Site(
            "edinburgh",
            "Edinburgh Child Protection Committee",
            "Edinburgh",
            ("https://www.edinburgh.gov.uk/child-protection/edinburgh-child-protection-committee",),
        ),
    )
    review_type = "learning-review"
    fallen_sites = 0.75
    expect = Expect(minimum=1, filled={"title": 1.0, "links": 1.0, "area": 1.0}, failed_documents=0.2, drop=1.0)
    notes = (
        "Only West Dunbartonshire's address is seen, the others are remembered; few committees publish. The Care"
        " Inspectorate's deposit is not public. Copyright stays with the committees."
    )
