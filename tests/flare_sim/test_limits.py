"""Every limit to the edge: the last value that is taken, and the first that is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from flare_sim import InvalidArgumentError, JobBehavior, ServerConfig, SimulatedServer
from flare_sim.clock import LONGEST_SECONDS
from flare_sim.faults import MOST_TIMES
from flare_sim.jobs.behavior import MOST_BYTES
from flare_sim.jobs.result_files import result_path
from flare_sim.session import LONGEST_POLL_INTERVAL
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import definition

TIMES = [name for name in ServerConfig._fields if name.endswith(("_seconds", "_interval", "_timeout"))]
AMOUNTS = [name for name in ServerConfig._fields if name.startswith("max_") and name not in TIMES]
Take = Callable[[Any], object]


def setting(name: str) -> Take:
    """Build a server with one setting."""
    return lambda value: SimulatedServer(config=ServerConfig()._replace(**{name: value}))


def doing(name: str) -> Take:
    """Make a behavior with one field."""
    return lambda value: JobBehavior(**{name: value})


def slowly(value: Any) -> None:
    """Let replies take so long."""
    SimulatedServer().faults.slow_replies(value)


def later(value: Any) -> None:
    """Plan a fault so far away."""
    SimulatedServer().faults.hold(after=value)


def at(value: Any) -> None:
    """Plan a fault at a time."""
    SimulatedServer().faults.hold(at=value)


def failing(value: Any) -> None:
    """Let so many deployments fail."""
    SimulatedServer().faults.fail_deploy("site-1", value)


def polling(value: Any) -> None:
    """Monitor a job that is done with an interval."""
    server = SimulatedServer()
    session = server.connect()
    job_id = session.submit_definition(definition())
    session.abort_job(job_id)
    session.monitor_job(job_id, poll_interval=value)


EDGES: list[tuple[str, Take, Any, Any]] = [
    *((name, setting(name), LONGEST_SECONDS, LONGEST_SECONDS * 1.001) for name in TIMES),
    *((name, setting(name), 1, 0) for name in AMOUNTS),
    *((name, setting(name), 1e-6, 4e-7) for name in ("tick_seconds", "min_schedule_interval", "heartbeat_seconds")),
    *((name, doing(name), LONGEST_SECONDS, LONGEST_SECONDS * 1.001) for name in ("deploy_seconds", "run_seconds")),
    *((name, doing(name), 0, -1e-9) for name in ("deploy_seconds", "start_seconds", "run_seconds")),
    ("result_bytes", doing("result_bytes"), MOST_BYTES, MOST_BYTES + 1),
    ("result_bytes", doing("result_bytes"), 0, -1),
    ("path", result_path, "/".join(["x" * 204] * 5), "/".join([*["x" * 204] * 4, "x" * 205])),
    ("path", result_path, "é" * 127 + "x", "é" * 128),
    ("seconds", slowly, LONGEST_SECONDS, LONGEST_SECONDS * 1.001),
    ("seconds", slowly, 0, -1e-9),
    ("after", later, LONGEST_SECONDS, LONGEST_SECONDS * 1.001),
    ("after", later, 0, -1e-9),
    ("times", failing, MOST_TIMES, MOST_TIMES + 1),
    ("times", failing, 0, -1),
    ("at", at, 1e12, 1.001e12),
    ("at", at, -1e12, -1.001e12),
    ("poll_interval", polling, LONGEST_POLL_INTERVAL, LONGEST_POLL_INTERVAL * 1.001),
    ("poll_interval", polling, 1e-9, 0),
]


@pytest.mark.parametrize(("name", "take", "last", "beyond"), EDGES, ids=[f"{n}-{x!s:.20}" for n, _, x, _ in EDGES])
def test_a_limit_is_where_it_is_said_to_be(name: str, take: Take, last: Any, beyond: Any) -> None:
    """What is just within it is taken; what is just beyond is refused, by its name and with the value."""
    take(last)

    with pytest.raises((ValueError, InvalidArgumentError), match=name) as refused:
        take(beyond)
    assert re.search(re.escape(shown(beyond)), str(refused.value))
