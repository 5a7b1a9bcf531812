"""The store: found by id, by submitter, in order; the record rendered afresh for each reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from flare_sim import User
from flare_sim.commands.job_meta import deployed_meta, job_duration, job_line, job_meta
from flare_sim.engine.job import Job
from flare_sim.engine.job_store import JobStore
from flare_sim.jobs.lifecycle import JobState
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import JobDefinition

USERS = [User("a", "x", "lead"), User("b", "y", "lead")]
START = 1_767_225_600_000_000
SMALL = definition()


def new_job(serial: int = 0, user: int = 0, made: JobDefinition = SMALL, cloned_from: str = "") -> Job:
    """A job of a user."""
    return Job(serial, f"id-{serial:04d}", made, USERS[user], START + serial, cloned_from)


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "move"]), st.integers(0, 20), st.sampled_from(JobState))))
def test_the_store_agrees_with_a_list(steps: list[tuple[str, int, JobState]]) -> None:
    """Whatever is added, moved and removed: order, submitters, active jobs and counts are those of a plain list."""
    store = JobStore()
    model: list[Job] = []
    for verb, number, state in steps:
        if verb == "add":
            job = new_job(store.counter, number % 2)
            store.add(job)
            model.append(job)
        elif model and verb == "remove":
            store.move(model[number % len(model)], JobState.ABORTED)
            store.remove(model.pop(number % len(model)))
        elif model:
            store.move(model[number % len(model)], state)

        assert list(store) == model
        assert len(store) == len(model)
        for user in USERS:
            assert list(store.of(user.name)) == [job for job in model if job.submitter is user]
        assert sorted(store.active) == [job.serial for job in model if job.state.active]
        assert {status: count for status, count in store.counts.items() if count} == {
            status: sum(job.state.status == status for job in model) for status in {job.state.status for job in model}
        }


def test_an_id_may_be_written_in_capitals() -> None:
    """A job is found whatever case its id is written in; other text finds nothing."""
    store = JobStore()
    store.add(new_job())

    assert store.get("ID-0000") is store.get("id-0000") is not None
    assert (store.get("id"), store.get(""), list(store.of("nobody"))) == (None, None, [])


def test_moving_puts_plans_out_of_date() -> None:
    """Every move makes a new epoch and forgets the rendered meta."""
    store = JobStore()
    job = new_job()
    store.add(job)
    job_meta(job)

    store.move(job, JobState.RUNNING)

    assert (job.epoch, job.blob) == (1, None)
    assert repr(job) == "<Job id-0000 'small' RUNNING>"


def test_a_new_jobs_meta_has_the_keys_of_a_real_one() -> None:
    """Keys, formats and order are those observed on a real server."""
    meta = job_meta(new_job())

    assert json.dumps(meta) == (
        '{"name": "small", "resource_spec": {}, "min_clients": 2, "deploy_map": {"app": ["@ALL"]}, '
        '"job_folder_name": "job", "submitter_name": "a", "submitter_org": "x", "submitter_role": "lead", '
        '"job_id": "id-0000", "submit_time": 1767225600.0, "submit_time_iso": "2026-01-01T00:00:00.000000+00:00", '
        '"start_time": "", "duration": "N/A", "status": "SUBMITTED"}'
    )


def test_a_meta_is_the_readers_own() -> None:
    """Nothing a reader does to a meta is seen by the next one."""
    job = new_job()
    first = job_meta(job)
    first["deploy_map"]["app"].append("x")
    first["status"] = "FINISHED:COMPLETED"

    assert job_meta(job) != first
    assert job_meta(job) == job_meta(new_job())


def test_what_only_the_server_may_say_is_the_servers() -> None:
    """Keys of the server's in a submitted meta are replaced or dropped; unknown ones are kept."""
    forged = {"job_id": "mine", "status": "FINISHED:COMPLETED", "schedule_count": 7, "cloned_from": "x", "note": "n"}
    meta = job_meta(new_job(made=definition(**forged, submitter_name="eve", submit_time=1)))

    assert (meta["job_id"], meta["status"], meta["submitter_name"], meta["note"]) == ("id-0000", "SUBMITTED", "a", "n")
    assert not {"schedule_count", "cloned_from"} & set(meta)


def test_a_scheduled_jobs_meta_tells_how() -> None:
    """Tries and deployment are in the meta once there were any; a clone names its original."""
    job = new_job(cloned_from="id-x")
    job.tries, job.last_try = 2, START + 5
    job.history = ((START, "no"), (START + 1_000_000, "scheduled"))
    job.deploy_detail = ("server: OK",)

    meta = job_meta(job)

    assert list(meta)[-4:] == ["job_deploy_detail", "schedule_count", "last_schedule_time", "schedule_history"]
    assert meta["schedule_history"] == ["2026-01-01 00:00:00: no", "2026-01-01 00:00:01: scheduled"]
    assert (meta["schedule_count"], meta["last_schedule_time"]) == (2, (START + 5) / 1e6)
    assert (meta["job_deploy_detail"], meta["cloned_from"]) == (["server: OK"], "id-x")


def test_durations_are_noted_as_real_servers_note_them() -> None:
    """Running: only a list computes it. Completed, aborted, excepted: there. Abnormal, abandoned: not available."""
    job = new_job()
    assert job_duration(job, START) == "N/A"
    job.state, job.started = JobState.RUNNING, START
    assert (job_duration(job, START + 1_500_000), job_meta(job)["duration"]) == ("0:00:01.500000", "N/A")
    job.ended = START + 2_000_000
    for state, expected in (("COMPLETED", "0:00:02.000000"), ("ABNORMAL", "N/A"), ("ABANDONED", "N/A")):
        job.state, job.blob = JobState[state], None
        assert (job_duration(job, START), job_meta(job)["duration"]) == (expected, expected)


def test_a_short_line_is_all_text() -> None:
    """A line of a plain list has five fields, all text, and its submit time as ISO."""
    assert job_line(new_job(), START) == {
        "job_id": "id-0000",
        "job_name": "small",
        "status": "SUBMITTED",
        "submit_time": "2026-01-01T00:00:00.000000+00:00",
        "duration": "N/A",
    }


def test_the_deployed_meta_is_from_before_the_run() -> None:
    """What a workspace keeps is the meta the job was deployed with."""
    job = new_job()
    job.state, job.started, job.ended = JobState.COMPLETED, START, START + 1

    meta = deployed_meta(job)

    assert (meta["status"], meta["start_time"], meta["duration"]) == ("SUBMITTED", "", "N/A")
