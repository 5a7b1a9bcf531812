"""monitor_job's callback: when it is called, with what, and what its answers do."""

from __future__ import annotations

from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, lists, whole
from contract_tests.operations import Callback, Outcome
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, STATES, UNDONE, Actor, Scenario, finished

CHECKS = CheckTable()
_POLL = choice(0.5, 1.0, 2.0, 5.0)
_STATES = Each(*STATES)


def _code(outcome: Outcome) -> str | None:
    return getattr(outcome.value, "name", None) if outcome.returned else None


@CHECKS.check("monitor.callback-first", state=_STATES, poll=_POLL)
def _first(s: Scenario, state: str, poll: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    started = s.now()
    cb = Callback(then=False)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(cb.calls, "a call of the callback", outcome)
    wait = (cb.calls[0].time or 0.0) - started
    s.require(wait < poll / 2 + s.slack, "the first call at once", f"after {wait:g} s")


@CHECKS.check("monitor.callback-last", runs=whole(1, 30), poll=_POLL)
def _last(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    cb = Callback()
    outcome = alice.monitor(alice.submit(JobPlan(runs=float(runs))), cb, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    last = cb.calls[-1].meta if cb.calls else None
    status = last.get("status") if isinstance(last, dict) else None
    s.require(isinstance(status, str) and finished(status), "a last call with a finished status", s.tell(status))


def _fits(s: Scenario, outcome: Outcome, calls: int, poll: float, spare: int = 0) -> None:
    """The promise that there was a call at the start and one after each sleep, polls being ``poll`` apart."""
    most = int((outcome.took + s.slack) / poll) + 1
    least = max(1, int((outcome.took - s.slack) / (poll + s.slack)) + 1 - spare)
    told = f"{least} calls" if least == most else f"{least} to {most} calls"
    s.require(least <= calls <= most, f"{told} in {outcome.took:g} s", f"{calls} calls")


@CHECKS.check("monitor.callback-each", runs=whole(1, 40), poll=_POLL)
def _each(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    cb = Callback()
    outcome = alice.monitor(alice.submit(JobPlan(runs=float(runs))), cb, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    _fits(s, outcome, len(cb.calls), poll)


@CHECKS.check("monitor.callback-each", variant="timeout", timeout=whole(1, 20), poll=_POLL)
def _each_on_timeout(s: Scenario, timeout: int, poll: float) -> None:
    alice = s.open()
    cb = Callback()
    outcome = alice.monitor(s.job("running", alice), cb, timeout=timeout, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    _fits(s, outcome, len(cb.calls), poll, spare=1)  # the timeout may be seen before the last poll


@CHECKS.check("monitor.callback-session", state=_STATES, calls=whole(1, 3))
def _session(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(s.job(state, alice), cb)
    s.require(cb.calls, "a call of the callback", outcome)
    for call in cb.calls:
        s.require(call.session is alice.session, "the very session that was called", f"a {type(call.session).__name__}")


@CHECKS.check("monitor.callback-job-id", state=_STATES, calls=whole(1, 3))
def _job_id(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    job = s.job(state, alice)
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(job, cb)
    s.require(cb.calls, "a call of the callback", outcome)
    for call in cb.calls:
        s.require(call.job_id == job, f"the id of {s.tell(job)}", s.tell(call.job_id))


@CHECKS.check("monitor.callback-meta", runs=whole(1, 15), poll=_POLL)
def _meta(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    job = alice.submit(JobPlan(runs=float(runs)))
    read: list[Any] = []
    cb = Callback(act=lambda _: read.append(alice.meta(job)))
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.returned and cb.calls, "calls of the callback", outcome)
    for call, meta in zip(cb.calls, read, strict=False):
        s.require(isinstance(call.meta, dict), "a dict", s.tell(call.meta))
        for key in ("job_id", "name", "status", "submitter_name", "submit_time"):
            s.require(call.meta.get(key) == meta[key], f"{key} {s.tell(meta[key])}", s.tell(call.meta.get(key)))


@CHECKS.check(
    "monitor.callback-meta-copy", state=Each("waiting", "running"), write=choice("FINISHED:COMPLETED", "LOST", None)
)
def _meta_copy(s: Scenario, state: str, write: str | None) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.facts(job)
    calls: list[Any] = []

    def scribble(session: Any, job_id: str, job_meta: Any) -> bool:
        calls.append(job_meta)
        for value in list(job_meta.values()):
            if isinstance(value, (list, dict)):
                value.clear()
        if write is None:
            job_meta.clear()
        else:
            job_meta["status"] = write
        return len(calls) < 2

    alice.do("monitor_job", job, 0, s.real(1.0), scribble)
    after = alice.facts(job)
    s.unchanged(before, after, "the job")


_THINGS = choice(0, 1.5, "text", None, True, ("a", "tuple"), ["a", "list"], {"a": "dict"})


def _given(s: Scenario, args: list[Any], kwargs: dict[str, Any], calls: int) -> Callback:
    """A callback that was called ``calls`` times with these further arguments."""
    alice = s.open()
    job = s.job("running", alice)
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(job, cb, *args, timeout=0, poll=1.0, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    return cb


@CHECKS.check("monitor.callback-args", args=lists(_THINGS, 1, 4), names=whole(0, 2), calls=whole(1, 3))
def _args(s: Scenario, args: list[Any], names: int, calls: int) -> None:
    for call in _given(s, args, {f"name{number}": number for number in range(names)}, calls).calls:
        s.require(list(call.args) == args, f"the arguments {s.tell(args)}", s.tell(list(call.args)))


@CHECKS.check("monitor.callback-kwargs", args=lists(_THINGS, 0, 2), values=lists(_THINGS, 1, 4), calls=whole(1, 3))
def _kwargs(s: Scenario, args: list[Any], values: list[Any], calls: int) -> None:
    kwargs = {f"name{number}": value for number, value in enumerate(values)}
    for call in _given(s, args, kwargs, calls).calls:
        s.require(call.kwargs == kwargs, f"the named arguments {s.tell(kwargs)}", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-nothing-else", calls=whole(1, 3), state=Each(*STATES))
def _nothing_else(s: Scenario, calls: int, state: str) -> None:
    alice = s.open()
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(s.job(state, alice), cb)
    s.require(cb.calls, "a call of the callback", outcome)
    for call in cb.calls:
        s.require(
            call.args == () and call.kwargs == {}, "no further arguments", f"{s.tell(call.args)} {s.tell(call.kwargs)}"
        )


@CHECKS.check("monitor.callback-true", runs=whole(1, 40), poll=_POLL)
def _true(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    cb = Callback(then=True)
    outcome = alice.monitor(alice.submit(JobPlan(runs=float(runs))), cb, poll=poll)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED, as the callback always returned True", outcome)


def _stopped(s: Scenario, state: str, at: int, poll: float, timeout: int) -> tuple[Outcome, Callback]:
    """Monitor a job with a callback that returns False on its ``at``-th call."""
    alice = s.open()
    job = s.job(state, alice)
    cb = Callback(answers=(True,) * (at - 1) + (False,), then=True, limit=at + 400)
    return alice.monitor(job, cb, timeout=timeout, poll=poll), cb


_STOP: dict[str, Any] = {"state": Each("waiting", "running"), "poll": _POLL, "timeout": choice(0, 200)}


@CHECKS.check("monitor.callback-false-first", **_STOP)
def _false_first(s: Scenario, state: str, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, 1, poll, timeout)
    s.require(_code(outcome) == "ENDED_BY_CB", "ENDED_BY_CB", outcome)


@CHECKS.check("monitor.callback-false-later", at=whole(2, 24), **_STOP)
def _false_later(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, at, poll, timeout)
    s.require(_code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, as call {at} returned False", outcome)


@CHECKS.check("monitor.callback-false-no-more", at=whole(1, 24), **_STOP)
def _false_no_more(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    _, cb = _stopped(s, state, at, poll, timeout)
    s.require(len(cb.calls) == at, f"no call after call {at} returned False", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-false-at-once", at=whole(1, 24), **_STOP)
def _false_at_once(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    s.now()  # needs a clock to measure by
    outcome, cb = _stopped(s, state, at, poll, timeout)
    answered = cb.calls[at - 1].time if len(cb.calls) >= at else None
    s.require(answered is not None and outcome.ended is not None, f"{at} calls and a return", outcome)
    assert answered is not None
    assert outcome.ended is not None
    wait = outcome.ended - answered
    s.require(wait < poll / 2 + s.slack, f"a return at once after call {at}", f"after {wait:g} s")


class _Stop(Exception):
    """What a callback of these checks raises; nothing else knows it."""


_ERRORS = ("_Stop", "ValueError", "KeyError", "TimeoutError", "StopIteration", "InterruptedError")


def _error(name: str) -> Exception:
    errors: dict[str, Exception] = {
        "_Stop": _Stop("stop"),
        "ValueError": ValueError("from the callback"),
        "KeyError": KeyError("status"),
        "TimeoutError": TimeoutError("from the callback"),
        "StopIteration": StopIteration("from the callback"),
        "InterruptedError": InterruptedError("from the callback"),
    }
    return errors[name]


def _raising(s: Scenario, name: str, at: int, state: str) -> tuple[Outcome, Callback, Exception]:
    alice = s.open()
    error = _error(name)
    cb = Callback(answers=(True,) * (at - 1) + (error,), then=False)
    return alice.monitor(s.job(state, alice), cb), cb, error


@CHECKS.check("monitor.callback-error", name=Each(*_ERRORS), at=whole(1, 8), state=choice(*UNDONE))
def _error_unchanged(s: Scenario, name: str, at: int, state: str) -> None:
    outcome, _, error = _raising(s, name, at, state)
    s.require(outcome.error is error, f"the very {type(error).__name__} that the callback raised", outcome)


@CHECKS.check("monitor.callback-error", variant="done", state=Each(*DONE))
def _error_when_done(s: Scenario, state: str) -> None:
    outcome, _, error = _raising(s, "_Stop", 1, state)
    s.require(outcome.error is error, f"the very {type(error).__name__} that the callback raised", outcome)


@CHECKS.check("monitor.callback-error-ends", name=Each(*_ERRORS), at=whole(1, 8), state=choice(*UNDONE))
def _error_ends(s: Scenario, name: str, at: int, state: str) -> None:
    _, cb, _ = _raising(s, name, at, state)
    s.require(len(cb.calls) == at, f"no call after call {at} raised", f"{len(cb.calls)} calls")


def _runs(actor: Actor, job: str, act: Any, poll: float = 1.0) -> tuple[Outcome, Callback]:
    cb = Callback(act=act, limit=400)
    return actor.monitor(job, cb, poll=poll), cb


@CHECKS.check("monitor.callback-reads", runs=whole(1, 10), state=Each(*STATES))
def _reads(s: Scenario, runs: int, state: str) -> None:
    alice = s.open()
    other = s.job(state, alice)
    job = alice.submit(JobPlan(runs=float(runs)))
    results: list[Outcome] = []

    def read(_: int) -> None:
        results.append(alice.do("get_job_meta", other))
        results.append(alice.do("list_jobs"))
        results.append(alice.do("get_system_info"))

    outcome, _ = _runs(alice, job, read)
    for result in results:
        s.require(result.returned, "reading in the callback to work", result)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


@CHECKS.check("monitor.callback-aborts", state=Each(*UNDONE), at=whole(1, 8))
def _aborts(s: Scenario, state: str, at: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    results: list[Outcome] = []
    outcome, _ = _runs(alice, job, lambda number: results.append(alice.do("abort_job", job)) if number == at else None)
    s.require(results and results[0].returned, "the abort in the callback to work", results[0] if results else outcome)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


@CHECKS.check("monitor.callback-deletes", state=Each(*UNDONE), at=whole(1, 8))
def _deletes(s: Scenario, state: str, at: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    results: list[Outcome] = []
    outcome, cb = _runs(
        alice, job, lambda number: results.append(alice.do("delete_job", job)) if number == at else None
    )
    s.require(
        results and results[0].returned, "the deletion in the callback to work", results[0] if results else outcome
    )
    s.require(outcome.raised("JobNotFound"), "JobNotFound at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call after call {at}, in which the job went", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-monitors", at=whole(1, 3), state=Each("completed", "waiting", "same"))
def _monitors(s: Scenario, at: int, state: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=20.0))
    other = job if state == "same" else s.job(state, alice)
    inner = Callback(answers=(True,), then=False)
    results: list[Outcome] = []

    def nest(number: int) -> None:
        if number == at:
            results.append(alice.monitor(other, inner, poll=1.0))

    outcome, cb = _runs(alice, job, nest)
    wanted = ("JOB_FINISHED", "ENDED_BY_CB") if state == "completed" else ("ENDED_BY_CB",)
    s.require(results and _code(results[0]) in wanted, " or ".join(wanted), results[0] if results else outcome)
    s.require(_code(outcome) == "JOB_FINISHED", "JOB_FINISHED from the outer monitor", outcome)
    mixed = [call for call in cb.calls if call.job_id != job]
    s.require(not mixed, f"calls of the outer callback for {s.tell(job)} alone", f"{len(mixed)} for another job")


def _observed(s: Scenario, state: str, answers: tuple[Any, ...]) -> str:
    alice = s.open()
    cb = Callback(answers=answers, then=False)
    outcome = alice.monitor(s.job(state, alice), cb, poll=1.0)
    end = _code(outcome) if outcome.returned else f"raised {type(outcome.error).__name__}"
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
