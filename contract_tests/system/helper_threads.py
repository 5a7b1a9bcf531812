"""Helper threads: a call is made in another thread than the one before, while its caller waits for it.

Threads are woken rather than made for every call: to wait for one until it runs, and again until it has ended, takes
many times as long as most calls.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, NoReturn

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
            found: list[Callable[[], Any]] = []

            def work() -> None:
                try:
                    with limit(seconds):
                        value = function(*args, **kwargs)
                except BaseException as error:
                    found.append(partial(_raise, error))
                else:
                    found.append(lambda: value)

            helper = self._idle.popleft() if len(self._idle) > 1 else _Helper()
            try:
                helper.do(work)
            except BaseException:  # whoever is told to wait no longer has no more use for it
                helper.end()
                raise
            self._idle.append(helper)
            return found[0]()

        return call


class _Helper(threading.Thread):
    """A thread that does what it is given, one thing at a time, until it is told to end."""

    def __init__(self) -> None:
        super().__init__(name="flare-contract-helper", daemon=True)
        self._work: Callable[[], None] | None = None
        self._asked, self._answered = threading.Lock(), threading.Lock()
        self._asked.acquire()
        self._answered.acquire()
        self.start()

    def do(self, work: Callable[[], None]) -> None:
        """Let it do something, and wait until it is done."""
        self._work = work
        self._asked.release()
        self._answered.acquire()

    def end(self) -> None:
        """Let it end, once it is done with what it is doing."""
        self._work = None
        self._asked.release()

    def run(self) -> None:
        """Wait for something to do."""
        while True:
            self._asked.acquire()
            if self._work is None:
                return
            self._work()
            self._answered.release()


def _raise(error: BaseException) -> NoReturn:
    raise error
