"""Ends calls that never come back, so that an implementation that hangs is reported and not waited for.

A daemon thread counts its own wake-ups (it reads no clock, which a test may have frozen) and raises `CallHung` in a
thread whose call has used up its share. A call that blocks outside Python is ended as soon as it returns to it.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from functools import partial
from threading import get_ident
from typing import Any, Final

_WAKE: Final = 0.25
"""Seconds of real time between two looks."""


class CallHung(BaseException):
    """Raised in the thread of a call that has not come back in time."""


class _Watchdog:
    def __init__(self) -> None:
        self._left: dict[int, list[float]] = {}
        """The seconds that are left for the calls under way in each thread, the innermost last."""
        self._begin()
        if hasattr(os, "register_at_fork"):  # what is forked from this process has no thread that counts
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._counts = False

    def watch(self, seconds: float) -> list[float]:
        """Begin to count; what is returned is for `release`."""
        calls = self._left.get(get_ident())
        if calls is None or not self._counts:
            calls = self._first()
        with self._lock:
            calls.append(seconds)
        return calls

    def _first(self) -> list[float]:
        with self._lock:
            if not self._counts:
                self._counts = True
                threading.Thread(target=self._run, name="flare-contract-watchdog", daemon=True).start()
            return self._left.setdefault(get_ident(), [])

    def release(self, calls: list[float]) -> None:
        with self._lock:
            if calls.pop() < 0:  # raised but perhaps not delivered yet: take it back
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(get_ident()), None)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_WAKE)
            with self._lock:
                for ident, calls in self._left.items():
                    if calls and calls[-1] >= 0:  # an interrupt may have come before a call was entered
                        calls[-1] -= _WAKE
                        if calls[-1] < 0:
                            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                                ctypes.c_ulong(ident), ctypes.py_object(CallHung)
                            )


_WATCHDOG: Final = _Watchdog()


class limit:  # noqa: N801 - read as a verb, ``with limit(5.0):``
    """Raise `CallHung` in this thread when the block takes longer than ``seconds`` of real time.

    A class rather than a generator, for it stands around every single call.
    """

    __slots__ = ("_calls", "_seconds")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._calls = _WATCHDOG.watch(self._seconds)

    def __exit__(self, *exc: object) -> None:
        _WATCHDOG.release(self._calls)


def failure(call: Callable[[], object], seconds: float) -> BaseException | None:
    """What goes wrong in a call within a limit, be it that it does not come back; None where nothing does."""
    try:
        with limit(seconds):
            call()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error
    return None


def in_a_thread(function: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """The function, called in a thread of its own within a limit; what it returns or raises comes out here."""

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

        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        worker.join()
        return found[0]()

    return call


def _raise(error: BaseException) -> None:
    raise error
