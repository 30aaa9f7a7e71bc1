"""One answer of a source played through its parser, offline: what fixtures are made of and checked with.

A case is a folder with `body`, the answer as it came, and `meta.json`: `url`; where they are not the usual
ones `status`, `headers`, `callback` (a method of the spider, else `parse`), `cb_kwargs` and `meta` of the
request; for a document the `link` that it was offered as; the `options` of the source, in which a `_file` is found from
the case's folder. What it yields is compared with `expected.json`.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from casereviews.model import Link, Review
from crawler.outputs import BadDocument, Gone, WrongStructure
from crawler.run import find, sources
from crawler.spider import ReviewSpider

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded answer and how the spider came to ask for it."""

    url: str
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    callback: str = "parse"
    cb_kwargs: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    link: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)


def spiders() -> dict[str, type[ReviewSpider]]:
    """Every source there is, by name."""
    return {spider.name: spider for spider in find([source.name for source in sources()])}


def read_case(folder: Path) -> Case:
    """The case in a folder; TypeError when its meta.json says something that a case does not have."""
    told = json.loads((folder / "meta.json").read_text("utf-8"))
    options = {name: _placed(name, value, folder) for name, value in told.pop("options", {}).items()}
    return Case(body=(folder / "body").read_bytes(), options=options, **told)


def _placed(option: str, value: Any, folder: Path) -> Any:
    return str((folder / value).resolve()) if option.endswith("_file") else value


def write_case(folder: Path, case: Case) -> None:
    """Write a case into a new folder, without an expectation; FileExistsError where there is one."""
    folder.mkdir(parents=True)
    (folder / "body").write_bytes(case.body)
    told = {name: value for name, value in asdict(case).items() if name != "body"}
    for option, value in case.options.items():
        if option.endswith("_file"):
            told["options"][option] = os.path.relpath(value, folder)
    usual = {"status": 200, "callback": "parse"}
    meta = {name: value for name, value in told.items() if value not in (None, {}) and usual.get(name) != value}
    (folder / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_expectation(folder: Path, outcomes: list[Outcome]) -> None:
    """Keep a parse, once a person has judged it, as what the case is to give."""
    (folder / "expected.json").write_text(json.dumps(outcomes, indent=2, ensure_ascii=False) + "\n", "utf-8")


def play(spider: type[ReviewSpider], case: Case) -> list[Outcome]:
    """What the spider makes of a case: reviews, requests, totals and problems in a form that JSON can hold."""
    source = spider.configured(case.options)()
    request = Request(case.url, meta=dict(case.meta), cb_kwargs=case.cb_kwargs)
    kind = responsetypes.from_args(headers=Headers(case.headers), url=case.url, body=case.body)
    response = kind(case.url, status=case.status, headers=case.headers, body=case.body, request=request)
    if case.link is not None:
        return [_document(source, response, Link(**case.link))]
    outcomes: list[Outcome] = []
    try:
        for each in getattr(source, case.callback)(response, **case.cb_kwargs) or ():
            outcomes.append(_outcome(source, each))
    except WrongStructure as error:
        outcomes.append({"wrong structure": str(error)})
    tally = source.tally
    for name, told in (("stated", tally.stated), ("listed", tally.listed)):
        outcomes += [{name: number, "listing": listing} for listing, number in told.items()]
    for name, messages in (("failure", tally.failures), ("short", tally.shortfalls), ("problem", tally.problems)):
        outcomes += [{name: message} for message in messages]
    return cast(list[Outcome], json.loads(json.dumps(outcomes)))


def _outcome(source: ReviewSpider, result: object) -> Outcome:
    if isinstance(result, Review):
        links = [dict(_link(source, result, link)) for link in result.links]
        return {"review": {**_filled(asdict(result)), **({"links": links} if links else {})}}
    if isinstance(result, Request):
        told = {"role": result.meta.get("role"), "key": result.meta.get("key"), "cb_kwargs": result.cb_kwargs}
        callback = getattr(result.callback, "__name__", "parse")
        return {"request": result.url, "callback": callback, **_filled(told)}
    if isinstance(result, Gone):
        return {"gone": _filled(asdict(result))}
    raise TypeError(f"{source.name} yielded a {type(result).__name__}")


def _link(source: ReviewSpider, review: Review, link: Link) -> Iterator[tuple[str, Any]]:
    """A document as it is offered, with the address that it is asked at where that is another."""
    yield from _filled(asdict(link)).items()
    if (asked := source.document_request(review, link).url) != link.url:
        yield "asked", asked


def _document(source: ReviewSpider, response: Response, link: Link) -> Outcome:
    try:
        body, media_type = source.document_body(response, link)
    except BadDocument as error:
        return {"bad document": str(error)}
    shown = body.decode() if media_type.startswith("text/") else f"{len(body)} bytes"
    return {"document": media_type, "body": shown}


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", (), [], {})}
