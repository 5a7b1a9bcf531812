"""monitor_job's callback: when it is called, with what, and what its answers do."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

from contract_tests.actor import Actor
from contract_tests.checks.monitored import code
from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, lists, whole
from contract_tests.interface import EXCEPTIONS, spec_modules
from contract_tests.model import rank
from contract_tests.operations import Callback, CallRecord, Outcome
from contract_tests.plan import JobPlan
from contract_tests.scenario import Scenario
from contract_tests.situations import MAIN_PASTS, situate
from contract_tests.states import DONE, LONG, STATES, UNDONE, finished

CHECKS = CheckTable()
_POLL = choice(0.5, 1.0, 2.0, 5.0)
_STATES = Each(*STATES)


@CHECKS.check("monitor.callback-first", state=_STATES, poll=Each(0.5, 5.0), by_name=Each(False, True))
def _first(s: Scenario, state: str, poll: float, by_name: bool) -> None:
    alice = s.open()
    job = s.job(state, alice)
    started = s.now()
    cb = Callback(then=False)
    outcome = alice.monitor(job, cb, poll=poll, by_name=by_name)
    s.require(cb.calls, "a call of the callback", outcome)
    wait = (cb.calls[0].time or 0.0) - started
    s.require(wait < poll / 2 + s.slack, "the first call at once", f"after {wait:g} s")


def _last_call(s: Scenario, alice: Actor, job: str, cb: Callback, poll: float) -> None:
    """The assertion that the last call was told that the job is done."""
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    last = cb.calls[-1].meta if cb.calls else None
    status = last.get("status") if isinstance(last, dict) else None
    s.require(isinstance(status, str) and finished(status), "a last call with a finished status", s.tell(status))


@CHECKS.check("monitor.callback-last", runs=whole(1, 30), poll=_POLL)
def _last(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    _last_call(s, alice, alice.submit(JobPlan(runs=float(runs))), Callback(), poll)


@CHECKS.check(
    "monitor.callback-last",
    variant="every end",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    runs=Each(2.0, 70.0),
)
def _last_every_end(s: Scenario, ends: str, runs: float) -> None:
    alice = s.open()
    _last_call(s, alice, alice.submit(JobPlan(runs=runs, ends=ends)), Callback(), 1.0)


@CHECKS.check("monitor.callback-last", variant="aborted", state=Each(*UNDONE), at=Each(1, 3, 60))
def _last_aborted(s: Scenario, state: str, at: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    cb = Callback(act=lambda number: alice.need("abort_job", job) if number == at else None, limit=at + 400)
    _last_call(s, alice, job, cb, 0.5)


def _calls_match(s: Scenario, job: str, alice: Actor, poll: float) -> None:
    """The assertion that there were as many calls as polls, by the time the monitor took."""
    cb = Callback()
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    _fits(s, outcome, len(cb.calls), poll)


def _fits(s: Scenario, outcome: Outcome, calls: int, poll: float, spare: int = 0) -> None:
    """The promise that there was a call at the start and one after each sleep, polls being ``poll`` apart.

    ``spare`` calls may be missing: a timeout may be seen before the last poll.
    """
    most = int((outcome.took + s.slack) / poll) + 1
    least = max(1, math.ceil((outcome.took - s.slack) / (poll + s.slack)) + 1 - spare)
    told = f"{least} calls" if least == most else f"{least} to {most} calls"
    s.require(least <= calls <= most, f"{told} in {outcome.took:g} s", f"{calls} calls")


@CHECKS.check("monitor.callback-each", runs=whole(1, 40), poll=_POLL)
def _each(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    _calls_match(s, alice.submit(JobPlan(runs=float(runs))), alice, poll)


@CHECKS.check("monitor.callback-each", variant="every state", poll=Each(0.5, 2.0, 7.0), state=Each("fresh", *STATES))
def _each_every_state(s: Scenario, poll: float, state: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(dispatches=10.0, runs=25.0)) if state == "fresh" else s.job(state, alice)
    _calls_match(s, job, alice, poll if state != "waiting" else 100.0)


@CHECKS.check("monitor.callback-each", variant="again", end=Each("timeout", "callback", "error", "done"))
def _each_again(s: Scenario, end: str) -> None:
    alice = s.open()
    answers = {"callback": False, "error": LookupError("stop")}
    first = Callback(answers=(True,), then=answers.get(end, True))
    alice.monitor(s.job("completed" if end == "done" else "running", alice), first, timeout=3)
    called = len(first.calls)
    _calls_match(s, alice.submit(JobPlan(runs=5.0)), alice, 1.0)
    s.require(len(first.calls) == called, "no more calls of the callback of a monitor that is over", "more calls")


@CHECKS.check(
    "monitor.callback-each", variant="timeout", timeout=whole(1, 20), poll=_POLL, state=Each("running", "waiting")
)
def _each_on_timeout(s: Scenario, timeout: int, poll: float, state: str) -> None:
    alice = s.open()
    cb = Callback()
    outcome = alice.monitor(s.job(state, alice), cb, timeout=timeout, poll=poll)
    s.require(outcome.returned, "the monitor to return", outcome)
    # one call at the start and one after each sleep, but perhaps none after the last: the timeout may be seen first
    _fits(s, outcome, len(cb.calls), poll, spare=1)


def _called(s: Scenario, alice: Actor, job: str, calls: int) -> list[CallRecord]:
    """The calls of a callback that ends its monitor after some."""
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(job, cb, poll=1.0)
    s.require(cb.calls, "a call of the callback", outcome)
    return cb.calls


def _very_session(s: Scenario, alice: Actor, job: str, calls: int) -> None:
    for call in _called(s, alice, job, calls):
        observed = f"a {type(call.session).__name__} that is another"
        s.require(call.session is alice.session, "the very session that was called", observed)


def _very_id(s: Scenario, alice: Actor, job: str, calls: int) -> None:
    for call in _called(s, alice, job, calls):
        s.require(call.job_id == job, f"the id of {s.tell(job)}", s.tell(call.job_id))


@CHECKS.check("monitor.callback-session", state=_STATES, calls=Each(1, 3, 12))
def _session(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    _very_session(s, alice, s.job(state, alice), calls)


@CHECKS.check("monitor.callback-session", variant="past", past=Each(*MAIN_PASTS), state=Each("running", "completed"))
def _session_past(s: Scenario, past: str, state: str) -> None:
    _very_session(s, *situate(s, past, state), 2)


@CHECKS.check("monitor.callback-session", variant="side by side")
def _session_side_by_side(s: Scenario) -> None:
    sessions = [s.open() for _ in range(3)]
    job = s.job("running", sessions[0])
    for actor in (*sessions, *sessions):
        _very_session(s, actor, job, 2)


@CHECKS.check("monitor.callback-job-id", state=_STATES, calls=Each(1, 3, 12))
def _job_id(s: Scenario, state: str, calls: int) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    job = s.job(state, alice)
    alice.submit(JobPlan(waits=True))
    _very_id(s, alice, job, calls)


@CHECKS.check("monitor.callback-job-id", variant="past", past=Each(*MAIN_PASTS), state=Each("running", "completed"))
def _job_id_past(s: Scenario, past: str, state: str) -> None:
    _very_id(s, *situate(s, past, state), 2)


_TOLD = ("job_id", "name", "status", "submitter_name", "submit_time")


def _reads(s: Scenario, alice: Actor, job: str, poll: float, calls: int) -> None:
    """The assertion that every call gets what one reads at its time."""
    read: list[dict[str, Any]] = [alice.meta(job)]
    moved: list[bool] = []

    def look(_: int) -> None:
        began = s.now()
        read.append(alice.meta(job))
        moved.append(s.now() != began)

    cb = Callback(answers=(True,) * (calls - 1), then=False, act=look)
    outcome = alice.monitor(job, cb, poll=poll)
    s.require(cb.calls, "calls of the callback", outcome)
    for call, before, meta, late in zip(cb.calls, read, read[1:], moved, strict=False):
        s.require(isinstance(call.meta, dict), "a dict", s.tell(call.meta))
        missing = [key for key in _TOLD if key in meta and key not in call.meta]
        s.require(not missing, f"the keys {', '.join(_TOLD)}", f"a meta without {', '.join(missing)}")
        for key in _TOLD:
            told = call.meta.get(key)
            if not (late and _between(key, before.get(key), told, meta[key])):
                s.require(told == meta[key], f"{key} {s.tell(meta[key])}", s.tell(told))


def _between(key: str, before: Any, told: Any, after: Any) -> bool:
    """Whether a value may be of a time between two looks: where replies take time, a job gets on meanwhile."""
    return told == before or (key == "status" and rank(before) <= rank(told) <= rank(after))


@CHECKS.check("monitor.callback-meta", runs=whole(1, 15), poll=_POLL)
def _meta(s: Scenario, runs: int, poll: float) -> None:
    alice = s.open()
    alice.submit(JobPlan(waits=True))
    _reads(s, alice, alice.submit(JobPlan(runs=float(runs))), poll, 1_000)


@CHECKS.check("monitor.callback-meta", variant="every state", poll=Each(0.5, 3.0), state=Each(*STATES))
def _meta_every_state(s: Scenario, poll: float, state: str) -> None:
    alice = s.open()
    _reads(s, alice, s.job(state, alice), poll, 12)


@CHECKS.check("monitor.callback-meta", variant="past", past=Each(*MAIN_PASTS), state=Each("running", "completed"))
def _meta_past(s: Scenario, past: str, state: str) -> None:
    alice, job = situate(s, past, state)
    _reads(s, alice, job, 1.0, 3)


@CHECKS.check("monitor.callback-meta", variant="again")
def _meta_again(s: Scenario) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(dispatches=5.0, runs=10.0))
    for calls in (3, 5, 4, 100):
        _reads(s, alice, job, 1.0, calls)
    _reads(s, s.open(), job, 1.0, 2)


class _Scribbler:
    """A callback that changes the meta it gets, at every depth, and keeps what it got."""

    def __init__(self, status: str | None, calls: int) -> None:
        self.status, self.calls = status, calls
        self.got: list[dict[str, Any]] = []

    def __call__(self, session: Any, job_id: str, job_meta: Any) -> bool:
        """Note, then scribble."""
        self.got.append(dict(job_meta))
        with suppress(Exception):  # a meta may refuse to be changed
            for value in list(job_meta.values()):
                if isinstance(value, (list, dict)):
                    value.clear()
            if self.status is None:
                job_meta.clear()
            else:
                job_meta["status"] = self.status
                job_meta["scribbled"] = True
        return len(self.got) < self.calls

    def __repr__(self) -> str:
        done = "empties its meta" if self.status is None else f"sets the status in its meta to {self.status}"
        return f"<callback: {done}, returns False from call {self.calls}>"


_WRITES = Each("FINISHED:COMPLETED", "RUNNING", "LOST", None)


@CHECKS.check("monitor.callback-meta-copy", state=Each("waiting", "running", "completed"), write=_WRITES)
def _meta_copy(s: Scenario, state: str, write: str | None) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.facts(job)
    cb = _Scribbler(write, 3)
    alice.do("monitor_job", job, 0, s.real(1.0), cb)
    s.unchanged(before, alice.facts(job), "the job")
    again = Callback(then=False)
    alice.monitor(job, again)
    metas = [*cb.got, *(call.meta for call in again.calls)]
    for meta in metas:
        s.require(
            "scribbled" not in meta and "status" in meta, "a meta as the server has it in every call", s.tell(meta)
        )


@CHECKS.check("monitor.callback-meta-copy", variant="the end", write=_WRITES)
def _meta_copy_end(s: Scenario, write: str | None) -> None:
    alice = s.open()
    cb = _Scribbler(write, 4)
    outcome = alice.do("monitor_job", s.job("running", alice), 0, s.real(1.0), cb)
    s.require(code(outcome) == "ENDED_BY_CB" and len(cb.got) == 4, "ENDED_BY_CB at call 4, as the job runs on", outcome)
    outcome = alice.do("monitor_job", s.job("completed", alice), 0, s.real(1.0), _Scribbler(write, 9))
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED of a job that is done", outcome)


_ODD_NAMES = (
    "user",
    "args",
    "kwargs",
    "cb_args",
    "cb_kwargs",
    "name",
    "status",
    "meta",
    "_private",
    "Capital",
    "UPPER",
)
_THINGS = choice(0, 1.5, "text", None, True, ("a", "tuple"), ["a", "list"], {"a": "dict"})


def _given(s: Scenario, args: list[Any], kwargs: dict[str, Any], calls: int) -> Callback:
    """A callback that was called ``calls`` times with these further arguments."""
    alice = s.open()
    job = s.job("running", alice)
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(job, cb, *args, timeout=0, poll=1.0, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    return cb


def _same_arguments(s: Scenario, calls: list[CallRecord], args: list[Any]) -> None:
    for call in calls:
        same = len(call.args) == len(args) and all(got is arg for got, arg in zip(call.args, args, strict=True))
        s.require(same, f"the very arguments {s.tell(args)}", s.tell(list(call.args)))


@CHECKS.check("monitor.callback-args", args=lists(_THINGS, 1, 4), names=whole(0, 2), calls=whole(1, 3))
def _args(s: Scenario, args: list[Any], names: int, calls: int) -> None:
    kwargs = {f"name{number}": number for number in range(names)}
    _same_arguments(s, _given(s, args, kwargs, calls).calls, args)


@CHECKS.check(
    "monitor.callback-args",
    variant="every kind",
    args=Each(
        [0, None, False, "", 1.5], [["a", "list"], {"a": "dict"}], [None], ["first", ["second"], "third", "fourth"]
    ),
    names=Each(0, 2),
)
def _args_every_kind(s: Scenario, args: list[Any], names: int) -> None:
    kwargs = {f"name{number}": number for number in range(names)}
    _same_arguments(s, _given(s, args, kwargs, 3).calls, args)


@CHECKS.check("monitor.callback-kwargs", args=lists(_THINGS, 0, 2), values=lists(_THINGS, 1, 4), calls=whole(1, 3))
def _kwargs(s: Scenario, args: list[Any], values: list[Any], calls: int) -> None:
    kwargs = {f"name{number}": value for number, value in enumerate(values)}
    for call in _given(s, args, kwargs, calls).calls:
        s.require(call.kwargs == kwargs, f"the named arguments {s.tell(kwargs)}", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-kwargs", variant="every kind", name=Each(*_ODD_NAMES), value=Each(None, 0, {"a": 1}))
def _kwargs_every_kind(s: Scenario, name: str, value: Any) -> None:
    kwargs = {name: value, "further": True}
    alice = s.open()
    cb = Callback(answers=(True, True), then=False)
    outcome = alice.do("monitor_job", s.job("running", alice), cb=cb, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    for call in cb.calls:
        s.require(call.kwargs == kwargs, f"the named arguments {s.tell(kwargs)}", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-kwargs", variant="again")
def _kwargs_again(s: Scenario) -> None:
    for call in _second_monitor(s):
        s.require(call.kwargs == {"named": 2}, "the named arguments of this monitor", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-args", variant="again")
def _args_again(s: Scenario) -> None:
    for call in _second_monitor(s):
        s.require(call.args == ("second",), "the arguments of this monitor", s.tell(call.args))


def _second_monitor(s: Scenario) -> list[CallRecord]:
    """The calls of the callback of a session's second monitor, which has other arguments than the first."""
    alice = s.open()
    job = s.job("running", alice)
    alice.monitor(job, Callback(then=False), "first", named=1)
    cb = Callback(answers=(True,), then=False)
    outcome = alice.monitor(job, cb, "second", named=2)
    s.require(cb.calls, "calls of the callback", outcome)
    return cb.calls


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


@CHECKS.check("monitor.callback-nothing-else", variant="again")
def _nothing_else_again(s: Scenario) -> None:
    alice = s.open()
    job = s.job("running", alice)
    alice.monitor(job, Callback(then=False), "an argument", named="one")
    for call in _called(s, alice, job, 2):
        observed = f"{s.tell(call.args)} {s.tell(call.kwargs)}"
        s.require(call.args == () and call.kwargs == {}, "no arguments of an earlier monitor", observed)


@CHECKS.check("monitor.callback-true", runs=whole(1, 40), poll=_POLL)
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
    """Monitor a job with a callback that returns False on its ``at``-th call; arguments by name with a timeout."""
    alice = s.open()
    job = s.job(state, alice)
    lasts = 2 * at * (poll + s.slack)
    if state == "running" and lasts > LONG:  # where replies take long it would be done before
        job = alice.submit(JobPlan(runs=min(lasts, s.system.longest)))
        s.until(alice, job, STATES["running"].reached, "running")
    cb = Callback(answers=(True,) * (at - 1) + (False,), then=True, limit=at + 400)
    return alice.monitor(job, cb, timeout=timeout, poll=poll, by_name=timeout > 0), cb


_STOP: dict[str, Any] = {"state": Each("waiting", "running"), "poll": _POLL, "timeout": choice(0, 200)}


@CHECKS.check("monitor.callback-false-first", **_STOP)
def _false_first(s: Scenario, state: str, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, 1, poll, timeout)
    s.require(code(outcome) == "ENDED_BY_CB", "ENDED_BY_CB", outcome)


@CHECKS.check("monitor.callback-false-later", at=whole(2, 24), **_STOP)
def _false_later(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    outcome, _ = _stopped(s, state, at, poll, timeout)
    s.require(code(outcome) == "ENDED_BY_CB", f"ENDED_BY_CB, as call {at} returned False", outcome)


_AT: dict[str, Any] = {"state": Each("waiting", "running"), "at": Each(2, 3, 5, 11, 26, 101), "timeout": Each(0, 2_000)}


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


@CHECKS.check("monitor.callback-false-no-more", at=whole(1, 24), **_STOP)
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


@CHECKS.check("monitor.callback-false-at-once", at=whole(1, 24), **_STOP)
def _false_at_once(s: Scenario, state: str, at: int, poll: float, timeout: int) -> None:
    _at_once(s, state, at, poll, timeout)


@CHECKS.check("monitor.callback-false-at-once", variant="every call", **_AT)
def _false_at_once_each(s: Scenario, state: str, at: int, timeout: int) -> None:
    _at_once(s, state, at, 2.0, timeout)


class _Stop(Exception):
    """What a callback of these checks raises; nothing else knows it."""


_ERRORS = (
    "_Stop",
    "ValueError",
    "TypeError",
    "AttributeError",
    "KeyError",
    "TimeoutError",
    "StopIteration",
    "InterruptedError",
    "SystemExit",
    *EXCEPTIONS,
)


def _error(s: Scenario, name: str) -> BaseException:
    """An error by its name; the interface's own where the system has it."""
    errors: dict[str, BaseException] = {
        "_Stop": _Stop("stop"),
        "ValueError": ValueError("from the callback"),
        "TypeError": TypeError("from the callback"),
        "AttributeError": AttributeError("from the callback"),
        "KeyError": KeyError("status"),
        "TimeoutError": TimeoutError("from the callback"),
        "StopIteration": StopIteration("from the callback"),
        "InterruptedError": InterruptedError("from the callback"),
        "SystemExit": SystemExit(3),
    }
    for module in spec_modules(s.system.spec):
        cls = getattr(module, name, None)
        if isinstance(cls, type) and issubclass(cls, Exception):
            with suppress(TypeError):  # an exception of a system's own may be made of something else
                errors.setdefault(name, cls("from the callback"))
    return errors.get(name, errors["_Stop"])


def _raising(s: Scenario, name: str, at: int, state: str) -> tuple[Outcome, Callback, BaseException]:
    alice = s.open()
    job = s.job(state, alice)
    error = _error(s, name)
    cb = Callback(answers=(True,) * (at - 1) + (error,), then=False)
    return alice.monitor(job, cb), cb, error


def _unchanged_error(s: Scenario, name: str, at: int, state: str) -> None:
    outcome, _, error = _raising(s, name, at, state)
    s.require(outcome.error is error, f"the very {type(error).__name__} that the callback raised", outcome)
    cause = error.__cause__
    s.require(cause is None, "an error without a cause, as it was raised", f"one with the cause {s.tell(cause)}")


@CHECKS.check("monitor.callback-error", name=Each(*_ERRORS), at=Each(1, 2, 7), state=choice(*UNDONE))
def _error_unchanged(s: Scenario, name: str, at: int, state: str) -> None:
    _unchanged_error(s, name, at, state)


@CHECKS.check("monitor.callback-error", variant="every state", state=Each(*STATES), name=Each("_Stop", "KeyError"))
def _error_every_state(s: Scenario, state: str, name: str) -> None:
    _unchanged_error(s, name, 1, state)


@CHECKS.check("monitor.callback-error-ends", name=Each(*_ERRORS), at=Each(1, 2, 7), state=choice(*UNDONE))
def _error_ends(s: Scenario, name: str, at: int, state: str) -> None:
    _, cb, _ = _raising(s, name, at, state)
    s.require(len(cb.calls) == at, f"no call after call {at} raised", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-error-ends", variant="done", state=Each(*DONE))
def _error_ends_done(s: Scenario, state: str) -> None:
    _, cb, _ = _raising(s, "_Stop", 1, state)
    s.require(len(cb.calls) == 1, "no call after call 1 raised", f"{len(cb.calls)} calls")


def _runs(actor: Actor, job: str, act: Any, poll: float = 1.0) -> tuple[Outcome, Callback]:
    cb = Callback(act=act, limit=400)
    return actor.monitor(job, cb, poll=poll), cb


@CHECKS.check("monitor.callback-reads", runs=Each(1.0, 8.0), state=Each(*STATES))
def _reads_inside(s: Scenario, runs: float, state: str) -> None:
    alice = s.open()
    other = s.job(state, alice)
    job = alice.submit(JobPlan(runs=runs))
    results: list[Outcome] = []

    def read(_: int) -> None:
        results.extend(alice.do("get_job_meta", one) for one in (other, job))
        results.extend(alice.do(method) for method in ("list_jobs", "get_system_info"))

    outcome, _ = _runs(alice, job, read)
    for number, result in enumerate(results):
        s.require(result.returned, "reading in the callback to work", result)
        if number % 4 < 2:
            wanted = (other, job)[number % 4]
            told = result.value.get("job_id") if isinstance(result.value, dict) else result.value
            s.require(told == wanted, f"the meta of {s.tell(wanted)} in the callback", f"that of {s.tell(told)}")
        elif number % 4 == 2:
            listed = [entry.get("job_id") for entry in result.value]
            s.require({other, job} <= set(listed), "both jobs in the list, in the callback", s.tell(listed))
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


@CHECKS.check("monitor.callback-aborts", state=Each(*UNDONE), at=Each(1, 2, 8))
def _aborts(s: Scenario, state: str, at: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    results: list[Outcome] = []
    outcome, _ = _runs(alice, job, lambda number: results.append(alice.do("abort_job", job)) if number == at else None)
    s.require(results and results[0].returned, "the abort in the callback to work", results[0] if results else outcome)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


@CHECKS.check("monitor.callback-deletes", state=Each(*UNDONE), at=Each(1, 2, 8))
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


@CHECKS.check("monitor.callback-monitors", at=Each(1, 3), state=Each("completed", "waiting", "running", "same"))
def _monitors(s: Scenario, at: int, state: str) -> None:
    alice = s.open()
    beside = None if state == "same" else s.job(state, alice)
    job = alice.submit(JobPlan(runs=60.0))
    other = beside or job
    inner = Callback(answers=(True,), then=False)
    results: list[Outcome] = []

    def nest(number: int) -> None:
        if number == at:
            results.append(alice.monitor(other, inner, "inner", poll=1.0, whose="inner"))

    cb = Callback(act=nest, limit=400)
    outcome = alice.monitor(job, cb, "outer", poll=1.0, whose="outer")
    wanted = ("JOB_FINISHED", "ENDED_BY_CB") if state == "completed" else ("ENDED_BY_CB",)
    s.require(results and code(results[0]) in wanted, " or ".join(wanted), results[0] if results else outcome)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED from the outer monitor", outcome)
    for which, calls, its_job in (("outer", cb.calls, job), ("inner", inner.calls, other)):
        for call in calls:
            got = (call.job_id, call.args, call.kwargs)
            right = got == (its_job, (which,), {"whose": which})
            s.require(right, f"the {which} callback to get its own job and arguments", s.tell(got))


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
