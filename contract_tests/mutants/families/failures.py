"""What a method does wrongly in place of raising an error, and faults that are made of it, method by method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLOSE, DOWNLOAD, INFO, LIST, META, MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.algebra.monitor import POLL
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, MonitorReturnCode, NoConnection

READS: Final = (META, LIST, INFO, DOWNLOAD)

Faults = dict[str, dict[str, Change]]


class Kind(NamedTuple):
    """A way to get failures wrong.

    Attributes:
        difference: what it does; ``{method}`` stands for the method.
        instead: what is done where the error is right.
        when: of which failures; with others the error is raised.
        methods: those that it fits, all when empty.
    """

    difference: str
    instead: Effect
    when: Holds = when.always
    methods: tuple[str, ...] = ()


def look_alike(name: str) -> type[Exception]:
    """An exception class that shares nothing but the name with the interface's own."""
    return type(name, (Exception,), {})


# --- what is done instead ---------------------------------------------------------------------------------------------


def by_another_session(call: Call) -> Any:
    """Do it through a session that is opened for it."""
    return call.on_session(SimulatedSystem.open_session(call.system, call.user))


def by_the_administrator(call: Call) -> Any:
    """Do it with the rights of another user."""
    return call.on_session(do.administrator(call))


def from_memory(call: Call) -> Any:
    """Answer what the method answered last in the session, if it did; else the error is right."""
    earlier = (each.answer for each in call.earlier(call.point) if each.session is call.session)
    known = [answer for answer in earlier if answer is not None]
    return known[-1] if known else call.go()


# --- when -------------------------------------------------------------------------------------------------------------


def _failed(call: Call) -> list[float]:
    """When the method failed in the session as `failing` is to see it, this time included."""
    times: list[float] = call.own.setdefault(("failed", call.point), [])
    return times


def from_failure(number: int) -> Condition:
    """From the how manieth failure of the method in a session on."""
    return Condition(f"from failure {number} on", lambda call: len(_failed(call)) >= number)


minutes_later: Final = Condition(
    "once it has failed for more than a minute", lambda call: call.now - _failed(call)[0] > 60
)
never_closed: Final = Condition(
    "in a session that nobody closed",
    lambda call: not any(each.point == CLOSE and each.session is call.session for each in call.system.history),
)


def job_is(begins: str) -> Condition:
    """When the job is so, or there is no job and any other is."""
    return Condition(
        f"when a job is {begins}",
        lambda call: when.status(begins)(call) if call.job else when.any_job(when.status(begins))(call),
    )


job_is_gone: Final = Condition(
    "of a job that was deleted",
    lambda call: isinstance(call.job_id, str) and len(call.job_id) == 36 and call.job is None,
)

# --- families ---------------------------------------------------------------------------------------------------------


def failing(
    error: type[Exception], instead: Effect, concerns: Holds = when.always, holds: Holds = when.always
) -> Effect:
    """Do something else where an error is right, when a condition holds, for the calls of which something is true."""

    def effect(call: Call) -> Any:
        try:
            return call.go()
        except error:
            if concerns(call):
                _failed(call).append(call.now)
                if holds(call):
                    return instead(call)
            raise

    return effect


def polls_with(error: type[Exception], instead: Effect, holds: Holds = when.always) -> Change:
    """A monitor that does something else where a poll raises an error, from its second poll on."""
    return on(POLL, failing(error, instead, holds), when.later_poll)


def once_well(trouble: type[Exception], error: type[Exception]) -> Effect:
    """Raise an error once in a session that has met trouble, when the server is well again."""

    def effect(call: Call) -> Any:
        calls = call.system.history[call.own.get("raised", 0) : call.place]
        if any(isinstance(each.error, trouble) and each.session is call.session for each in calls) and _is_well(call):
            call.own["raised"] = call.place + 1
            raise error("that is what was left to say")
        return call.go()

    return effect


def _is_well(call: Call) -> bool:
    try:
        SimulatedSystem.open_session(call.system, call.user).list_jobs()
    except (NoConnection, InternalError):
        return False
    return True


def wrong(
    methods: tuple[str, ...],
    kinds: Iterable[Kind],
    error: type[Exception],
    clause: str,
    concerns: Holds = when.always,
    each: int = 2,
) -> Faults:
    """Faults of a family of clauses: for every method ``each`` of the kinds, other ones for other methods."""
    faults: Faults = {}
    for number, method in enumerate(methods):
        fitting = [kind for kind in kinds if not kind.methods or method in kind.methods]
        chosen = sorted({(number * each + step) % len(fitting) for step in range(min(each, len(fitting)))})
        for kind in (fitting[index] for index in chosen):
            change = on(method, failing(error, kind.instead, concerns, kind.when))
            faults.setdefault(clause_of(clause, method), {})[kind.difference.format(method=method)] = change
    return faults


def clause_of(family: str, method: str) -> str:
    """The clause of a family that is about a method."""
    return f"{family}.{method.replace('_', '-')}"


def with_timeout(error: type[Exception], family: str) -> Faults:
    """The fault of a monitor with a timeout that does not raise an error."""
    difference = f"takes {error.__name__} for the end of the time, where a monitor has a timeout"
    change = on(MONITOR, do.swallows(error, MonitorReturnCode.TIMEOUT), when.timed)
    return {f"{family}.monitor-job": {difference: change}}


def with_flags(error: type[Exception], family: str) -> Faults:
    """The faults of lists that are empty with one flag set, instead of raising an error."""
    return {
        f"{family}.list-jobs": {
            f"lists nothing with {flag}=True instead of raising {error.__name__}": on(
                LIST, do.swallows(error, lambda call: []), when.given(flag)
            )
            for flag in ("all", "detailed")
        }
    }


def breaks_monitors(error: type[Exception], family: str, cause: str) -> Faults:
    """The fault of a monitor that monitors nothing any more when another one met an error between two polls."""

    def refuses(call: Call) -> Any:
        call.inner.list_jobs()
        raise error("the monitor is in a bad state")

    def is_broken(call: Call) -> bool:
        met = (each for each in call.earlier(MONITOR) if each.session is call.session and isinstance(each.error, error))
        return any(each.ended > each.at for each in met)

    difference = f"monitors nothing any more when {cause} between two polls"
    return {f"{family}.recovery": {difference: on(MONITOR, refuses, is_broken)}}


def key_error_when_deleted(where: str) -> tuple[Kind, ...]:
    """The one kind that looks for a deleted job in a table of its own, ``where`` another error is right."""
    difference = f"raises KeyError for {{method}} of a job that was deleted, {where}"
    return (Kind(difference, do.raises(KeyError, "no such key"), job_is_gone),)
