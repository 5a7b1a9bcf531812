"""Threads wait together on a virtual clock, the same in every run, and nobody is left hanging."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent import futures
from pathlib import Path
from typing import Any

import pytest

import flare_sim
from flare_sim import ClockPool, HorizonReached, SimulatedServer, VirtualClock
from tests.flare_sim.job_samples import definition
from tests.flare_sim.on_clock.company import alone

ROOT = Path(flare_sim.__file__).parents[1]


def test_who_wakes_first_goes_on_first(clock: VirtualClock) -> None:
    """At the time at which it wakes; of several at the same time, who came first."""
    seen = []

    def work(name: str, seconds: float) -> None:
        for _ in range(2):
            clock.sleep(seconds)
            seen.append((clock.time(), name))

    with ClockPool(clock) as pool:
        for name, seconds in (("a", 6), ("b", 3), ("c", 6)):
            pool.submit(work, name, seconds)

    assert seen == [(3, "b"), (6, "a"), (6, "c"), (6, "b"), (12, "a"), (12, "c")]


def test_one_at_a_time_runs(clock: VirtualClock) -> None:
    """So that what they do to what they share needs no lock, and is the same in every run."""
    inside, most = [0], [0]

    def work(_: int) -> None:
        for _ in range(20):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            sum(range(1000))
            inside[0] -= 1
            clock.sleep(1)

    with ClockPool(clock) as pool:
        list(pool.map(work, range(5)))

    assert most == [1]


def test_whoever_comes_later_waits_for_its_turn(clock: VirtualClock) -> None:
    """A thread that hands over its first task does so when whoever runs sleeps, however long that takes really."""
    runs, order = threading.Event(), list[str]()

    def work() -> None:
        runs.set()
        time.sleep(0.05)
        order.append("runs")
        clock.sleep(5)

    def come() -> None:
        runs.wait()
        pool.submit(clock.sleep, 1)
        order.append("comes")

    thread = threading.Thread(target=come)
    thread.start()
    with ClockPool(clock) as pool:
        pool.submit(work).result()
        thread.join()

    assert order == ["runs", "comes"]


def test_who_takes_part_on_two_clocks(clock: VirtualClock) -> None:
    """Is waited for on both."""
    other = VirtualClock(start=0)
    with ClockPool(clock) as pool, ClockPool(other) as more:
        first, second = pool.submit(clock.sleep, 5), more.submit(other.sleep, 7)
        third = pool.submit(clock.sleep, 6)
        second.result()
        assert (first.done(), third.done(), clock.time()) == (False, False, 0)

    assert (clock.time(), other.time()) == (6, 7)
    assert alone(clock)
    assert alone(other)


def test_whoever_waits_in_vain_is_told(clock: VirtualClock) -> None:
    """All of them, each by its own sleep."""
    with SimulatedServer() as server:
        session = server.connect()
        ids = [session.submit_definition(definition()) for _ in range(2)]
        server.advance(3)
        server.faults.drop("site-1")
        with ClockPool(server.clock) as pool:
            watching = [pool.submit(session.monitor_job, job_id, poll_interval=3600) for job_id in ids]

        assert [type(future.exception()) for future in watching] == [HorizonReached] * 2


def test_a_sleep_that_is_meant_to_be_long_keeps_others_waiting(clock: VirtualClock) -> None:
    """Who looks again and again beside it does not do so in vain: it is going to do something."""
    with SimulatedServer() as server:
        session = server.connect()
        job_id = session.submit_definition(definition())
        server.advance(3)
        server.faults.drop("site-1")

        def mend() -> None:
            server.clock.sleep(30 * 86_400)
            server.faults.reconnect("site-1")

        with ClockPool(server.clock) as pool:
            pool.submit(mend)
            watching = pool.submit(session.monitor_job, job_id, poll_interval=3600)

        assert watching.result().name == "JOB_FINISHED"


def test_what_is_to_be_called_meanwhile_is(clock: VirtualClock) -> None:
    """At its time; what takes time in it goes on beside the sleeps."""
    seen: list[Any] = []

    def act() -> None:
        seen.append(("called", clock.time()))
        clock.sleep(10)

    def work(seconds: float) -> None:
        clock.sleep(seconds)
        seen.append((seconds, clock.time()))

    clock.call_later(5, act)
    with ClockPool(clock) as pool:
        list(pool.map(work, [7, 3, 20]))

    assert seen == [(3, 3), ("called", 5), (7, 15), (20, 20)]


def test_whoever_sleeps_on_the_clock_lets_its_tasks_go_on(clock: VirtualClock) -> None:
    """Nobody has to ask for their results."""
    pool = ClockPool(clock)
    future = pool.submit(clock.sleep, 5)
    assert not future.done()
    clock.sleep(100)

    assert future.done()
    assert clock.time() == 100
    assert alone(clock)


def test_pools_inside_pools(clock: VirtualClock) -> None:
    """They wait together, too."""

    def nested(count: int) -> None:
        with ClockPool(clock) as inner:
            list(inner.map(clock.sleep, range(count)))

    with ClockPool(clock) as pool:
        list(pool.map(nested, [3, 5, 7]))

    assert clock.time() == 6
    assert alone(clock)


def test_clocks_have_nothing_to_do_with_each_other(clock: VirtualClock) -> None:
    """Who takes part on one may sleep on another, which moves at once."""
    other = VirtualClock(start=0)
    with ClockPool(clock) as pool:
        list(pool.map(lambda one: one.sleep(5), [clock, other] * 4))

    assert (clock.time(), other.time()) == (5, 20)


def test_threads_that_take_no_part_wait_as_ever(clock: VirtualClock) -> None:
    """They may ask for results, and hand over tasks, too."""
    done: list[float] = []

    def outside(seconds: float) -> None:
        pool.submit(clock.sleep, seconds).result()
        done.append(seconds)

    pool = ClockPool(clock)
    threads = [threading.Thread(target=outside, args=(seconds,)) for seconds in (3, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [1, 2, 3]
    assert alone(clock)


def test_whoever_takes_no_part_may_wait_for_what_others_do(clock: VirtualClock) -> None:
    """For several results, in real time: it is woken when they are there."""
    given: queue.Queue[list[futures.Future[None]]] = queue.Queue()
    seen: list[int] = []

    def outside() -> None:
        waiting = given.get()
        seen.append(len(futures.wait(waiting, timeout=60).done))
        seen.append(len(list(futures.as_completed(waiting, timeout=60))))

    thread = threading.Thread(target=outside)
    thread.start()
    with ClockPool(clock) as pool:
        given.put([pool.submit(clock.sleep, seconds) for seconds in (3, 1, 2)])
    thread.join()

    assert seen == [3, 3]


def test_a_thread_that_ends_leaves_nobody_hanging(clock: VirtualClock) -> None:
    """Though it has handed over tasks, and never waited for them."""
    pool, given = ClockPool(clock), []
    thread = threading.Thread(target=lambda: given.append(pool.submit(clock.sleep, 5)))
    thread.start()
    thread.join()

    given[0].result()
    assert clock.time() == 5


def test_a_circle_is_an_error(clock: VirtualClock) -> None:
    """A task that waits for one that can't begin is told so, instead of hanging."""
    pool = ClockPool(clock, 1)
    future = pool.submit(lambda: pool.submit(int).result())

    with pytest.raises(RuntimeError, match="all who wait together wait for somebody else"):
        future.result()
    pool.shutdown()
    assert alone(clock)


def test_an_interrupt_leaves_nobody_hanging(clock: VirtualClock) -> None:
    """Whoever is interrupted while it waits goes on without the turn, and the others end as they would."""

    def work(_: int) -> None:
        for _ in range(10):
            clock.sleep(10)

    def interrupt() -> None:
        signal.raise_signal(signal.SIGINT)
        for _ in range(100_000):  # until Python lets the main thread know
            sum(range(10))

    pool = ClockPool(clock)
    others = [pool.submit(work, 0), pool.submit(interrupt), pool.submit(work, 1)]
    with pytest.raises(KeyboardInterrupt), pool:
        others[0].result()

    assert [future.result() for future in others] == [None] * 3
    assert clock.time() == 100
    assert alone(clock)


def test_a_process_ends_though_tasks_have_not_begun() -> None:
    """Nobody waits for them any more."""
    program = "from flare_sim import *; c = VirtualClock(); ClockPool(c).submit(c.sleep, 5); print('over')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")
