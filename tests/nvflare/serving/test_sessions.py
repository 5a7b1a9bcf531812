"""NVFLARE's own sessions, in other processes, on a served system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flare_sim import JobBehavior, SimulatedServer
from flare_sim.nvflare import connect, installed_release
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.conftest import LIKE, RELEASE
from tests.nvflare.serving.served import ADMIN, Served, refusal, run_python

NOBODYS = "f7200b34-0000-0000-0000-000000000000"
"""An id that no job has."""


def files_in(folder: str) -> list[str]:
    """The files below a folder, but for what a client signs a job with."""
    paths = [path for path in Path(folder).rglob("*") if path.is_file() and not path.name.startswith(".__nvfl_")]
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def until_it_runs(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
    """Say whether to go on looking at a job."""
    return bool(meta["status"] != "RUNNING")


def test_a_job_lives_and_its_result_comes_back(session: Any, job: str) -> None:
    """It is submitted, listed, monitored to its end and downloaded; the result has the files it has in one process."""
    job_id = session.submit_job(job)
    listed = [one["job_name"] for one in session.list_jobs() if one["job_id"] == job_id]
    ended = session.monitor_job(job_id, timeout=60, poll_interval=0.1)
    meta = session.get_job_meta(job_id)
    first, again = (files_in(session.download_job_result(job_id)) for _ in range(2))
    with SimulatedServer(personality=LIKE.get(RELEASE), behavior=JobBehavior(run_seconds=40)) as server:
        inside = connect(server)
        other = inside.submit_job(write_job(Path(job).parent / "again" / "small"))
        inside.monitor_job(other)
        expected = files_in(inside.download_job_result(other))

    assert listed == ["small"]
    assert ended.name == "JOB_FINISHED"
    assert (meta["status"], meta["submitter_name"], meta["name"]) == ("FINISHED:COMPLETED", ADMIN, "small")
    assert first == again == expected


def test_a_program_of_its_own_needs_a_kit_and_nothing_else(served: Served, job: str) -> None:
    """A fresh Python that knows nothing of this project submits, monitors and downloads."""
    program = """
        import sys, os
        from nvflare.fuel.flare_api.flare_api import new_secure_session

        session = new_secure_session(*sys.argv[1:3])
        job_id = session.submit_job(sys.argv[3])
        print(session.monitor_job(job_id, poll_interval=0.1).name, os.listdir(session.download_job_result(job_id)))
        session.close()
        """
    done = run_python(program, ADMIN, served.kits[ADMIN], job)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("JOB_FINISHED [")
    assert "'workspace'" in done.stdout


@pytest.mark.parametrize(
    "name", ["get_job_meta", "clone_job", "abort_job", "delete_job", "download_job_result", "monitor_job"]
)
def test_an_unknown_job_is_not_found(session: Any, name: str) -> None:
    """It is, by every method that takes an id, the exception that the release has for that."""
    with pytest.raises(Exception) as raised:  # noqa: PT011  (the class is NVFLARE's, in a place of its release)
        getattr(session, name)(NOBODYS)

    assert type(raised.value).__name__ == "JobNotFound"


def test_a_bad_job_is_refused(session: Any, tmp_path: Path) -> None:
    """So is what is there and no job; a client looks for itself whether there is anything."""
    bad = write_job(tmp_path / "bad", deploy_map={"missing": ["@ALL"]})
    for path in (bad, f"{bad}-missing"):
        with pytest.raises(Exception) as raised:  # noqa: PT011  (as above)
            session.submit_job(path)

        assert type(raised.value).__name__ in ("InvalidJobDefinition", "RuntimeError")


def test_a_job_is_aborted_cloned_and_deleted(session: Any, job: str) -> None:
    """Each has its effect, and an abort has the job end."""
    job_id = session.submit_job(job)
    clone = session.clone_job(job_id)
    assert session.get_job_meta(clone)["name"] == "small"
    session.monitor_job(job_id, 60, 0.05, until_it_runs)
    session.abort_job(job_id)
    session.monitor_job(job_id, 60, 0.1)
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
    session.monitor_job(clone, 60, 0.1)
    session.delete_job(clone)
    assert clone not in [one["job_id"] for one in session.list_jobs()]


def test_the_system_is_told_of(session: Any) -> None:
    """The server is there, and both clients."""
    info = session.get_system_info()

    assert sorted(client.name for client in info.client_info) == ["site-1", "site-2"]


def test_users_have_their_rights(session: Any, session_of: Callable[[str], Any], job: str) -> None:
    """A member may look and not submit; a lead of another organisation may not abort what is not theirs."""
    job_id = session.submit_job(job)
    member, other = session_of("member@nvidia.com"), session_of("lead2@other.com")

    assert member.get_job_meta(job_id)["job_id"] == job_id
    for method, argument in ((member.submit_job, job), (other.abort_job, job_id)):
        with pytest.raises(Exception) as raised:  # noqa: PT011  (as above)
            method(argument)
        assert type(raised.value).__name__ == "AuthorizationError"


def test_a_kit_is_good_for_its_user_alone(served: Served) -> None:
    """Somebody else's name with it is no way in; what comes of that is the release's."""
    assert refusal("lead@nvidia.com", served.kits[ADMIN]) in (
        "AuthenticationError",
        "FLCommunicationError",
        "NoConnection",
    )


def test_the_command_line_of_nvflare(served: Served, session: Any, job: str, tmp_path: Path) -> None:
    """Since 2.4 a shell can submit a job, since 2.8 it can do all else as well; 2.3 knows no such command."""
    before = {one["job_id"] for one in session.list_jobs()}
    sent = served.nvflare("job", "submit", "-j", job)
    new = {one["job_id"] for one in session.list_jobs()} - before
    release = installed_release().version

    assert (sent.returncode == 0, len(new)) == (release >= (2, 4), int(release >= (2, 4))), sent.stdout + sent.stderr
    if release >= (2, 8):
        (job_id,) = new
        session.monitor_job(job_id, 60, 0.1)
        listed = served.nvflare("job", "list", "--format", "json")
        loaded = served.nvflare("job", "download", job_id, "-o", str(tmp_path / "results"))

        assert job_id in listed.stdout
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        assert (tmp_path / "results" / job_id / "workspace" / "fl_app.txt").read_text() == "app"
