"""Where a review is from, as its source says it and as the table of areas calls it."""

import re

from casereviews.areas import normalise


def place(told: str | None) -> dict[str, str | None]:
    """The area and nation of what a source calls its area, as fields of a review.

    A name that the table does not know stays as the source writes it; its nation is known only when the table
    knows all the places that it joins, or when it names Wales.

    >>> place("Lincoln"), place("Birmingham and Solihull"), place("London Inner North")["nation"]
    ({'area': 'Lincolnshire', 'nation': 'england'}, {'area': 'Birmingham and Solihull', 'nation': 'england'}, None)
    """
    if not told:
        return {"area": None, "nation": None}
    if area := normalise(told):
        return {"area": area.name, "nation": area.nation}
    if re.search(r"\bWales\b", told):
        return {"area": told, "nation": "wales"}
    parts = [normalise(part) for part in re.split(r",|/|&|\band\b", told)]
    nations = {part.nation if part else None for part in parts}
    return {"area": told, "nation": nations.pop() if len(nations) == 1 else None}
