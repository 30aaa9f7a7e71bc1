"""Independent investigations of homicides by people in mental health care, as NHS England's regions publish them."""

from crawler.platforms.boards import BoardsSpider
from crawler.platforms.sites import Site
from crawler.spider import Expect

_NHS = "https://www.england.nhs.uk"
_REGIONS = {
    "south-west": ("South West", f"{_NHS}/south/publications/ind-invest-reports/south-west/region/", True),
    "north-west": ("North West", f"{_NHS}/north-west/our-work/publications/ind-investigation-reports/", True),
    "national": ("all regions", f"{_NHS}/publications/reviews-and-reports/invest-reports/", True),
    "south-east": ("South East", f"{_NHS}/south-east/publications/ind-invest-reports/", False),
    "london": ("London", f"{_NHS}/london/our-work/publications/ind-invest-reports/", False),
    "midlands": ("Midlands", f"{_NHS}/midlands/publications/ind-invest-reports/", False),
    "east-of-england": ("East of England", f"{_NHS}/east-of-england/publications/ind-invest-reports/", False),
    "north-east-yorkshire": (
        "North East and Yorkshire",
        f"{_NHS}/north-east-yorkshire/our-work/publications/ind-investigation-reports/",
        False,
    ),
}


class NhsHomicideSpider(BoardsSpider):
    """One page for each region, a heading and a date of publication for each investigation."""

    name = "nhs-homicide"
    title = "Independent mental health homicide investigations (NHS England)"
    nation = "england"
    licence = "OGL-UK-3.0"
    sites = tuple(
        Site(id, f"NHS England ({region})", None, (url,), "wordpress", seen=seen)
        for id, (region, url, seen) in _REGIONS.items()
    )
    review_type = "mental-health-homicide"
    dated_titles = False
    fallen_sites = 0.5
    enabled = False
    expect = Expect(minimum=30, filled={"title": 1.0, "links": 1.0, "published": 0.3}, failed_documents=0.2, drop=1.0)
    notes = (
        "Unproven. Text of three of the pages is seen; the addresses of the others are remembered. Older regions of"
        " NHS England had pages of their own."
    )
