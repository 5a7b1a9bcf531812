"""Whatever a server is asked, what was due by its clock's time has happened first."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from flare_sim import Command, SimulatedServer
from tests.flare_sim.job_samples import definition


def save(server: SimulatedServer) -> None:
    """Save a server where nobody looks."""
    with TemporaryDirectory() as folder:
        server.save(f"{folder}/state")


Use = Callable[[SimulatedServer, str], Any]

USES: dict[str, Use] = {
    "add_user": lambda server, _: server.add_user("ann"),
    "add_client": lambda server, _: server.add_client("site-9"),
    "advance": lambda server, _: server.advance(0),
    "awaited": lambda server, _: server.awaited(),
    "change_role": lambda server, _: server.change_role("lead@nvidia.com", "member"),
    "call_later": lambda server, _: server.call_later(1, lambda: None),
    "catch_up": lambda server, _: server.catch_up(),
    "connect": lambda server, _: server.connect(),
    "delivers": lambda server, _: server.delivers(server.request(server.login("admin@nvidia.com"), Command("bye"))),
    "examine": lambda server, _: server.examine("/nowhere"),
    "faults": lambda server, _: server.faults.hold(),
    "history": lambda server, job_id: server.history(job_id),
    "jobs": lambda server, _: server.jobs,
    "login": lambda server, _: server.login("admin@nvidia.com"),
    "reachable": lambda server, _: server.reachable,
    "remark": lambda server, _: server.remark("/nowhere", ()),
    "remove_client": lambda server, _: server.remove_client("site-2"),
    "request": lambda server, _: server.request(server.login("admin@nvidia.com"), Command("bye")),
    "revoke_user": lambda server, _: server.revoke_user("lead@nvidia.com"),
    "run_until_idle": lambda server, _: server.run_until_idle(),
    "save": lambda server, _: save(server),
    "step": lambda server, job_id: server.step(job_id),
    "story": lambda server, _: server.story(),
    "stored_files": lambda server, job_id: server.stored_files(job_id),
    "submit": lambda server, _: server.submit(definition()),
    "timeline_page": lambda server, _: server.timeline_page(),
    "trace": lambda server, _: server.trace,
    "workspace": lambda server, job_id: server.workspace(job_id),
    "watch": lambda server, job_id: server.watch(job_id),
}
"""All that is asked of a server, by name."""
NEVER_CHANGES = {"clock", "config", "progress", "quirks", "seed"}
"""What a server is from the start."""
OUT_OF_TIME = {
    "close": "the end of it all",
    "download_folder": "a folder on disk",
    "folder": "a folder on disk",
    "folders": "folders on disk",
    "is_at_work": "asked by its clock before it sleeps",
    "quiet_since": "asked by its clock while it sleeps",
    "remarks": "what was found when jobs were looked at",
    "requests": "what was asked before",
    "restore": "makes another server",
    "users": "those that were given, and added or revoked since",
    "reply_seconds": "asked beside another question, which has brought everything about",
}


@pytest.mark.parametrize("name", USES)
def test_what_was_due_has_happened(name: str) -> None:
    """Time passes on the clock, unseen by the server, and then it is asked: the fault planned meanwhile is there."""
    server = SimulatedServer(progress="manual")
    job_id = server.submit(definition())
    server.faults.drop("site-1", after=5)
    server.clock.sleep(10)

    USES[name](server, job_id)

    state = server._state
    assert [record[1:] for record in state.trace if record[1] == "client"][:1] == [("client", "site-1", "dropped")]
    assert state.now == 1_767_225_610_000_000


def test_a_step_goes_by_what_is_there_by_then() -> None:
    """A job moved on by hand is scheduled to the clients of that time, which shows in its meta."""
    server = SimulatedServer(progress="manual")
    session = server.connect()
    job_id = server.submit(definition())
    server.faults.drop("site-1", after=5)
    server.clock.sleep(700)

    assert server.step(job_id) == "SUBMITTED"
    assert session.get_job_meta(job_id)["last_schedule_time"] == server.clock.time()


def test_nothing_that_is_asked_is_left_out() -> None:
    """Every public name of a server is in one of the lists."""
    public = {name for name in (*dir(SimulatedServer), *vars(SimulatedServer())) if not name.startswith("_")}

    assert public == {*USES, *NEVER_CHANGES, *OUT_OF_TIME}
