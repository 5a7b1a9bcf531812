"""asyncio runs on a virtual clock: its sleeps take no time, its threads wait beside it, other loops stay as ever."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flare_sim import (
    ClockLoop,
    ClockPool,
    HorizonReached,
    JobBehavior,
    SimulatedServer,
    SystemClock,
    VirtualClock,
    run_async,
)
from flare_sim.on_clock import event_loop
from tests.flare_sim.job_samples import definition
from tests.flare_sim.on_clock.company import alone


def run_as_before(main: Coroutine[Any, Any, Any], clock: VirtualClock) -> Any:
    """As on Python 3.10, where asyncio has no runner."""
    return event_loop._run(main, ClockLoop(clock))


Running = Callable[[Coroutine[Any, Any, Any], VirtualClock], Any]
either_way = pytest.mark.parametrize("run", [run_async, run_as_before])


@either_way
def test_a_sleep_takes_no_time(clock: VirtualClock, run: Running) -> None:
    """What it returns comes back, and the clock stands where it was slept to."""

    async def main() -> str:
        await asyncio.sleep(3600)
        return "done"

    assert run(main(), clock) == "done"
    assert clock.time() == 3600
    assert clock._company is None


def test_sleeps_overlap_in_the_order_of_their_ends(clock: VirtualClock) -> None:
    """Each to the microsecond, far from the epoch, too."""
    clock.sleep(1767225600.1)
    seen = []

    async def work(seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((seconds, round(clock.time() - 1767225600.1, 6)))

    async def main() -> None:
        await asyncio.gather(*map(work, (3, 0.000001, 2.5, 1_000_000, 0.3)))

    run_async(main(), clock)

    assert seen == [(one, one) for one in (0.000001, 0.3, 2.5, 3, 1_000_000)]


def test_a_timeout_comes_at_its_time(clock: VirtualClock) -> None:
    """When nothing else can come."""

    async def main() -> float:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 30)
        return asyncio.get_running_loop().time()

    assert run_async(main(), clock) == 30


def test_a_real_connection_is_served(clock: VirtualClock) -> None:
    """What has come by then goes before a timeout; a server that sleeps does so on the clock."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told = await reader.readline()
        await asyncio.sleep(5)
        writer.write(told.upper())
        await writer.drain()
        writer.close()

    async def main() -> bytes:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(b"hello\n")
        told = await asyncio.wait_for(reader.readline(), 60)
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return told

    assert run_async(main(), clock) == b"HELLO\n"
    assert clock.time() == 5


def test_what_another_process_sends_is_waited_for(clock: VirtualClock) -> None:
    """When there is nothing else to wait for, really; and the clock stands."""

    async def main() -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print('hello')", stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        return told

    assert run_async(main(), clock).split() == [b"hello"]
    assert clock.time() == 0


def test_what_runs_in_threads_waits_beside_the_loop() -> None:
    """Four monitors of an hour take an hour, with a coroutine that ticks meanwhile."""
    with SimulatedServer(behavior=JobBehavior(run_seconds=3600)) as server:
        session = server.connect()
        began = server.clock.time()
        ids = [session.submit_definition(definition()) for _ in range(4)]
        ticks = []

        async def tick() -> None:
            for _ in range(5):
                await asyncio.sleep(600)
                ticks.append(server.clock.time() - began)

        async def main() -> list[Any]:
            watching = [asyncio.to_thread(session.monitor_job, job_id, poll_interval=60) for job_id in ids]
            return await asyncio.gather(tick(), *watching)

        codes = run_async(main(), server.clock)

        assert [code.name for code in codes[1:]] == ["JOB_FINISHED"] * 4
        assert ticks == [600, 1200, 1800, 2400, 3000]
        assert server.clock.time() - began == 3660


def test_what_a_thread_returns_comes_when_it_is_over(clock: VirtualClock) -> None:
    """Not when the loop would have gone on by itself."""
    seen = []

    async def watch() -> None:
        await asyncio.get_running_loop().run_in_executor(None, clock.sleep, 10)
        seen.append(clock.time())

    async def main() -> None:
        await asyncio.gather(watch(), asyncio.sleep(100))

    run_async(main(), clock)

    assert seen == [10]
    assert clock.time() == 100


def test_an_executor_that_is_given_is_used(clock: VirtualClock) -> None:
    """It is somebody else's, and none of those who wait together."""

    def name(prefix: str) -> str:
        return prefix + threading.current_thread().name.partition("_")[0]

    async def main() -> list[str]:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="theirs") as theirs:
            return [await loop.run_in_executor(where, name, "in ") for where in (theirs, None)]

    assert run_async(main(), clock) == ["in theirs", "in asyncio"]


def test_a_thread_is_given_up_at_a_timeout(clock: VirtualClock) -> None:
    """At its time; the thread goes on, and is waited for at the end, as ever."""
    seen = []

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(clock.sleep, 100), 30)
        seen.append(clock.time())

    run_async(main(), clock)

    assert seen == [30]
    assert clock.time() == 100


def test_a_loop_beside_tasks_that_were_handed_over_before(clock: VirtualClock) -> None:
    """They are over before the loop is, which goes on by the clock."""
    pool = ClockPool(clock)
    task = pool.submit(clock.sleep, 5)

    async def main() -> None:
        await asyncio.sleep(10)
        await asyncio.gather(asyncio.to_thread(clock.sleep, 30), asyncio.sleep(20))

    run_async(main(), clock)

    assert task.done()
    assert clock.time() == 40
    clock.sleep(1)
    assert alone(clock)


def test_a_loop_in_a_thread_that_waits_with_others(clock: VirtualClock) -> None:
    """Two loops and a thread, one clock."""

    async def main() -> None:
        await asyncio.sleep(50)

    with ClockPool(clock) as pool:
        for work in (lambda: run_async(main(), clock), lambda: run_async(main(), clock), lambda: clock.sleep(70)):
            pool.submit(work)

    assert clock.time() == 70


def test_whoever_waits_in_vain_is_told() -> None:
    """A coroutine that looks again and again at a job that is stuck; its own cleaning up is done."""
    cleaned = []
    with SimulatedServer() as server:
        session = server.connect()
        job_id = session.submit_definition(definition())
        server.advance(3)
        server.faults.drop("site-1")

        async def main() -> None:
            try:
                while session.get_job_meta(job_id)["status"] == "RUNNING":
                    await asyncio.sleep(3600)
            finally:
                cleaned.append(True)

        with pytest.raises(HorizonReached, match="RUNNING, paused since site-1 dropped"):
            run_async(main(), server.clock)

        assert cleaned == [True]
        assert getattr(server.clock, "_company", "none") is None


def test_a_sleep_that_is_longer_than_the_horizon_is_meant() -> None:
    """Though asyncio looks once a day at what is to come."""
    with SimulatedServer() as server:
        began = server.clock.time()
        run_async(asyncio.sleep(40 * 86_400), server.clock)

        assert server.clock.time() - began == 40 * 86_400


@either_way
def test_what_the_coroutine_raises_comes_out(clock: VirtualClock, run: Running) -> None:
    """Whatever was left behind is cancelled, and generators are closed."""
    seen = []

    async def forever() -> None:
        try:
            await asyncio.sleep(10**9)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def main() -> None:
        task = asyncio.ensure_future(forever())
        await asyncio.sleep(1)
        assert not task.done()
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(main(), clock)

    assert seen == ["cancelled"]
    assert clock.time() == 1


def test_other_loops_stay_on_real_time(clock: VirtualClock) -> None:
    """Before, meanwhile and afterwards."""
    loops = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())

    asyncio.run(main())
    run_async(main(), clock)
    asyncio.run(main())

    assert [type(loop) is ClockLoop for loop in loops] == [False, True, False]
    assert all(abs(loop.time() - time.monotonic()) < 60 for loop in (loops[0], loops[2]))


def test_what_is_called_in_the_middle_of_a_sleep_may_take_time(clock: VirtualClock) -> None:
    """Though the loop is woken meanwhile."""
    seen = []

    def act() -> None:
        clock.sleep(10)
        seen.append(clock.time())

    async def main() -> None:
        await asyncio.gather(asyncio.to_thread(clock.sleep, 7), asyncio.sleep(30))

    clock.call_later(5, act)
    run_async(main(), clock)

    assert seen == [15]
    assert clock.time() == 30


def test_a_loop_may_be_kept(clock: VirtualClock) -> None:
    """For several coroutines, as an ``asyncio.Runner`` does that is given ``loop_factory``."""
    loop = ClockLoop(clock)
    loop.run_until_complete(asyncio.sleep(5))
    loop.run_until_complete(asyncio.sleep(6))
    loop.close()

    assert clock.time() == 11


def test_a_call_from_another_thread_wakes_a_loop(clock: VirtualClock) -> None:
    """One that takes no part, while the loop has nothing to wait for but that."""

    async def main() -> str:
        loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        await loop.run_in_executor(None, lambda: loop.call_soon_threadsafe(future.set_result, "told"))
        told: str = await future
        return told

    assert run_async(main(), clock) == "told"


@pytest.mark.parametrize("wrong", [SystemClock(), 5, None])
def test_only_a_virtual_clock_will_do(wrong: Any) -> None:
    """And no coroutine is left that nobody awaited."""
    with pytest.raises(ValueError, match="a VirtualClock is needed"):
        run_async(asyncio.sleep(1), wrong)
    with pytest.raises(ValueError, match="a VirtualClock is needed"):
        ClockLoop(wrong)


def test_only_a_coroutine_will_do(clock: VirtualClock) -> None:
    """Such as ``main()``, not ``main``."""
    with pytest.raises(ValueError, match="a coroutine is needed, such as main"):
        run_async(asyncio.sleep, clock)  # type: ignore[arg-type]


def test_one_loop_does_not_run_in_another(clock: VirtualClock) -> None:
    """As with ``asyncio.run``."""

    async def main() -> None:
        with pytest.raises(RuntimeError, match=r"^run_async\(\) cannot be called from a running event loop$"):
            run_async(asyncio.sleep(1), clock)

    asyncio.run(main())
