"""A small loopback web of invented reviews that mirrors the shapes of the real sites (demo, tests)."""

from replica.server import Replica

__all__ = ["Replica"]
