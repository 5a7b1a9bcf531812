"""The watchdog: ends what never comes back, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from contract_tests.system.watchdog import _WATCHDOG, CallHung, limit

pytestmark = pytest.mark.usefixtures("quick_watchdog")


def for_ever() -> None:
    """Python code that goes on and on."""
    while True:
        time.sleep(0.005)


def test_a_block_that_goes_on_is_ended() -> None:
    """A loop without an end is left by CallHung."""
    with pytest.raises(CallHung), limit(0.3):
        for_ever()


def test_a_call_cannot_swallow_its_end_as_an_error() -> None:
    """CallHung is no Exception, so an implementation that catches those is ended as well."""

    def stubborn() -> None:
        while True:
            with suppress(Exception):
                for_ever()

    with pytest.raises(CallHung), limit(0.3):
        stubborn()


@pytest.mark.parametrize("blocks", [threading.Lock, lambda: threading.Semaphore(1)])
def test_a_call_that_waits_for_what_is_never_given_back_is_ended(blocks: Callable[[], Any]) -> None:
    """It blocks outside Python, where nothing is raised."""
    held = blocks()
    held.acquire()

    with pytest.raises(CallHung), limit(0.3):
        held.acquire()


def test_a_block_that_ends_in_time_is_left_alone() -> None:
    """Nothing is raised later, either."""
    with limit(60):
        pass
    for _ in range(20):
        time.sleep(0.001)

    assert not _WATCHDOG.under_way[threading.get_ident()]


def test_an_error_comes_out_as_it_is() -> None:
    """What the block raises is not changed, and the watch ends with it."""
    with pytest.raises(KeyError), limit(60):
        raise KeyError("x")

    assert not _WATCHDOG.under_way[threading.get_ident()]


def test_only_the_innermost_block_is_ended() -> None:
    """A call made in a callback has a share of its own; the outer one goes on after it."""
    with limit(60):
        with pytest.raises(CallHung), limit(0.3):
            for_ever()
        after = "the outer block goes on"

    assert after == "the outer block goes on"


def test_an_outer_block_is_not_charged_for_an_inner_one() -> None:
    """While an inner call runs, the outer one's share does not shrink."""
    with limit(60):
        outer = _WATCHDOG.under_way[threading.get_ident()]
        with limit(60):
            while outer[1].left == 60:
                time.sleep(0.005)
            assert outer[0].left == 60


def test_every_thread_is_watched_by_itself() -> None:
    """One that hangs is ended while another goes on."""
    ended: list[str] = []

    def hang() -> None:
        try:
            with limit(0.3):
                for_ever()
        except CallHung:
            ended.append("hung")

    def work() -> None:
        with limit(60):
            hanging.join()
            ended.append("done")

    hanging, working = threading.Thread(target=hang), threading.Thread(target=work)
    hanging.start()
    working.start()
    working.join()

    assert ended == ["hung", "done"]


def test_one_thread_watches_all() -> None:
    """However many blocks there were, there is one watching thread, and it keeps no process alive."""
    for _ in range(3):
        with limit(60):
            pass
    threads = [thread for thread in threading.enumerate() if thread.name == "flare-contract-watchdog"]

    assert len(threads) == 1
    assert threads[0].daemon


def test_an_interrupt_on_the_way_in_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal may raise between the note of a thread and that of its call."""
    monkeypatch.setitem(_WATCHDOG.under_way, -1, [])

    with pytest.raises(CallHung), limit(0.3):
        for_ever()


def test_bytecodes_can_be_traced_after_a_call_was_ended() -> None:
    """Nothing of it is left in the thread: in a process of its own, which would hang for ever."""
    script = """
import sys
from contract_tests.system.watchdog import CallHung, limit

try:
    with limit(0.1):
        while True:
            pass
except CallHung:
    pass

def look(frame, event, arg):
    frame.f_trace_opcodes = True
    return look

sys.settrace(look)
(lambda: [number for number in range(3)])()
sys.settrace(None)
"""

    assert subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode == 0
