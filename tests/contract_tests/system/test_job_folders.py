"""Job folders: those of plans are accepted and do as planned."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.system.job_folders import (
    NEVER_ENOUGH,
    job_folder,
    job_meta,
    simulated_job_folder,
    simulated_props,
    write_job,
)
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, System
from flare_sim import SimulatedServer

PLANS = [
    JobPlan(),
    JobPlan(name="another"),
    JobPlan(runs=20.0),
    JobPlan(dispatches=30.0, runs=1.0),
    JobPlan(ends="EXECUTION_EXCEPTION"),
    JobPlan(ends="ABNORMAL"),
    JobPlan(ends="FAILED_TO_RUN"),
    JobPlan(mark="left behind"),
    JobPlan(min_clients=2),
    JobPlan(mandatory_clients=("site-1",)),
]


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_the_folder_of_a_plan_does_as_planned(plan: JobPlan) -> None:
    """It is accepted, and the job ends, is called, and leaves behind what the plan says."""
    with SimulatedSystem() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(plan))
        session.monitor_job(job)
        meta = session.get_job_meta(job)
        result = Path(session.download_job_result(job))

        assert meta["status"] == f"FINISHED:{plan.ends}"
        assert meta["name"] == plan.name
        if plan.mark is not None:
            assert [path.read_text() for path in result.rglob("mark.txt")] == [plan.mark]
        if plan.runs is not None:
            assert system.server.clock.time() >= meta["submit_time"] + plan.runs


def test_a_plan_that_waits_is_never_run() -> None:
    """It asks for more clients than anybody has."""
    with SimulatedSystem() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(JobPlan(waits=True)))
        system.server.clock.sleep(100.0)

        assert session.get_job_meta(job)["status"] == "SUBMITTED"
    assert job_meta(JobPlan(waits=True))["min_clients"] == NEVER_ENOUGH


def test_an_oversize_result_is_a_location() -> None:
    """A plan with an oversize result gives one above the system's own limit."""

    class Narrow(SimulatedSystem):
        download_limit = 1000

    with Narrow() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(JobPlan(oversize=True)))
        session.monitor_job(job)

        assert not os.path.exists(session.download_job_result(job))


@pytest.mark.parametrize("plan", [JobPlan(), JobPlan(name="x"), JobPlan(waits=True), JobPlan(min_clients=2)])
def test_a_plain_plan_is_served_by_every_system(plan: JobPlan) -> None:
    """The default folder is portable: nothing of the simulator's is in it, and a server accepts it."""
    path = System().job_folder(plan)

    assert "custom_props" not in json.loads((Path(path) / "meta.json").read_text())
    assert SimulatedServer().connect().submit_job(path)


@pytest.mark.parametrize(
    "plan",
    [
        JobPlan(runs=1.0),
        JobPlan(dispatches=1.0),
        JobPlan(ends="ABNORMAL"),
        JobPlan(mark="x"),
        JobPlan(oversize=True),
    ],
)
def test_a_plan_that_asks_for_more_is_not_claimed(plan: JobPlan) -> None:
    """A system that says nothing about how jobs behave does not pretend to."""
    with pytest.raises(NotClaimed, match="jobs that behave as planned"):
        System().job_folder(plan)


def test_a_folder_is_written_once() -> None:
    """The same plan gives the same folder, unless a fresh one is asked for."""
    plan = JobPlan(name="once")

    assert job_folder(plan) == job_folder(plan)
    assert job_folder(plan, fresh=True) != job_folder(plan)
    assert simulated_job_folder(plan, ["site-1"], 5) == simulated_job_folder(plan, ["site-1"], 5) != job_folder(plan)
    assert simulated_job_folder(plan, ["site-1"], 5) != simulated_job_folder(plan, ["site-2"], 5)


def test_nothing_is_told_to_the_simulator_that_the_plan_does_not_say() -> None:
    """A plan without wishes leaves the job's meta as any other job's."""
    assert simulated_props(JobPlan(), ["site-1"], 5) == {}
    assert "custom_props" not in job_meta(JobPlan(), {})


def test_a_job_holds_what_real_servers_need(tmp_path: Path) -> None:
    """A meta, and one app with both its configurations, all of them JSON."""
    write_job(tmp_path / "job", job_meta(JobPlan(mandatory_clients=("a", "b"))))

    found = sorted(str(path.relative_to(tmp_path / "job")) for path in (tmp_path / "job").rglob("*.json"))
    assert found == ["app/config/config_fed_client.json", "app/config/config_fed_server.json", "meta.json"]
    meta = json.loads((tmp_path / "job" / "meta.json").read_text())
    assert meta == {
        "name": "contract-job",
        "resource_spec": {},
        "min_clients": 1,
        "deploy_map": {"app": ["@ALL"]},
        "mandatory_clients": ["a", "b"],
    }
