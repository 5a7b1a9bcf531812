"""Concurrent calls: threads that call at once, and what came of every call."""

from __future__ import annotations

import threading
from collections.abc import Callable

from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.system import NotClaimed


def need_threads(s: Scenario) -> None:
    """See that the system may be called from several threads, before any is begun: in one that would not be heard.

    Raises:
        NotClaimed: it may not.
    """
    if not s.system.threads:
        raise NotClaimed("calls from several threads", "threads")


def at_once(s: Scenario, threads: int, work: Callable[[int], None]) -> None:
    """Call ``work`` with a number from 0 in each of that many threads, which begin together.

    They race anew every time.
    """
    s.raced = True
    gate = threading.Barrier(threads)

    def begin(number: int) -> None:
        gate.wait()
        work(number)

    workers = [threading.Thread(target=begin, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class ConcurrentCalls:
    """Threads that call at once, each in a session of its own or all in one, and what came of every call."""

    def __init__(self, s: Scenario, threads: int, shared: bool) -> None:
        need_threads(s)
        self.s = s
        self.actors = [s.open()] * threads if shared else [s.open() for _ in range(threads)]
        self.outcomes: list[tuple[str, Outcome]] = []

    def call(self, act: str, jobs: list[list[str]]) -> None:
        """Let every thread call ``act`` for its own jobs."""

        def work(number: int) -> None:
            self.outcomes.extend((job, self.actors[number].do(act, job)) for job in jobs[number])

        at_once(self.s, len(self.actors), work)
        for _, outcome in self.outcomes:
            self.s.require(outcome.returned, f"every {act} to work", outcome)
