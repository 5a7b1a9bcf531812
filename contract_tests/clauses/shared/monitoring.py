"""Monitors during which something is done, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.job_plan import JobPlan

_FOR_EVER: Final = 1_000.0
"""Contract seconds after which a monitor times out that something was to end long before."""

CALLBACK: Final = Each(True, False)
"""Whether there is a callback; first with one, as it notices a monitor that would never return."""

LIMITED: Final = Each(True, False)
"""Whether there is a timeout; first with one, for the same reason."""


def code(outcome: Outcome) -> str | None:
    """The name of the return code, or None when the outcome is something else."""
    return getattr(outcome.value, "name", None) if outcome.returned else None


def callback(wanted: bool) -> Callback | None:
    """A callback that always goes on, if one is wanted."""
    return Callback() if wanted else None


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
    s: Scenario,
    actor: Actor,
    job: str,
    act: Callable[[], object],
    after: float,
    poll: float,
    callback_given: bool,
    limited: bool = True,
) -> ActedOn:
    """Monitor a job, with a timeout or without, while something is done between two polls.

    Raises:
        NotClaimed: the system lets nobody act while a call waits.
    """
    cb = callback(callback_given)
    with Interleaving(s, after, act) as acted:
        outcome = actor.monitor(job, cb, timeout=after + _FOR_EVER if limited else 0, poll=poll)
    ended = outcome.ended or 0.0
    over = ended if acted.over is None else acted.over
    late = [call for call in cb.calls if (call.time or 0.0) > over + s.slack] if cb else []
    return ActedOn(outcome, ended - over, len(late))


def takes_effect_in_a_callback(
    s: Scenario, monitored: str, method: str, state: str, expected: str, seen: Callable[[Actor, str], bool]
) -> None:
    """The promise that a call in a callback has its effect while the monitor goes on, as another session sees it.

    Args:
        s: the scenario.
        monitored: "that job" or "another job", as the callback calls ``method`` for the job that is monitored or not.
        method: the method that the callback calls.
        state: what the job is for which it calls that.
        expected: what is promised, in words.
        seen: whether a session sees it of the job.
    """
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    watched = job if monitored == "that job" else alice.submit(JobPlan(waits=True))
    told: list[bool] = []

    def act(_: int) -> None:
        alice.need(method, job)
        waited = 0.0
        while not seen(other, job) and waited <= s.system.patience:
            s.sleep(1.0)
            waited += 1.0
        told.append(seen(other, job))

    outcome = alice.monitor(watched, Callback(act=act, then=False))
    s.require(told, "the callback to be called", outcome)
    s.require(told[0], f"{expected} within {s.system.patience:g} s, in the callback", "it is not")
