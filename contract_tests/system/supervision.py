"""A run is watched by another process, which says so when something ends it before its verdict.

What is judged runs in the process that judges it, and can end it: by `os._exit`, by a signal, in C. So a process forks
when its run begins. The child goes on, and notes what it tries and what it finds; the parent waits, passes signals on,
and ends as the child does. A child that ends without a word on how its run did is told of by the parent, which knows
from the notes what was being tried.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final, NamedTuple

from contract_tests.system import temporary_folders

NO_VERDICT: Final = 3
"""The exit code of a run that was ended before its verdict."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM) + ((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ())
_PATIENCE: Final = 1.0
"""Seconds after which somebody who asks again for an end is not kept waiting; what arrives earlier came twice."""


_GRACE: Final = 1.0
"""Seconds that a run may take to notice that its time is up."""
_TIME_TO_WRITE: Final = 10.0
"""Seconds in which a run that is over has to write its reports."""


class Terminated(KeyboardInterrupt):
    """A signal asked for the end of the run; ``code`` is what a process ends with that does as it is asked."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.code = 128 + number


class Ending(NamedTuple):
    """How a run was ended before its verdict.

    Attributes:
        how: in words, such as ``exit code 0``.
        trying: what it was trying, empty before and after.
        noted: all that was noted, the kind of each note and its content.
        code: what to exit with, unless what is known says more; that it took too long is no verdict on anything.
        late: whether it was ended by the watching process, as it had not ended in time.
    """

    how: str
    trying: str
    noted: list[tuple[str, Any]]
    code: int
    late: bool = False

    def all(self, kind: str) -> list[Any]:
        """The contents of the notes of a kind."""
        return [told for noted, told in self.noted if noted == kind]


class _Child:
    """What the child of a watching process knows of itself; nothing in any other process."""

    journal: IO[bytes] | None = None
    asked: int | None = None


def watch(ended: Callable[[Ending], int | None], within: float | None = None) -> None:
    """Go on in a child of this process, which from now on does nothing but wait for it.

    Nothing is watched where a process can't be forked, or runs threads that would not live on in the child.

    Args:
        ended: called in the parent when the child has ended before `conclude`; the process ends after it, with what
            it returns, if that is not None.
        within: seconds in which the run is to end by itself; a second later the parent ends it.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return
    temporary_folders.prepare()  # so that both know them
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    journal = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - both processes have it to their end
    lives, lived_in = os.pipe()
    heeded = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    signal.pthread_sigmask(signal.SIG_BLOCK, heeded)
    child = os.fork()
    for number in heeded:
        signal.signal(number, _Watcher(child) if child else _stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, heeded)
    if child == 0:
        os.close(lived_in)
        _Child.journal = journal
        temporary_folders.take_over()
        threading.Thread(target=_end_with, args=(lives,), daemon=True).start()
        return
    os.close(lives)
    code = 0
    if within is not None:
        signal.signal(signal.SIGALRM, _Late(child, journal))
        signal.setitimer(signal.ITIMER_REAL, within + _GRACE)
    try:
        code = _wait(child, journal, ended)
    except BaseException as error:  # what the parent has to say could not be said
        code = NO_VERDICT
        with suppress(OSError):
            sys.stderr.write(f"flare-contract: the run was ended before its verdict: {error}\n")
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        temporary_folders.remove()
        os._exit(code)


def note(kind: str, told: object) -> None:
    """Note something for the process that watches, if there is one; ``trying`` is what a run is at.

    Raises:
        Terminated: somebody asked for the end of the run, and what is judged did not let that pass.
    """
    if _Child.journal is not None:
        with suppress(OSError, ValueError, TypeError, AttributeError, pickle.PicklingError):
            _Child.journal.write(pickle.dumps((kind, told)))
    if _Child.asked is not None:
        raise Terminated(_Child.asked)


def finish() -> int | None:
    """Let nothing disturb what a run does at its end, which is short; returns the signal that asked for it, if any."""
    asked, _Child.asked = _Child.asked, None
    note("over", None)
    if _Child.journal is not None:
        _ignore_signals()
    return asked


def conclude(code: int) -> None:
    """Say what this process ends with, now that its run is over; the watching process will do so."""
    _Child.asked = None
    note("code", code)


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: object) -> None:
    """Ask for the end of the run, once; a terminal asks both processes, and the parent passes it on."""
    _ignore_signals()
    _Child.asked = number
    raise Terminated(number)


def _end_with(lives: int) -> None:
    """Outlive nobody: a run that nobody waits for tells what it knows, and ends."""
    os.read(lives, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time_to_write = threading.Event()
    time_to_write.wait(_TIME_TO_WRITE)
    os._exit(NO_VERDICT)


class _Watcher:
    """Passes signals on to the child, and ends it when it is asked again."""

    first: float | None = None
    number = 0

    def __init__(self, child: int) -> None:
        self._child = child

    def __call__(self, number: int, frame: object) -> None:
        asked = time.monotonic()
        again = _Watcher.first is not None and asked - _Watcher.first > _PATIENCE
        _Watcher.first, _Watcher.number = _Watcher.first or asked, number
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL if again else number)


class _Late:
    """Ends a child that goes on when its time is up; one that only writes down what it knows may go on for a while."""

    ended = False

    def __init__(self, child: int, journal: IO[bytes]) -> None:
        self._child = child
        self._journal = journal
        self._again = False

    def __call__(self, number: int, frame: object) -> None:
        if not self._again and any(kind == "over" for kind, _ in _read(self._journal)):
            self._again = True
            signal.setitimer(signal.ITIMER_REAL, _TIME_TO_WRITE)
            return
        _Late.ended = True
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)


def _wait(child: int, journal: IO[bytes], ended: Callable[[Ending], int | None]) -> int:
    """Wait for the child; returns what to exit with."""
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0.0)  # what is left to be said is not cut short
    code = os.waitstatus_to_exitcode(status)
    noted = _read(journal)
    said = next((told for kind, told in reversed(noted) if kind == "code"), None)
    if said is not None:
        return int(said) or (code if code >= 0 else 128 - code)
    how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
    done = {told for kind, told in noted if kind == "done"}
    trying = next((told for kind, told in reversed(noted) if kind == "trying"), "")
    code = 128 + _Watcher.number if _Watcher.number else NO_VERDICT
    ending = Ending(how, "" if trying in done else trying, noted, code, _Late.ended)
    better = ended(ending)
    return ending.code if better is None else better


def _read(journal: IO[bytes]) -> list[tuple[str, Any]]:
    written = journal.fileno()  # which a child may be writing to, at the place where both are
    notes = io.BytesIO(os.pread(written, os.fstat(written).st_size, 0))
    noted: list[tuple[str, Any]] = []
    with suppress(EOFError, pickle.UnpicklingError):  # the last note may have been cut short
        while True:
            noted.append(pickle.load(notes))
    return noted
