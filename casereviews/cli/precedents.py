"""Find earlier recommendations that say the same to the same kind of body, oldest first."""

import argparse

from casereviews.cli.arguments import add_format, plain, settings
from casereviews.cli.output import print_json, terminal
from casereviews.cli.recommendations import named
from casereviews.cli.words import count, day, short_id
from casereviews.errors import UsageError
from casereviews.terminal import clean

MINUS_WORDS = True
USAGE = '"TEXT" | --of REVIEW:NUMBER'
EXAMPLES = """
casereviews precedents "GPs should follow up children who are not brought"
casereviews precedents --of cspr-panel:bruising-non-mobile-infants-briefing:5
casereviews precedents "share information at handover" --to police
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("text", nargs="*", metavar="TEXT", help="what is to be recommended")
    parser.add_argument("--of", metavar="REVIEW:NUMBER", help="what was said before this recommendation")
    parser.add_argument(
        "--to", metavar="ADDRESSEE", help="said to this kind of body (police, health, school …), or part of its name"
    )
    add_format(parser, "text", "json")


def run(options: argparse.Namespace) -> int:
    """Look; that nothing was said before is an answer and no failure."""
    from search import open_index
    from search.precedents import precedents

    text = plain(options.text)
    if bool(text.strip()) == (options.of is not None):
        raise UsageError("give either a text or --of REVIEW:NUMBER; casereviews precedents --help tells more")
    with open_index(settings(options).index_folder) as index:
        found = precedents(index, text, of=options.of, to=options.to).to_dict()
    if options.format == "json":
        print_json(found)
        return 0
    out = terminal(options)
    to = f" to {clean(' or '.join(found['to']))}" if found["to"] else ""
    among = f"{count(found['searched']['recommendations'], 'recommendation')} of "
    among += count(found["searched"]["reviews"], "searchable review")
    if not found["hits"]:
        out.paragraph(f"Nothing like it was recommended{to} before, among {among}.")
        return 0
    out.paragraph(out.paint("strong", f"Said {count(found['total'], 'time')} before{to}") + f", among {among}:")
    for hit in found["hits"]:
        out.say("")
        place = f"p. {hit['page']}" if hit["page"] else "summary"
        whom = f" to {clean(hit['addressee'])}" if hit["addressee"] else ""
        head = f"{day(hit['published'])} · {clean(hit['publisher'] or hit['source'])}"
        out.paragraph(f"{out.paint('strong', head)} · {hit['likeness']:.0%} alike")
        out.paragraph(f"{clean(hit['title'])}", indent="  ", most=2)
        out.hanging(f"  {out.link(place, hit['document_url'])}  ", f"{named(hit)}{whom}: {clean(hit['text'])}")
        page = f" --page {hit['page']}" if hit["page"] else ""
        out.say(f"  casereviews show {out.paint('label', short_id(clean(hit['review'])))}{page}")
    return 0
