"""What is interrupted: operations of every kind, each on a server that has something to lose by it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim import Client, Command, ServerConfig, SimulatedServer
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim import Session

__all__ = ["OPERATIONS", "Played", "final", "prepared"]

SMALL = definition()
GREEDY = definition(resource_spec={"site-1": {"gpu": 2}, "site-2": {"gpu": 2}})
SLOW = definition(min_clients=1, custom_props=behaving(run_seconds=50, deploy_seconds=2, start_seconds=3))
TOO_MANY = definition(min_clients=4)
IN_ROUNDS = definition(
    min_clients=1,
    custom_props=behaving(rounds=3, every=0.5, metrics="fedavg", timed_files=[[0.7, "a", "b"]], log_lines=[[0, "c"]]),
)
CLIENTS = [Client("site-1", {"gpu": 2}), Client("site-2", {"gpu": 3}), Client("site-3")]


class Played:
    """A server with a job that runs, one that stops, one that is deployed, one that waits and one that is tried again.

    Args:
        settings: of the server.
    """

    def __init__(self, **settings: Any) -> None:
        self.server = SimulatedServer(
            **{"clients": CLIENTS, "config": ServerConfig(max_jobs=3, max_schedule_count=3), **settings}
        )
        self.session: Session = self.server.connect()
        self.other: Session = self.server.connect("lead@nvidia.com")
        self.ids = [self.session.submit_definition(one) for one in (TOO_MANY, GREEDY, SLOW)]
        self.server.advance(4.0)
        self.ids += [self.other.submit_definition(one) for one in (SLOW, GREEDY, SMALL)]
        self.server.advance(1.01)

    def ask(self, line: str) -> None:
        """Send a command line."""
        self.server.request(self.session._login, Command.parse(line))


class Operation(NamedTuple):
    """Something that is done to a server."""

    act: Callable[[Played], object]
    settings: Mapping[str, Any] = {}
    before: Callable[[Played], object] = lambda _: None
    """What is done ahead of it."""


def _crash_restart(played: Played) -> None:
    played.server.faults.crash()
    played.server.advance(1)
    played.server.faults.restart()
    played.server.advance(60)


def _faults_to_come(played: Played) -> None:
    faults = played.server.faults
    faults.drop("site-2", after=1)
    faults.fail_deploy("site-1", after=2)
    faults.reconnect("site-2", after=5)
    faults.lose_sessions("lead@nvidia.com", after=6)
    faults.kill_job(played.ids[1], after=7)
    faults.crash(after=8)
    faults.restart(after=9)
    faults.hold(after=50)
    faults.release(after=60)


def _in_rounds(played: Played, seconds: float = 1.7, steps: int = 0) -> None:
    job_id = played.session.submit_definition(IN_ROUNDS)
    played.server.advance(seconds)
    for _ in range(steps):
        played.server.step(job_id)


def _all_but_one(played: Played) -> None:
    _in_rounds(played)
    played.server.faults.drop("site-1")
    played.server.faults.drop("site-2")


LIKE_29: Mapping[str, Any] = {"personality": "nvflare-2.9"}
LIKE_23: Mapping[str, Any] = {"personality": "nvflare-2.3"}
ROOM: Mapping[str, Any] = {"config": ServerConfig(max_jobs=4)}
MANUAL: Mapping[str, Any] = {"progress": "manual"}
TOKENS: Mapping[str, Any] = {"quirks": ("submit-tokens-honoured",)}
TOKEN = ("submit_job", ("small", "--submit-token", "t"))

OPERATIONS: Mapping[str, Operation] = {
    "add_user": Operation(lambda p: p.server.add_user("ann", "member")),
    "change_role": Operation(lambda p: p.server.change_role("lead@nvidia.com", "member")),
    "revoke_user": Operation(lambda p: p.server.revoke_user("lead@nvidia.com")),
    "submit": Operation(lambda p: p.session.submit_definition(GREEDY)),
    "submit at once": Operation(lambda p: p.session.submit_definition(SMALL), {"progress": "immediate"}),
    "submit with a token": Operation(lambda p: p.server.request(p.session._login, Command(*TOKEN, SMALL)), TOKENS),
    "clone": Operation(lambda p: p.session.clone_job(p.ids[1])),
    "meta": Operation(lambda p: p.session.get_job_meta(p.ids[1])),
    "list": Operation(lambda p: p.session.list_jobs()),
    "list in detail": Operation(lambda p: p.session.list_jobs(detailed=True, all=True)),
    "abort one that waits": Operation(lambda p: p.session.abort_job(p.ids[5])),
    "abort one that is deployed": Operation(lambda p: p.session.abort_job(p.ids[3])),
    "abort one that runs": Operation(lambda p: p.session.abort_job(p.ids[1])),
    "abort, as on 2.9": Operation(lambda p: p.session.abort_job(p.ids[2]), LIKE_29),
    "delete one that waits": Operation(lambda p: p.session.delete_job(p.ids[0])),
    "delete one that runs": Operation(lambda p: p.session.delete_job(p.ids[1])),
    "delete one that is done": Operation(
        lambda p: p.session.delete_job(p.ids[1]),
        TOKENS,
        lambda p: p.server.advance(30),
    ),
    "delete, marking a token": Operation(
        lambda p: p.session.delete_job(p.server.jobs[-1].job_id),
        TOKENS,
        lambda p: p.server.request(p.session._login, Command(*TOKEN, SMALL)),
    ),
    "system info": Operation(lambda p: p.session.get_system_info()),
    "connect": Operation(lambda p: p.server.connect()),
    "advance": Operation(lambda p: p.server.advance(12)),
    "advance far": Operation(lambda p: p.server.run_until_idle()),
    "advance through rounds": Operation(lambda p: p.server.advance(3), before=lambda p: _in_rounds(p, 1)),
    "advance through rounds at once": Operation(
        lambda p: p.server.run_until_idle(), {"progress": "immediate"}, lambda p: _in_rounds(p, 0)
    ),
    "abort one with rounds": Operation(lambda p: p.session.abort_job(p.server.jobs[-1].job_id), ROOM, _in_rounds),
    "drop, pausing rounds": Operation(lambda p: p.server.faults.drop("site-3"), ROOM, _all_but_one),
    "crash in a round": Operation(lambda p: p.server.faults.crash(), ROOM, _in_rounds),
    "step one through rounds": Operation(
        lambda p: p.server.step(p.server.jobs[-1].job_id), MANUAL, lambda p: _in_rounds(p, 0, steps=2)
    ),
    "advance at once": Operation(
        lambda p: p.server.run_until_idle(), {"progress": "immediate"}, lambda p: p.session.submit_definition(SMALL)
    ),
    "monitor": Operation(lambda p: p.session.monitor_job(p.ids[3], poll_interval=4.0)),
    "step one that waits": Operation(lambda p: p.server.step(p.ids[1]), MANUAL),
    "step one in vain": Operation(lambda p: p.server.step(p.ids[0]), MANUAL),
    "step one that is chosen": Operation(lambda p: p.server.step(p.ids[1]), MANUAL, lambda p: p.server.step(p.ids[1])),
    "add a client": Operation(lambda p: p.server.add_client(Client("site-4", {"gpu": 8}))),
    "remove a client": Operation(lambda p: p.server.remove_client("site-2")),
    "drop": Operation(lambda p: p.server.faults.drop("site-1")),
    "reconnect": Operation(
        lambda p: p.server.faults.reconnect("site-1"), before=lambda p: p.server.faults.drop("site-1")
    ),
    "fail_deploy": Operation(lambda p: p.server.advance(12), before=lambda p: p.server.faults.fail_deploy("site-1", 2)),
    "kill_job": Operation(lambda p: p.server.faults.kill_job(p.ids[1])),
    "hold": Operation(lambda p: p.server.faults.hold()),
    "release": Operation(lambda p: p.server.faults.release(), before=lambda p: p.server.faults.hold()),
    "lose_sessions": Operation(lambda p: p.server.faults.lose_sessions()),
    "crash": Operation(lambda p: p.server.faults.crash()),
    "crash, as on 2.9": Operation(lambda p: p.server.faults.crash(), LIKE_29),
    "restart": Operation(lambda p: p.server.faults.restart(), before=lambda p: p.server.faults.crash()),
    "restart, as on 2.9": Operation(lambda p: p.server.faults.restart(), LIKE_29, lambda p: p.server.faults.crash()),
    "plan a fault": Operation(lambda p: p.server.faults.drop("site-1", after=3)),
    "faults to come": Operation(lambda p: p.server.advance(200), before=_faults_to_come),
    "faults to come, as on 2.3": Operation(lambda p: p.server.advance(200), LIKE_23, _faults_to_come),
    "remove_client": Operation(lambda p: p.ask("remove_client site-1 site-2"), LIKE_29),
    "disable_client": Operation(lambda p: p.ask("disable_client site-1 site-2"), LIKE_29),
    "enable_client": Operation(
        lambda p: p.ask("enable_client site-1 site-2"), LIKE_29, lambda p: p.ask("disable_client site-1 site-2")
    ),
    "restart clients": Operation(lambda p: p.ask("restart client"), LIKE_29, lambda p: p.server.run_until_idle()),
    "restart all": Operation(lambda p: p.ask("restart all"), LIKE_29, lambda p: p.server.run_until_idle()),
    "shutdown all": Operation(lambda p: p.ask("shutdown all"), LIKE_29, lambda p: p.server.run_until_idle()),
}


def prepared(name: str) -> Played:
    """A server that an operation is about to be done to."""
    operation = OPERATIONS[name]
    played = Played(**operation.settings)
    operation.before(played)
    return played


def final(played: Played) -> str:
    """Let a server come to rest, with nothing broken any more; returns a digest over all that came to be."""
    server = played.server
    server.catch_up()
    server.faults.restart()
    server.advance(300)
    for verb in ("repair", "mend", "release", "restart"):
        getattr(server.faults, verb)()
    if server._state.disabled:
        server.request(server.connect()._login, Command("enable_client", tuple(server._state.disabled)))
    for client in CLIENTS:
        if client.name in server._state.sites:
            server.faults.reconnect(client.name)
        else:
            server.add_client(client)
    if server.progress == "manual":
        for job in server.jobs:
            for _ in range(9):
                server.step(job.job_id)
    server.run_until_idle()
    state = server._state
    written = [server.workspace(job.job_id) for job in server.jobs]
    told = [*server.jobs, written, server.users, state.tokens, state.disabled, state.lost, state.away]
    orphans = [job.job_id for job in server._state.store if job.progress.orphaned]
    assert [job for job in server.jobs if not job.status.startswith("FINISHED") and job.job_id not in orphans] == []
    return hashlib.sha256(f"{told} {server.trace.digest()}".encode()).hexdigest()
