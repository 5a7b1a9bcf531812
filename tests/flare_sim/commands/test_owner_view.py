"""What the owner of a system asks it past all sessions: the workspace of a run, as it is by now."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import JobBehavior, JobNotFound, SimulatedServer
from flare_sim.disk.contents import whole
from tests.flare_sim.commands.command_lines import ask
from tests.flare_sim.job_samples import definition


@pytest.mark.parametrize("job_id", ["x", "", None, 7])
def test_of_no_job_there_is_no_workspace(server: SimulatedServer, job_id: Any) -> None:
    """That is said with the id."""
    with pytest.raises(JobNotFound, match=f"^no such job: {job_id!r}$"):
        server.workspace(job_id)


def test_before_a_run_there_is_nothing(server: SimulatedServer) -> None:
    """Nor for a job that never runs."""
    waits, aborted = (server.submit(definition(min_clients=9)) for _ in range(2))
    server.connect().abort_job(aborted)
    server.advance(5)

    assert (server.workspace(waits), server.workspace(aborted)) == ({}, {})


@pytest.mark.parametrize("personality", [None, "nvflare-2.3", "nvflare-2.9"])
def test_in_the_end_it_is_what_is_downloaded(personality: str | None) -> None:
    """File by file, by their paths, and with all that a release writes; some of it was there before."""
    behavior = JobBehavior(rounds=2, every=10, metrics="fedavg", log_lines=[(3, "soon"), (15, "later")])
    server = SimulatedServer(behavior=behavior, personality=personality)
    job_id = server.submit(definition())
    server.advance(15)
    before = server.workspace(job_id)
    server.run_until_idle()
    server.advance(5)
    content = dict(ask(server, f"download_job {job_id}").content)
    own = {path: whole(data) for path, data in content.items() if path.startswith("workspace/")}

    assert {f"workspace/{path}": data for path, data in server.workspace(job_id).items()} == own
    assert list(before) == sorted(before)
    assert own["workspace/log.txt"].startswith(before["log.txt"])
    assert (b"soon" in before["log.txt"], b"later" in before["log.txt"]) == (True, False)
    if personality == "nvflare-2.9":
        assert before["log_fl.txt"] == before["log.txt"]
        assert before["log.json"] == b'{"message": "soon"}\n{"message": "round 0 ended: 2 of 2 clients took part"}\n'
