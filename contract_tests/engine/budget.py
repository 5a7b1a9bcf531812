"""A budget of real time for a whole run: when it is used up nothing more is tried, and that is said."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Final, TypeVar

Made = TypeVar("Made")

_AGAIN: Final = 0.5
"""Seconds after which somebody is interrupted again who did not let it pass."""

_AT_ONCE: Final = 0.001
"""Seconds after which somebody is interrupted who could not be."""

_USED_UP: Final = "the budget is used up"


class OutOfTime(Exception):
    """Raised instead of making one more system to try something on."""


class TimeUp(KeyboardInterrupt):
    """Raised in the midst of what is tried, however long it waits: the budget is used up."""


class Budget:
    """So many seconds of real time from now on, None for all there is."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._end = None if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float | None:
        """The seconds that are left, at least 0; None for ever."""
        return None if self._end is None else max(0.0, self._end - monotonic())

    def within(self, factory: Callable[[], Made]) -> Callable[[], Made]:
        """The factory as it is as long as there is time; after that it raises `OutOfTime`."""
        if self._end is None:
            return factory

        def made() -> Made:
            if self.left == 0.0:
                raise OutOfTime(f"the budget of {self.seconds:g} s is used up")
            return factory()

        return made

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Raise `TimeUp` in this block at the end of the budget, where that can be done: in a main thread.

        Who catches it says so by `hear`; it comes again until then.
        """
        left = self.left
        if left == 0.0:
            raise TimeUp(_USED_UP)
        if left is None or not _can_be_interrupted():
            yield
            return
        try:
            signal.signal(signal.SIGALRM, _interrupt)
            signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)
            yield
        finally:
            hear()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)


def hear() -> None:
    """Take note that the time is up: nobody is interrupted any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _can_be_interrupted() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def _interrupt(number: int, frame: FrameType | None) -> None:
    if frame is not None and any(getattr(each, "__code__", None) is frame.f_code for each in gc.callbacks):
        # What is raised while garbage is collected reaches nobody.
        signal.setitimer(signal.ITIMER_REAL, _AT_ONCE, _AGAIN)
        return
    raise TimeUp(_USED_UP)
