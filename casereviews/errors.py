"""Errors that an analyst sees: one line each, with the exit code that goes with it.

Exit codes: 0 done, 1 failed, 2 usage, 3 a source fell short, 4 locked, 5 storage, 6 damaged,
7 deadline or budget, 130 and 143 interrupted after a clean end.
"""


class CaseReviewsError(Exception):
    """What failed, on what, what to do: a single line for a person."""

    exit_code = 1


class UsageError(CaseReviewsError):
    """The command asks for something that does not exist or does not fit."""

    exit_code = 2


class QueryError(UsageError):
    """A query that breaks a stated limit."""


class LockedError(CaseReviewsError):
    """Another run holds the lock."""

    exit_code = 4


class StorageError(CaseReviewsError):
    """The disk is full, read-only or out of reach."""

    exit_code = 5


class DamagedError(CaseReviewsError):
    """The archive or the index is not what was written, or a newer program wrote it."""

    exit_code = 6


class OutdatedError(DamagedError):
    """An older version of this program wrote the index: the next build makes it anew."""


class BudgetError(CaseReviewsError):
    """A deadline or a budget was reached."""

    exit_code = 7


class NoIndexError(CaseReviewsError):
    """There is no index yet."""


def exit_code(codes: set[int]) -> int:
    """The one exit code for several outcomes: the smallest of 1 to 7, except that 3 yields to 5, 6 and 7.

    >>> exit_code({0, 3}), exit_code({3, 5}), exit_code({1, 3}), exit_code(set())
    (3, 5, 1, 0)
    """
    bad = {code for code in codes if code}
    if 3 in bad and bad & {5, 6, 7}:
        bad.discard(3)
    return min(bad, default=0)
