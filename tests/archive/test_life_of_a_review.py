"""A review is new, changes, leaves its listing, is gone by the rule, and comes back."""

from datetime import timedelta

import pytest

from casereviews import clock
from casereviews.archive import Archive
from casereviews.model import Link
from tests.archive.conftest import PAGE, PDF, Filler

REVIEW = "example:child-q"


def days_pass(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(clock, "_shift", timedelta(days=days))


def state(archive: Archive) -> str:
    stored = archive.review(REVIEW)
    assert stored is not None
    return stored.state


def test_first_sight_is_new_and_the_second_changes_nothing(archive: Archive) -> None:
    first = Filler(archive)
    assert first.review() == "new"
    assert first.file(b"%PDF-1.4 one") == "new"
    assert first.finish().new == (REVIEW,)
    before = archive.review(REVIEW)
    second = Filler(archive)
    assert second.review() == "unchanged"
    assert second.file(b"%PDF-1.4 one") == "unchanged"
    result = second.finish()
    assert (result.new, result.changed) == ((), ())
    after = archive.review(REVIEW)
    assert before is not None and after is not None
    assert after.revision == before.revision


def test_what_is_saved_is_what_is_read(archive: Archive) -> None:
    Filler(archive).review(keywords=("bruising", "non-mobile infants"), published="2024-03", summary="Ünïcode")
    stored = archive.review(REVIEW)
    assert stored is not None
    assert stored.review.keywords == ("bruising", "non-mobile infants")
    assert stored.review.published == "2024-03"
    assert stored.review.links == (Link(PDF, title="Child Q report"),)


def test_changed_metadata_names_before_and_after(archive: Archive) -> None:
    Filler(archive).review()
    filler = Filler(archive)
    assert filler.review(title="Child Q: learning") == "changed"
    detail = archive.db.execute("SELECT detail FROM event WHERE kind = 'changed'").fetchone()[0]
    assert detail == '{"title": ["Child Q", "Child Q: learning"]}'


def test_a_replaced_file_keeps_both_versions(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.file(b"%PDF-1.4 one")
    first.finish()
    second = Filler(archive)
    second.review()
    assert second.file(b"%PDF-1.4 two") == "replaced"
    assert second.finish().changed == (REVIEW,)
    (document,) = archive.documents(REVIEW)
    bodies = [archive.read_blob(v.sha256) for v in archive.versions(document.id)]
    assert bodies == [b"%PDF-1.4 one", b"%PDF-1.4 two"]
    assert document.version is not None and archive.read_blob(document.version.sha256) == b"%PDF-1.4 two"


def test_a_file_that_moved_keeps_its_identity(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.file(b"%PDF-1.4 one")
    first.finish()
    second = Filler(archive)
    moved = f"{PAGE}/media/2/report-final.pdf"
    second.review(links=(Link(moved, title="Child Q report"),))
    second.file(b"%PDF-1.4 two", moved)
    (document,) = archive.documents(REVIEW)
    assert document.url == moved
    assert len(archive.versions(document.id)) == 2


def test_a_document_that_left_the_page_stays_as_missing(archive: Archive) -> None:
    Filler(archive).review()
    Filler(archive).review(links=())
    (document,) = archive.documents(REVIEW)
    assert document.state == "missing"


def test_missing_needs_a_healthy_run(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    for verdict in ("short", "failed"):
        assert Filler(archive).finish(verdict).missing == ()
    assert state(archive) == "present"
    assert Filler(archive).finish().missing == (REVIEW,)
    assert state(archive) == "missing"
    assert Filler(archive).finish().missing == (), "told once"


def test_gone_after_fourteen_days_and_three_healthy_runs(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    Filler(archive).finish()
    days_pass(monkeypatch, 15)
    assert Filler(archive).finish().gone == (), "only two healthy runs missed it"
    assert Filler(archive).finish().gone == (REVIEW,)
    back = Filler(archive)
    assert back.review() == "returned"
    assert back.finish().returned == (REVIEW,)
    assert state(archive) == "returned"
    assert Filler(archive).review() == "unchanged"


def test_three_healthy_runs_within_days_are_not_gone(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    for _ in range(5):
        Filler(archive).finish()
    assert state(archive) == "missing"


def test_withdrawn_is_the_sources_word(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    second = Filler(archive)
    second.review(withdrawn="Replaced by later guidance")
    result = second.finish()
    assert result.withdrawn == (REVIEW,)
    assert state(archive) == "withdrawn"
    assert Filler(archive).review(withdrawn="Replaced by later guidance") == "unchanged"


def test_a_source_that_says_why_it_took_a_review_down_is_believed_at_once_and_told_once(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    second = Filler(archive)
    archive.withdraw(second.run, REVIEW, "Published in error")
    result = second.finish()
    assert (result.withdrawn, result.missing, result.gone) == ((REVIEW,), (), ())
    third = Filler(archive)
    archive.withdraw(third.run, REVIEW, "Published in error")
    assert third.finish().withdrawn == ()


def test_a_failed_document_keeps_its_versions(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.file(b"%PDF-1.4 one")
    first.finish()
    second = Filler(archive)
    second.review()
    archive.fail_document(second.run, REVIEW, PDF, "404 not found")
    (document,) = archive.documents(REVIEW)
    assert document.failure == "404 not found"
    assert document.version is not None
    assert Filler(archive).file(b"%PDF-1.4 one") == "unchanged"
    assert archive.documents(REVIEW)[0].failure is None


def test_digest_spans_runs(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    second = Filler(archive)
    second.review(key="child-r")
    second.finish()
    newest = archive.digest()
    assert newest["sources"][0]["new"] == ("example:child-r",)
    both = archive.digest(since_run=first.run)
    assert both["sources"][0]["new"] == ("example:child-q", "example:child-r")
    assert archive.digest(since="2000")["run"] == second.run
    assert archive.digest(since="2999")["run"] is None


def test_a_run_without_a_network_lets_nothing_go_missing(archive: Archive) -> None:
    first = Filler(archive)
    first.review()
    first.finish()
    last = archive.last_success("example")
    offline = Filler(archive, program="test offline")
    assert (offline.finish().missing, state(archive)) == ((), "present")
    assert archive.last_success("example") == last
