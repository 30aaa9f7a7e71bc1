"""Fatal incident investigations of the Prisons and Probation Ombudsman."""

import re
from typing import Any

from crawler.labels import read_labels
from crawler.lines import Line
from crawler.platforms.publications import PublicationsSpider
from crawler.spider import Expect

_LABELS = {
    "establishment": "(?:Establishment|Location|Prison|Institution)(?: name)?",
    "cause": "(?:Cause|Type|Category)(?: of death)?",
}


class PpoSpider(PublicationsSpider):
    """The list of reports and a page for each, with the report and the action plan that answers it."""

    name = "ppo"
    title = "Fatal incident investigations (Prisons and Probation Ombudsman)"
    publisher = "Prisons and Probation Ombudsman"
    licence = "OGL-UK-3.0"
    hosts = ("ppo.gov.uk", "www.ppo.gov.uk")
    start_urls = ["https://ppo.gov.uk/fatal-incident-reports/"]  # noqa: RUF012 - a list, as Scrapy has it
    entry = re.compile(r"/(?:document|fatal-incident-reports?|fatal-incidents?|investigations?)/(?!page/)[\w-]+/?")
    total = re.compile(
        r"^([\d,]+) (?:fatal incident |investigation )*(?:reports?|documents?|results?|investigations?)\b", re.I
    )
    review_type = "fatal-incident"
    enabled = False
    max_listings = 1_000
    expect = Expect(minimum=1_000, filled={"title": 1.0, "published": 0.8, "incident": 0.5, "links": 0.9})
    notes = "Unproven. Only the site's other list is seen (“47 learning and research documents”, “Published:”)."

    def more(self, lines: list[Line]) -> dict[str, Any]:
        """The establishment and the cause of death, as the page labels them, as keywords."""
        fields = read_labels("\n".join(line.text for line in lines), _LABELS)
        return {"keywords": tuple(fields[name].split("\n")[0] for name in _LABELS if name in fields)}
