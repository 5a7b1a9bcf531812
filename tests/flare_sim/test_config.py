"""The settings: defaults as observed, nonsense refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import ServerConfig, SimulatedServer


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
    """A server is not built with a setting that makes no sense, and the message names it."""
    with pytest.raises(ValueError, match=name):
        SimulatedServer(config=ServerConfig()._replace(**{name: value}))
