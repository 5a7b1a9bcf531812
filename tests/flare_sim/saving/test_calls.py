"""What is put down of calls that change a server: enough to make each of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import Client, NthCall, SimulatedServer, User
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "act",
    [
        lambda server, _: server.add_client(Client("site-9", {"gpus": 2})),
        lambda server, _: server.remove_client("site-1"),
        lambda server, _: server.add_user(User("ann", "x", "member")),
        lambda server, _: server.change_role("lead@nvidia.com", "member"),
        lambda server, _: server.revoke_user("lead@nvidia.com"),
        lambda server, job_id: server.step(job_id),
        lambda server, _: server.faults.drop("site-1"),
        lambda server, _: server.add_client("site-9", after=60),
        lambda server, _: server.add_user("ann", at_call=NthCall(2, by="admin@nvidia.com")),
        lambda server, _: server.faults.slow_replies(2, after=3),
        lambda server, _: server.faults.drop("site-1", lasting=100),
        lambda server, _: server.faults.slow_replies(
            1, at_call=NthCall(2, of="get_system_info", answered=True), lasting=9
        ),
        lambda server, job_id: server.faults.kill_job(job_id, at=1_767_225_700),
        lambda server, job_id: server.connect().clone_job(job_id),
    ],
)
def test_whatever_its_owner_does_is_in_the_file(tmp_path: Path, act: Callable[[SimulatedServer, str], object]) -> None:
    """Who reads it has a server that is as this one, and that goes on as this one does."""
    with SimulatedServer(state_file=tmp_path / "state", progress="manual") as server:
        job_id = server.submit(definition())
        act(server, job_id)
        restored = SimulatedServer.restore(tmp_path / "state")
        for _ in range(2):
            assert (restored.users, restored.jobs, restored.trace) == (server.users, server.jobs, server.trace)
            assert repr(restored.faults) == repr(server.faults)
            assert len({repr(one.connect().get_system_info()) for one in (restored, server)}) == 1
            for one in (server, restored):
                one.step(job_id)
                one.advance(200)
