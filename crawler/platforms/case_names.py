"""What a heading or a sentence of a board's website says: the name of a case, a kind of page, or mere furniture."""

import re

from crawler.dates import MONTH

_WORDS = r"""
    local|national|extended|concise|child(?:ren)?(?:['’]?s)?|safeguarding|practice|serious|significant|case|learning
    |thematic|rapid|management|single|unified|domestic|multi|agency|independent|adults?|historical?|partnership
"""
_PHRASE = re.compile(
    rf"""\b(?:(?:{_WORDS})\W+){{0,12}}(?:reviews?|investigations?|l?csprs?|scrs?|cprs?|cmrs?|sprs?|susrs?)\b"""
    r"(?:\W+(?:reports?|overview|briefings?)\b){0,3}",
    re.IGNORECASE | re.VERBOSE,
)
_REVIEWS = re.compile(
    r"""
    \b(?:case|practice|learning|serious|thematic|safeguarding|local|published|management|homicide)\W+
      (?:child(?:ren)?\W+|case\W+|practice\W+){0,4}reviews?\b
    | \b(?:L?CSPR|SCR|CPR|CMR|SUSR)s?\b | \breviews?\W+(?:reports?|published|briefings?)\b
    | \b(?:lessons|learning)\W+(?:\w+\W+)?from\W+(?:\w+\W+){0,2}(?:reviews?|practice|cases?)\b
    | \b(?:7|seven)\W*minute\W+(?:briefings?|guides?|learning)\b | \bindependent\W+(?:\w+\W+){0,2}investigations?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CASE = re.compile(
    r"""
    \b(?i:child|children|baby|babies|family|families|siblings?|sibling\ group|young\ (?:person|people|adult)|infant|boy
        |girl|case|adolescent|teenager|YP|patient)\s+
    (?:[“‘"'][^\W\d_]|(?!(?i:safeguarding|practice|protection|reviews?|deaths?|sexual|criminal|exploitation|abuse
        |neglect|services|social|and|learning|partnership|management|law|studies|study|welfare|in|of|the|at)\b)
        (?:[A-Z]|\d))
    """,
    re.VERBOSE,
)
_GENERIC = frozenset(
    re.findall(
        r"\S+",
        """
        published publication publications publishing publish recent recently latest current previous archived
        archive past older new all our its the an of and or from for in into on to by with at as learning lessons
        lesson learnt learned report reports overview executive summary summaries full final draft briefing
        briefings minute minutes seven 7 guide action plan plans response responses document documents download
        downloads resource resources related link links further information reading page pages introduction about
        what is are was were has have been how why when we do contents materials material more here click read view
        see please practice safeguarding children partnership partnerships board boards local national case cases
        available opens window tab pdf doc docx odt word kb mb file size copy statement slides presentation you can
        find this that these those us website site list undertaken completed concerning regarding respect relation
        review reviews scr cspr lcspr cpr cmr 1st 2nd 3rd one
        behalf panel group subgroup committee cpc lscp cscp memo memos contacts process event
        """,
    )
)
"""Words at the beginning or end of a title that do not belong to a case's name."""
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{MONTH})\s*,?\s*(?:19|20)\d\d\b|\b{MONTH}\b(?=\W*$)"
    r"|(?<![A-Z\d] )(?<!\d/)\b(?:19|20)\d\d\b(?![/-]\d)|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b((?:19|20)\d\d)-(\d\d?)\b(?!-)")
"""A case's number with the year first, such as 2019-01."""
_FURNITURE = re.compile(
    r"""
    referral|template|terms\ of\ reference|flow\W*chart|polic(?:y|ies)\b|procedures?\b|protocol|agenda\b|minutes\ of
    |(?:annual|yearly)\W+(?:\w+\W+)?report|newsletter|\be\W?bulletin|framework|guidance|toolkit|pathway
    |threshold|strategy|constitution|arrangements|training|leaflet|poster|\bforms?\b|working\ together|privacy|cookies?
    |scoping|notification|business\ plan|membership|section\ 11|repository|national\ collection|consultation
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MANY = re.compile(r"\breviews\b|\b(?:CSPR|SCR|CPR|CMR)s\b", re.IGNORECASE)
_ADULTS = re.compile(r"\badults?\b|\bSARs?\b|\bAPRs?\b|\bDHRs?\b|\bDARDRs?\b|domestic\W+homicide", re.IGNORECASE)
_NATIONAL = re.compile(r"\bnational\b", re.IGNORECASE)


def speaks_of_reviews(text: str) -> bool:
    """Whether a text, or the words of an address, are those of case reviews."""
    return bool(_REVIEWS.search(_spaced(text)))


def is_furniture(text: str) -> bool:
    """Whether a link or heading is about how reviews are made rather than about one."""
    return bool(_FURNITURE.search(_spaced(text)))


def is_elsewhere(text: str) -> bool:
    """Whether a text is of reviews that other sources tell: national ones, and those about adults."""
    if _ADULTS.search(text) and not re.search(r"\bchild|\byoung", text, re.IGNORECASE):
        return True
    return bool(_NATIONAL.search(text)) and not re.search(r"\blocal", text, re.IGNORECASE)


def names_case(text: str) -> bool:
    """Whether a text names a person or family as reviews do.

    >>> names_case("LCSPR “Child HN”"), names_case("Family E report"), names_case("Child Safeguarding Practice Reviews")
    (True, True, False)
    """
    return bool(_CASE.search(text))


def is_case(text: str) -> bool:
    """Whether a title is surely that of one case, rather than of anything else that has a name."""
    return names_case(text) or (speaks_of_reviews(text) and not _MANY.search(text))


def case_name(text: str) -> str:
    """What is left of a title without the words that all reviews share; nothing where it names no case.

    >>> case_name("Child Safeguarding Practice Review: Zac (ZDS22)"), case_name("7 minute briefing – Child A, May 2024")
    ('Zac ZDS22', 'Child A')
    >>> case_name("CPR GSB 1/2021"), case_name("LCSPR 2024/02")
    ('GSB 1 2021', '2024 02')
    >>> case_name("Recently Published Child Safeguarding Practice Reviews:"), case_name("March 2024")
    ('', '')
    """
    if _MANY.search(text) and not names_case(text):
        return ""
    rest = _DATE.sub(" ", _PHRASE.sub(" ", _spaced(_NUMBER.sub(r"\1/\2", text))))
    # The article `a` goes, the A of Child A stays.
    words = [word for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", rest) if word != "a"]
    while words and words[0].lower() in _GENERIC:
        del words[0]
    while words and words[-1].lower() in _GENERIC:
        del words[-1]
    return " ".join(words)


def _spaced(text: str) -> str:
    """Words of an address or file name set apart as those of a sentence are."""
    return re.sub(r"[_+]|%20|(?<=\w)-(?=\w)", " ", text)
