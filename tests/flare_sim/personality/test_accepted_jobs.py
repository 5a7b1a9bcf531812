"""What a server takes runs on there: it is listed, scheduled, cloned and handed out, without a foreign error."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from flare_sim import InternalError, InvalidJobDefinition, JobBehavior, JobNotFound, ServerConfig, SimulatedServer
from flare_sim.jobs.definition import examine
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.drawn_jobs import DrawnJob, drawn_jobs, write_drawn
from tests.flare_sim.job_samples import definition, write_job

PERSONALITIES = (None, "nvflare-2.3", "nvflare-2.9")
HASTY = ServerConfig(min_schedule_interval=1, max_schedule_interval=2, max_schedule_count=2)
STUCK = [{"min_clients": None}, {"min_clients": "1"}]


def live_one(personality: str | None) -> SimulatedServer:
    """A server whose jobs run for a second."""
    return SimulatedServer(personality=personality, config=HASTY, behavior=JobBehavior(run_seconds=1))


@pytest.mark.parametrize("personality", PERSONALITIES)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(job=drawn_jobs())
def test_a_drawn_job_is_refused_or_runs_on(personality: str | None, job: DrawnJob) -> None:
    """A job that is refused leaves nothing; one that is taken can be asked everything, and ends or waits."""
    with live_one(personality) as server, tempfile.TemporaryDirectory() as folder:
        session = server.connect(download_dir=f"{folder}/results")
        try:
            job_id = session.submit_job(str(write_drawn(job, Path(folder))))
        except (InvalidJobDefinition, InternalError):
            assert len(server.jobs) == 0
            return
        for _ in range(2):
            try:
                assert len(session.list_jobs()) == len(session.list_jobs(detailed=True)) == 1
            except InternalError as problem:
                assert "has no attribute 'lower'" in str(problem)  # noqa: PT017  (of a name that is no text)
            try:
                assert session.get_job_meta(job_id)["job_id"] == job_id
            except JobNotFound:  # of an id of its own that is no id
                return
            server.advance(30)
        assert session.get_job_meta(job_id)["status"].startswith(("FINISHED", "SUBMITTED"))
        assert session.clone_job(job_id) != job_id
        if session.get_job_meta(job_id)["status"] != "SUBMITTED":
            assert session.download_job_result(job_id)


@pytest.mark.parametrize("personality", PERSONALITIES[1:])
@pytest.mark.parametrize("changes", STUCK, ids=str)
def test_a_job_the_scheduler_falls_over_keeps_the_others_waiting(
    tmp_path: Path, personality: str, changes: dict[str, Any]
) -> None:
    """It stays SUBMITTED without a word in its history, and nothing behind it is scheduled until it is gone."""
    with live_one(personality) as server:
        session = server.connect()
        before = server.submit(definition())
        stuck = session.submit_job(write_job(tmp_path / "stuck", **changes))
        behind = server.submit(definition())
        server.advance(100)

        metas = [session.get_job_meta(job_id) for job_id in (before, stuck, behind)]
        assert [meta["status"] for meta in metas] == ["FINISHED:COMPLETED", "SUBMITTED", "SUBMITTED"]
        assert "schedule_count" not in metas[1]
        session.abort_job(stuck)
        server.advance(100)
        assert session.get_job_meta(behind)["status"] == "FINISHED:COMPLETED"


@pytest.mark.parametrize(
    ("personality", "changes", "status"),
    [
        ("nvflare-2.3", {"min_clients": True}, "FINISHED:COMPLETED"),
        ("nvflare-2.3", {"min_clients": 1.5}, "FINISHED:COMPLETED"),
        ("nvflare-2.3", {"min_clients": 2.5}, "FINISHED:CAN_NOT_SCHEDULE"),
        ("nvflare-2.3", {"name": 5}, "FINISHED:COMPLETED"),
        ("nvflare-2.3", {"resource_spec": []}, "FINISHED:COMPLETED"),
        ("nvflare-2.3", {"resource_spec": None}, "SUBMITTED"),
        ("nvflare-2.3", {"resource_spec": {"site-1": None}}, "FINISHED:COMPLETED"),
        (
            "nvflare-2.3",
            {"min_clients": 2, "resource_spec": {"site-1": None, "site-2": {}}},
            "FINISHED:CAN_NOT_SCHEDULE",
        ),
        ("nvflare-2.3", {"mandatory_clients": "site-1"}, "FINISHED:CAN_NOT_SCHEDULE"),
        ("nvflare-2.3", {"mandatory_clients": 5}, "SUBMITTED"),
        ("nvflare-2.3", {"deploy_map": {"app": {"@ALL": 1}}}, "FINISHED:FAILED_TO_RUN"),
        ("nvflare-2.3", {"deploy_map": {"app": {"server": 1, "site-1": 1}}}, "FINISHED:COMPLETED"),
        ("nvflare-2.9", {"deploy_map": {"app": {"targets": ["@ALL"]}}}, "FINISHED:COMPLETED"),
        ("nvflare-2.9", {"deploy_map": {"app": "@ALL"}}, "FINISHED:COMPLETED"),
        ("nvflare-2.9", {"deploy_map": {"app": [{"sites": ["server"]}, "site-2"]}}, "FINISHED:COMPLETED"),
        ("nvflare-2.9", {"min_clients": "+1"}, "SUBMITTED"),
        ("nvflare-2.9", {"mandatory_clients": "site-1"}, "FINISHED:CAN_NOT_SCHEDULE"),
        ("nvflare-2.9", {"mandatory_clients": [5]}, "FINISHED:CAN_NOT_SCHEDULE"),
        ("nvflare-2.9", {"resource_spec": {"site-1": {"process": "x"}}}, "SUBMITTED"),
    ],
)
def test_an_odd_job_ends_as_on_that_release(
    tmp_path: Path, personality: str, changes: dict[str, Any], status: str
) -> None:
    """What only that release takes comes to the end it comes to there; the others refuse it."""
    path = write_job(tmp_path / "odd", **{"min_clients": 1, **changes})
    with live_one(personality) as server:
        session = server.connect()
        job_id = session.submit_job(path)
        server.advance(100)
        meta = session.get_job_meta(job_id)

        assert meta["status"] == status
        assert {key: meta[key] for key in changes} == changes
        assert {key: session.get_job_meta(session.clone_job(job_id))[key] for key in changes} == changes


def test_a_job_whose_mandatory_clients_are_no_list_is_given_up(tmp_path: Path) -> None:
    """2.9.0 gives up at once, and says why."""
    with live_one("nvflare-2.9") as server:
        session = server.connect()
        ids = [session.submit_job(write_job(tmp_path / str(n), mandatory_clients=m)) for n, m in enumerate(("x", [5]))]
        server.advance(5)

        said = [session.get_job_meta(job_id)["schedule_history"][-1].partition(": ")[2] for job_id in ids]
        assert said == ["required sites must be a list", "invalid required site '5'"]


@pytest.mark.parametrize(
    ("release", "changes", "place"),
    [
        ("2.3", {"min_clients": "1"}, "min_clients"),
        ("2.3", {"min_clients": None}, "min_clients"),
        ("2.3", {"resource_spec": None}, "resource_spec"),
        ("2.3", {"mandatory_clients": 5}, "mandatory_clients"),
        ("2.3", {"deploy_map": {"app": {"@ALL": 1}}}, "deploy_map.app"),
        ("2.9", {"mandatory_clients": "site-1"}, "mandatory_clients"),
        ("2.9", {"resource_spec": {"site-1": {"process": "x"}}}, "resource_spec.site-1.process"),
    ],
)
def test_what_the_server_will_fall_over_is_warned_of(
    tmp_path: Path, release: str, changes: dict[str, Any], place: str
) -> None:
    """A job that is taken, and that the server can't work with then, comes with a warning that names the place."""
    path = write_job(tmp_path / "odd", **changes)
    examination = examine(path, RELEASE_RULES[release])

    assert examination.refusal is None
    warned = [problem for problem in examination.problems if problem.kind == "server-falls-over"]
    assert [(problem.place, problem.warning) for problem in warned] == [(place, True)]


def test_a_meta_says_what_the_apps_bring(tmp_path: Path) -> None:
    """2.9.0 marks code and Flower by what it finds in the apps; what the submitter says of it counts for nothing."""
    flower = {
        "app/config/config_fed_server.json": '{"flower_app_path": "x"}',
        "app/config/config_fed_client.json": "{}",
    }
    with live_one("nvflare-2.9") as server:
        session = server.connect()
        plain = session.submit_job(write_job(tmp_path / "plain", byoc=True, flower_predeployed=True))
        marked = session.submit_job(write_job(tmp_path / "marked", {**flower, "app/custom/net.py": ""}))

        assert not {"byoc", "flower_predeployed"} & set(session.get_job_meta(plain))
        assert (session.get_job_meta(marked)["byoc"], session.get_job_meta(marked)["flower_predeployed"]) == (
            True,
            True,
        )
        assert session.get_job_meta(session.clone_job(marked))["byoc"] is True
