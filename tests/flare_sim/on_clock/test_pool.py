"""A pool of threads on a virtual clock does what a pool of threads does, in the clock's time."""

from __future__ import annotations

import concurrent.futures as futures
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from flare_sim import ClockPool, JobBehavior, SimulatedServer, SystemClock, VirtualClock
from flare_sim.on_clock import pool as pool_module
from tests.flare_sim.job_samples import definition
from tests.flare_sim.on_clock.company import alone


def test_four_sleeps_take_as_long_as_one(clock: VirtualClock) -> None:
    """Not as long as four."""
    with ClockPool(clock) as pool:
        list(pool.map(clock.sleep, [100] * 4))

    assert clock.time() == 100
    assert alone(clock)


def test_no_more_are_under_way_than_workers(clock: VirtualClock) -> None:
    """The next begins when one is over, in the order in which they were handed over."""
    begun = []

    def work(number: int) -> None:
        begun.append((clock.time(), number))
        clock.sleep(10 + number)

    with ClockPool(clock, 2) as pool:
        list(pool.map(work, range(5)))

    assert begun == [(0, 0), (0, 1), (10, 2), (11, 3), (22, 4)]


def test_a_worker_that_has_nothing_to_do_makes_room_for_another(clock: VirtualClock) -> None:
    """However often; they have names that tell whose they are."""
    names = []
    with ClockPool(clock, 1) as pool:
        for _ in range(3):
            names.append(pool.submit(lambda: threading.current_thread().name).result())
            clock.sleep(1)

    assert names == ["ClockPool_0", "ClockPool_1", "ClockPool_2"]


def test_results_come_as_they_are_completed(clock: VirtualClock) -> None:
    """``as_completed`` gives each at its time, and what is done with it then is done at that time."""
    seen: list[tuple[float, float]] = []

    def work(seconds: float) -> float:
        clock.sleep(seconds)
        return seconds

    with ClockPool(clock, 2) as pool:
        waiting = [pool.submit(work, seconds) for seconds in (5, 3, 9, 1)]
        seen += [(clock.time(), future.result()) for future in futures.as_completed(waiting)]

    assert seen == [(3, 3), (5, 5), (6, 1), (12, 9)]


def test_a_task_may_be_handed_over_when_another_is_over(clock: VirtualClock) -> None:
    """As whoever tries again does: at that time, while others wait on."""
    tries: list[float] = []

    def work(seconds: float) -> None:
        tries.append(clock.time())
        clock.sleep(seconds)
        if len(tries) < 4:
            raise OSError

    with ClockPool(clock) as pool:
        waiting = {pool.submit(work, 10), pool.submit(work, 1_000)}
        while waiting:
            done, waiting = futures.wait(waiting, return_when=futures.FIRST_COMPLETED)
            waiting |= {pool.submit(work, 10) for future in done if future.exception()}

    assert tries == [0, 0, 10, 20]
    assert clock.time() == 1_000


def test_a_timeout_is_one_of_the_clock(clock: VirtualClock) -> None:
    """Of a result, an exception, and ``wait``."""
    with ClockPool(clock) as pool:
        future = pool.submit(clock.sleep, 100)
        with pytest.raises(futures.TimeoutError):
            future.result(timeout=20)
        assert clock.time() == 20
        with pytest.raises(futures.TimeoutError):
            future.exception(timeout=5)
        assert futures.wait([future], timeout=5).not_done == {future}
        assert clock.time() == 30
        assert future.result(timeout=200) is None

    assert clock.time() == 100


def test_results_that_are_too_late_are_not_waited_for(clock: VirtualClock) -> None:
    """By ``as_completed`` and by ``map``: their timeout is one for all, and what is done meanwhile counts."""
    seen: list[tuple[float, float]] = []

    def work(seconds: float) -> float:
        clock.sleep(seconds)
        return seconds

    def watch(results: Iterable[Any]) -> None:
        for result in results:
            seen.append((clock.time(), result if isinstance(result, float) else result.result()))
            clock.sleep(10)

    with ClockPool(clock) as pool:
        waiting = [pool.submit(work, seconds) for seconds in (30.0, 60.0, 90.0, 120.0)]
        with pytest.raises(futures.TimeoutError, match=r"^not all futures are done in time$"):
            watch(futures.as_completed(waiting, timeout=100))
        assert clock.time() == 100
        assert [future.done() for future in waiting] == [True, True, True, False]
    with ClockPool(clock) as pool:
        with pytest.raises(futures.TimeoutError):
            watch(pool.map(work, (30.0, 60.0, 90.0, 120.0), timeout=100))
        assert clock.time() == 220

    assert seen == [(30, 30), (60, 60), (90, 90), (150, 30), (180, 60), (210, 90)]


def test_a_timeout_may_be_short(clock: VirtualClock) -> None:
    """Down to what a clock can tell apart."""
    with ClockPool(clock) as pool:
        with pytest.raises(futures.TimeoutError):
            list(pool.map(clock.sleep, [60], timeout=0.000001))
        assert clock.time() == 0.000001
        with pytest.raises(futures.TimeoutError):
            pool.submit(clock.sleep, 60).result(timeout=0.000001)
        assert clock.time() == 0.000002


def test_all_may_be_done_in_time(clock: VirtualClock) -> None:
    """Then nobody hears of a timeout; results that are there already are not waited for."""
    with ClockPool(clock) as pool:
        waiting = [pool.submit(clock.sleep, seconds) for seconds in (30, 60)]
        assert len(list(futures.as_completed(waiting, timeout=60.5))) == 2
        assert len(list(futures.as_completed(waiting, timeout=0))) == 2
        assert list(pool.map(clock.sleep, (5, 5), timeout=5.5)) == [None, None]

    assert clock.time() == 65


@pytest.mark.parametrize("max_seconds", [60, None])
def test_a_behavior_may_sleep_while_others_wait(max_seconds: float | None) -> None:
    """It is in the middle of an event, which the others want to have ended: the clock moves, and they go on then."""
    clock = VirtualClock(0, max_seconds)
    server = SimulatedServer(clock=clock, behavior=lambda run: clock.sleep(5))
    session = server.connect()
    with ClockPool(clock) as pool:
        jobs = [session.submit_definition(definition()) for _ in range(3)]
        ended = list(pool.map(session.monitor_job, jobs))

    assert [code.name for code in ended] == ["JOB_FINISHED"] * 3
    assert clock.time() < 60
    assert alone(clock)


def test_a_result_that_was_given_up_shortens_no_sleep(clock: VirtualClock) -> None:
    """Though it comes in the middle of one."""
    with ClockPool(clock) as pool:
        future = pool.submit(clock.sleep, 100)
        with pytest.raises(futures.TimeoutError):
            future.result(timeout=20)
        clock.sleep(500)

    assert clock.time() == 520


def test_what_a_task_raises_comes_out_of_its_result(clock: VirtualClock) -> None:
    """Whatever it is, and the others go on."""
    with ClockPool(clock) as pool:
        bad, worse, good = pool.submit(clock.sleep, -1), pool.submit(sys.exit, 3), pool.submit(clock.sleep, 5)

    assert isinstance(bad.exception(), ValueError)
    with pytest.raises(SystemExit):
        worse.result()
    assert good.result() is None
    assert alone(clock)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_callback_that_ends_its_thread_keeps_nobody_from_the_result(clock: VirtualClock) -> None:
    """The callbacks after it are not called, and whoever waits goes on all the same."""
    with ClockPool(clock) as pool:
        future = pool.submit(threading.current_thread)
        future.add_done_callback(lambda _: sys.exit())
        thread = future.result()
        thread.join()

    assert thread.name == "ClockPool_0"


def test_monitors_side_by_side() -> None:
    """Four jobs of a day are watched in a day, each look at its time; twice the same."""

    def watch() -> tuple[Any, ...]:
        with SimulatedServer(behavior=JobBehavior(run_seconds=86_400)) as server:
            session = server.connect()
            began = server.clock.time()
            ids = [session.submit_definition(definition()) for _ in range(4)]
            with ClockPool(server.clock) as pool:
                codes = list(pool.map(lambda job_id: session.monitor_job(job_id, poll_interval=600), ids))
            assert server.requests.counts["get_job_meta"] == 4 * 146
            return [code.name for code in codes], server.clock.time() - began, list(server.requests), server.story()

    codes, seconds, *_ = first = watch()

    assert (codes, seconds) == (["JOB_FINISHED"] * 4, 145 * 600)
    assert first == watch()


def test_a_monitor_sees_what_another_thread_does() -> None:
    """At its next look, and not when its job would have been over."""
    with SimulatedServer(behavior=JobBehavior(run_seconds=86_400)) as server:
        session = server.connect()
        began = server.clock.time()
        job_id = session.submit_definition(definition())

        def abort() -> None:
            server.clock.sleep(100)
            session.abort_job(job_id)

        with ClockPool(server.clock) as pool:
            watching = pool.submit(session.monitor_job, job_id, poll_interval=7)
            pool.submit(abort)

        assert watching.result().name == "JOB_FINISHED"
        assert server.jobs[0].status == "FINISHED:ABORTED"
        assert server.clock.time() - began < 120


def test_tasks_that_have_not_begun_can_be_cancelled(clock: VirtualClock) -> None:
    """One by one, or all at the end."""
    pool = ClockPool(clock, 1)
    tasks = [pool.submit(clock.sleep, 5) for _ in range(4)]
    assert tasks[1].cancel()
    clock.sleep(2)
    pool.shutdown(cancel_futures=True)

    assert [task.cancelled() for task in tasks] == [False, True, True, True]
    assert clock.time() == 5
    assert alone(clock)
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        pool.submit(int)


def test_no_room_for_a_thread_is_told_to_whoever_waits(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the error that Python raises then."""

    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(pool_module, "Thread", NoThread)
    with ClockPool(clock, 2) as pool:
        waiting = [pool.submit(clock.sleep, 5) for _ in range(5)]

    assert [str(future.exception()) for future in waiting] == ["can't start new thread"] * 5
    assert alone(clock)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ClockPool(SystemClock()), "a VirtualClock is needed"),
        (lambda: ClockPool(VirtualClock(), 0), "max_workers must be a whole number above 0, or None, not 0"),
        (lambda: ClockPool(VirtualClock(), 2.5), "max_workers must be a whole number"),  # type: ignore[arg-type]
        (lambda: ClockPool(VirtualClock(), 2, 5), "thread_name_prefix must be text, not 5"),  # type: ignore[arg-type]
        (lambda: ClockPool(VirtualClock()).shutdown(5), "wait and cancel_futures must be True or False, not 5"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make: Callable[[], object], message: str) -> None:
    """It is named."""
    with pytest.raises(ValueError, match=message):
        make()
