"""What is seen of jobs from outside: why those that wait do, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Client, ServerConfig, SimulatedServer
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = behaving(run_seconds=1_000)


@pytest.mark.parametrize(
    ("options", "changes", "act", "expected"),
    [
        ({}, {}, lambda s: s.advance(0), "SUBMITTED"),
        ({}, {}, lambda s: s.advance(2), "RUNNING"),
        ({}, {}, lambda s: s.advance(20), "FINISHED:COMPLETED"),
        ({}, {"min_clients": 1}, lambda s: (s.advance(2), s.faults.drop("site-2")), "RUNNING"),
        ({}, {"min_clients": 4}, lambda s: s.advance(2), "SUBMITTED: waits for clients: 4 wanted, 2 there"),
        (
            {"clients": ["site-1", "site-3"]},
            {"deploy_map": {"app": ["server", "site-1", "site-2", "site-3"]}, "mandatory_clients": ["site-2"]},
            lambda s: s.advance(2),
            "SUBMITTED: waits for clients: missing required site site-2",
        ),
        ({"clients": 0}, {}, lambda s: s.advance(9), "SUBMITTED: waits for clients: 2 wanted, none there"),
        (
            {"clients": [Client("site-1", {"gpu": 1}), "site-2"]},
            {"resource_spec": {"site-1": {"gpu": 2}}},
            lambda s: s.advance(2),
            "SUBMITTED: waits for resources: not enough sites have enough resources (ok sites 1 < min sites 2",
        ),
        ({}, {}, lambda s: s.faults.hold(), "SUBMITTED: waits for the scheduler, which is held"),
        ({}, {}, lambda s: s.faults.crash(), "SUBMITTED: waits for the server, which is down"),
        (
            {},
            {},
            lambda s: (s.advance(2), s.faults.drop("site-2"), s.faults.crash()),
            "RUNNING: waits for the server, which is down",
        ),
        ({"progress": "manual"}, {}, lambda s: s.step(s.jobs[0].job_id), "DISPATCHED: waits for a step by hand"),
        (
            {"config": ServerConfig(max_jobs=1)},
            {"custom_props": LONG},
            lambda s: (s.connect().clone_job(s.jobs[0].job_id), s.advance(3)),
            "SUBMITTED: waits for its turn: 1 active, and no more may be",
        ),
        (
            {},
            {"custom_props": behaving(outcome="CLIENT_EXCEPTION")},
            lambda s: s.advance(99),
            "RUNNING: runs on until somebody ends it, as what its client raised does not",
        ),
        (
            {"personality": "nvflare-2.9"},
            {"custom_props": LONG},
            lambda s: (s.advance(5), s.faults.crash(), s.faults.restart(), s.advance(99)),
            "RUNNING: left behind by the server that was started again",
        ),
        (
            {"personality": "nvflare-2.3"},
            {"min_clients": "2"},
            lambda s: s.advance(9),
            "SUBMITTED: the scheduler falls over it",
        ),
        (
            {"personality": "nvflare-2.3"},
            {"min_clients": "2"},
            lambda s: (s.submit(definition()), s.advance(9)),
            "SUBMITTED: waits behind a job that the scheduler falls over",
        ),
        (
            {"clients": 3},
            {"min_clients": 3, "custom_props": LONG},
            lambda s: (s.advance(2), s.faults.drop("site-2"), s.advance(1.25), s.faults.drop("site-1")),
            (
                "RUNNING: paused since site-2 dropped at 2026-01-01T00:00:02Z: 3 clients wanted, 1 connected "
                "(site-1 dropped at 2026-01-01T00:00:03.25Z, site-2 dropped at 2026-01-01T00:00:02Z)"
            ),
        ),
        (
            {},
            {"custom_props": LONG},
            lambda s: (s.advance(2), s.remove_client("site-1")),
            "RUNNING: paused since 2026-01-01T00:00:02Z: 2 clients wanted, 1 connected (site-1 is gone)",
        ),
    ],
)
def test_a_job_that_waits_says_why(
    options: dict[str, Any], changes: dict[str, Any], act: Callable[[SimulatedServer], object], expected: str
) -> None:
    """One that gets on by itself, or is over, has no reason."""
    server = SimulatedServer(**options)
    server.submit(definition(**changes))
    act(server)

    job = server.jobs[-1]
    assert f"{job.status}: {job.reason}".removesuffix(": ") == expected
    assert str(job) == f"job {job.job_id} 'small': {expected.replace(':', ',', 1) if job.reason else expected}"
    assert (job.paused_since is not None) == job.reason.startswith("paused") or not server._state.alive


def test_a_run_with_rounds_tells_them_before_why_it_waits() -> None:
    """How many are over, of how many; nothing before it begins."""
    server = SimulatedServer()
    server.submit(definition(custom_props=behaving(rounds=4, every=10)))
    waiting = str(server.jobs[0])
    server.advance(30)
    server.faults.drop("site-1")

    (job,) = server.jobs
    assert (waiting, job.rounds, job.rounds_over) == (f"job {job.job_id} 'small': SUBMITTED", 4, 2)
    assert str(job) == f"job {job.job_id} 'small': RUNNING, 2 of 4 rounds over, {job.reason}"


def test_a_pause_is_told_with_its_begin(tmp_path: Path) -> None:
    """That of the last one, while it lasts; also by a server whose state came back."""
    server = SimulatedServer()
    server.submit(definition(custom_props=LONG))
    server.advance(2)
    told = []
    for _ in range(2):
        server.faults.drop("site-1")
        server.advance(5)
        told.append(server.jobs[0].paused_since)
        server.faults.reconnect("site-1")
        told.append(server.jobs[0].paused_since)
    assert told == [1767225602.0, None, 1767225607.0, None]
    server.faults.drop("site-2")
    server.advance(100)
    server.faults.drop("site-1")
    server.faults.reconnect("site-2")

    assert server.jobs[0].paused_since == 1767225612.0
    assert server.jobs[0].reason == (
        "paused since 2026-01-01T00:00:12Z: 2 clients wanted, 1 connected (site-1 dropped at 2026-01-01T00:01:52Z)"
    )
    server.save(tmp_path / "state")
    assert SimulatedServer.restore(tmp_path / "state").jobs == server.jobs


def test_of_many_a_few_are_named() -> None:
    """The first ten clients that are away, and the first ten jobs."""
    server = SimulatedServer(clients=12)
    server.submit(definition(min_clients=12, custom_props=LONG))
    server.advance(2)
    for number in range(1, 12):
        server.faults.drop(f"site-{number}", after=number)
    server.advance(20)
    for _ in range(14):
        server.submit(definition(min_clients=9))

    assert server.jobs[0].reason.endswith("site-10 dropped at 2026-01-01T00:00:12Z and 1 more)")
    lines = server.awaited()
    assert len(lines) == 11
    assert lines[10] == "and 5 jobs more"


def test_ten_are_all_named() -> None:
    """And nothing is said of more."""
    server = SimulatedServer(clients=11)
    server.submit(definition(min_clients=11, custom_props=LONG))
    server.advance(2)
    for number in range(1, 11):
        server.faults.drop(f"site-{number}", after=number)
    server.advance(20)
    for _ in range(9):
        server.submit(definition(min_clients=9))

    assert server.jobs[0].reason.endswith("site-10 dropped at 2026-01-01T00:00:12Z)")
    assert server.awaited() == [str(job) for job in server.jobs]


def test_what_is_wrong_with_a_server_is_told_before_its_jobs() -> None:
    """Each trouble in a line, by the name of its project; of its clients when no job waits."""
    server = SimulatedServer(config=ServerConfig(project="mine"))
    assert server.awaited() == ["no job of mine waits, 2 of 2 clients are connected"]
    server.faults.drop("site-1")
    server.faults.partition()
    server.faults.malfunction()
    assert server.awaited() == [
        "mine cannot be reached",
        "mine fails every command",
        "no job of mine waits, 1 of 2 clients are connected (site-1 dropped at 2026-01-01T00:00:00Z)",
    ]
    server.faults.crash()
    server.faults.repair()
    server.faults.mend()
    assert server.awaited()[0] == "mine is down"
    server.faults.restart()
    server.submit(definition())
    assert server.awaited() == [str(server.jobs[0])]
