"""What the index knows of themes, as tables: how often, since when, together with what, proved by what.

Every table names its denominator: `reviews`, how many reviews the filters left, each counted once.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import combinations
from typing import Any

from casereviews.errors import QueryError
from search import tags
from search.index import Index
from search.results import SearchRequest
from search.searching import Search

FIELDS = ("theme", "agency", "age")
"""What tags are filtered by; agencies and age bands are no themes, and stand in tables of their own."""

GROUPS = ("area", "source", "type", "agency", "nation", "age", "year")
"""By what themes can be told apart."""

_LEAST_TOGETHER = 2
Table = dict[str, Any]


class ThemeTables:
    """Tables over the reviews that a request finds."""

    def __init__(self, index: Index, request: SearchRequest) -> None:
        self._index = index
        self.records = Search(index, request).records()
        """The reviews that are counted, by number."""

    @cached_property
    def scheme(self) -> Mapping[str, Mapping[str, Any]]:
        """Every concept's label, facet and broader concept, as the index was built with."""
        return self._index.ledger.get("themes") or {}

    @cached_property
    def _facets(self) -> Mapping[str, str]:
        return self._index.ledger.get("facets") or {}

    def concept(self, typed: str) -> str:
        """The concept that is meant by its id, its label or the last part of its id; QueryError for none."""
        wanted = typed.strip().casefold()
        names = {concept.casefold(): concept for concept in self.scheme}
        names |= {str(facts["label"]).casefold(): concept for concept, facts in self.scheme.items()}
        ends = Counter(concept.partition(".")[2] for concept in self.scheme)
        names |= {end: c for c in self.scheme if ends[end := c.partition(".")[2]] == 1 and end not in names}
        found = names.get(wanted) or names.get(wanted.replace(" ", "_").replace("-", "_"))
        if found is None:
            near = get_close_matches(wanted, names, 1)
            hint = f"; did you mean {names[near[0]]!r}?" if near else ""
            raise QueryError(f"there is no theme {typed!r}{hint} (casereviews themes tree lists them all)")
        return found

    def label(self, concept: str) -> str:
        """A concept as a person reads it."""
        return str(self.scheme[concept]["label"]) if concept in self.scheme else concept

    def _field(self, concept: str) -> str:
        facet = self.scheme[concept]["facet"]
        return facet if facet in FIELDS else "theme"

    @cached_property
    def _tagged(self) -> dict[str, set[int]]:
        """Concept to the reviews that have it or a narrower one."""
        found: dict[str, set[int]] = defaultdict(set)
        marks = ", ".join("?" * len(FIELDS))
        query = f"SELECT value, record FROM facet WHERE field IN ({marks})"  # noqa: S608
        for value, record in self._index.connection.execute(query, FIELDS):
            if record in self.records:
                found[value].add(record)
        return found

    def counts(self, field: str = "theme", *, every: bool = False) -> Table:
        """Each concept: in how many reviews, on how many pages, in which share; with `every` those in none as well."""
        pages: Counter[str] = Counter()
        for concept, record, number in self._index.connection.execute("SELECT concept, record, pages FROM tag"):
            if record in self.records:
                pages[concept] += number
        listed = self._listed()
        rows = [
            {
                "theme": concept,
                "label": facts["label"],
                "facet": facts["facet"],
                "reviews": len(self._tagged.get(concept, ())),
                "pages": sum(pages[each] for each in self._below(concept)),
                "share": self._share(len(self._tagged.get(concept, ())), len(self.records)),
                "listed": listed[concept],
            }
            for concept, facts in self.scheme.items()
            if self._field(concept) == field and (every or self._tagged.get(concept))
        ]
        rows.sort(key=lambda row: (-row["reviews"], -row["pages"], row["theme"]))
        return self._table(rows)

    def _listed(self) -> Counter[str]:
        """How many reviews have a concept among the keywords that their sources list."""
        rows = self._index.connection.execute("SELECT value, record FROM facet WHERE field = 'listed'")
        return Counter(value for value, record in rows if record in self.records)

    def _below(self, concept: str) -> list[str]:
        return [concept, *(n for each in self._children.get(concept, ()) for n in self._below(each))]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for concept, facts in self.scheme.items():
            if facts["broader"]:
                found[facts["broader"]].append(concept)
        return found

    def tree(self) -> Table:
        """Every concept under its facet and its broader concept, with how many reviews have it."""
        rows: list[dict[str, Any]] = []

        def grow(concept: str, depth: int) -> None:
            facts = self.scheme[concept]
            found = len(self._tagged.get(concept, ()))
            rows.append({"facet": facts["facet"], "theme": concept, "label": facts["label"], "depth": depth})
            rows[-1] |= {"reviews": found, "share": self._share(found, len(self.records))}
            for each in self._children.get(concept, ()):
                grow(each, depth + 1)

        for facet in self._facets:
            for concept, facts in self.scheme.items():
                if facts["facet"] == facet and not facts["broader"]:
                    grow(concept, 0)
        return self._table(rows, facets=dict(self._facets))

    def trend(self, themes: Sequence[str]) -> Table:
        """Per year of publication: how many reviews, and how many and what share of them have each theme."""
        chosen = [self.concept(theme) for theme in themes]
        years = self._by_value("year")
        undated = len(self.records - set().union(*years.values()))
        rows = []
        for year in range(int(min(years)), int(max(years)) + 1) if years else ():
            published = years.get(str(year), set())
            for concept in chosen:
                found = len(published & self._tagged.get(concept, set()))
                row = {"year": year, "theme": concept, "label": self.label(concept), "reviews": found}
                rows.append(row | {"of": len(published), "share": self._share(found, len(published))})
        return self._table(rows, themes=chosen, undated=undated)

    def by(self, field: str, themes: Sequence[str] = (), *, most: int = 5) -> Table:
        """Each value of a field: its reviews, and the share of them with each theme, or with its commonest ones."""
        if field not in GROUPS:
            raise QueryError(f"themes are told apart by {', '.join(GROUPS)}, not by {field!r}")
        chosen = [self.concept(theme) for theme in themes]
        rows = []
        groups = sorted(self._by_value(field).items(), key=lambda item: (-len(item[1]), item[0]))
        for value, records in groups:
            found = {c: len(records & tagged) for c, tagged in self._tagged.items() if self._field_known(c)}
            ranked = chosen or sorted((c for c in found if found[c]), key=lambda c: (-found[c], c))[:most]
            for concept in ranked:
                number = found.get(concept, 0)
                row = {field: value, "label": self._index.facets.label(field, value), "of": len(records)}
                row |= {"theme": concept, "theme_label": self.label(concept), "reviews": number}
                rows.append(row | {"share": self._share(number, len(records))})
        return self._table(rows, by=field, themes=chosen)

    def _field_known(self, concept: str) -> bool:
        return concept in self.scheme and self._field(concept) == "theme"

    def _by_value(self, field: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for value, record in self._index.connection.execute(
            "SELECT value, record FROM facet WHERE field = ?", (field,)
        ):
            if record in self.records:
                found[value].add(record)
        return found

    def pairs(self, theme: str | None = None) -> Table:
        """Themes that stand in the same reviews more often than chance would have it: counts and lift.

        Lift is how many times more often than if the two were independent. The pairs that tell most come first, by
        how many reviews have both and how far that is above chance.
        """
        wanted = self.concept(theme) if theme else None
        themes = sorted(c for c in self._tagged if self._field_known(c) or c == wanted)
        rows: list[dict[str, Any]] = []
        for one, other in combinations(themes, 2):
            if wanted and wanted not in (one, other):
                continue
            both = len(self._tagged[one] & self._tagged[other])
            if both < _LEAST_TOGETHER or one in self._below(other) or other in self._below(one):
                continue
            first, second = (other, one) if wanted == other else (one, other)
            lift = both * len(self.records) / (len(self._tagged[one]) * len(self._tagged[other]))
            row: dict[str, Any] = {"theme": first, "label": self.label(first)}
            row |= {"with": second, "with_label": self.label(second)}
            row |= {"reviews": both, "theme_reviews": len(self._tagged[first])}
            rows.append(row | {"with_reviews": len(self._tagged[second]), "lift": round(lift, 2)})
        rows.sort(key=lambda row: (-row["reviews"] * math.log(row["lift"]), row["theme"], row["with"]))
        return self._table(rows)

    def explain(self, review: str) -> Table:
        """Every tag of a review with the sentences and pages that prove it, and the keywords its source lists."""
        entry = self._index.review(review)
        record = next(number for number, (found, _) in self._index.order.items() if found == entry.id)
        rows = tags.tags_of(self._index.connection, record)
        for row in rows:
            row["label"] = self.label(row["theme"])
            row["facet"] = self.scheme.get(row["theme"], {}).get("facet")
        listed = [{"theme": c, "label": self.label(c)} for c in entry.facts.get("listed") or ()]
        facts = {name: entry.facts.get(name) for name in ("title", "type", "published", "url")}
        facts["keywords"] = list(entry.facts.get("keywords") or ())
        states = "SELECT state FROM document WHERE record = ?"
        facts["read"] = any(state == "readable" for (state,) in self._index.connection.execute(states, (record,)))
        return {"review": entry.id, **facts, "listed": listed, "rows": rows}

    def diff(self, before: str, after: str) -> Table:
        """How many reviews had each theme by one moment (ISO, in UTC) and by a later one, as they were first seen."""
        seen: dict[int, str] = {}
        for record, value in self._index.connection.execute("SELECT record, value FROM description"):
            if record in self.records:
                seen[record] = json.loads(value)["first_seen"]
        rows = []
        for concept in self.scheme:
            moments = [seen[record] for record in self._tagged.get(concept, ())]
            old, new = (sum(moment <= until for moment in moments) for until in (before, after))
            if old != new:
                row: dict[str, Any] = {"theme": concept, "label": self.label(concept)}
                row["facet"] = self.scheme[concept]["facet"]
                rows.append(row | {"before": old, "after": new, "change": new - old})
        rows.sort(key=lambda row: (-abs(row["change"]), row["theme"]))
        totals = [sum(moment <= until for moment in seen.values()) for until in (before, after)]
        return self._table(rows, reviews_before=totals[0], reviews_after=totals[1])

    def _table(self, rows: Iterable[Mapping[str, Any]], **more: Any) -> Table:
        return {
            "reviews": len(self.records),
            "index_built": self._index.built,
            "themes_version": self._index.ledger.get("themes_version"),
            **more,
            "rows": list(rows),
        }

    @staticmethod
    def _share(part: int, whole: int) -> float | None:
        return round(part / whole, 4) if whole else None
