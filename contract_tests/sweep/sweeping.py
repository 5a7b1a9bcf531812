"""The sweep itself: hands out what is left of it, and takes in what comes back, until all is done or time is up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

from contract_tests.distribution.engine import Engine, GivenUp
from contract_tests.engine.processes import Done
from contract_tests.plain_text import in_a_line, said
from contract_tests.sweep.journal import Journal
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import Plan
from contract_tests.sweep.trying import AnotherSuite, Look, look, tried
from contract_tests.system.lookup import BadSystem

_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Asked(Exception):
    """A signal asked for the end before the look at the system was over."""


class Signals:
    """Whether a signal asks for an end: it is heeded between two results, so that each is taken in whole.

    Attributes:
        asked: its number, None while there was none. A second one ends this process as if nobody listened.
    """

    asked: int | None = None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen, where that can be done: in a main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in _SIGNALS}

        def hear(number: int, frame: object) -> None:
            self.asked = number
            for known, handler in before.items():
                signal.signal(known, handler)

        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def looked(engine: Engine, plan: Plan, over: Callable[[], bool]) -> Look:
    """What a look at the system shows, wherever it is tried.

    Raises:
        BadSystem: nothing can be judged of it.
        AnotherSuite: there is another suite where it is tried.
        GivenUp: it ends the process.
        OutOfReach: nobody is there to try it.
        Asked: it was over before there was an answer.
    """
    with closing(engine.results(partial(look, plan), [None])) as results:
        for ended in results:
            for done in ended:
                found: Look = done.result()
                return found
            if over():
                break
    raise Asked


def sweep(
    engine: Engine,
    merged: Merged,
    journal: Journal | None,
    over: Callable[[], bool],
    progress: Callable[[], None],
) -> None:
    """Try what is left of a sweep, into ``merged``, and into its journal if there is one.

    Args:
        engine: who tries it.
        merged: what is known so far.
        journal: where what is found is put down.
        over: whether it is to end now, whatever is left.
        progress: called again and again.

    Raises:
        BadSystem, AnotherSuite: of somebody who tries it.
        OutOfReach: nobody is there to try it.
        CantWrite: the journal can't be written.
    """
    with closing(engine.results(partial(tried, merged.plan), merged.left)) as results:
        for ended in results:
            for done in ended:
                _take(done, merged, journal)
            progress()
            if over():
                break


def _take(done: Done, merged: Merged, journal: Journal | None) -> None:
    error: Any = None if done.good else done.value
    if isinstance(error, GivenUp):
        merged.given_up[done.item] = in_a_line(error.how)
    elif isinstance(error, (BadSystem, AnotherSuite)):
        raise error
    elif error is not None:
        merged.given_up[done.item] = said(error)
    else:
        if journal is not None:
            journal.add(done.value)
        merged.add(done.value)
