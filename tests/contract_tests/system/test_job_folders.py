"""Job folders: those of plans are accepted and do as planned, those with a fault are refused."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.reference import SimulatedSystem
from contract_tests.system.job_folders import (
    FAULTS,
    NEVER_ENOUGH,
    bad_job,
    clear,
    inside,
    job_folder,
    job_meta,
    scratch,
    simulated_props,
    write_job,
)
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed, System
from flare_sim import InvalidJobDefinition, SimulatedServer

EVERY_FAULT = [f"{kind}/{number}" for kind, ways in FAULTS.items() for number in range(len(ways))]

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


@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_every_bad_definition_is_refused_by_the_reference(fault: str) -> None:
    """Each way of each kind raises InvalidJobDefinition and leaves no job."""
    with SimulatedSystem() as system:
        session = system.open_session()

        with pytest.raises(InvalidJobDefinition):
            session.submit_job(bad_job(BadJob(fault)))
        assert session.list_jobs() == []


def test_every_kind_of_bad_definition_has_its_clause() -> None:
    """The kinds are the clauses submit.refuses.…, no more and no less."""
    clauses = {clause.id for clause in CATALOGUE if clause.id.startswith("submit.refuses.")}

    assert {f"submit.refuses.{kind}" for kind in FAULTS} == clauses


def test_a_kind_alone_means_its_first_way() -> None:
    """BadJob("not-text") is BadJob("not-text/0")."""
    assert bad_job(BadJob("not-text")) is None
    assert bad_job(BadJob("not-text/2")) == 7
    assert str(BadJob("no-meta")) == "<bad job definition: no-meta>"


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
    assert job_folder(plan, {"flare_sim": {"run_seconds": 1.0}}) != job_folder(plan)


def test_scratch_folders_are_ones_own() -> None:
    """Two calls give two empty folders."""
    first, second = scratch(), scratch()

    assert first != second
    assert list(first.iterdir()) == list(second.iterdir()) == []


def test_scratch_folders_can_be_removed_early() -> None:
    """And nothing else is: the folders of plans are for everybody, and go on being given out."""
    kept, mine, own = job_folder(JobPlan()), scratch(), job_folder(JobPlan(), fresh=True)

    clear()

    assert os.path.isdir(kept)
    assert not mine.exists()
    assert not os.path.exists(own)
    assert job_folder(JobPlan()) == kept


def test_a_working_directory_is_left_again(tmp_path: Path) -> None:
    """Also when what was done inside has failed."""
    before = os.getcwd()

    with inside(str(tmp_path)):
        found = os.getcwd()
    with pytest.raises(InvalidJobDefinition), inside(str(tmp_path)):
        raise InvalidJobDefinition

    assert found == str(tmp_path)
    assert os.getcwd() == before


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


def _damage(folder: Path, how: str) -> None:
    meta = folder / "meta.json"
    if how == "rewrites a file":
        meta.write_bytes(b"x" * meta.stat().st_size)
    elif how == "adds a file":
        (folder / "app" / "log.txt").touch()
    elif how == "removes the folder":
        shutil.rmtree(folder)
    else:
        meta.chmod(0o200)


@pytest.mark.parametrize("how", ["rewrites a file", "adds a file", "removes the folder", "makes a file unreadable"])
@pytest.mark.parametrize("bad", [False, True], ids=["good job", "bad job"])
def test_a_folder_that_a_system_has_changed_is_written_anew(how: str, bad: bool) -> None:
    """What one session does to the folder it was given is no trouble of the next."""

    def given() -> Path:
        return Path(str(bad_job(BadJob("no-deploy-map")))) if bad else Path(job_folder(JobPlan(name=f"for {how}")))

    damaged = given()
    content = (damaged / "meta.json").read_bytes()
    _damage(damaged, how)

    assert given() != damaged
    assert (given() / "meta.json").read_bytes() == content
    assert [path.name for path in sorted((given() / "app").iterdir())] == ["config"]
    assert given() == given()
