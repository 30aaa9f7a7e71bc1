"""The sources against saved pages of the real sites, which are not part of the repository."""

import csv
import re
from pathlib import Path
from typing import Any

from crawler.dates import read_date
from crawler.fixtures import Case, play, spiders
from crawler.places import place

HTML = {"Content-Type": "text/html; charset=utf-8"}


def reviews(source: str, url: str, body: bytes) -> list[dict[str, Any]]:
    outcomes = play(spiders()[source], Case(url, body, headers=HTML))
    return [outcome["review"] for outcome in outcomes if "review" in outcome]


def test_every_card_of_the_library_of_homicide_reviews(shared: Path) -> None:
    body = (shared / "real/dhr/dhr_library_page_excerpt.html").read_bytes()
    found = reviews("dhr", "https://homicide-review.homeoffice.gov.uk/", body)
    with (shared / "real/dhr/dhr_library_cards.csv").open(newline="", encoding="utf-8") as cards:
        rows = list(csv.DictReader(cards))
    assert len(rows) == 28
    for review, row in zip(found, rows, strict=True):
        assert (review["title"], review.get("reference")) == (row["title"], row["csp_ref"])
        assert review["area"] == place(row["csp"])["area"]
        assert review["nation"] == ("wales" if row["region"] == "Wales" else "england")
        dates = (read_date(row["uploaded_on"]), read_date(row["date_of_death"]))
        assert (review.get("published"), review.get("incident")) == dates
        assert [link["url"] for link in review["links"]] == [row["download_url"]]


def test_the_shape_of_the_library_of_adult_reviews(shared: Path) -> None:
    body = (shared / "real/sar/nationalnetwork_search_shape.html").read_bytes()
    found = reviews("sar", "https://nationalnetwork.org.uk/search.html", body)
    assert [review["published"] for review in found] == ["2026", "2026", "2025"]
    hrefs = re.findall(rb'href="\./([^"]+)"', body)
    assert [link["url"] for review in found for link in review["links"]] == [
        "https://nationalnetwork.org.uk/" + href.decode().replace(" ", "%20") for href in hrefs
    ]
