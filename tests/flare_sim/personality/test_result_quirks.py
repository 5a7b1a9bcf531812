"""Quirks of results and downloads, each on and off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flare_sim import InternalError, JobNotDone, JobNotFound, ServerConfig, SimulatedServer
from flare_sim.commands.table import COMMANDS
from flare_sim.disk.contents import whole
from tests.flare_sim.job_samples import definition
from tests.flare_sim.personality.one_quirk import a_server, ask, both, in_state


@both
def test_download_refused_until_done(on: bool) -> None:
    """A job that runs has a result to download, or it hasn't yet."""
    server = a_server("download-refused-until-done", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    if on:
        with pytest.raises(JobNotDone, match=job_id):
            session.download_job_result(job_id)
        server.run_until_idle()

    assert Path(session.download_job_result(job_id), "job", "job", "meta.json").is_file()


@both
def test_downloads_numbered(tmp_path: Path, on: bool) -> None:
    """A second download goes into a folder of its own, or into the same again."""
    server = a_server("downloads-numbered", on=on)
    session = server.connect(download_dir=str(tmp_path))
    job_id = in_state(server, session, "FINISHED:COMPLETED")
    names = [Path(session.download_job_result(job_id)).name for _ in range(3)]

    assert names == ([job_id, f"{job_id}__1", f"{job_id}__2"] if on else [job_id] * 3)


@both
def test_any_size_downloads(on: bool) -> None:
    """A result over the limit is downloaded all the same, or has a location."""
    server = a_server("any-size-downloads", on=on, config=ServerConfig(max_download_bytes=1))
    session = server.connect()
    where = session.download_job_result(in_state(server, session, "FINISHED:COMPLETED"))

    assert where.startswith("flare-sim://") != on
    assert Path(where).is_dir() == on


@both
def test_ids_in_any_case(on: bool) -> None:
    """In capitals an id, or its beginning, is the job's in every command; else it is no id, and named as it is."""
    server = a_server("ids-in-any-case", on=on)
    session = server.connect()
    job_id = session.submit_definition(definition())
    other = job_id.upper()

    for beginning, found in ((other, on), (other[:8], on), (job_id[:8], True), (job_id, True)):
        assert len(ask(server, f"list_jobs {beginning}").payload["jobs"]) == found
    if on:
        assert session.get_job_meta(other)["job_id"] == job_id
        assert session.download_job_result(other)
        session.delete_job(other)
    about = [name for name, spec in COMMANDS.items() if spec.about_job]
    for name in about:
        reply = ask(server, f"{name} {other}")
        assert (reply.status, reply.info) == ("invalid_job_id", job_id if on else other), name
    for command in (session.get_job_meta, session.clone_job, session.abort_job, session.download_job_result):
        with pytest.raises(JobNotFound):
            command(other)
    assert len(server.jobs) == (not on)


@both
def test_download_needs_exact_id(on: bool) -> None:
    """Written in capitals an id is an InternalError for a download, and only there."""
    quirks = ("ids-in-any-case", *(("download-needs-exact-id",) if on else ()))
    server = SimulatedServer(quirks=quirks)
    session = server.connect()
    job_id = session.submit_definition(definition()).upper()

    assert session.get_job_meta(job_id)["job_id"] == job_id.lower()
    if on:
        told = f"object /tmp/nvflare/jobs-storage/{job_id} does not exist"
        with pytest.raises(InternalError, match=rf"^error: .* from store: StorageException: {told}$"):
            session.download_job_result(job_id)
    else:
        assert session.download_job_result(job_id)


@both
def test_workspace_saved_late(on: bool) -> None:
    """Right after an abort the workspace is empty, and two seconds later it is there."""
    server = a_server("workspace-saved-late", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    session.abort_job(job_id)

    def workspace() -> list[str]:
        return [path for path, _ in ask(server, f"download_job {job_id}").content if path.startswith("workspace/")]

    assert (workspace() == ["workspace/"]) == on
    server.advance(2)
    assert len(workspace()) > 1


@both
def test_result_has_meta_and_logs(on: bool) -> None:
    """At the top lies the job's meta, in the workspace more logs."""
    server = a_server("result-has-meta-and-logs", on=on)
    session = server.connect()
    job_id = in_state(server, session, "FINISHED:COMPLETED")
    files = dict(ask(server, f"download_job {job_id}").content)

    assert (next(iter(files)) == "meta.json") == on
    assert ("meta.json" in files, "workspace/log_fl.txt" in files, "workspace/log.json" in files) == (on, on, on)
    if on:
        assert json.loads(whole(files["meta.json"])) == session.get_job_meta(job_id)
