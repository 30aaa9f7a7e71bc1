import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin

from casereviews.areas import areas, find_in
from crawler.fixtures import spiders
from crawler.platforms.boards import BoardsSpider
from crawler.platforms.own_sites import own_sites
from replica import Replica
from replica.corpus import invented as invented_reviews
from replica.sites import SITES
from replica.sites.boards import boards, sources
from tests.replica.conftest import Ask

LIBRARY = "https://homicide-review.homeoffice.gov.uk/"
POSTS = "https://www.judiciary.uk/wp-json/wp/v2/pfd"


def test_every_site_has_rules_for_robots_and_says_what_it_lacks(ask: Ask) -> None:
    for host in SITES:
        rules = ask(f"https://{host}/robots.txt")
        if "nationalnetwork" in host:  # has none
            assert rules.status == 404
        else:
            assert (rules.status, rules.headers["Content-Type"].partition(";")[0]) == (200, "text/plain"), host
        assert ask(f"https://{host}/no/such/page").status == 404


def cards(page: str) -> list[str]:
    return re.findall(r"<section aria-label=\"DHR result.*?</section>", page, re.S)


def test_homicide_library_pages_to_its_total(ask: Ask) -> None:
    found: list[str] = []
    total = 0
    for number in range(9):
        query = f"?pagination%5BpageNumber%5D={number}&pagination%5BpageSize%5D=50"
        page = ask(LIBRARY + query).body.decode()
        stated = re.search(r"Showing results\s+(\d+)\s+to\s+(\d+)\s+of\s+(\d+)", page)
        assert stated
        total = int(stated[3])
        found += [link for card in cards(page) for link in set(re.findall(r"/download/[0-9a-f]{24}", card))]
        if 'id="nextButton"' not in page:
            break
    assert len(found) == len(set(found)) == total == 55
    assert ask(urljoin(LIBRARY, found[0])).body.startswith(b"%PDF-")


def test_homicide_library_narrows_by_keyword_and_sorts(ask: Ask) -> None:
    everything = cards(ask(f"{LIBRARY}?pagination%5BpageSize%5D=100").body.decode())
    keyword = quote("Aggravating factors - coercive or controlling behaviour")
    some = cards(ask(f"{LIBRARY}?pagination%5BpageSize%5D=100&Keywords%5B%5D={keyword}").body.decode())
    assert 0 < len(some) < len(everything)
    assert set(some) < set(everything)
    default = cards(ask(LIBRARY).body.decode())
    assert len(default) == 10
    assert default != cards(ask(f"{LIBRARY}?pagination%5BsortField%5D=dateOfDeath").body.decode())


def test_coroners_reports_end_with_a_refusal(ask: Ask) -> None:
    links: list[str] = []
    for number in (1, 2):
        page = ask(f"{POSTS}?per_page=100&page={number}&orderby=date&order=desc")
        assert page.headers["X-WP-Total"] == "111"
        links += [post["link"] for post in json.loads(page.body)]
    past = ask(f"{POSTS}?per_page=100&page=3")
    assert past.status == 400
    assert json.loads(past.body)["code"] == "rest_post_invalid_page_number"
    assert len(set(links)) == 111
    assert ask(f"{POSTS}?per_page=101").status == 400


def test_coroners_report_and_its_response(ask: Ask, replica: Replica) -> None:
    slug = "bertram-wrenfield-prevention-of-future-deaths-report"
    detail = f"https://www.judiciary.uk/prevention-of-future-death-reports/{slug}/"

    def files() -> list[str]:
        return re.findall(r'href="([^"]*/wp-content/uploads/[^"]*)"', ask(detail).body.decode())

    (only,) = files()
    first = ask(only)
    assert first.body.startswith(b"%PDF-")
    assert ask(only, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    replica.set_state(2)
    both = files()
    assert len(both) == 2
    assert "Response" in next(url for url in both if url != only)


def test_adult_reviews_are_linked_as_people_type_addresses(ask: Ask) -> None:
    page = ask("https://nationalnetwork.org.uk/search.html").body.decode()
    assert re.findall(r'<button type="button" class="collapsible">SARs (\d{4})</button>', page)
    links = [unescape(href) for href in re.findall(r'<a href="(\./[^"]+)"', page)]
    assert any(" " in link for link in links)
    assert any("&" in link for link in links)
    media = {
        ask("https://nationalnetwork.org.uk/" + quote(link.removeprefix("./"))).headers["Content-Type"]
        for link in links
    }
    assert len(media) == 2
    older = ask("https://nationalnetwork.org.uk/SCIE%20Library%202015-2018/").body.decode()
    assert "exec summary" in older


def test_lists_of_case_reviews(ask: Ask) -> None:
    site = "https://learning.nspcc.org.uk/case-reviews/"
    page = ask(f"{site}recently-published-case-reviews").body.decode()
    headings = re.findall(r"<h2>(2026\s*[-–].*?)</h2>", page)
    assert len(headings) >= 8
    assert page.count("Keywords: ") == len(headings) + 1
    links = [unescape(link) for link in re.findall(r'href="(https://library[^"]+)"', page)]
    assert 0 < len(links) < len(headings)
    statuses = {ask(link).status for link in links}
    assert statuses == {200, 404}, "some reports are not kept any more"
    assert "Last updated:" in ask(f"{site}monthly-case-reviews-update").body.decode()


def test_every_board_has_its_page_and_most_have_reviews(ask: Ask) -> None:
    filled = 0
    for board in boards():
        page = ask(board.url)
        assert page.status == 200, board.url
        assert b"practice review" in page.body
        filled += b"overview report" in page.body or b"can be read" in page.body
    assert filled > len(boards()) / 2


def test_one_report_at_two_addresses_is_the_same_file(ask: Ask) -> None:
    listing = ask("https://learning.nspcc.org.uk/case-reviews/recently-published-case-reviews").body.decode()
    kept = [unescape(link) for link in re.findall(r'href="(https://library[^"]+)"', listing)]
    bodies = {answer.body for link in kept if (answer := ask(link)).status == 200}
    pages = ((board.url, ask(board.url).body.decode()) for board in boards())
    local = [urljoin(url, link) for url, page in pages for link in re.findall(r'href="(/[^"]+\.pdf)"', page)]
    assert any(ask(link).body in bodies for link in local)


def test_no_invented_review_is_told_of_a_real_place(ask: Ask) -> None:
    page = ask(
        "https://sthelenssafeguarding.org.uk/p/about-us/local-and-national-child-safeguarding-practice-reviews"
    ).body.decode()
    assert "no local child safeguarding practice reviews" in page and ".pdf" not in page
    assert ask(re.findall(r'href="(https://www.gov.uk/[^"]+k-northmere)"', page)[0]).status == 200
    real = {area.name for area in areas()}
    for source, options in sources().items():
        spider = spiders()[source]
        assert issubclass(spider, BoardsSpider)
        assert not set(spider.hosts) & SITES.keys()
        invented = own_sites(Path(options["sites_file"]), source)
        for site in invented:
            assert site.area not in real and find_in(site.name) is None
            assert all(host.endswith(".example") and host in SITES for host in site.all_hosts)
        assert {site.platform for site in invented} >= {site.platform for site in spider.sites} - {""}
    assert {review.facts.get("board") for review in invented_reviews()} <= {None, *(board.id for board in boards())}


def test_the_panel_offers_what_it_has_on_govuk(ask: Ask) -> None:
    site = "https://childsafeguarding.independent-panel.uk"
    assert ask(f"{site}/").body.count(b'<a href="/national-reviews/">') == 2
    entries: list[str] = []
    address: str | None = "/national-reviews/"
    while address:
        page = ask(site + address).body.decode()
        entries += re.findall(r'<h2><a href="(/publications/[^"]+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following and following[1]
    assert len(entries) == len(set(entries)) >= 6
    assert ask(f"{site}/national-reviews/page/9/").status == 404
    own = re.findall(r'href="(/wp-content/[^"]+\.pdf)"', ask(site + entries[-1]).body.decode())
    slug = entries[-1].strip("/").rpartition("/")[2]
    item = json.loads(ask(f"https://www.gov.uk/api/content/government/publications/{slug}").body)
    url = re.findall(r"https://assets[^\"' ]+\.pdf", json.dumps(item["details"]))[0]
    assert ask(site + own[0]).body == ask(url).body
