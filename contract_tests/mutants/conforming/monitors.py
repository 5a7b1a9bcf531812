"""Conforming variants that monitor otherwise: other sleeps and polls, other answers of callbacks, other errors."""

from __future__ import annotations

from math import inf
from typing import Any, Final

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, ENDS, POLL, SLEEP, TIMED_OUT, Monitor
from contract_tests.mutants.families.monitoring import AT_END, measures, sleeping, took
from contract_tests.mutants.variant import Differences, conforming
from flare_sim import spec

_PARTS: Final = ("shape", "monitor", "arguments", "outage", "lost", "misbehaving")
"""Where monitors are looked at."""


def _in_pieces(call: Call) -> None:
    for _ in range(4):
        call.go(seconds=call["seconds"] / 4)


def _rest(seconds: float, monitor: Monitor) -> float:
    """What a callback took is not slept again."""
    return max(seconds - sum(took(monitor)[-1:]), 0.0)


def _in_another_session(call: Call) -> Any:
    call.go()  # which sees whether the session is open
    with call.system.server.connect(call.user) as session:
        return session.get_job_meta(call.job_id)


def _left(monitor: Monitor) -> float:
    return monitor.timeout - monitor.elapsed if monitor.timeout > 0 else inf


def _refuses_negative(call: Call) -> Any:
    _ = call.meta  # whether session and job are there comes first
    numbers = [each for each in (call["timeout"], call["poll_interval"]) if isinstance(each, (int, float))]
    if any(number < 0 for number in numbers) or call["poll_interval"] == 0:
        raise spec.InvalidArgumentError("timeout and poll_interval can't be negative")
    return call.go()


_LOOPS: Final[dict[str, Differences]] = {
    "sleeps between two polls in four pieces": on(SLEEP, _in_pieces),
    "polls a little later than it has to": sleeping(lambda seconds, monitor: seconds + 0.0004),
    "keeps a rhythm: what the callback took is not slept again": on(CALLBACK, measures) + sleeping(_rest),
    "monitors in a session of its own, opened for every poll": on(POLL, _in_another_session),
    "finds a job done before it looks at what the callback said": on(ENDS, do.gives(False), AT_END),
    "goes on for True alone": on(ENDS, lambda call: call["answer"] is not True),
    "ends for False alone": on(ENDS, lambda call: call["answer"] is False),
    "refuses negative timeouts and intervals, as later releases do": on(MONITOR, _refuses_negative),
}

_DEADLINE: Final[Change] = on(TIMED_OUT, lambda call: _left(call.monitor) < 1e-6) + sleeping(
    lambda seconds, monitor: min(seconds, _left(monitor))
)

CONFORMING: Final = (
    *conforming(__name__, "monitors", {"has a monitor loop of its own": on(SLEEP, Call.go)}),
    *conforming(__name__, "monitors", _LOOPS, _PARTS),
    *conforming(
        __name__,
        "monitors",
        {"shortens its last pause, and looks once more exactly when the time is up": _DEADLINE},
        ("monitor",),
    ),
)
