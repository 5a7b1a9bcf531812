"""The scenarios that come with the package: what each says of itself happens in it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from flare_sim import (
    AuthenticationError,
    AuthorizationError,
    InternalError,
    MonitorReturnCode,
    NoConnection,
    Scenario,
    SessionClosed,
    SimulatedServer,
)
from flare_sim.scenarios.gallery import NAMES, in_gallery
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim import Session


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[SimulatedServer]:
    """A server in the scenario that a test names."""
    with Scenario.of(request.param).server() as made:
        yield made


@pytest.fixture
def session(server: SimulatedServer) -> Session:
    """The administrator's session with it."""
    return server.connect()


def in_scenario(name: str) -> pytest.MarkDecorator:
    """Have a test's server be in a scenario."""
    return pytest.mark.parametrize("server", [name], indirect=True)


def passed(server: SimulatedServer) -> float:
    """Seconds since the server was made."""
    return server.clock.time() - server._state.started / 1e6


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is(name: str) -> None:
    """In a line, and in some more; as TOML it says the same again."""
    scenario = Scenario.of(name)

    assert scenario == Scenario.from_file(in_gallery(name)) == Scenario.from_toml(scenario.to_toml())
    assert 10 < len(scenario.title) < 80
    assert len(scenario.description) > 100
    assert max(map(len, scenario.description.splitlines())) <= 120


def test_there_are_ten() -> None:
    """And who misspells one is told what there is."""
    assert len(NAMES) == 10
    with pytest.raises(ValueError, match=r"^there is no scenario 'lost-repyl'; did you mean 'lost-reply'\? There are "):
        Scenario.of("lost-repyl")


@in_scenario("late-site")
def test_a_job_waits_for_a_late_site(server: SimulatedServer, session: Session) -> None:
    """It is tried less and less often, so that it runs some minutes after the site has come."""
    job_id = session.submit_definition(definition(min_clients=3))
    with_two = session.submit_definition(definition(min_clients=2))
    assert session.monitor_job(with_two, timeout=60) is MonitorReturnCode.JOB_FINISHED
    assert session.monitor_job(job_id, timeout=900) is MonitorReturnCode.TIMEOUT
    assert session.monitor_job(job_id) is MonitorReturnCode.JOB_FINISHED

    assert 900 < server.history(job_id)[-1].seconds - server.history(job_id)[0].seconds < 1500
    assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
    assert len(session.get_system_info().client_info) == 3


@in_scenario("dropped-site")
def test_a_run_is_paused_while_a_site_is_away(server: SimulatedServer, session: Session) -> None:
    """One that can do with the other site goes on."""
    both, one = (session.submit_definition(definition(min_clients=count)) for count in (2, 1))
    server.advance(300)
    told = "paused since site-2 dropped at 2026-01-01T00:02:00Z: 2 clients wanted, 1 connected"
    assert [job.reason for job in server.jobs] == [told, ""]
    server.run_until_idle()
    took = {job.job_id: round((job.end_time or 0) - (job.start_time or 0)) for job in server.jobs}

    assert took == {both: 960, one: 600}


@in_scenario("server-restart")
def test_a_crash_ends_runs_and_sessions(server: SimulatedServer, session: Session) -> None:
    """Calls fail while there is no server, and afterwards too, until there is a new session."""
    job_id = session.submit_definition(definition())
    with pytest.raises(NoConnection):
        session.monitor_job(job_id)
    server.advance(50)
    with pytest.raises(SessionClosed):
        session.list_jobs()
    again = server.connect()
    assert again.get_job_meta(job_id)["status"] == "FINISHED:ABANDONED"
    retried = again.clone_job(job_id)
    assert again.monitor_job(retried) is MonitorReturnCode.JOB_FINISHED

    assert again.get_job_meta(retried)["status"] == "FINISHED:COMPLETED"


@in_scenario("lost-reply")
def test_a_job_is_there_whose_reply_was_lost(server: SimulatedServer, session: Session) -> None:
    """Who looks before trying again finds it."""
    with pytest.raises(NoConnection):
        session.submit_definition(definition(name="mine"))
    server.advance(10)

    assert [job["job_name"] for job in session.list_jobs()] == ["mine"]


@in_scenario("flaky-training")
def test_a_training_works_the_third_time(server: SimulatedServer, session: Session) -> None:
    """A clone has the name of its original, and so its turn; evaluations are not touched."""
    job_id = session.submit_definition(definition(name="train-unet"))
    evaluation = session.submit_definition(definition(name="eval-unet"))
    ended = []
    for _ in range(3):
        session.monitor_job(job_id)
        ended.append(session.get_job_meta(job_id)["status"])
        job_id = session.clone_job(job_id)

    assert ended == ["FINISHED:EXECUTION_EXCEPTION", "FINISHED:ABNORMAL", "FINISHED:COMPLETED"]
    assert session.get_job_meta(evaluation)["status"] == "FINISHED:COMPLETED"
    third = server.jobs[3].job_id
    assert server.workspace(third)["metrics/round_metrics.jsonl"].count(b"\n") == 5


@in_scenario("long-queue")
def test_one_job_runs_at_a_time(server: SimulatedServer, session: Session) -> None:
    """The others wait, each for those before it."""
    ids = [session.submit_definition(definition()) for _ in range(3)]
    server.advance(60)
    assert [session.get_job_meta(job_id)["status"] for job_id in ids] == ["RUNNING", "SUBMITTED", "SUBMITTED"]
    assert session.monitor_job(ids[2], timeout=900) is MonitorReturnCode.TIMEOUT
    assert session.monitor_job(ids[2]) is MonitorReturnCode.JOB_FINISHED

    assert passed(server) == pytest.approx(1800, abs=10)


@in_scenario("scarce-gpus")
def test_what_no_site_has_is_waited_for_in_vain(server: SimulatedServer, session: Session) -> None:
    """Jobs that fit run one after the other, as one GPU is there for one of them."""
    needs = [{f"site-{site}": {"num_of_gpus": count} for site in (1, 2)} for count in (1, 1, 2)]
    for need in needs:
        session.submit_definition(definition(min_clients=2, resource_spec=need))
    server.advance(400)
    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED", "RUNNING", "SUBMITTED"]
    server.run_until_idle()

    assert [job.status for job in server.jobs[1:]] == ["FINISHED:COMPLETED", "FINISHED:CAN_NOT_SCHEDULE"]
    assert 2000 < passed(server) < 3000


@in_scenario("slow-network")
def test_replies_take_time_and_results_stay_where_they_are(server: SimulatedServer, session: Session) -> None:
    """A download gives the place of the result, which is no folder here."""
    job_id = session.submit_definition(definition())
    looks: list[float] = []

    def look(*_: object) -> bool:
        looks.append(server.clock.time())
        return True

    session.monitor_job(job_id, 0, 2, look)

    assert {round(later - sooner) for sooner, later in pairwise(looks)} == {10}
    assert session.download_job_result(job_id) == f"flare-sim://simulated_project/{job_id}"


@in_scenario("night-maintenance")
def test_jobs_wait_at_night(server: SimulatedServer, session: Session) -> None:
    """Runs go on, what is submitted waits, and for ten minutes nobody gets through; the next night again."""
    server.advance(6600)
    under_way = session.submit_definition(definition())
    server.advance(660)
    waiting = session.submit_definition(definition())
    server.advance(1800)
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.advance(600)
    assert session.get_job_meta(under_way)["status"] == "FINISHED:COMPLETED"
    assert session.get_job_meta(waiting)["status"] == "SUBMITTED"
    assert session.monitor_job(waiting) is MonitorReturnCode.JOB_FINISHED
    began = next(record.seconds for record in server.history(waiting) if record.kind == "schedule")
    assert began - server._state.started / 1e6 == pytest.approx(10_800, abs=2)
    server.advance(9000 + 86_400 - passed(server))
    with pytest.raises(NoConnection):
        session.list_jobs()


@in_scenario("staff-changes")
def test_rights_go_with_the_role(server: SimulatedServer) -> None:
    """Open sessions have those of the moment; jobs go on without who submitted them."""
    with pytest.raises(AuthenticationError):
        server.connect("ben@hospital.org")
    ann = server.connect("ann@hospital.org")
    job_id = ann.submit_definition(definition())
    server.advance(600)
    with pytest.raises(AuthorizationError):
        ann.submit_definition(definition())
    assert ann.get_job_meta(job_id)["status"] == "RUNNING"
    server.advance(3000)
    with pytest.raises(AuthorizationError):
        ann.list_jobs()
    ben = server.connect("ben@hospital.org")
    ben.monitor_job(job_id)

    assert ben.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"


def test_no_error_but_those_of_the_interface() -> None:
    """Whatever the scenario, an application that tries again ends, and meets nothing else."""
    for name in NAMES:
        server = Scenario.of(name).server()
        session, done = server.connect(), False
        while not done:
            try:
                done = bool(session.submit_definition(definition())) and session.list_jobs() is not None
            except (InternalError, NoConnection, SessionClosed):  # noqa: PERF203  (that is what trying again is)
                server.advance(10)
        server.run_until_idle()
        assert all(job.status.startswith("FINISHED:") for job in server.jobs), name
