"""Conditions and effects of monitors and of their steps."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.algebra.monitor import SLEEP, Monitor

AT_END: Final = when.read("FINISHED")

changed: Final = Condition(
    "where a poll read another status than the one before",
    lambda call: len(read := call.monitor.metas) > 1 and read[-2]["status"] != read[-1]["status"],
)
said_no: Final = Condition(
    "where the callback said no", lambda call: call.monitor.answers and not call.monitor.answers[-1]
)
time_up: Final = Condition(
    "once the time is up",
    lambda call: 0 < call.monitor.timeout <= call.monitor.elapsed if call.monitor else 0 < call["timeout"] <= call.age,
)


def did(point: str, holds: Holds = when.always) -> Condition:
    """Where a callback of the monitor made a call of which something is true."""
    return Condition(
        f"once the callback called {point}",
        lambda call: any(
            each.outer is call.outer and each.point == point and holds(each)
            for each in call.system.history[call.place :]
        ),
    )


def at_polls(*numbers: int) -> Condition:
    """At the polls of these numbers, counted from 1."""
    return when.poll(lambda number: number in numbers, f"at poll {', '.join(map(str, numbers))}")


def polls_from(number: int) -> Condition:
    """From the how manieth poll on, from 1."""
    return when.poll(lambda each: each >= number, f"from poll {number} on")


def number(name: str, above: float = 0, below: float = inf, of: tuple[type[Any], ...] = (int, float)) -> Condition:
    """Where an argument is a number of some types between two others, both exclusive."""

    def holds(call: Call) -> bool:
        value: Any = call.given.get(name)
        return type(value) in of and bool(above < value < below)

    return Condition(f"with {name} over {above:g}" + (f" and under {below:g}" if below < inf else ""), holds)


def last_begun(call: Call) -> Call:
    """The monitor that the session began last, be it in a callback of the one that is under way."""
    history: list[Call] = call.system.history
    return next(each for each in reversed(history) if each.point == MONITOR and each.session is call.session)


def last_read(call: Call) -> dict[str, Any]:
    """Answer what the monitor read last."""
    return dict(call.monitor.meta)


def calls_again(call: Call, **changes: Any) -> Any:
    """Call the callback, with a copy of the meta that it was not given before; a step may do so several times."""
    return call.go(meta=last_read(call), **changes)


def elsewhere(call: Call) -> Any:
    """Read the meta by a session that is opened for it."""
    return call.system.server.connect(call.user).get_job_meta(call.job_id)


def measures(call: Call) -> Any:
    """Do it, and keep in the monitor how many seconds it took."""
    began = call.now
    try:
        return call.go()
    finally:
        call.monitor.own.setdefault("took", []).append(call.now - began)


def took(monitor: Monitor) -> list[float]:
    """What was measured in a monitor, the last last."""
    measured: list[float] = monitor.own.get("took", [])
    return measured


def sleeping(seconds: Callable[[float, Monitor], float], holds: Holds = when.always) -> Change:
    """Sleep otherwise between two polls, by the interval and the monitor."""
    return on(SLEEP, do.passing(seconds=lambda call: seconds(call["seconds"], call.monitor)), holds)


def looks_first(change: Change) -> Change:
    """A change of monitors that have found the job, by a first look."""
    return on(MONITOR, do.first(lambda call: call.meta)) + change
