"""The life of a job, told status by status, as the interface shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Client, JobBehavior, MonitorReturnCode, ServerConfig, SimulatedServer, VirtualClock
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.job_samples import START, behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session


def watched(session: Session, job_id: str, interval: float = 0.05) -> list[tuple[str, float]]:
    """Monitor a job to its end; returns each status with the time it was first seen at, from the start."""
    seen: list[tuple[str, float]] = []
    clock = session._clock
    start = clock.time()

    def look(_session: Any, _job_id: str, meta: dict[str, Any]) -> bool:
        if not seen or seen[-1][0] != meta["status"]:
            seen.append((meta["status"], round(clock.time() - start, 3)))
        return True

    assert session.monitor_job(job_id, poll_interval=interval, cb=look) is MonitorReturnCode.JOB_FINISHED
    return seen


def test_a_job_completes(session: Session) -> None:
    """Submitted, dispatched at the next tick, soon running, completed after its seven seconds."""
    job_id = session.submit_definition(definition())

    assert watched(session, job_id) == [
        ("SUBMITTED", 0.0),
        ("DISPATCHED", 1.05),
        ("RUNNING", 1.15),
        ("FINISHED:COMPLETED", 8.15),
    ]


def test_the_meta_grows_with_the_life(server: SimulatedServer, session: Session) -> None:
    """Each state adds what real servers add in it: schedule and deployment, then the start, then the duration."""
    job_id = session.submit_definition(definition())
    keys = [set(session.get_job_meta(job_id))]
    server.advance(1.04)
    assert session.get_job_meta(job_id)["status"] == "SUBMITTED"
    assert set(session.get_job_meta(job_id)) == keys[0]
    server.advance(0.01)
    dispatched = session.get_job_meta(job_id)
    assert set(dispatched) - keys[0] == {
        "job_deploy_detail",
        "schedule_count",
        "last_schedule_time",
        "schedule_history",
    }
    assert dispatched["schedule_history"] == ["2026-01-01 00:00:01: scheduled"]
    assert dispatched["job_deploy_detail"] == ["server: OK", "site-1: OK", "site-2: OK"]
    assert (dispatched["status"], dispatched["start_time"], dispatched["schedule_count"]) == ("DISPATCHED", "", 1)
    server.advance(0.1)
    running = session.get_job_meta(job_id)
    assert (running["status"], running["start_time"]) == ("RUNNING", "2026-01-01 00:00:01.150000")
    assert running["duration"] == "N/A"
    server.advance(7)
    assert session.get_job_meta(job_id)["duration"] == "0:00:07.000000"


@pytest.mark.parametrize(
    ("outcome", "status", "duration"),
    [
        ("COMPLETED", "FINISHED:COMPLETED", "0:00:02.500000"),
        ("EXECUTION_EXCEPTION", "FINISHED:EXECUTION_EXCEPTION", "0:00:02.500000"),
        ("ABNORMAL", "FINISHED:ABNORMAL", "N/A"),
        ("ABORTED", "FINISHED:ABORTED", "0:00:02.500000"),
        ("FAILED_TO_RUN", "FINISHED:FAILED_TO_RUN", "N/A"),
    ],
)
def test_a_run_ends_as_its_job_says(session: Session, outcome: str, status: str, duration: str) -> None:
    """The outcome and length of a run are those its own meta asks for."""
    job_id = session.submit_definition(definition(custom_props=behaving(outcome=outcome, run_seconds=2.5)))

    session.monitor_job(job_id)

    meta = session.get_job_meta(job_id)
    assert (meta["status"], meta["duration"]) == (status, duration)


def test_a_job_that_can_never_run_is_given_up(session: Session) -> None:
    """After ten tries, the waits between them doubling, the eleventh look gives up."""
    job_id = session.submit_definition(definition(min_clients=5))

    assert session.monitor_job(job_id) is MonitorReturnCode.JOB_FINISHED

    meta = session.get_job_meta(job_id)
    tries = [0, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    moments = [1 + sum(tries[: number + 1]) for number in range(10)]
    assert (meta["status"], meta["schedule_count"]) == ("FINISHED:CAN_NOT_SCHEDULE", 11)
    assert meta["last_schedule_time"] == 1767225600 + moments[-1] + 1
    assert meta["schedule_history"][-1].endswith(": exceeded max schedule count 10")
    for moment, line in zip(moments, meta["schedule_history"], strict=False):
        minutes, seconds = divmod(moment, 60)
        assert line == f"2026-01-01 00:{minutes:02d}:{seconds:02d}: connected sites (2) < min_sites (5)"


def test_a_job_is_given_up_whoever_came_meanwhile() -> None:
    """After its last try in vain nothing counts any more, also where jobs like it have found their clients."""
    server = SimulatedServer(progress="manual", config=ServerConfig(max_schedule_count=2))
    late, other = (server.submit(definition(min_clients=3)) for _ in range(2))
    assert [server.step(late) for _ in range(2)] == ["SUBMITTED"] * 2
    server.add_client("site-3")

    assert [server.step(job_id) for job_id in (other, late)] == ["DISPATCHED", "FINISHED:CAN_NOT_SCHEDULE"]


def test_a_job_is_given_up_at_the_next_moment_there_is() -> None:
    """Where jobs do not get on with time either."""
    server = SimulatedServer(progress="immediate", config=ServerConfig(max_schedule_count=1))
    server.submit(definition(min_clients=3))
    server.run_until_idle()

    assert [row[0] for row in server.trace.rows() if row[1] == "schedule"] == [START, START + 1]


def test_the_scheduler_may_fall_over_a_job_that_was_tried_before() -> None:
    """It waits to be tried at once then, as it did at first, whatever time it is."""
    server = SimulatedServer(personality="nvflare-2.3", clock=VirtualClock(-1000), clients=1)
    gpu = {"num_of_gpus": 1}
    server.submit(definition(min_clients=2, resource_spec={"site-1": gpu}))
    server.advance(5)
    server.add_client("site-2")
    server.advance(20)
    state = server._state

    assert [result for *_, result in server.trace.of("schedule")][-1] == "fell over"
    assert [job.retry_at for job in state.store] == [0]
    assert books(state) == made_anew(state)


def test_a_job_that_comes_just_before_the_scheduler_looks_is_seen(server: SimulatedServer, session: Session) -> None:
    """A microsecond is enough; one that comes with the look waits for the next."""
    server.advance(0.999999)
    session.submit_definition(definition())
    server.advance(0.000001)
    session.submit_definition(definition())
    server.advance(1)

    chosen = [row[0] for row in server.trace.rows() if row[1] == "state" and row[3] == "DEPLOYING"]
    assert chosen == [START + 1_000_000, START + 2_000_000]


def test_another_behavior_counts_for_runs_that_have_not_begun(server: SimulatedServer, session: Session) -> None:
    """From its deployment on for one that is being deployed; a run under way goes on as it was planned."""
    session.submit_definition(definition())
    server.advance(1.5)
    session.submit_definition(definition())
    session.submit_definition(definition())
    server.advance(0.52)
    assert [job.state.name for job in server._state.store] == ["RUNNING", "DEPLOYING", "SUBMITTED"]
    server._runner.behave(JobBehavior(run_seconds=2))
    server.run_until_idle()

    assert [(job.end_time or 0) - (job.start_time or 0) for job in server.jobs] == [7, 2, 2]


def test_a_job_waits_for_its_clients(server: SimulatedServer, session: Session) -> None:
    """A job tried in vain is tried again after its interval, and runs when its clients are there by then."""
    job_id = session.submit_definition(definition(min_clients=3))
    server.advance(5)
    server.add_client("site-3")

    assert watched(session, job_id)[1] == ("DISPATCHED", 6.05)
    assert session.get_job_meta(job_id)["schedule_history"] == [
        "2026-01-01 00:00:01: connected sites (2) < min_sites (3)",
        "2026-01-01 00:00:11: scheduled",
    ]
    assert session.get_job_meta(job_id)["schedule_count"] == 2


def test_no_job_is_tried_while_there_is_no_client() -> None:
    """Without clients nothing is tried at all, so nothing counts as a try."""
    server = SimulatedServer(clients=0)
    session = server.connect()
    job_id = session.submit_definition(definition(min_clients=1))
    server.advance(86_400)

    assert "schedule_count" not in session.get_job_meta(job_id)
    assert len(server.trace) == 1

    server.add_client("late")
    assert watched(session, job_id)[1] == ("DISPATCHED", 1.05)


def test_a_job_that_cannot_run_does_not_block_others(server: SimulatedServer, session: Session) -> None:
    """A job that waits for more clients lets the ones behind it go first."""
    stuck = session.submit_definition(definition(min_clients=9))
    free = session.submit_definition(definition())
    server.advance(2)

    assert [session.get_job_meta(job_id)["status"] for job_id in (stuck, free)] == ["SUBMITTED", "RUNNING"]


def test_one_job_is_dispatched_a_tick_up_to_the_limit(server: SimulatedServer, session: Session) -> None:
    """Jobs are dispatched in submit order, one a second, and no more than four at once."""
    jobs = [session.submit_definition(definition()) for _ in range(6)]
    server.run_until_idle()
    started = [session.get_job_meta(job_id)["start_time"][-9:] for job_id in jobs]

    # The fifth waits for the first to end at 8.15, so it is chosen at the tick of 9 s.
    assert started == ["01.150000", "02.150000", "03.150000", "04.150000", "09.150000", "10.150000"]


def test_resources_are_held_while_a_job_runs() -> None:
    """A job waits while another holds what it needs, for its own interval, and then runs."""
    server = SimulatedServer(clients=[Client("a", {"gpus": 1}), Client("b", {"gpus": 1})])
    session = server.connect()
    need = definition(resource_spec={"a": {"gpus": 1}, "b": {"gpus": 1}})
    first, second = session.submit_definition(need), session.submit_definition(need)
    server.run_until_idle()

    assert session.get_job_meta(first)["schedule_count"] == 1
    assert session.get_job_meta(second)["schedule_history"] == [
        "2026-01-01 00:00:02: not enough sites have enough resources (ok sites 0 < min sites 2",
        "2026-01-01 00:00:12: scheduled",
    ]


def test_a_deployment_that_fails_is_the_end(session: Session) -> None:
    """Deploying to too few sites ends in FAILED_TO_RUN, with the detail and without a schedule (as observed)."""
    job_id = session.submit_definition(definition(custom_props=behaving(deploy_failures=["site-2"])))
    session.monitor_job(job_id)

    meta = session.get_job_meta(job_id)
    assert meta["status"] == "FINISHED:FAILED_TO_RUN"
    assert meta["job_deploy_detail"] == [
        "server: OK",
        "site-1: OK",
        "site-2: failed to deploy app app",
        "num_ok_sites 1 < required_min_sites 2",
    ]
    assert not {"schedule_count", "schedule_history", "last_schedule_time"} & set(meta)


def test_a_job_runs_on_the_rest_when_enough_is_left(server: SimulatedServer, session: Session) -> None:
    """A site that could not be deployed to is left out when the job does without it, and what it held is free."""
    job_id = session.submit_definition(
        definition(min_clients=1, custom_props=behaving(deploy_failures=["site-1"], run_seconds=3))
    )
    server.advance(2)

    assert server.jobs[0].sites == ("site-2",)
    assert session.get_job_meta(job_id)["status"] == "RUNNING"


def test_latencies_are_the_servers_when_nobody_says_otherwise() -> None:
    """Configuration first, then the server's behavior over it, then the job's own over both."""
    config = ServerConfig(tick_seconds=0.5, deploy_seconds=1, start_seconds=2, run_seconds=3)
    server = SimulatedServer(config=config, behavior=JobBehavior(start_seconds=4, run_seconds=5))
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=6)))

    assert [moment for _, moment in watched(session, job_id, 0.5)] == [0.0, 1.5, 5.5, 11.5]
