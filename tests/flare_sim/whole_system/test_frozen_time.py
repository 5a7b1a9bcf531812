"""The machine's clock, frozen and moved by freezegun: the same server lives in that time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from freezegun import freeze_time

from flare_sim import MonitorReturnCode, SimulatedServer, SystemClock
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable


def test_ticking_moves_jobs() -> None:
    """A tick of frozen time is time for the server, which catches up at the next look."""
    with freeze_time("2020-02-02 02:02:02") as frozen:
        server = SimulatedServer(clock=SystemClock())
        session = server.connect()
        job_id = session.submit_definition(definition())
        seen = []
        for _ in range(10):
            seen.append(session.get_job_meta(job_id)["status"])
            frozen.tick(1)

    assert seen == ["SUBMITTED"] * 2 + ["RUNNING"] * 7 + ["FINISHED:COMPLETED"]


def test_a_monitor_can_sleep_in_frozen_time() -> None:
    """With tick as its sleep the clock moves the frozen time while a monitor waits."""
    with freeze_time("2020-02-02 02:02:02") as frozen:
        code, moment = _monitored(frozen.tick)

    assert code is MonitorReturnCode.JOB_FINISHED
    assert moment == "2020-02-02 02:02:03.150000"


def _monitored(tick: Callable[[float], object]) -> tuple[MonitorReturnCode, str]:
    server = SimulatedServer(clock=SystemClock(sleep=tick))
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=3600)))
    code = session.monitor_job(job_id, poll_interval=60)
    start: str = session.get_job_meta(job_id)["start_time"]
    return code, start


def test_time_that_jumps_back_does_not_undo_anything() -> None:
    """Moving frozen time back stops the server's time, and forward starts it again."""
    with freeze_time("2020-02-02") as frozen:
        server = SimulatedServer(clock=SystemClock())
        server.submit(definition())
        frozen.tick(2)
        assert [job.status for job in server.jobs] == ["RUNNING"]
        frozen.move_to("1999-01-01")
        assert [job.status for job in server.jobs] == ["RUNNING"]
        frozen.move_to("2020-02-03")

        assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]
