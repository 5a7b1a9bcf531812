"""What the trace tells, word for word: people read it, and keep its digests."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from flare_sim import Client, Session, SimulatedServer, Trace, TraceRecord, User
from flare_sim.engine.records.trace_record import KINDS
from tests.flare_sim.job_samples import START, behaving, definition
from tests.flare_sim.personality.one_quirk import ask

Told = list[tuple[Any, ...]]


class Play:
    """A server, two of its users, and its jobs by names of our own."""

    def __init__(self, **options: Any) -> None:
        self.server = SimulatedServer(**options)
        self.admin = self.server.connect()
        self.lead = self.server.connect("lead@nvidia.com")
        self.ids: dict[str, str] = {}

    def submit(self, name: str, session: Session | None = None, **changes: Any) -> None:
        """Submit a job of that name, as the administrator unless told otherwise."""
        self.ids[name] = (session or self.admin).submit_definition(definition(name=name, **changes))

    def told(self) -> Told:
        """The rows of the trace, with seconds from the start and the names of jobs."""
        named = {job_id: name for name, job_id in self.ids.items()}
        return [
            ((int(ticks) - START) / 1e6, *(named.get(str(fact), fact) for fact in facts))
            for ticks, *facts in self.trace.rows()
        ]

    @property
    def trace(self) -> Trace:
        """The trace up to now."""
        return self.server.trace


def test_what_users_do_and_what_jobs_do_is_told() -> None:
    """Who asked for what, every state of every job, every try to schedule one, and runs that wait for clients."""
    play = Play()
    server = play.server
    play.submit("first", play.lead, custom_props=behaving(run_seconds=1000))
    server.advance(2)
    play.ids["clone"] = play.admin.clone_job(play.ids["first"])
    play.submit("waits", min_clients=5)
    server.advance(2)
    server.faults.drop("site-1")
    server.advance(1)
    server.faults.reconnect("site-1")
    play.admin.abort_job(play.ids["first"])
    play.admin.abort_job(play.ids["first"])
    play.admin.delete_job(play.ids["waits"])
    server.faults.kill_job(play.ids["clone"])

    assert play.told() == [
        (0.0, "command", "submit_job", "lead@nvidia.com", "first"),
        (1.0, "schedule", "first", "scheduled"),
        (1.0, "state", "first", "DEPLOYING"),
        (1.05, "state", "first", "DISPATCHED"),
        (1.15, "state", "first", "RUNNING"),
        (2.0, "command", "clone_job", "admin@nvidia.com", "clone", "first"),
        (2.0, "command", "submit_job", "admin@nvidia.com", "waits"),
        (3.0, "schedule", "clone", "scheduled"),
        (3.0, "state", "clone", "DEPLOYING"),
        (3.05, "state", "clone", "DISPATCHED"),
        (3.15, "state", "clone", "RUNNING"),
        (4.0, "schedule", "waits", "connected sites (2) < min_sites (5)"),
        (4.0, "client", "site-1", "dropped"),
        (4.0, "run", "first", "paused"),
        (4.0, "run", "clone", "paused"),
        (5.0, "client", "site-1", "reconnected"),
        (5.0, "run", "first", "resumed"),
        (5.0, "run", "clone", "resumed"),
        (5.0, "command", "abort_job", "admin@nvidia.com", "first"),
        (5.0, "state", "first", "STOPPING"),
        (8.0, "state", "first", "ABORTED"),
        (8.0, "command", "delete_job", "admin@nvidia.com", "waits"),
        (8.0, "state", "waits", "ABORTED"),
        (8.0, "deleted", "waits"),
        (8.0, "state", "clone", "ABNORMAL"),
    ]


def test_faults_are_told_once() -> None:
    """Each verb that found something to do, and what it was told; one that found nothing is not told."""
    play = Play()
    faults = play.server.faults
    for _ in range(2):
        faults.partition()
    faults.repair()
    for _ in range(2):
        faults.slow_replies(1.5)
    faults.normal_replies()
    faults.malfunction()
    faults.mend()
    faults.mend()
    faults.hold()
    faults.release()
    faults.lose_sessions()
    faults.lose_sessions("lead@nvidia.com")
    faults.fail_deploy("server", 2)
    faults.fail_deploy("site-2")
    for _ in range(2):
        faults.crash()
    play.server.advance(1)
    for _ in range(2):
        faults.restart()
    play.server.add_client("site-3")
    play.server.remove_client("site-3")
    play.server.advance(30)

    assert play.told() == [
        (0.0, "fault", "partition"),
        (0.0, "fault", "repair"),
        (0.0, "fault", "slow_replies", 1_500_000),
        (0.0, "fault", "normal_replies", 0),
        (0.0, "fault", "malfunction"),
        (0.0, "fault", "mend"),
        (0.0, "fault", "hold"),
        (0.0, "fault", "release"),
        (0.0, "fault", "lose_sessions", ""),
        (0.0, "fault", "lose_sessions", "lead@nvidia.com"),
        (0.0, "fault", "fail_deploy", "server", 2),
        (0.0, "fault", "fail_deploy", "site-2", 1),
        (0.0, "fault", "crash"),
        (1.0, "fault", "restart"),
        (1.0, "client", "site-3", "registered"),
        (1.0, "client", "site-3", "left"),
        (28.0, "client", "site-1", "reconnected"),
        (28.0, "client", "site-2", "reconnected"),
    ]


def test_who_comes_and_goes_is_told() -> None:
    """With what they are from then on; a role that somebody has already is none to tell."""
    play = Play(users=["admin@nvidia.com", "lead@nvidia.com", "ann"])
    play.server.add_user(User("bob", "other.com", "org_admin"))
    for _ in range(2):
        play.server.change_role("ann", "member")
    play.server.revoke_user("bob")

    assert play.told() == [
        (0.0, "user", "bob", "added", "org_admin", "other.com"),
        (0.0, "user", "ann", "changed", "member", "nvidia"),
        (0.0, "user", "bob", "revoked"),
    ]


@pytest.mark.parametrize(
    ("line", "how", "back"),
    [
        ("remove_client c", "removed", 3.0),
        ("disable_client c", "disabled", None),
        ("restart client c", "restarted", 13.0),
        ("shutdown client c", "shut down", None),
    ],
)
def test_how_a_client_left_is_told(line: str, how: str, back: float | None) -> None:
    """And when it is there again, unless it is shut out or ended."""
    play = Play(clients=[Client("c")])
    ask(play.server, line)
    play.server.advance(60)

    again = [] if back is None else [(back, "client", "c", "reconnected")]
    assert play.told() == [(0.0, "client", "c", how), *again]


def test_a_job_that_a_restart_leaves_as_it_is_is_told() -> None:
    """Its status says that it runs, and its server knows better."""
    play = Play(quirks=["orphans-stay-running"])
    play.submit("orphan")
    play.server.advance(2)
    play.server.faults.crash()
    play.server.faults.restart()

    assert play.told()[-3:] == [
        (2.0, "fault", "crash"),
        (2.0, "fault", "restart"),
        (2.0, "state", "orphan", "orphaned"),
    ]


def test_the_kinds_are_those_the_trace_names() -> None:
    """The docstrings have all that are ever told."""
    for kind in (Trace, TraceRecord):
        assert {*re.findall(r"``(\w+)``\s\(", inspect.getdoc(kind) or "")} == {*KINDS}
