"""A job's meta and its line in a list: as real servers write them, made anew for each reader."""

from __future__ import annotations

import json

from flare_sim.commands.job_meta import deployed_meta, job_duration, job_line, job_meta
from flare_sim.jobs.lifecycle import JobState
from tests.flare_sim.job_samples import START, definition, new_job


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
    """Nothing a reader does to a meta is seen by the next one, however deep it is, in dicts and lists."""
    made = definition(note=[[1, [2]], {"a": [3]}], other={"b": {"c": {}}})
    job = new_job(made=made)
    for _ in range(4):  # as it was made, and as it was kept since
        meta = job_meta(job)
        assert meta == job_meta(new_job(made=made))
        for inner in (meta["deploy_map"]["app"], meta["note"], meta["note"][0], meta["note"][0][1]):
            inner.append("x")
        for outer in (meta["note"][1], meta["other"], meta["other"]["b"], meta["other"]["b"]["c"]):
            outer["x"] = 1
        meta["status"] = "FINISHED:COMPLETED"


def test_what_only_the_server_may_say_is_the_servers() -> None:
    """Keys of the server's in a submitted meta are replaced or dropped; unknown ones are kept."""
    forged = {"job_id": "mine", "status": "FINISHED:COMPLETED", "schedule_count": 7, "cloned_from": "x", "note": "n"}
    meta = job_meta(new_job(made=definition(**forged, submitter_name="eve", submit_time=1)))

    assert (meta["job_id"], meta["status"], meta["submitter_name"], meta["note"]) == ("id-0000", "SUBMITTED", "a", "n")
    assert not {"schedule_count", "cloned_from"} & set(meta)


def test_a_scheduled_jobs_meta_tells_how() -> None:
    """Tries and deployment are in the meta once there were any; a clone names its original."""
    job = new_job(cloned_from="id-x")
    job.vain, job.scheduled = ((START, "no"),), START + 1_000_000
    job.deploy_detail = ("server: OK",)

    meta = job_meta(job)

    assert list(meta)[-4:] == ["job_deploy_detail", "schedule_count", "last_schedule_time", "schedule_history"]
    assert meta["schedule_history"] == ["2026-01-01 00:00:00: no", "2026-01-01 00:00:01: scheduled"]
    assert (meta["schedule_count"], meta["last_schedule_time"]) == (2, START / 1e6 + 1)
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
