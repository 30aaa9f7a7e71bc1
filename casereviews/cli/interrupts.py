"""SIGINT and SIGTERM as one exception, so that work ends cleanly and says with which exit code."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Interrupted(KeyboardInterrupt):
    """Ended by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number
        """130 for SIGINT, 143 for SIGTERM."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted where SIGINT or SIGTERM comes; a second one changes nothing while the first is dealt with."""

    def interrupt(number: int, _: FrameType | None) -> NoReturn:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
