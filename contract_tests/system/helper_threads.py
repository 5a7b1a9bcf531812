"""Helper threads: a call is made in another thread than the one before, while its caller waits for it.

Threads are woken rather than made for every call: to wait for one until it runs, and again until it has ended, takes
many times as long as most calls.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from contract_tests.system.watchdog import limit


class HelperThreads:
    """Two threads, and more for calls that are made within calls; they end with the block."""

    def __init__(self) -> None:
        self._idle: deque[_Helper] = deque()

    def __enter__(self) -> HelperThreads:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        while self._idle:
            self._idle.pop().end()

    def calling(self, function: Callable[..., Any], seconds: float) -> Callable[..., Any]:
        """The function, called in one of the threads within a limit; what it returns or raises comes out here."""

        def call(*args: Any, **kwargs: Any) -> Any:
            helper = self._idle.popleft() if len(self._idle) > 1 else _Helper()
            try:
                value, error = helper.do(partial(_outcome, function, args, kwargs, seconds))
            except BaseException:  # whoever is told to wait no longer has no more use for it
                helper.end()
                raise
            self._idle.append(helper)
            if error is not None:
                raise error
            return value

        return call


class _Helper(threading.Thread):
    """A thread that does what it is given, one thing at a time, until it is told to end."""

    def __init__(self) -> None:
        super().__init__(name="flare-contract-helper", daemon=True)
        self._asked: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answered: SimpleQueue[Any] = SimpleQueue()
        self.start()

    def do(self, work: Callable[[], Any]) -> Any:
        """Let it do something that raises nothing; what that returns, once it is done."""
        self._asked.put(work)
        return self._answered.get()

    def end(self) -> None:
        """Let it end, once it is done with what it is doing."""
        self._asked.put(None)

    def run(self) -> None:
        """Do what comes."""
        while (work := self._asked.get()) is not None:
            self._answered.put(work())


def _outcome(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float
) -> tuple[Any, BaseException | None]:
    """What a call returns, and what it raises."""
    try:
        with limit(seconds):
            return function(*args, **kwargs), None
    except BaseException as error:
        return None, error
