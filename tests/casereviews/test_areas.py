"""Areas: every name finds the one place it stands for, and what is unclear finds none."""

import tomllib
from collections import Counter
from collections.abc import Callable
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.areas import Area, aliases, areas, find_in, normalise
from casereviews.model import NATIONS

TABLE = tomllib.loads(files("casereviews").joinpath("areas.toml").read_text("utf-8"))

any_area = st.sampled_from(areas())
any_name = st.sampled_from(
    [
        (name, area)
        for nation in NATIONS
        for kind, rows in TABLE[nation].items()
        for area, row in rows.items()
        for name in (
            *(row if isinstance(row, list) else row.get("aliases", ())),
            *([area] if kind != "district" else ()),
        )
    ]
)


def name_of(text: str) -> str | None:
    area = normalise(text)
    return area.name if area else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Durham", "County Durham"),
        ("Durham County Council", "County Durham"),
        ("Safe Durham Partnership", "County Durham"),
        ("St. Helens", "St Helens"),
        ("SAINT HELENS", "St Helens"),
        ("Kent & Medway", "Kent and Medway"),
        ("Hull City Council", "Kingston upon Hull"),
        ("City of York Council", "York"),
        ("Royal Borough of Windsor & Maidenhead", "Windsor and Maidenhead"),
        ("London Borough of Barnet", "Barnet"),
        ("City of London", "City of London"),
        ("City & Hackney Safeguarding Children Partnership (CHSCP)", "City and Hackney"),
        ("Bi-Borough", "Kensington and Chelsea and Westminster"),
        ("Bournemouth and Poole LSCB", "Bournemouth, Christchurch and Poole"),
        ("Bournemouth,\u00a0Christchurch & Poole", "Bournemouth, Christchurch and Poole"),
        ("Pan-Dorset Safeguarding Children Partnership", "Pan-Dorset"),
        ("Cumbria LSCB", "Cumbria"),
        ("Northamptonshire Safeguarding Children Partnership", "Northamptonshire"),
        ("Safer Stockton Partnership", "Stockton-on-Tees"),
        ("Sandwell Children’s Safeguarding Partnership", "Sandwell"),
        ("Rochdale Borough Safeguarding Children Board", "Rochdale"),
        ("Lincoln", "Lincolnshire"),
        ("Western Suffolk", "Suffolk"),
        ("Hinckley and Bosworth", "Leicestershire"),
        ("King's Lynn and West Norfolk", "Norfolk"),
        ("Corby Community Safety Partnership", "North Northamptonshire"),
        ("Newport City Council", "Newport"),
        ("Newport", "Newport"),
        ("Ynys Mon", "Isle of Anglesey"),
        ("Cwm Taf Safeguarding Children Board", "Cwm Taf Morgannwg"),
        ("Cardiff and Vale Regional Safeguarding Board", "Cardiff and Vale of Glamorgan"),
        ("CYSUR", "Mid and West Wales"),
        ("Comhairle nan Eilean Siar", "Na h-Eileanan Siar"),
        ("Perth & Kinross Child Protection Committee", "Perth and Kinross"),
        ("Safeguarding Board for Northern Ireland (SBNI)", "Northern Ireland"),
        ("Western HSC Trust", "Western Health and Social Care Trust"),
        ("Newcastle LSCB", "Newcastle upon Tyne"),
        ("Newcastle-under-Lyme", "Staffordshire"),
        ("Newcastle Borough Council", "Staffordshire"),
        ("Richmond Safeguarding Children Board", "Richmond upon Thames"),
        ("Kingston Council", "Kingston upon Thames"),
    ],
)
def test_known(text: str, expected: str) -> None:
    assert name_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "&", "Anonymous", "Unnamed", "Unknown", "National", "England", "London", "City", "The", "Council",
        "Safeguarding Children Board", "Western", "South East", "Newcastle", "Newcastle Community Safety Partnership",
        "Richmond", "Kingston", "Berkshire", "Bedfordshire", "Greater Manchester", "Birmingham and Solihull",
        "Leeds, Bradford", "Nottingham County", "Kent Police", "Child A", "Barnet " * 200, "Leeds" + " council" * 99,
    ],
)  # fmt: skip
def test_not_guessed(text: str) -> None:
    assert normalise(text) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Child A - Leeds - 2019", "Leeds"),
        ("Leeds’s learning: Child A (Leeds LSCB)", "Leeds"),
        ("Child D, Reading LSCB", "Reading"),
        ("Bournemouth, Christchurch and Poole SCP: Child B", "Bournemouth, Christchurch and Poole"),
        ("Derby and Derbyshire Safeguarding Children Partnership: Child X", "Derby and Derbyshire"),
        ("Child practice review, Cardiff & Vale", "Cardiff and Vale of Glamorgan"),
        ("Kingston LSCB: Family X", "Kingston upon Thames"),
        ("Safer Bury Partnership: Adult Q", "Bury"),
        ("Child Preston - Leeds LSCB", "Leeds"),
        ("A death in Lancashire: Preston", "Lancashire"),
        ("Progress in Reading", None),
        ("Child Devon", None),
        ("Devon Child Safeguarding Practice Review", None),
        ("2025 - Anonymous - Lincoln", None),
        ("Learning in York and Leeds", None),
        ("Kirklees and Calderdale", None),
        ("Leeds and Bradford Safeguarding Children Board", None),
        ("Reading and Bradford LSCB", None),
        ("A review across Greater Manchester", None),
        ("The leeds trial, an RCT", None),
        ("Richmond", None),
        ("", None),
    ],
)
def test_titles(title: str, expected: str | None) -> None:
    area = find_in(title)
    assert (area.name if area else None) == expected


def test_table_is_whole() -> None:
    counts = Counter((area.nation, area.kind) for area in areas())
    assert counts["england", "authority"] == 153
    assert counts["wales", "authority"] == 22
    assert counts["scotland", "authority"] == 32
    assert counts["northern-ireland", "authority"] == 11
    by_name = {area.name: area for area in areas()}
    assert len(by_name) == len(areas())
    for area in areas():
        assert bool(area.covers) == (area.kind in ("partnership", "board", "committee"))
        assert all((by_name[part].nation, by_name[part].kind) == (area.nation, "authority") for part in area.covers)
    for boards in ("wales", "northern-ireland"):
        parts = [part for area in areas() if area.nation == boards and area.kind == "board" for part in area.covers]
        assert sorted(parts) == sorted(a.name for a in areas() if (a.nation, a.kind) == (boards, "authority"))


def test_unclear_and_careful_names_are_in_step_with_the_table() -> None:
    known = {area.name for area in areas()}
    for name, meant in TABLE["unclear"].items():
        assert normalise(name) is None
        assert name_of(f"{name} LSCB") == (meant or None)
        assert meant in {*known, ""}
    assert all(normalise(name) for name in TABLE["titles"]["careful"])
    assert not set(TABLE["titles"]["wider"]) & aliases().keys()


@given(any_name)
def test_every_name_has_its_area(pair: tuple[str, str]) -> None:
    assert name_of(pair[0]) == pair[1]


@given(any_area)
def test_a_normalised_area_stays_itself(area: Area) -> None:
    assert normalise(area.name) == area


@given(any_name, st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from([" ", "-", "  ", "\u00a0", " – "]))
def test_case_space_and_hyphens_do_not_matter(pair: tuple[str, str], case: Callable[[str], str], space: str) -> None:
    assert name_of(f"\t{case(pair[0])} ".replace(" ", space).replace("&", " & ")) == pair[1]


@given(
    any_area.filter(lambda area: area.kind in ("authority", "partnership")),
    st.sampled_from(
        [
            "LSCB",
            "Safeguarding Children Board",
            "Safeguarding Children Partnership",
            "SCP",
            "Council",
            "Local Authority",
        ]
    ),
)
def test_an_organisation_is_its_area(area: Area, organisation: str) -> None:
    assert normalise(f"{area.name} {organisation}") == area
    if organisation != "Local Authority":
        assert find_in(f"Child Q: {area.name} {organisation}") == area


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    normalise(text)
    find_in(text)
