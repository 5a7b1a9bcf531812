"""Helper threads: calls alternate between two of them, and are made as if they were made here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from time import sleep
from typing import Any

import pytest

from contract_tests.system.helper_threads import HelperThreads
from contract_tests.system.watchdog import CallHung, limit

pytestmark = pytest.mark.usefixtures("quick_watchdog")


@pytest.fixture
def threads() -> Iterator[HelperThreads]:
    """Threads that calls may take a minute in."""
    with HelperThreads() as threads:
        yield threads


def helpers() -> list[threading.Thread]:
    """Those that live, after as much as half a minute in which they may end."""
    found: list[threading.Thread] = []
    for _ in range(600):
        found = [thread for thread in threading.enumerate() if thread.name == "flare-contract-helper"]
        if not found:
            break
        sleep(0.05)
    return found


def test_a_call_is_made_in_another_thread_than_the_one_before(threads: HelperThreads) -> None:
    """There are two of them in all, and neither is the caller's."""
    where = threads.calling(threading.get_ident, 60)
    idents = [where() for _ in range(6)]

    assert all(one != other for one, other in pairwise(idents))
    assert len(set(idents)) == 2
    assert threading.get_ident() not in idents


def test_a_call_in_a_call_takes_a_thread_of_its_own(threads: HelperThreads) -> None:
    """As a callback may call while its monitor waits for it."""

    def outer() -> tuple[int, int]:
        return threading.get_ident(), threads.calling(threading.get_ident, 60)()

    for _ in range(3):
        around, within = threads.calling(outer, 60)()
        assert len({around, within, threading.get_ident()}) == 3


def test_what_a_call_returns_or_raises_comes_out(threads: HelperThreads) -> None:
    """Its arguments arrive; an exception that ends a process ends no thread."""

    def tell(*args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    def leave() -> None:
        raise SystemExit(3)

    assert threads.calling(tell, 60)(1, 2, three=3) == ((1, 2), {"three": 3})
    with pytest.raises(ZeroDivisionError):
        threads.calling(lambda: 1 / 0, 60)()
    with pytest.raises(SystemExit):
        threads.calling(leave, 60)()
    assert threads.calling(tell, 60)() == ((), {})


def test_a_call_that_does_not_come_back_is_ended(threads: HelperThreads) -> None:
    """In its thread, which makes others then."""

    def for_ever() -> None:
        while True:
            sleep(0.005)

    with pytest.raises(CallHung):
        threads.calling(for_ever, 0.1)()
    assert threads.calling(lambda: 7, 60)() == 7


def test_threads_end_with_the_block() -> None:
    """All of them."""
    with HelperThreads() as threads:
        for _ in range(3):
            threads.calling(threading.get_ident, 60)()

    assert helpers() == []


def test_one_that_is_waited_for_no_longer_ends_once_it_can() -> None:
    """What it blocks in may be outside of Python; another makes the next calls."""
    gate = threading.Lock()
    gate.acquire()
    with HelperThreads() as threads:
        with pytest.raises(CallHung), limit(0.1):
            threads.calling(gate.acquire, 60)()
        assert threads.calling(lambda: 7, 60)() == 7
        gate.release()

    assert helpers() == []
