"""What the checks of monitor_job share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from contract_tests.contract.interface import RETURN_CODES, spec_modules
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Callback, CallRecord, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, sampled_from
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

POLL: Final = sampled_from(0.5, 1.0, 2.0, 3.0, 5.0)
_FOR_EVER: Final = 1_000.0
"""Contract seconds that no right monitor goes on for when something was to end it long before."""

CALLBACK: Final = Each(True, False)
"""Whether there is a callback. With one first: it notices a monitor that would never come back."""


def code(outcome: Outcome) -> str | None:
    """The name of the return code, or None when the outcome is something else."""
    return getattr(outcome.value, "name", None) if outcome.returned else None


def is_code(s: Scenario, value: Any) -> bool:
    """Whether ``value`` is one of the interface's return codes."""
    enums = [getattr(module, "MonitorReturnCode", None) for module in spec_modules(s.system.spec)]
    classes = tuple(cls for cls in enums if isinstance(cls, type))
    named = isinstance(value, int) and RETURN_CODES.get(getattr(value, "name", "")) == int(value)
    return named and (isinstance(value, classes) or not classes)


def callback(wanted: bool) -> Callback | None:
    """A callback that always goes on, if one is wanted."""
    return Callback() if wanted else None


def started(s: Scenario, actor: Actor, runs: float) -> str:
    """A job that has just been seen to run, or to have run, for so long: whenever a server schedules it is over."""
    job = actor.submit(JobPlan(runs=runs))
    s.until(actor, job, lambda status: status == "RUNNING" or finished(status), "running")
    return job


def lasting(s: Scenario, actor: Actor, state: str, polls: int, interval: float) -> str:
    """A job in a state; one that is not done stays in it for so many polls, as far as the system can do that.

    A job that is to stay dispatched runs where that can't be planned.
    """
    try:
        job = s.job(state, actor)
    except NotClaimed:
        if state != "dispatched":
            raise
        return lasting(s, actor, "running", polls, interval)
    plan = STATES[state].plan
    seconds = min(2 * polls * (interval + s.slack), s.system.longest)
    if state == "dispatched" and seconds > (plan.dispatches or 0.0):
        job = s.bring(actor.submit(replace(plan, dispatches=seconds)), state, actor)
    if state == "running" and seconds > (plan.runs or 0.0):
        job = s.bring(actor.submit(replace(plan, runs=seconds)), state, actor)
    return job


ELSEWHERE: Final[dict[str, Callable[[Actor, str], object]]] = {
    "submit": lambda actor, other: actor.submit(JobPlan(waits=True)),
    "clone": lambda actor, other: actor.clone(other),
    "read": lambda actor, other: actor.meta(other),
    "list": lambda actor, other: actor.entries(detailed=True),
    "abort": lambda actor, other: actor.need("abort_job", other),
    "monitor": lambda actor, other: actor.monitor(other, Callback(then=False)),
}
"""What a callback may do to another job, or with the session, and what is no matter to its monitor."""


def in_time(s: Scenario, went_on: float, poll: float, spare: float = 0.0) -> None:
    """The assertion that a monitor went on until its next poll and no longer, but for some spare contract seconds."""
    right = went_on < 1.5 * poll + s.slack + spare
    s.require(right, f"it at the next poll, {poll:g} s later", f"it {went_on:g} s later")


class ActedOn(NamedTuple):
    """A monitor during which something was done: how it ended, how long after that, and how often it called then."""

    outcome: Outcome
    went_on: float
    calls: int

    def raises(self, s: Scenario, expected: str) -> None:
        """The assertion that it ended by this error, and called no callback any more."""
        s.require(self.outcome.raised(expected), f"{expected} at the next poll", self.outcome)
        s.require(self.calls == 0, "no call of the callback after it", f"{self.calls} calls")


def acted_on(
    s: Scenario, actor: Actor, job: str, act: Callable[[], object], after: float, poll: float, callback_given: bool
) -> ActedOn:
    """Monitor a job while something is done between two polls.

    Raises:
        NotClaimed: the system lets nobody act while a call waits.
    """
    cb = callback(callback_given)
    with Interleaving(s, after, act) as acted:
        outcome = actor.monitor(job, cb, timeout=after + _FOR_EVER, poll=poll)
    ended = outcome.ended or 0.0
    over = ended if acted.over is None else acted.over
    late = [call for call in cb.calls if (call.time or 0.0) > over + s.slack] if cb else []
    return ActedOn(outcome, ended - over, len(late))


def monitored_while(s: Scenario, actor: Actor, job: str, act: Callable[[], object], callback_given: bool) -> Outcome:
    """Monitor a job for 8 s while something is done: in the second call of the callback, or else between two polls.

    Raises:
        NotClaimed: there is to be no callback, and the system lets nobody act while a call waits.
    """
    if callback_given:
        cb = Callback(act=lambda number: act() if number == 2 else None)
        return actor.monitor(job, cb, timeout=8, poll=1.0)
    with Interleaving(s, 2.5, act):
        return actor.monitor(job, timeout=8, poll=1.0)


def still_there(s: Scenario, actor: Actor, job: str, before: dict[str, Any]) -> None:
    """The assertion that a job is there, and as it was.

    Raises:
        Violation: it is gone, or changed.
    """
    outcome = actor.do("get_job_meta", job)
    s.require(outcome.returned, f"{s.tell(job)} to be there still", outcome)
    s.unchanged(before, actor.snapshot(job), s.tell(job))


def called(
    s: Scenario, alice: Actor, job: str, calls: int, act: Callable[[int], object] | None = None
) -> list[CallRecord]:
    """The calls of a callback that ends its monitor after some."""
    cb = Callback(answers=(True,) * (calls - 1), then=False, act=act)
    outcome = alice.monitor(job, cb, poll=1.0)
    s.require(cb.calls, "a call of the callback", outcome)
    return cb.calls
