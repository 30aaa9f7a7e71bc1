"""Boards' pages of their own reviews, whatever the site is built with: a case to a heading, a sentence or a link.

Nothing is told by class. Each link is about the case whose heading it stands under, else about the one that its
line names, else about the one that its own text or file name does.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from casereviews.model import DocumentKind, Link
from crawler.dates import read_date
from crawler.kinds import document_kind, document_title
from crawler.lines import Line, main_part, read_lines, slug
from crawler.platforms.case_names import case_name, is_case, is_elsewhere, is_furniture, names_case, speaks_of_reviews
from crawler.platforms.cases import (
    Case,
    Cases,
    first_date,
    is_further,
    page_id,
    plain_address,
    published_in,
    site_of,
    title_date,
    title_of,
)

NEVER = (
    *("trixonline.co.uk", "proceduresonline.com", "procedures.org.uk", "legislation.gov.uk"),
    *("www.gov.uk", "publishing.service.gov.uk", "independent-panel.uk", "nspcc.org.uk"),
)
"""Sites, with their subdomains, whose pages about reviews are procedures, national reviews or law."""
_FILE = re.compile(
    r"\.(?:pdf|docx?|odt)$|/downloads?/file/|(?<!downloads)/(?:media|download|uploads|sites/default/files)/.*\d",
    re.IGNORECASE,
)
_OTHER_FILE = re.compile(r"\.(?:pptx?|xlsx?|mp[34]|png|jpe?g|gif|zip|ics|csv|webp|svg)$", re.IGNORECASE)
_SENTENCE = re.compile(
    r"\bpublish(?:ed|es)\s+(?:the\s+|its\s+|an?\s+|their\s+)?(?P<subject>.{3,160}?)"
    r"\s*(?:\bon\s+(?:\w+day\s+)?(?:the\s+)?\d|\bin\s+(?:[A-Z]\w+\s+)?(?:19|20)\d\d|[.;:]|$)"
)
LONGEST_LINE = 1000
"""Characters of a line that are read: what a case is called does not come later."""
MOST_CASES = 300
"""Cases taken from one page; more make it no board's page."""
_WORTH = 40
"""Fewest characters of a line that may tell what a case was about."""


def read_cases(response: Response, pointer: str = "") -> Cases:
    """The cases of a page; `pointer` is the text of the link that led to it, which may name its one case."""
    reader = _Reader(response, pointer)
    for line in read_lines(main_part(response)):
        line.text = line.text[:LONGEST_LINE]
        reader.read(line)
    return reader.result()


class _Reader:
    """Goes through a page's lines: which section, which case, which links."""

    def __init__(self, response: Response, pointer: str) -> None:
        self.response = response
        self.site = site_of(response.url)
        self.cases = Cases()
        self.files: set[str] = set()
        self.page = ""
        self.section = pointer
        self.dated: str | None = None
        self.coming: str | None = None
        self.dated_level = 0
        self.skipping = False
        self.case: Case | None = None
        self.level = 0
        self.tagged = 0
        self.own: Case | None = None
        if not is_further(response.url) and (name := case_name(pointer)):
            self._open(pointer, name, 0)
            self.own = self.case

    def read(self, line: Line) -> None:
        """Take in the next line."""
        heading = line.level > 0 or _is_title(line)
        if heading:
            self._heading(line)
        elif (date := read_date(line.text)) is not None:
            self._dated(date)
        elif self.case and not line.links and len(line.text) >= _WORTH:
            self.case.summary.append(line.text)
        if self.case and not self.case.published:
            self.case.published = published_in(line.text)
        if not self.skipping:
            for href, text in line.links:
                self._link(href, text, line)

    def result(self) -> Cases:
        """The cases that have a document."""
        cases = {}
        for case in self.cases.found.values():
            if case.links and case.key:
                cases[case.key] = case
                if not {"report", "summary"} & {link.kind for link in case.links}:
                    first = next((n for n, link in enumerate(case.links) if link.kind == "other"), None)
                    if first is not None:
                        case.links[first] = replace(case.links[first], kind="report")
        return Cases(cases, self.cases.pages, self.cases.untold)

    def _dated(self, date: str) -> None:
        """A line that is but a date: of the case begun just now, else of the next card."""
        if self.case and not self.case.links and not self.case.dated:
            self.case.dated = date
        else:
            self.coming = date

    def _heading(self, line: Line) -> None:
        name, level = case_name(line.text), line.level or 6
        if self.case and self.level == 6 and line.level > max(2, self.tagged) and not self.case.links:
            self.level = line.level - 1  # the first heading below a title that has no tag of its own
        self.tagged = line.level or self.tagged
        inner = self.case is not None and is_case(self.case.title) and level > self.level and line.level > 0
        if inner and not names_case(line.text) and not speaks_of_reviews(line.text):
            return  # a heading within a case, such as Background
        if not name and inner and speaks_of_reviews(line.text) and self.own is None:
            return  # “Learning from this review” within a case
        furniture = is_elsewhere(line.text) or (is_furniture(line.text) and not names_case(line.text))
        self.skipping = furniture and level > 1  # a page's own heading may speak of more than is on it
        self.case = self.own if self.own and not name else None
        if line.level and line.level <= self.dated_level:
            self.dated = None
        if not name and not self.skipping:
            self.dated, self.dated_level = first_date(line.text), level
            self.page = self.page or line.text
            self.section = self.section if self.dated else line.text
        elif name and not self.skipping:
            self._open(line.text, name, level)

    def _open(self, title: str, name: str, level: int) -> None:
        case = Case(title_of(title), name, (self.section, self.page), published_in(title))
        case.dated, self.coming = title_date(title) or self.coming or self.dated, None
        self.case = self.cases.found.setdefault(slug(name), case)
        self.level = level

    def _link(self, href: str, text: str, line: Line) -> None:
        try:
            url = safe_url_string(self.response.urljoin(href))
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return
        path = unquote(parts.path)
        if len(self.cases.found) > MOST_CASES or len(href) > LONGEST_LINE:
            return
        if parts.scheme not in ("http", "https") or _OTHER_FILE.search(path) or self._never(host, path):
            return
        file = PurePosixPath(path).name
        around = "" if self.case and is_case(self.case.title) else line.text
        if is_furniture(f"{text} {file}") or is_elsewhere(f"{around} {text} {file}"):
            return
        told = f"{self.case.title if self.case else ''} {self.section} {line.text} {file}"
        if _FILE.search(path):
            if self.own or speaks_of_reviews(told) or names_case(told):
                self._document(plain_address(url), text, file, line)
            else:
                self.cases.untold += 1
            return
        here = site_of(url) == self.site and page_id(url) != page_id(self.response.url)
        further = is_further(url, self.response.url)
        if here and (
            further or speaks_of_reviews(f"{text} {path}") or names_case(text) or (self.case and _report(text))
        ):
            title = text if case_name(text) or not self.case else self.case.title
            self.cases.pages.setdefault(page_id(url), (plain_address(url), title))

    def _never(self, host: str, path: str) -> bool:
        elsewhere = any(host == each or host.endswith(f".{each}") for each in NEVER)
        return elsewhere and host.removeprefix("www.") != self.site

    def _document(self, url: str, text: str, file: str, line: Line) -> None:
        if not text.strip() and url in self.files:
            return  # the twin in another contrast, which has no words of its own
        self.files.add(url)
        case = self._case_of(text, file, line)
        kind: DocumentKind = document_kind(f"{text} {file}", "other")
        if len(case.links) < MOST_CASES and url not in {link.url for link in case.links}:
            case.links.append(Link(url, kind, document_title(re.sub(r"\s+more$", "", text), url)))

    def _case_of(self, text: str, file: str, line: Line) -> Case:
        """The case that a document belongs to: told by its heading, its sentence, its text or its file."""
        if self.case is not None and not self._of_its_own(text):
            return self.case
        # A line may hold several files: what a link says itself counts before the words around it.
        for words in (text, line.text) if len(line.links) == 1 or not is_case(text) else (text,):
            said = f"-{slug(words)}-"
            for key, case in reversed(self.cases.found.items()):
                if f"-{key}-" in said:
                    return case
        subject = _SENTENCE.search(line.text)
        for title in (subject["subject"] if subject else "", text, line.text, PurePosixPath(file).stem):
            if (name := case_name(title)) and len(title) <= 200:
                case = Case(title_of(title), name, (line.text, self.section, self.page), published_in(line.text))
                case.dated = title_date(title) or self.dated
                return self.cases.found.setdefault(slug(name), case)
        return self.cases.found.setdefault(
            slug(file), Case(document_title(text, file), file, (self.section, self.page))
        )

    def _of_its_own(self, text: str) -> bool:
        """Whether a link names a case that its heading, such as Elsewhere or the page's own, does not."""
        assert self.case is not None
        if self.level > 1:
            return names_case(text) and not is_case(self.case.title)
        name = case_name(text)
        return bool(name) and is_case(text) and slug(name) not in self.case.key and self.case.key not in slug(name)


def _is_title(line: Line) -> bool:
    """Whether a line without a heading's tag is one all the same: short, no links, no sentence, and names a case."""
    text = line.text
    short = len(text) <= 120 and not text.endswith((".", ";", ",")) and not line.links
    return short and bool(case_name(text)) and len(text.split()) <= 16 and (names_case(text) or speaks_of_reviews(text))


def _report(text: str) -> bool:
    return document_kind(text) != "other"
