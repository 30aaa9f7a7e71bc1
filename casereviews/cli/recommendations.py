"""The recommendations of one review as a person reads them."""

from collections.abc import Mapping
from typing import Any

from casereviews.cli.words import count
from casereviews.terminal import Terminal, clean


def show(found: Mapping[str, Any], out: Terminal) -> None:
    """Print the recommendations of a review (the JSON of `show --recommendations`)."""
    out.paragraph(out.paint("strong", clean(found["title"])))
    items = found["recommendations"]
    if not items:
        out.say("No recommendation was found in its documents; they may be set in a form that is not known.")
        return
    natures = dict.fromkeys(item["nature"] for item in items)
    told = [count(sum(item["nature"] == nature for item in items), nature) for nature in natures]
    out.paragraph(", ".join(told))
    for item in items:
        out.say("")
        head = f"{named(item)} "
        place = f"p. {item['page']}" if item["page"] else "in the listing's summary"
        whom = f" to {clean(item['addressee'])}" if item["addressee"] else ""
        out.paragraph(f"{out.paint('strong', head.strip())}{whom} ({out.link(place, item['document_url'])})")
        for part in clean(item["text"], lines=True).splitlines():
            out.paragraph(part, indent="  ")
        if item["finding"]:
            out.paragraph(out.paint("label", f"under: {clean(item['finding'])}"), indent="  ", most=2)


def named(item: Mapping[str, Any]) -> str:
    """What an item is called: `Recommendation 4`, `Finding 2`, `Concern`."""
    number = f" {clean(str(item['number']))}" if item.get("number") else ""
    return f"{(item.get('nature') or 'recommendation').capitalize()}{number}"
