"""The invented reviews that the typed queries are asked of."""

from casereviews.model import Record
from tests.search.records import record

RECORDS: tuple[Record, ...] = (
    record(
        "heron",
        "Serious Case Review: Child C. (CSPR-23/04). The baby was not brought to A&E. Working Together 2018 applies.",
        "Professional curiosity was lacking; the mother's partner was not known. Neglect went unseen.",
        "The health visitor's record said “disguised compliance”. Non-mobile infants with bruising need a check.",
        title="Child Heron: neglect in Anytown",
        themes=("harm.neglect",),
        agencies=("police", "health"),
        published="2019-03-01",
        type="scr",
        sections=("introduction", "findings", "findings"),
    ),
    record(
        "wren",
        "A domestic homicide review. She was killed by her ex-partner. Coercive control was missed by the GP and "
        "MARAC.",
        "Recommendation 1: the police should share information. O'Brien's report was read at 3rd panel.",
        title="Domestic homicide review: Wren",
        type="dhr",
        area="Otherton",
        published="2021",
        themes=("harm.domestic_abuse",),
        agencies=("police",),
        sections=("narrative", "recommendations"),
    ),
    record(
        "teal",
        "The coroner was concerned. Risk assessment forms were not completed; the ligature point was known since 2014.",
        title="Prevention of future deaths: Teal",
        source="pfd",
        type="pfd",
        area="Ynys M\u00f4n",
        nation="wales",
        published="2023-07-09",
        themes=("harm.suicide",),
    ),
    record(
        "swift",
        "Two siblings were neglected for 5 years. School attendance fell below 50%. Bruises were seen by teachers.",
        title="Twins S and T",
        source="nspcc",
        published="2016-05",
        themes=("harm.neglect",),
    ),
    record(
        "rook", "An annual report without cases.", title="Annual report 2020/21", type="annual-report", published="2021"
    ),
)
