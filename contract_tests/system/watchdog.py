"""Ends calls that never come back, so that an implementation that hangs is reported and not waited for.

A daemon thread counts its own wake-ups (it reads no clock, which a test may have frozen) and raises `CallHung` in a
thread whose call has used up its share. A call that blocks outside Python, in a lock that is never given back say, is
woken by a signal where the system has one and the call is the main thread's; in another it is ended once it returns.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from collections.abc import Callable
from threading import get_ident
from typing import Final

_WAKE: Final = 0.25
"""Seconds of real time between two looks."""


_NUDGE: Final = getattr(signal, "SIGURG", None)
"""The signal that wakes the main thread: one that nothing else is told by, and that is ignored where nobody asks."""


class CallHung(BaseException):
    """Raised in the thread of a call that has not come back in time."""


class limit:  # noqa: N801 - read as a verb, ``with limit(5.0):``
    """Raise `CallHung` in this thread when the block takes longer than ``seconds`` of real time.

    A class rather than a generator, and without a lock as long as nothing hangs: it stands around every single call.

    Attributes:
        left: the seconds that are left; below 0 once it has been raised.
    """

    __slots__ = ("_calls", "left")

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def __enter__(self) -> None:
        self._calls = calls = _WATCHDOG.calls()
        calls.append(self)

    def __exit__(self, *exc: object) -> None:
        while self._calls.pop() is not self:  # an interrupt may have come when an inner one was entered
            pass
        if self.left < 0:
            _WATCHDOG.take_back()


class _Watchdog:
    def __init__(self) -> None:
        self.under_way: dict[int, list[limit]] = {}
        """The calls under way in each thread, the innermost last."""
        self._begin()
        if hasattr(os, "register_at_fork"):  # what is forked from this process has no thread that counts
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._counts = False

    def calls(self) -> list[limit]:
        """The calls under way in this thread."""
        calls = self.under_way.get(get_ident())
        return self._first() if calls is None or not self._counts else calls

    def _first(self) -> list[limit]:
        with self._lock:
            if not self._counts:
                self._counts = True
                threading.Thread(target=self._run, name="flare-contract-watchdog", daemon=True).start()
            if _NUDGE and get_ident() == _MAIN and signal.getsignal(_NUDGE) is signal.SIG_DFL:
                signal.signal(_NUDGE, _wake)
            return self.under_way.setdefault(get_ident(), [])

    def take_back(self) -> None:
        """Take back what was raised in this thread, and perhaps not delivered yet, by taking it.

        Python 3.11 would look for one that is only taken back at every call from then on, and get no further where
        bytecodes are traced.
        """
        try:
            with self._lock:
                _raise_in(get_ident())
            for _ in range(1_000_000):  # it arrives at the first turn
                pass
        except CallHung:
            pass

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_WAKE)
            with self._lock:
                for ident, calls in self.under_way.items():
                    for call in calls[-1:]:
                        if call.left < 0:
                            _nudge(ident)
                        else:
                            call.left -= _WAKE
                            if call.left < 0 and calls[-1:] == [call]:  # whoever leaves it now takes it back
                                _raise_in(ident)


def _raise_in(ident: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(CallHung))


def _nudge(ident: int) -> None:
    """Wake a thread in which `CallHung` was raised, as it may block where that does not arrive."""
    if _NUDGE and ident == _MAIN and signal.getsignal(_NUDGE) is _wake:
        signal.pthread_kill(ident, _NUDGE)


def _wake(number: int, frame: object) -> None:
    """End the call that has used up its share, unless it has come back meanwhile."""
    calls = _WATCHDOG.under_way.get(get_ident())
    if calls and calls[-1].left < 0:
        raise CallHung


_MAIN: Final = threading.main_thread().ident
_WATCHDOG: Final = _Watchdog()


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
