"""NVFLARE's own sessions in threads and coroutines that wait together."""

from __future__ import annotations

import asyncio
from typing import Any

from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

from flare_sim import ClockPool, JobBehavior, run_async
from flare_sim.nvflare import offline
from tests.nvflare.jobs import HELLO_JOB

HOUR = JobBehavior(run_seconds=3600)


def monitored(session: Session) -> str:
    """Submit a job, watch it to its end, and return how that was."""
    job_id = session.submit_job(HELLO_JOB)
    code: Any = session.monitor_job(job_id, poll_interval=60)
    return str(code.name)


def test_monitors_of_threads_take_as_long_as_one() -> None:
    """Each on a session of its own, which it opened where it runs."""
    with offline(behavior=HOUR) as server:
        began = server.clock.time()
        with ClockPool(server.clock) as pool:
            watching = [pool.submit(lambda: monitored(new_secure_session("admin@nvidia.com", "kit"))) for _ in range(4)]

        assert [future.result() for future in watching] == ["JOB_FINISHED"] * 4
        assert 3600 < server.clock.time() - began < 3700


def test_asyncio_goes_by_the_clock() -> None:
    """With a coroutine that sleeps beside monitors, inside ``offline``."""
    with offline(behavior=HOUR) as server:
        began = server.clock.time()
        slept = []

        async def sleeper() -> None:
            await asyncio.sleep(1800)
            slept.append((server.clock.time() - began, len(server.jobs)))

        async def main() -> list[Any]:
            session = new_secure_session("admin@nvidia.com", "kit")
            return await asyncio.gather(sleeper(), *[asyncio.to_thread(monitored, session) for _ in range(3)])

        assert run_async(main(), server.clock)[1:] == ["JOB_FINISHED"] * 3
        ((seconds, jobs),) = slept
        assert 1800 <= seconds < 1810  # logging in takes its time first
        assert jobs == 3
        assert 3600 < server.clock.time() - began < 3700
