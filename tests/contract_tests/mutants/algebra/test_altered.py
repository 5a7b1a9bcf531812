"""Sessions that are altered by rules, and what they remember of the calls of several threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contract_tests.mutants.algebra.altered import Change, altered


def test_calls_of_two_threads_have_places_of_their_own(monkeypatch: Any) -> None:
    """Even when both begin at once: each finds the other after it, or before."""
    system = altered("unaltered", Change({}))()
    sessions = [system.open_session() for _ in range(2)]
    clock, both = type(system.server.clock), threading.Barrier(2, timeout=30)
    time = clock.time

    def meets(self: Any) -> float:
        both.wait()
        monkeypatch.setattr(clock, "time", time)
        return float(time(self))

    monkeypatch.setattr(clock, "time", meets)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda session: session.list_jobs(), sessions))

    assert [call.place for call in system.history] == list(range(4))


def test_a_session_knows_the_call_that_opened_it() -> None:
    """It is that of its own thread, whatever others have called since."""
    system = altered("unaltered", Change({}))()
    system.open_session().list_jobs()
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(system.open_session).result()
    session = system.open_session()

    assert [session.number, other.number] == [3, 2]
    assert session.opened.thread == threading.get_ident() != other.opened.thread
