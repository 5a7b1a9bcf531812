"""A look at a system before any clause is tried: what is wrong with the plug is told once, not by every clause.

It stops only what can't be judged at all, and what the system itself claims and does not do; whether a session keeps
its promises is for the clauses. An honest system passes, however slow or unusual it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import Any, Final, NoReturn, TypeVar

from contract_tests.contract.interface import METHODS, SERVER_METHODS
from contract_tests.preflight import attributes, places
from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.lookup import BadSystem, label
from contract_tests.system.system import NotClaimed, System
from contract_tests.system.watchdog import CallHung, failure, limit

_NAMES: Final = tuple(method.name for method in METHODS)

_RUNS: Final = 10.0
"""Contract seconds that the job runs which is to be seen running, unless the system has no time for that."""

_SOON: Final = 1.0
"""Contract seconds that a job may take longer to run than another did."""

_BEFORE: Final = ("SUBMITTED", "DISPATCHED")
_RUN: Final = ("RUNNING", "FINISHED:COMPLETED")

Found = TypeVar("Found")


def preflight(factory: Callable[[], System]) -> None:
    """Make sure that systems from ``factory`` can be judged.

    Raises:
        BadSystem: they can't; the text says what is wrong, where in the implementer's code, and what to implement.
    """
    opens_sessions(factory)
    soon = _look(factory, _at_a_running_job) or _SOON
    _look(factory, lambda scenario: _at_a_waiting_job(scenario, soon))


def _look(factory: Callable[[], System], at: Callable[[Scenario], Found]) -> Found | None:
    """Have a look at a fresh system, and close it; what the look makes no sense of is for the clauses."""
    system = _made(factory)
    if amiss := attributes.wrong(system):
        _stop(amiss.told, places.defined_at(type(system)), amiss.wanted)
    found = None
    try:
        found = at(_scenario(system))
    except BadSystem:
        failure(system.close, system.call_limit)  # what was found counts for more than a system that can't be closed
        raise
    except KeyboardInterrupt:
        raise
    except BaseException:
        pass
    error = failure(system.close, system.call_limit)
    if error is not None:
        where = places.raised_at(error) or places.defined_at(system.close)
        _stop(
            f"close(), of the system itself: {wording.why(error)}",
            where,
            "a close() that gives back what the system holds",
        )
    return found


def opens_sessions(factory: Callable[[], System]) -> None:
    """Make sure that systems from ``factory`` open sessions; what jobs do there is not looked at.

    Raises:
        BadSystem: they don't; the text says what is wrong, where in the implementer's code, and what to implement.
    """
    _look(factory, _at_clock_and_session)


def _made(factory: Callable[[], System]) -> System:
    """A fresh system.

    Raises:
        BadSystem: there is none: making it fails, or makes something else.
    """
    name = label(factory)
    todo = "a constructor that leaves a system ready to open sessions, with no jobs yet, every time it is called"
    try:
        with limit(System.call_limit):
            system = factory()
    except (KeyboardInterrupt, BadSystem):
        raise
    except BaseException as error:
        _stop(
            f"{name} can't be made: {wording.why(error)}", places.raised_at(error) or places.defined_at(factory), todo
        )
    if not isinstance(system, System):
        _stop(f"{name} makes {wording.value(system)}, no contract_tests.System", places.defined_at(factory), todo)
    return system


def _scenario(system: System) -> Scenario:
    try:
        return Scenario(system)
    except Exception as error:
        _stop(
            f"the system can't be used: {wording.why(error)}", places.raised_at(error), "open_session, a plain method"
        )


# --- sessions and the clock -------------------------------------------------------------------------------------------


def _at_clock_and_session(scenario: Scenario) -> None:
    if scenario.system.clock is not None:
        _clock(scenario)
    _session(scenario)


def _session(scenario: Scenario) -> Actor:
    """A session of the first user.

    Raises:
        BadSystem: none is opened, or nothing that was opened can be called.
    """
    system = scenario.system
    at = places.defined_at(system.open_session)
    todo = f"open_session, which returns an object with the methods {', '.join(_NAMES)}"
    try:
        outcome = scenario.try_open("alice", system.users[0] if system.users else "")
    except (NotClaimed, NotTestable) as error:
        _stop(f"open_session raised {wording.error(error)}", places.raised_at(error) or at, todo)
    if not outcome.returned:
        _stop(f"open_session {wording.outcome(outcome)}", places.raised_at(outcome.error) or at, todo)
    actor: Actor = outcome.value
    wrong = _no_session(actor.session)
    if wrong:
        _stop(f"open_session returned {wrong}", at, todo)
    return actor


def _no_session(thing: Any) -> str:
    """Why nothing can be tried on what was opened; empty for a session, however much of it is missing."""
    if inspect.iscoroutine(thing):
        thing.close()  # else Python complains that nobody waited for it
        return "a coroutine; nobody waits for it here: make open_session a plain function, of plain sessions"
    held = [name for name in SERVER_METHODS if _method(thing, name) is not None]
    if not held:
        return f"{wording.value(thing)}, which has no method of a session"
    if isinstance(thing, type) and all(inspect.isfunction(inspect.getattr_static(thing, name)) for name in held):
        return f"the class {thing.__name__}, not an instance of it: call it"
    if all(inspect.iscoroutinefunction(_method(thing, name)) for name in held):
        return f"{wording.value(thing)}, whose methods are all coroutines; the interface's are plain functions"
    return ""


def _method(thing: Any, name: str) -> Any:
    try:
        found = getattr(thing, name, None)
    except Exception:  # there is something, and what is wrong with it is for the clauses
        return repr
    return found if callable(found) else None


def _clock(scenario: Scenario) -> None:
    clock = scenario.system.clock
    at = places.defined_at(getattr(clock, "sleep", None)) or places.defined_at(type(clock))
    todo = "a clock with time() in seconds and sleep(seconds) after which time() is later, or claim none: clock = None"
    try:
        begun = scenario.now()
        scenario.sleep(0.25)
        if not scenario.now() > begun:  # a coarse clock may need more
            scenario.sleep(1.0 + 2 * scenario.system.tolerance / scenario.system.time_unit)
        later = scenario.now()
        moved = later > begun
    except KeyboardInterrupt:
        raise
    except (Exception, NotTestable, CallHung) as error:
        cause = error.__cause__ or error
        _stop(f"the clock does not work: {wording.error(cause)}", places.raised_at(cause) or at, todo)
    if not moved:
        told = f"time() says {scenario.real(begun)!r} before sleep() and {scenario.real(later)!r} after it"
        _stop(f"the clock does not move: {told}", at, todo)


# --- jobs -------------------------------------------------------------------------------------------------------------


def _at_a_running_job(scenario: Scenario) -> float:
    """A job that runs is to be seen running; returns the contract seconds after which a job may be seen running.

    That what is told of its status makes no sense is for the clauses.
    """
    system = scenario.system
    if system.clock is None:
        return 0.0
    runs = min(_RUNS, system.longest)
    job, actor = _submitted(scenario, JobPlan(runs=runs))
    if job is None:
        return _SOON
    begun, slept, step = scenario.made.get(job, scenario.now()), 0.0, 0.25
    todo = (
        "a job_folder whose job is RUNNING for plan.runs seconds on the clock, within the system's patience of "
        f"{system.patience:g} s, or that raises NotClaimed for such plans"
    )

    def stop(what: str) -> NoReturn:
        _stop(
            wording.in_real_time(what, system.time_unit),
            _of_jobs(scenario, actor),
            wording.in_real_time(todo, system.time_unit),
        )

    while True:
        status, waited = _status(actor, job), scenario.now() - begun
        if status == "FINISHED:COMPLETED" and waited < runs / 2 and _agreed(scenario, job, [status]):
            stop(f"a job that runs {runs:g} s is {status} after {waited:g} s")
        if status not in _BEFORE:
            return waited + _SOON
        if slept > system.patience:
            if not _agreed(scenario, job, _BEFORE):
                return _SOON
            stop(f"a job that runs {runs:g} s is still {status} after {slept:g} s")
        scenario.sleep(step)
        slept, step = slept + step, min(step * 1.3, 20.0)


def _at_a_waiting_job(scenario: Scenario, soon: float) -> None:
    """A job that has to wait must not run; that a server refuses it, or gives up on it at once, is for the clauses."""
    job, actor = _submitted(scenario, STATES["waiting"].plan)
    if job is None:
        return
    status = _status(actor, job)
    if scenario.system.clock is not None and status not in _RUN:
        scenario.sleep(soon)
        status = _status(actor, job)
    if status in _RUN and _agreed(scenario, job, _RUN):
        _stop(
            f"a job that can't be scheduled was run: it is {status}. job_folder(JobPlan(waits=True)) gave it: "
            "unless you have overridden that, its meta.json asks for more clients than there can be",
            _of_jobs(scenario, actor),
            "a server that lets a job wait while it has fewer than min_clients clients, or a job_folder that raises "
            "NotClaimed for a plan with waits",
        )


def _submitted(scenario: Scenario, plan: JobPlan) -> tuple[str | None, Actor]:
    """A job by a plan; none where the system does not claim it, or where submitting it is what fails.

    Raises:
        BadSystem: ``job_folder`` fails, other than by not claiming the plan.
    """
    actor = _session(scenario)
    try:
        return actor.submit(plan), actor
    except (NotClaimed, JudgedElsewhere):
        return None, actor
    except NotTestable as error:
        if error.__cause__ is None:
            return None, actor
        at = places.raised_at(error.__cause__) or places.defined_at(scenario.system.job_folder)
        _stop(str(error), at, "a job_folder that returns the path of a job for the plan, or raises NotClaimed")


def _status(actor: Actor, job: str) -> str:
    """What a job's meta says of its status; nothing where it says none, which is for the clauses."""
    try:
        return actor.status(job)
    except (NotTestable, JudgedElsewhere):
        return ""


def _agreed(scenario: Scenario, job: str, statuses: Collection[str]) -> bool:
    """Whether a session opened just now tells one of these statuses, too, in the job's meta and in the list of jobs.

    Where it does not, the session that told one is out of date, or wrong, and that is for the clauses.
    """
    other = _session(scenario)
    try:
        listed = other.listed_status(job)
    except (NotTestable, JudgedElsewhere):
        listed = None
    return _status(other, job) in statuses and (listed is None or listed in statuses)


def _of_jobs(scenario: Scenario, actor: Actor) -> str:
    """Where jobs are made: the system's own job_folder, else the session's submit_job, else the system."""
    candidates = (scenario.system.job_folder, getattr(actor.session, "submit_job", None), type(scenario.system))
    return next((at for at in map(places.defined_at, candidates) if at), "")


# --- what is told -----------------------------------------------------------------------------------------------------


def _stop(wrong: str, at: str, implement: str) -> NoReturn:
    where = f"\n  at:        {at}" if at else ""
    raise BadSystem(f"nothing can be judged yet: {wrong}{where}\n  implement: {implement}") from None
