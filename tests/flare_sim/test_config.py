"""The settings: defaults as observed, nonsense refused by name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flare_sim import JobBehavior, ServerConfig, SimulatedServer
from flare_sim.config import LARGEST_SEED
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import behaving, definition

MAY_BE_ZERO = (
    "deploy_seconds",
    "start_seconds",
    "run_seconds",
    "abort_seconds",
    "max_schedule_interval",
    "heartbeat_timeout",
    "client_return_seconds",
)
"""The times a server may be set up with that are none at all."""


class NoSleep:
    """Shows a time, and cannot be slept on."""

    sleep = None

    def __init__(self, shows: object) -> None:
        self._shows = shows

    def time(self) -> object:
        """Show it."""
        return self._shows


def test_the_defaults_are_those_observed() -> None:
    """Latencies and limits a user does not set are a real 2.3.12 server's."""
    config = ServerConfig()

    assert (config.tick_seconds, config.deploy_seconds, config.start_seconds, config.run_seconds) == (1, 0.05, 0.1, 7)
    assert (config.max_jobs, config.max_schedule_count, config.abort_seconds) == (4, 10, 3)
    assert (config.min_schedule_interval, config.max_schedule_interval) == (10, 600)
    assert (config.heartbeat_timeout, config.client_return_seconds) == (600, 27)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tick_seconds", 0),
        ("tick_seconds", 1e-9),
        ("heartbeat_seconds", -1),
        ("min_schedule_interval", 0),
        ("heartbeat_seconds", 0),
        ("run_seconds", float("nan")),
        ("run_seconds", "7"),
        ("abort_seconds", 1e10),
        ("max_schedule_interval", float("inf")),
        ("max_jobs", 0),
        ("max_jobs", True),
        ("max_schedule_count", 1.0),
        ("max_download_bytes", -5),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: Any) -> None:
    """A server is not built with a setting that makes no sense, and the message names it, and shows what it is."""
    with pytest.raises(ValueError, match=name) as refused:
        SimulatedServer(config=ServerConfig()._replace(**{name: value}))
    assert f", not {shown(value)}" in str(refused.value)


@pytest.mark.parametrize("name", MAY_BE_ZERO)
def test_what_takes_time_may_take_none(name: str) -> None:
    """No time is a time: a server is built with it, and a job runs on it."""
    none: dict[str, Any] = {name: 0}
    server = SimulatedServer(config=ServerConfig()._replace(**none))
    server.submit(definition())
    server.run_until_idle()

    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]


def test_every_time_may_be_none_or_must_not() -> None:
    """What a server does over and over needs some time in between; all else may take none."""
    times = [name for name in ServerConfig._fields if name.endswith(("_seconds", "_interval", "_timeout"))]

    assert {*times} - {*MAY_BE_ZERO} == {"tick_seconds", "min_schedule_interval", "heartbeat_seconds"}


@pytest.mark.parametrize("said_by", ["config", "server", "job"])
def test_a_job_that_takes_no_time_is_done_at_once(said_by: str) -> None:
    """Whoever says it: nothing longer takes the place of a zero."""
    none: dict[str, Any] = {"deploy_seconds": 0, "start_seconds": 0, "run_seconds": 0}
    server = SimulatedServer(
        config=ServerConfig()._replace(**none) if said_by == "config" else ServerConfig(),
        behavior=JobBehavior(**none) if said_by == "server" else None,
    )
    server.submit(definition(custom_props=behaving(**none)) if said_by == "job" else definition())
    server.advance(1)

    (job,) = server.jobs
    assert (job.status, job.start_time, job.end_time) == ("FINISHED:COMPLETED", 1767225601.0, 1767225601.0)


@pytest.mark.parametrize("timeout", [0, 0.5, 10])
def test_a_connected_client_is_listed_between_its_heartbeats(timeout: float) -> None:
    """Also by a server that would forget a silent one before the next heartbeat is due."""
    server = SimulatedServer(config=ServerConfig(heartbeat_seconds=10, heartbeat_timeout=timeout))
    session = server.connect()
    listed = []
    for _ in range(25):
        server.advance(1)
        listed.append(len(session.get_system_info().client_info))

    assert listed == [2] * 25
    server.faults.drop("site-1")
    server.advance(timeout)
    assert [client.name for client in session.get_system_info().client_info] == ["site-2"]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("config", 3, "a ServerConfig"),
        ("config", tuple(ServerConfig()), "a ServerConfig"),
        ("seed", "1", "a whole number of at most 300 digits"),
        ("seed", LARGEST_SEED, "a whole number of at most 300 digits"),
        ("seed", -LARGEST_SEED, "a whole number of at most 300 digits"),
        ("progress", "slow", "one of time, immediate, manual"),
        ("progress", None, "one of time, immediate, manual"),
    ],
)
def test_what_a_server_cannot_be_made_of_is_shown(name: str, value: Any, wanted: str) -> None:
    """With what is wanted instead."""
    with pytest.raises(ValueError, match=f"^{name} must be ") as refused:
        SimulatedServer(**{name: value})
    assert str(refused.value) == f"{name} must be {wanted}, not {shown(value)}"


def test_a_project_has_a_name() -> None:
    """Anything else is shown."""
    for project in (None, 3, ""):
        with pytest.raises(ValueError, match="project must be a name, not ") as refused:
            SimulatedServer(config=ServerConfig()._replace(project=project))  # type: ignore[arg-type]
        assert str(refused.value).endswith(shown(project))


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (7, "clock must have time() and sleep(seconds), not 7"),
        (NoSleep(5.0), "clock must have time() and sleep(seconds), not a value of type NoSleep"),
        (NoSleep("noon"), "the clock shows 'noon', which is no time in seconds since the epoch"),
    ],
)
def test_what_is_no_clock_is_shown(clock: Any, said: str) -> None:
    """With what it lacks, or the time it shows."""
    with pytest.raises(ValueError, match=re.escape(said)):
        SimulatedServer(clock=clock)


def test_a_seed_may_be_very_large() -> None:
    """On either side of zero."""
    for seed in (LARGEST_SEED - 1, 1 - LARGEST_SEED):
        assert SimulatedServer(seed=seed).seed == seed
