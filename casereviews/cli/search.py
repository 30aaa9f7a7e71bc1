"""Find reviews, pages or recommendations, each hit with the page that proves it."""

import argparse

from casereviews.cli.arguments import add_choice, add_format, number, plain, settings

EXAMPLES = """
casereviews search 'bruising "non-mobile"'
casereviews search 'professional curiosity' --in pages --from 2019
casereviews search --like cspr-panel:bruising-non-mobile-infants-briefing:12 --in pages
casereviews search --type cspr --nation wales --sort newest --format csv
"""

MINUS_WORDS = True
USAGE = "[QUERY]"
FILTERS = {
    "theme": "tagged with this theme",
    "source": "from this source (casereviews sources)",
    "type": "of this type: cspr, scr, dhr, sar, pfd … (--facet type)",
    "area": "about this area (--facet area)",
    "nation": "england, wales, scotland or northern-ireland",
    "agency": "naming this agency",
    "age": "about this age band: baby, early_years, middle, adolescent, older …",
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help='words, "a phrase", OR, NOT or -, neglec*, title:word'
    )
    add_filters(parser).add_argument(
        "--section", action="append", default=[], metavar="SECTION", help="in this section of a report"
    )
    parser.add_argument("--expand", action="store_true", help="look for what acronyms stand for too, and the reverse")
    parser.add_argument("--like", metavar="REVIEW[:PAGE]", help="reviews or pages like this one")
    shape = parser.add_argument_group("what to show")
    add_choice(shape, "--in", ("reviews", "pages", "recommendations"), dest="inside")
    add_choice(shape, "--sort", ("relevance", "newest", "oldest"))
    shape.add_argument("--limit", type=number, default=10, metavar="N", help="hits to show (default 10)")
    shape.add_argument("--all", dest="limit", action="store_const", const=None, help="show every hit")
    shape.add_argument("--offset", type=number, default=0, metavar="N", help="hits to skip")
    shape.add_argument("--explain", action="store_true", help="say how the query is understood and why hits rank")
    shape.add_argument("--facet", action="append", default=[], metavar="FIELD", help="count all hits by this field")
    shape.add_argument(
        "--collapse",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="show a review that several listings have once (default), or each copy on its own",
    )
    add_format(shape, "table", "json", "jsonl", "csv")


def add_filters(
    parser: argparse.ArgumentParser, until: tuple[str, ...] = ("--to", "--until")
) -> argparse._ArgumentGroup:
    """The flags that narrow which reviews are meant; `until` where --to means something else."""
    filters = parser.add_argument_group("filters (repeat one for OR; different ones all apply)")
    for name, told in FILTERS.items():
        filters.add_argument(f"--{name}", action="append", default=[], metavar=name.upper(), help=told)
    filters.add_argument("--from", dest="since", metavar="DATE", help="published in or after this year or date")
    filters.add_argument(*until, dest="until", metavar="DATE", help="published in or before this year or date")
    return filters


def filters_of(options: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    """The filters that were given."""
    return {name: tuple(getattr(options, name)) for name in FILTERS if getattr(options, name)}


def run(options: argparse.Namespace) -> int:
    """Search; no hits is an answer and no failure."""
    from casereviews.cli import hits
    from search import SearchRequest, open_index

    request = SearchRequest(
        query=plain(options.query),
        filters=filters_of(options),
        since=options.since,
        until=options.until,
        inside=options.inside,
        sections=tuple(options.section),
        sort=options.sort,
        limit=options.limit,
        offset=options.offset,
        facets=tuple(options.facet),
        collapse=options.collapse,
        like=options.like,
        expand=options.expand,
        explain=options.explain,
    )
    with open_index(settings(options).index_folder) as index:
        found = index.search(request).to_dict()
    hits.show(found, options)
    return 0
