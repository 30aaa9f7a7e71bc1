"""Local reviews near the end of the months for which their publisher has to keep them online."""

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from casereviews import clock
from casereviews.cli.words import count, day, short_id
from casereviews.terminal import Terminal, clean

if TYPE_CHECKING:
    from casereviews.config import Settings


def at_risk(chosen: "Settings", days: int) -> list[dict[str, Any]]:
    """Each review that may be taken down within so many days, the next first, and whether all its files are kept.

    The months run from publication, or from first sight where the source dates it to no day.
    """
    from casereviews.archive import Archive
    from crawler.run import sources

    today = clock.utc().date()
    months = {each.name: each.keeps_months for each in sources() if each.keeps_months}
    found = []
    with Archive.open(chosen.archive_folder) as archive:
        for source, kept in sorted(months.items()):
            for stored in archive.reviews(source):
                if stored.state not in ("present", "returned"):
                    continue
                published = stored.review.published or ""
                start = published if len(published) == 10 else stored.first_seen[:10]
                ends = later(date.fromisoformat(start), kept)
                left = (ends - today).days
                if 0 <= left <= days:
                    documents = archive.documents(stored.review.id)
                    found.append(
                        {
                            "review": stored.review.id,
                            "title": stored.review.title,
                            "source": source,
                            "published": stored.review.published,
                            "ends": ends.isoformat(),
                            "days_left": left,
                            "kept": bool(documents) and all(each.version is not None for each in documents),
                        }
                    )
    return sorted(found, key=lambda each: (each["ends"], each["review"]))


def later(start: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    >>> later(date(2024, 2, 29), 12), later(date(2026, 8, 31), 6)
    (datetime.date(2025, 2, 28), datetime.date(2027, 2, 28))
    """
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def show(found: list[dict[str, Any]], days: int, out: Terminal) -> None:
    """Print them."""
    if not found:
        out.paragraph(f"No local review ends its months online within {count(days, 'day')}.")
    for each in found:
        out.paragraph(out.paint("strong", clean(each["title"])), most=2)
        kept = "its files are kept here" if each["kept"] else out.paint("bad", "not all of its files are kept here")
        left = count(each["days_left"], "day")
        out.say(
            f"  {out.paint('label', short_id(clean(each['review'])))}", f"  until {day(each['ends'])} ({left}); {kept}"
        )
