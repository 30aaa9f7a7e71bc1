"""Boards' sites as one source, crawled over a loopback web: each on its own, none lost quietly."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse

from casereviews.archive import SourceResult
from casereviews.areas import areas
from casereviews.errors import UsageError
from casereviews.model import Review
from crawler.expect import Expect
from crawler.fixtures import play, read_case, spiders
from crawler.platforms.boards import MOST_DOCUMENTS, MOST_PAGES, BoardsSpider
from crawler.platforms.case_names import speaks_of_reviews
from crawler.platforms.case_pages import read_cases
from crawler.platforms.own_sites import own_sites
from crawler.platforms.sites import Site
from tests.crawler.faultserver import Answer, Web, page, pdf
from tests.crawler.toys import Lab

HERE = Path(__file__).parent
BOARDS = [name for name, spider in spiders().items() if issubclass(spider, BoardsSpider)]
CASES = sorted(path.parent for source in BOARDS for path in HERE.glob(f"{source}/*/meta.json"))
FERN, GORSE, HEATH, IVY = (f"{name}.example" for name in ("fern", "gorse", "heath", "ivy"))
DISALLOW = Answer(b"User-agent: *\nDisallow: /reviews", "text/plain")


def site(host: str, *paths: str) -> Site:
    name = host.removesuffix(".example")
    return Site(name, f"{name.title()} Board", name.title(), tuple(f"https://{host}{path}" for path in paths))


class ToyBoards(BoardsSpider):
    name = "toy-boards"
    nation = "england"
    sites = tuple(site(host, "/reviews") for host in (FERN, GORSE, HEATH, IVY))
    expect = Expect(minimum=0, filled={"title": 1.0, "links": 1.0}, failed_documents=0.5, drop=1.0)


class ToyPair(ToyBoards):
    sites = (site(FERN, "/reviews", "/older-reviews"),)


def cases(*names: str, more: str = "") -> Answer:
    entries = "".join(
        f'<h2>Child {name}</h2><p>Published 4 March 2025</p><p><a href="/files/{name}.pdf">Report of the review</a></p>'
        for name in names
    )
    return page(f"<h1>Local child safeguarding practice reviews</h1>{entries}{more}")


def link(path: str, text: str) -> str:
    return f'<p><a href="{path}">{text}</a></p>'


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        for host in (FERN, GORSE, HEATH, IVY):
            web.routes[f"{host}/reviews"] = cases("Ash", "Birch", "Cedar", "Dogwood")
            for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elder"):
                web.routes[f"{host}/files/{name}.pdf"] = Answer(pdf(host + name), "application/pdf")
        yield web


@pytest.fixture
def lab(web: Web, tmp_path: Path) -> Lab:
    return Lab(web, tmp_path)


def held(lab: Lab, state: str = "present") -> dict[str, Review]:
    with lab.archive() as archive:
        stored = [each.review for each in archive.reviews() if each.state == state]
    return {review.key: review for review in stored}


def named(result: SourceResult, *texts: str) -> bool:
    return any(all(text in error for text in texts) for error in result.errors)


def test_sites_are_gathered_each_with_its_area_and_publisher(lab: Lab) -> None:
    result = lab.result(ToyBoards)
    assert (result.verdict, result.found, result.errors) == ("ok", 16, ())
    ash = held(lab)["fern.child-ash"]
    assert (ash.publisher, ash.area, ash.nation, ash.type, ash.published) == (
        "Fern Board",
        "Fern",
        "england",
        "cspr",
        "2025-03-04",
    )


@pytest.mark.parametrize(
    "broken",
    [
        Answer(b"<html>busy</html>", status=503),
        Answer(b"", status=404),
        page("<h1>Sign in</h1><p>Your session has ended.</p>"),
        page("<h1>Learning from case reviews</h1><p>Now on another page.</p>"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<html>",
    ],
    ids=["503", "404", "login", "emptied", "cut"],
)
def test_a_site_that_fails_is_named_keeps_its_reviews_and_leaves_the_others(
    web: Web, lab: Lab, broken: Answer | bytes
) -> None:
    lab.result(ToyBoards)
    before = held(lab)
    web.routes[f"{GORSE}/reviews"] = broken
    web.routes[f"{HEATH}/reviews"] = cases("Ash", "Birch", "Cedar", "Dogwood", "Elder")
    result = lab.result(ToyBoards)
    assert (result.verdict, result.missing, result.new) == ("ok", (), ("toy-boards:heath.child-elder",))
    assert named(result, "Gorse Board fell short")
    assert before.keys() < held(lab).keys()


def test_a_site_that_robots_txt_closes_is_named_and_not_asked(web: Web, lab: Lab) -> None:
    web.routes[f"{GORSE}/robots.txt"] = DISALLOW
    result = lab.result(ToyBoards)
    assert (result.verdict, result.found) == ("ok", 12)
    assert named(result, "Gorse Board fell short", "robots.txt")
    assert f"{GORSE}/reviews" not in web.paths()


def test_the_source_falls_short_when_too_many_sites_do(web: Web, lab: Lab) -> None:
    lab.result(ToyBoards)
    for host in (GORSE, HEATH):
        web.routes[f"{host}/reviews"] = page("<h1>We are moving</h1>")
    result = lab.result(ToyBoards)
    assert (result.verdict, result.missing) == ("short", ())
    assert named(result, "more than 25% of 4 sites fell short")
    assert named(result, "Gorse Board") and named(result, "Heath Board")


def test_a_review_that_leaves_a_healthy_site_is_missing(web: Web, lab: Lab) -> None:
    lab.result(ToyBoards)
    web.routes[f"{GORSE}/reviews"] = cases("Ash", "Birch", "Cedar")
    result = lab.result(ToyBoards)
    assert (result.verdict, result.missing) == ("ok", ("toy-boards:gorse.child-dogwood",))


def test_zero_reviews_on_a_page_is_valid(web: Web, lab: Lab) -> None:
    web.routes[f"{GORSE}/reviews"] = cases(more="<p>There are none at present.</p>")
    result = lab.result(ToyBoards)
    assert (result.verdict, result.found, result.errors) == ("ok", 12, ())


def test_one_step_to_pages_that_speak_of_reviews_on_the_same_site_once_each(web: Web, lab: Lab) -> None:
    web.routes[f"{FERN}/reviews"] = cases(
        "Ash",
        more=link("/reviews?contrast=1", "Case reviews in another contrast")
        + link("/reviews/print", "Print our case reviews")
        + link("https://www.fern.example/serious-case-reviews", "Older serious case reviews")
        + link("/serious-case-reviews/?contrast=1", "Older serious case reviews")
        + link("https://fern.trixonline.co.uk/case-reviews", "Case review procedures")
        + link("/about", "About the board")
        + link("https://gorse.example/reviews", "Case reviews of our neighbours"),
    )
    older = cases("Elder", more=link("/case-reviews-before-2010", "Case reviews before 2010"))
    web.routes[f"www.{FERN}/serious-case-reviews"] = web.routes[f"{FERN}/serious-case-reviews/"] = older
    web.routes[f"www.{FERN}/files/Elder.pdf"] = Answer(pdf("elder"), "application/pdf")
    result = lab.result(ToyPair)
    asked = [path for path in web.paths() if "files" not in path]
    assert asked == [f"{FERN}/reviews", f"{FERN}/older-reviews", f"www.{FERN}/serious-case-reviews"]
    assert set(held(lab)) == {"fern.child-ash", "fern.child-elder"}
    assert named(result, "Fern Board fell short", "404")  # its second page


def test_a_further_page_of_a_list_leads_on_to_its_cases(web: Web, lab: Lab) -> None:
    card = '<article><a href="/reviews/fir"><h3>Child Fir</h3><p>Published 2 May 2024</p></a></article>'
    web.routes[f"{FERN}/reviews"] = page(f"<h1>Practice reviews</h1>{link('/reviews/page/2', '2')}")
    web.routes[f"{FERN}/reviews/page/2"] = page(
        f"<h1>Practice reviews</h1>{link('/files/Ash.pdf', 'Ash')}{link('/files/Birch.pdf', 'Birch')}{card}"
    )
    web.routes[f"{FERN}/reviews/fir"] = page(link("/files/Elder.pdf", "Report"))
    lab.result(ToyBoards)
    ours = {key: review.title for key, review in held(lab).items() if key.startswith("fern.")}
    assert ours == {"fern.ash": "Ash", "fern.birch": "Birch", "fern.child-fir": "Child Fir"}


def test_cases_numbered_by_year_are_as_many_reviews() -> None:
    files = ("GSB 1/2020", "GSB 1/2021", "LCSPR 2023/02", "LCSPR 2024/02", "SCR 2019-01", "SCR 2020-01")
    listed = "".join(link(f"/files/{number}.pdf", f"{told} report") for number, told in enumerate(files))
    body = f"<h1>Practice reviews</h1>{listed}"
    assert len(read_cases(HtmlResponse("https://fern.example/reviews", body=body, encoding="utf-8")).found) == 6


def test_headings_within_an_accordion_without_headings_are_its_case_s() -> None:
    body = (
        "<h1>Practice reviews</h1><div>Child Heron – March 2025</div><div><h4>Background</h4><p>Heron was fourteen"
        " when he was seriously harmed in a park.</p><h4>Documents</h4><a href='/files/1.pdf'>Report</a></div>"
        "<h2>More</h2><a href='/files/2.pdf'>Serious case review: Child Ibis</a>"
    )
    found = read_cases(HtmlResponse("https://fern.example/reviews", body=body, encoding="utf-8")).found
    assert list(found) == ["child-heron", "child-ibis"]
    assert found["child-heron"].dated == "2025-03"
    assert found["child-heron"].told == "Heron was fourteen when he was seriously harmed in a park."


def test_what_two_pages_tell_of_a_case_is_one_review(web: Web, lab: Lab) -> None:
    web.routes[f"{FERN}/reviews"] = cases("Ash", more=link("/ash", "Child Ash: seven minute briefing"))
    web.routes[f"{FERN}/ash"] = Answer(pdf("briefing"), "application/octet-stream")
    lab.result(ToyBoards)
    review = held(lab)["fern.child-ash"]
    assert [(each.url, each.kind) for each in review.links] == [
        (f"https://{FERN}/files/Ash.pdf", "report"),
        (f"https://{FERN}/ash", "briefing"),
    ]
    with lab.archive() as archive:
        assert all(each.version for each in archive.documents(review.id))


@pytest.mark.parametrize("last", ["robots", "reset", "404"])
def test_a_further_page_that_is_not_had_loses_nothing_of_the_first(web: Web, lab: Lab, last: str) -> None:
    web.routes[f"{FERN}/reviews"] = cases("Ash", more=link("/closed/case-reviews", "More case reviews"))
    if last == "robots":
        web.routes[f"{FERN}/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed", "text/plain")
    elif last == "reset":
        web.routes[f"{FERN}/closed/case-reviews"] = b""
    result = lab.result(ToyBoards)
    assert (result.verdict, result.found) == ("ok", 13)
    assert "fern.child-ash" in held(lab)
    assert named(result, "Fern Board", "/closed/case-reviews")


def test_budgets_of_documents_and_pages_are_kept_and_told(web: Web, lab: Lab) -> None:
    many = [f"Number{n}" for n in range(MOST_DOCUMENTS + 5)]
    pages = "".join(link(f"/case-reviews/{n}", f"Case reviews {n}") for n in range(MOST_PAGES + 5))
    web.routes[f"{FERN}/reviews"] = cases(*many, more=pages)
    result = lab.result(ToyBoards)
    assert sum(path.startswith(f"{FERN}/files/") for path in web.paths()) == MOST_DOCUMENTS
    assert sum(path.startswith(f"{FERN}/case-reviews/") for path in web.paths()) == MOST_PAGES
    assert named(result, "Fern Board", f"first {MOST_DOCUMENTS} documents")
    assert named(result, "Fern Board", f"first {MOST_PAGES} pages")


def test_a_login_page_served_as_a_report_is_no_document(web: Web, lab: Lab) -> None:
    web.routes[f"{FERN}/files/Ash.pdf"] = page("<title>Sign in</title>")
    result = lab.result(ToyBoards)
    assert result.documents.failed == 1
    assert named(result, "fern.child-ash", "Sign in")


def test_a_finished_crawl_is_read_again_offline(web: Web, lab: Lab) -> None:
    lab.result(ToyBoards)
    asked = len(web.asked)
    result = lab.result(ToyBoards, offline=True)
    assert (result.verdict, result.found, result.changed, result.missing) == ("ok", 16, (), ())
    assert len(web.asked) == asked


def rows(lab: Lab, text: str) -> Path:
    """Write a file of sites and configure it for the toy source."""
    file = lab.folder / "boards.toml"
    file.write_text(text, encoding="utf-8")
    lab.options["sources"] = {ToyBoards.name: {"sites_file": str(file)}}
    return file


def row(id: str, more: str = "", host: str = FERN) -> str:
    return f'[[site]]\nid = "{id}"\nname = "{id} board"\nurls = ["https://{host}/reviews"]\n{more}\n'


class ToyMany(ToyBoards):
    expect = Expect(minimum=8, filled={"title": 1.0, "links": 1.0, "area": 1.0}, failed_documents=0.5, drop=1.0)


def test_a_file_of_sites_stands_in_the_place_of_the_built_in_ones(web: Web, lab: Lab) -> None:
    rows(lab, row("dell", 'area = "Lower Dell"') + row("brook", "", HEATH) + row("glan", 'source = "wales"', IVY))
    result = lab.result(ToyMany)
    assert (result.verdict, result.found, result.errors) == ("ok", 8, ())
    assert {path.partition("/")[0] for path in web.paths()} == {FERN, HEATH}
    areas = {review.publisher: review.area for review in held(lab).values()}
    assert areas == {"dell board": "Lower Dell", "brook board": None}
    assert lab.result(ToyMany, offline=True).verdict == "ok"


def test_a_file_of_sites_is_held_to_as_many_reviews_as_its_sites_should_give(web: Web, lab: Lab) -> None:
    web.routes[f"{FERN}/reviews"] = cases("Ash", "Birch", "Cedar")
    web.routes[f"{GORSE}/reviews"] = cases("Ash")
    rows(lab, row("dell") + row("ghyll", "", GORSE))
    assert lab.result(ToyMany).verdict == "ok"  # 8 for 4 sites, so 4 for 2
    web.routes[f"{FERN}/reviews"] = cases("Ash", "Birch")
    assert lab.result(ToyMany).verdict == "short"


def test_reviews_of_sites_that_left_the_table_are_kept_and_said(lab: Lab) -> None:
    lab.result(ToyBoards)
    rows(lab, row("fern"))
    result = lab.result(ToyBoards)
    assert (result.verdict, result.found, result.missing) == ("ok", 4, ())
    assert named(result, "not asked any more are kept", "Gorse Board, Heath Board, Ivy Board")
    assert len(held(lab)) == 16


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[site]\n", "cannot read the sites of"),
        ("", "one [[site]] table for each site"),
        ("site = [3]\n", "site 1 of"),
        (row("a") + "[[board]]\n", "one [[site]] table for each site"),
        (row("a") + row("a"), "site 2 (a) of {file}: an earlier row has the id 'a' too"),
        (row("a", 'are = "X"'), "site 1 (a) of {file}: unknown key 'are'; did you mean area?"),
        (row("a", "area = 3"), "area is to be a text"),
        (row("a", 'area = " "'), "area is empty"),
        (row("a", 'seen = "no"'), "seen is to be true or false"),
        (row("a", 'hosts = "b.example"'), "hosts is to be a list of texts"),
        (row("a", 'hosts = ["10.0.0.1"]'), "'10.0.0.1' is no host name"),
        (row("A b"), "id is to be small letters"),
        (row("a", 'source = "partnership"'), "unknown source 'partnership'; did you mean partnerships?"),
        (row("a", 'source = "pfd"'), "the source pfd takes no sites_file"),
        (row("a", 'source = "wales"'), "has no site of the source toy-boards"),
        (row("a", host="127.0.0.1"), "the numeric address 127.0.0.1 is not fetched"),
        (row("a", host="b.example:8080"), "port 8080 of b.example is not fetched"),
        (row("a", host="me@b.example"), "an address with user data is not fetched"),
        (row("a", host="[::1"), "urls: 'https://[::1/reviews'"),
        (row("a", host="localhost"), "has no host name"),
        (row("a").replace("https", "file"), "only http and https"),
        ('[[site]]\nid = "a"\nurls = []\n', "name and urls are wanted"),
    ],
)
def test_a_wrong_file_of_sites_is_refused_before_anything_is_asked(web: Web, lab: Lab, text: str, says: str) -> None:
    file = rows(lab, text)
    with pytest.raises(UsageError, match=re.escape(says.format(file=file))) as refused:
        lab.crawl(ToyBoards)
    assert str(file) in str(refused.value)
    assert web.asked == []


def test_a_file_of_sites_that_is_not_there_is_named(lab: Lab) -> None:
    rows(lab, "").unlink()
    with pytest.raises(UsageError, match=re.escape(f"no file of sites at {lab.folder / 'boards.toml'}")):
        lab.crawl(ToyBoards)


def test_the_rows_of_the_documentation_can_be_used(lab: Lab) -> None:
    told = (HERE.parents[1] / "docs" / "own-boards.md").read_text("utf-8")
    _, example = re.findall(r"```toml\n(.*?)```", told, re.DOTALL)
    file = rows(lab, example)
    assert [each.id for each in own_sites(file, "partnerships")] == ["harrowdale"]
    (glanafon,) = own_sites(file, "wales")[1:]
    assert glanafon.all_hosts[-2:] == ("files.glanafonboard.example", "www.files.glanafonboard.example")


@pytest.mark.parametrize("source", BOARDS)
def test_a_table_of_sites_is_sound(source: str) -> None:
    spider = spiders()[source]
    assert issubclass(spider, BoardsSpider)
    known = {area.name: area.nation for area in areas()}
    ids = [each.id for each in spider.sites]
    assert len(ids) == len(set(ids))
    for each in spider.sites:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.id)
        assert all(urlsplit(url).hostname in spider.hosts for url in each.urls)
        if each.area is not None:
            assert known[each.area] == spider.nation, each.area


def test_partnerships_has_every_platform_and_many_sites() -> None:
    sites = spiders()["partnerships"].sites  # type: ignore[attr-defined]
    assert len(sites) >= 25
    assert {each.platform for each in sites} >= {
        *("taylorfitch", "wordpress", "elementor", "jadu", "goss", "umbraco", "aspnet", "drupal", "toggle-contrast"),
    }


def documents(case: Path, body: str) -> tuple[set[str], bool]:
    """The files that a body yields, and whether the parse names any fault."""
    outcomes = play(spiders()[case.parent.name], replace(read_case(case), body=body.encode()))
    links = {link["url"] for each in outcomes if "review" in each for link in each["review"]["links"]}
    return links, any("problem" in each or "short" in each for each in outcomes)


def without(body: str, name: str) -> str:
    def rest(match: re.Match[str]) -> str:
        return f'class="{" ".join(each for each in match[1].split() if each != name)}"'

    return re.sub(r'class="([^"]*)"', rest, body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_no_class_and_no_heading_tag_holds_a_document(case: Path) -> None:
    body = (case / "body").read_text("utf-8")
    whole, _ = documents(case, body)
    for name in {each for found in re.findall(r'class="([^"]*)"', body) for each in found.split()}:
        assert documents(case, without(body, name))[0] == whole, name
    flat = re.sub(r"(</?)(?:h[1-6]|summary|button)\b", r"\1div", body)
    found, fault = documents(case, flat)
    assert found >= whole or fault


def test_a_twin_without_words_of_a_file_is_no_second_review(web: Web, lab: Lab) -> None:
    file = "/files/child-ash-report-2025.pdf"
    told = f'The board published the case review Child Ash on 4 March 2025; it can be read <a href="{file}">here</a>.'
    web.routes[f"{FERN}/reviews"] = page(f'<h2>Practice reviews</h2><p>{told}</p><a href="{file}?contrast=1"></a>')
    lab.result(ToyBoards)
    assert [key for key in held(lab) if key.startswith("fern.")] == ["fern.child-ash"]


def test_files_of_which_none_can_be_told_to_be_a_review_are_said(web: Web, lab: Lab) -> None:
    web.routes[f"{FERN}/reviews"] = page("<p>Published case reviews</p><p>Zac</p>" + link("/files/Ash.pdf", "Download"))
    web.routes[f"{GORSE}/reviews"] = page(
        "<h1>Published case reviews</h1><h2>Zac</h2>" + link("/files/Ash.pdf", "Download")
    )
    result = lab.result(ToyBoards)
    assert named(result, "Fern Board fell short", "files are linked (1)")
    assert "gorse.zac" in held(lab)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>" + "case " * 200_000 + "</h1>",
        "<p>" + "child safeguarding practice " * 50_000 + link("/a.pdf", "case " * 50_000) + "</p>",
        "<h2>Child A</h2>" + "".join(link(f"/files/{n}.pdf", f"Child A{n}: report") for n in range(5_000)),
        "".join(f"<h2>Child {n}</h2>" + link(f"/files/{n}.pdf", "Report") for n in range(5_000)),
        "<h1>" + "published on, " * 20_000 + "</h1>" + "".join(link("/x.pdf", "," * 5_000) for _ in range(50)),
        link("https://[::1/x.pdf", "Case review") + link("javascript:alert(1)", "Case review"),
    ],
    ids=["long-heading", "long-line", "many-links", "many-headings", "commas", "no-addresses"],
)
def test_a_page_made_to_be_slow_is_read_in_seconds(body: str) -> None:
    response = HtmlResponse(f"https://{FERN}/reviews", body=f"<html><body>{body}</body></html>".encode())
    begun = perf_counter()
    read_cases(response)
    assert speaks_of_reviews("case " * 200_000) is False
    assert perf_counter() - begun < 5
