"""The town of tests/refresh."""

from tests.refresh.conftest import town

__all__ = ["town"]
