"""monitor_job's callback: what its answers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.monitor_job.monitored_jobs import POLL, lasting
from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, UNDONE, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, sampled_from
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


@CHECKS.check("monitor.callback-true", runs=integers(1, 40), poll=POLL)
def _true(s: Scenario, runs: int, poll: float) -> None:
    _goes_on(s, float(runs), poll)


@CHECKS.check("monitor.callback-true", variant="every length", runs=Each(0.5, 6.0, 600.0), poll=Each(0.5, 5.0))
def _true_every_length(s: Scenario, runs: float, poll: float) -> None:
    _goes_on(s, min(runs, s.system.longest), poll)


def _goes_on(s: Scenario, runs: float, poll: float) -> None:
    alice = s.open()
    outcome = alice.monitor(alice.submit(JobPlan(runs=runs)), Callback(then=True), poll=poll)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED, as the callback always returned True", outcome)


def _stopped(s: Scenario, state: str, at: int, poll: float, timeout: int) -> tuple[Outcome, Callback]:
    """Monitor a job with a callback that returns False on its ``at``-th call; arguments by name with a timeout.

    Where jobs must not be long the polls are closer together, so that the job is not done by then.
    """
    alice = s.open()
    poll = min(poll, s.system.longest / (2 * at))
    job = lasting(s, alice, state, at, poll)
    cb = Callback(answers=(True,) * (at - 1) + (False,), then=True, limit=at + 400)
    return alice.monitor(job, cb, timeout=timeout, poll=poll, by_name=timeout > 0), cb


_STOP: dict[str, Any] = {"state": Each(*UNDONE), "poll": POLL, "timeout": sampled_from(0, 200)}


@CHECKS.check("monitor.callback-false-first", **_STOP)
def _false_first(s: Scenario, state: str, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, 1, poll, timeout)
    s.require(code(outcome) == "ENDED_BY_CB", "ENDED_BY_CB", outcome)


@CHECKS.check("monitor.callback-false-later", at=integers(2, 24), **_STOP)
def _false_later(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, at, poll, timeout)
    s.require(code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, as call {at} returned False", outcome)


@CHECKS.check("monitor.callback-false-later", variant="change", starts=Each(2.0, 9.0))
def _false_at_change(s: Scenario, starts: float) -> None:
    """At the first call that tells another status than the one before."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=60.0, dispatches=starts))
    cb = Callback(limit=400)
    changes: list[object] = []

    def stop(number: int) -> None:
        told = [call.meta.get("status") for call in cb.calls[-2:] if isinstance(call.meta, Mapping)]
        first = not changes and len(set(map(str, told))) > 1
        changes.extend(told[1:] if first else ())
        cb.then = not first

    cb.act = stop
    outcome = alice.monitor(job, cb, poll=0.5)
    if changes and not finished(changes[0]):
        s.require(code(outcome) == "ENDED_BY_CB", "ENDED_BY_CB, as the call that told a change returned False", outcome)


_AT: dict[str, Any] = {"state": Each(*UNDONE), "at": Each(2, 3, 5, 11, 26, 101), "timeout": Each(0, 2_000)}


@CHECKS.check("monitor.callback-false-later", variant="every call", **_AT)
def _false_at_each(s: Scenario, state: str, at: int, timeout: int) -> None:
    outcome, _ = _stopped(s, state, at, 0.5, timeout)
    s.require(code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, as call {at} returned False", outcome)


@CHECKS.check("monitor.callback-false-later", variant="at the timeout", at=Each(2, 3, 6), slow=Each(0.0, 30.0))
def _false_at_timeout(s: Scenario, at: int, slow: float) -> None:
    alice = s.open()
    act = (lambda number: s.sleep(slow) if number == at else None) if slow else None
    cb = Callback(answers=(True,) * (at - 1), then=False, act=act)
    outcome = alice.monitor(s.job("running", alice), cb, timeout=(at - 1) * 2 + (1 if slow else 0), poll=2.0)
    if len(cb.calls) >= at:  # a monitor may see the timeout before its last poll
        s.require(code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, as call {at} returned False", outcome)


@CHECKS.check("monitor.callback-false-no-more", at=integers(1, 24), **_STOP)
def _false_no_more(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    _, cb = _stopped(s, state, at, poll, timeout)
    s.require(len(cb.calls) == at, f"no call after call {at} returned False", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-false-no-more", variant="every call", **_AT)
def _false_no_more_each(s: Scenario, state: str, at: int, timeout: int) -> None:
    _, cb = _stopped(s, state, at, 0.5, timeout)
    s.require(len(cb.calls) == at, f"no call after call {at} returned False", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-false-no-more", variant="done", state=Each(*DONE))
def _false_no_more_done(s: Scenario, state: str) -> None:
    _, cb = _stopped(s, state, 1, 1.0, 0)
    s.require(len(cb.calls) == 1, "no call after call 1 returned False", f"{len(cb.calls)} calls")


def _at_once(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    s.now()  # needs a clock to measure by
    outcome, cb = _stopped(s, state, at, poll, timeout)
    answered = cb.calls[at - 1].time if len(cb.calls) >= at else None
    s.require(answered is not None and outcome.ended is not None, f"{at} calls and a return", outcome)
    assert answered is not None
    assert outcome.ended is not None
    wait = outcome.ended - answered
    s.require(wait < poll / 2 + s.slack, f"a return at once after call {at}", f"after {wait:g} s")


@CHECKS.check("monitor.callback-false-at-once", at=integers(1, 24), **_STOP)
def _false_at_once(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    _at_once(s, state, at, poll, timeout)


@CHECKS.check("monitor.callback-false-at-once", variant="every call", **_AT)
def _false_at_once_each(s: Scenario, state: str, at: int, timeout: int) -> None:
    _at_once(s, state, at, 2.0, timeout)


_BEFORE_THE_ANSWER: Final[dict[str, Callable[[Scenario, Actor, str], object]]] = {
    "deletes the job": lambda s, actor, job: actor.need("delete_job", job),
    "closes the session": lambda s, actor, job: actor.need("close"),
    "meets an outage": lambda s, actor, job: s.on_system("outage"),
    "meets a server that misbehaves": lambda s, actor, job: s.on_system("misbehave"),
}
"""What may happen in a callback before it answers, so that a further poll would raise."""


@CHECKS.check("monitor.callback-false-at-once", variant="no poll", leaving=Each(*_BEFORE_THE_ANSWER), at=Each(1, 3))
def _false_without_poll(s: Scenario, leaving: str, at: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))

    def act(number: int) -> None:
        if number == at:
            _BEFORE_THE_ANSWER[leaving](s, alice, job)

    with suppress(NotClaimed):
        outcome = alice.monitor(job, Callback(answers=(True,) * (at - 1), then=False, act=act), poll=1.0)
        s.require(
            code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, without a poll after call {at} returned False", outcome
        )


def _observed(s: Scenario, state: str, answers: tuple[Any, ...]) -> str:
    alice = s.open()
    cb = Callback(answers=answers, then=False)
    outcome = alice.monitor(s.job(state, alice), cb, poll=1.0)
    end = code(outcome) if outcome.returned else f"raised {type(outcome.error).__name__}"
    return f"{end} after {len(cb.calls)} calls"


@CHECKS.check("monitor.done-and-false", state=Each("completed", "aborted"))
def _done_and_false(s: Scenario, state: str) -> str:
    return f"{state}: {_observed(s, state, (False,))}"


@CHECKS.check("monitor.falsy", answer=Each(None, 0, "", []))
def _falsy(s: Scenario, answer: Any) -> str:
    return f"{answer!r}: {_observed(s, 'running', (answer, True))}"


@CHECKS.check("monitor.truthy", answer=Each(1, "yes", [0]))
def _truthy(s: Scenario, answer: Any) -> str:
    return f"{answer!r}: {_observed(s, 'running', (answer,))}"
