"""Monitoring: when it looks, what it hands on, and why it comes back."""

from __future__ import annotations

import copy
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import (
    InvalidArgumentError,
    JobNotFound,
    MonitorReturnCode,
    NoConnection,
    Session,
    SessionClosed,
    SimulatedServer,
    VirtualClock,
)
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import behaving, definition

LONG = definition(custom_props=behaving(run_seconds=1000))
FINISHED, TIMEOUT, ENDED = MonitorReturnCode


class Looks:
    """A callback that notes when it is called and with what, and answers from a list (the last answer for ever)."""

    def __init__(self, session: Session, *answers: Any) -> None:
        self.clock = session._clock
        self.start = self.clock.time()
        self.answers = list(answers) or [True]
        self.times: list[float] = []
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Note the call and answer."""
        self.times.append(round(self.clock.time() - self.start, 6))
        self.calls.append((args, kwargs))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize("more", [(), (1, "two")])
@pytest.mark.parametrize("named", [{}, {"three": 3}])
def test_the_callback_gets_what_it_was_promised(session: Session, more: Any, named: dict[str, Any]) -> None:
    """The very session, the id, that look's meta, and whatever was passed on."""
    job_id = session.submit_definition(definition())
    cb = Looks(session, False)

    assert session.monitor_job(job_id, 0, 2.0, cb, *more, **named) is ENDED

    ((args, kwargs),) = cb.calls
    assert args[0] is session
    assert args[1:] == (job_id, session.get_job_meta(job_id), *more)
    assert kwargs == named


def test_looks_are_a_poll_interval_apart(session: Session) -> None:
    """The first at once, the last when the job is done, in between exactly the interval."""
    job_id = session.submit_definition(definition())
    cb = Looks(session)

    assert session.monitor_job(job_id, poll_interval=2.5, cb=cb) is FINISHED

    assert cb.times == [0.0, 2.5, 5.0, 7.5, 10.0]


def test_time_the_callback_takes_comes_on_top(session: Session) -> None:
    """The interval counts from the callback's return."""
    job_id = session.submit_definition(definition())
    cb = Looks(session)

    def slow(*args: Any) -> bool:
        cb(*args)
        session._clock.sleep(3)
        return True

    session.monitor_job(job_id, poll_interval=2, cb=slow)

    assert cb.times == [0, 5, 10]


def test_a_finished_job_is_looked_at_once(session: Session) -> None:
    """Already done: one look, no wait, whatever the timeout."""
    job_id = session.submit_definition(definition())
    session.abort_job(job_id)
    cb = Looks(session)

    assert session.monitor_job(job_id, 1, 2.0, cb) is FINISHED
    assert cb.times == [0]


@pytest.mark.parametrize("answer", [False, None, 0, "", []])
def test_a_falsy_answer_ends_it_even_on_the_last_look(session: Session, answer: Any) -> None:
    """Anything falsy ends the monitor, also when the job has just finished (as observed)."""
    job_id = session.submit_definition(definition())
    session.abort_job(job_id)

    assert session.monitor_job(job_id, cb=lambda *_: answer) is ENDED


def test_a_truthy_answer_goes_on(session: Session) -> None:
    """Anything truthy goes on."""
    job_id = session.submit_definition(LONG)

    assert session.monitor_job(job_id, cb=(cb := Looks(session, 1, "yes", [0], None))) is ENDED
    assert len(cb.times) == 4


def test_what_the_callback_does_to_the_meta_changes_nothing(session: Session) -> None:
    """The status was taken before, so a callback that forges it is not believed."""
    job_id = session.submit_definition(LONG)
    answers = iter([True, True, False])

    def forge(_session: Any, _job_id: str, meta: dict[str, Any]) -> bool:
        assert meta["status"] in ("SUBMITTED", "RUNNING")
        meta["status"] = "FINISHED:COMPLETED"
        return next(answers)

    assert session.monitor_job(job_id, cb=forge) is ENDED


@pytest.mark.parametrize("problem", [ValueError("mine"), KeyboardInterrupt(), JobNotFound("mine")])
def test_what_the_callback_raises_comes_out(session: Session, problem: BaseException) -> None:
    """The very exception, unchanged."""
    job_id = session.submit_definition(LONG)

    def fail(*_: Any) -> bool:
        raise problem

    with pytest.raises(type(problem)) as caught:
        session.monitor_job(job_id, cb=fail)
    assert caught.value is problem


@given(timeout=st.floats(0.001, 50) | st.integers(1, 50), interval=st.floats(0.01, 20) | st.integers(1, 20))
def test_a_timeout_comes_in_time(timeout: float, interval: float) -> None:
    """Not before the timeout, and at the first look after it, whether they are given in whole seconds or not."""
    server = SimulatedServer()
    session = server.connect()
    job_id = session.submit_definition(LONG)
    start = server.clock.time()

    assert session.monitor_job(job_id, timeout, interval) is TIMEOUT  # type: ignore[arg-type]

    elapsed = server.clock.time() - start
    assert timeout - 2e-6 <= elapsed <= timeout + interval + 2e-6
    assert session.get_job_meta(job_id)["status"] in ("SUBMITTED", "DISPATCHED", "RUNNING")


@pytest.mark.parametrize(("timeout", "code"), [(8.15, FINISHED), (8.2, FINISHED), (8.1, TIMEOUT), (1e-9, TIMEOUT)])
def test_finishing_in_time_is_finishing(session: Session, timeout: Any, code: MonitorReturnCode) -> None:
    """A job seen done at the look where the time is over has finished."""
    job_id = session.submit_definition(definition())

    assert session.monitor_job(job_id, timeout, 0.05) is code


@pytest.mark.parametrize("timeout", [0, 0.0, -0.0, float("inf"), 10**400])
def test_no_timeout_waits_as_long_as_it_takes(session: Session, timeout: Any) -> None:
    """Zero, infinity and more than there is time: never."""
    job_id = session.submit_definition(LONG)

    assert session.monitor_job(job_id, timeout, 10.0) is FINISHED


@pytest.mark.parametrize(
    "bad",
    [{"timeout": value} for value in (-1, -1e-9, float("nan"), "1", None, True, [1], Fraction(1), 1j)]
    + [
        {"poll_interval": value}
        for value in (0, 0.0, -1, float("nan"), float("inf"), "2", None, True, 10**400, 1e10, Fraction(1))
    ]
    + [{"cb": value} for value in (1, "cb", [], True, object())],
    ids=lambda bad: shown(next(iter(bad.values()))),
)
def test_a_bad_argument_is_refused_before_anything_is_sent(
    session: Session, monkeypatch: pytest.MonkeyPatch, bad: dict[str, Any]
) -> None:
    """A timeout, interval or callback that makes no sense is an InvalidArgumentError, and the server isn't asked."""
    monkeypatch.setattr(session._server, "request", None)

    with pytest.raises(InvalidArgumentError) as refused:
        session.monitor_job("x", **bad)
    ((name, value),) = bad.items()
    assert str(refused.value).startswith(f"{name} must be ")
    assert str(refused.value).endswith(f", not {shown(value)}")


def test_an_unknown_job_is_not_found(session: Session) -> None:
    """At the first look, and at the one after it was deleted."""
    with pytest.raises(JobNotFound):
        session.monitor_job("x")
    job_id = session.submit_definition(LONG)

    def delete(*_: Any) -> bool:
        session.delete_job(job_id)
        return True

    with pytest.raises(JobNotFound):
        session.monitor_job(job_id, cb=delete)


def test_a_session_closed_meanwhile_says_so(server: SimulatedServer, session: Session) -> None:
    """At the next look; a job seen done on this one has finished all the same."""
    job_id = session.submit_definition(LONG)

    def close(*_: Any) -> bool:
        session.close()
        return True

    with pytest.raises(SessionClosed):
        session.monitor_job(job_id, cb=close)
    other = server.connect()
    other.abort_job(job_id)
    assert other.monitor_job(job_id, cb=lambda *_: not other.close()) is FINISHED  # type: ignore[func-returns-value]


def test_the_callback_may_use_the_session(session: Session) -> None:
    """It may abort the job, and monitor it itself."""
    job_id = session.submit_definition(LONG)

    def act(inner: Session, same: str, meta: dict[str, Any]) -> bool:
        if meta["status"] == "RUNNING":
            inner.abort_job(same)
            assert inner.monitor_job(same, cb=lambda *_: True) is FINISHED
        return True

    assert session.monitor_job(job_id, cb=act) is FINISHED
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"


def test_monitoring_changes_nothing(server: SimulatedServer, session: Session) -> None:
    """The trace is the same whether somebody watches or not."""
    session.submit_definition(definition())
    session.monitor_job(server.jobs[0].job_id, 3, 0.1, lambda *_: True)
    server.run_until_idle()
    other = SimulatedServer()
    other.submit(definition())
    other.run_until_idle()

    assert server.trace == other.trace


def test_a_day_has_as_many_looks_as_it_should(session: Session) -> None:
    """A 24-hour job at two seconds a look: 43,202 looks from its submission on, the last one included."""
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=86_400)))
    count = 0

    def look(*_: Any) -> bool:
        nonlocal count
        count += 1
        return True

    assert session.monitor_job(job_id, cb=look) is FINISHED
    assert count == 43_202


class SlowClock(VirtualClock):
    """A clock of somebody else's, on which every look is a request and every wait a sleep."""


CALLS = st.lists(st.tuples(st.floats(0, 60), st.sampled_from(["abort", "drop", "partition", "crash", "delete"])))


@given(CALLS, st.floats(0.01, 20), st.sampled_from([0, 1, 7.5, 30]), st.booleans())
def test_who_watches_sees_the_same_end_as_who_only_waits(
    calls: list[tuple[float, str]], interval: float, timeout: float, on_clock: bool
) -> None:
    """At the same time, with the same trace and after the same requests, whatever happens meanwhile."""

    def play(cb: Any, clock: Any) -> tuple[Any, ...]:
        server = SimulatedServer(clock=clock)
        session, other = server.connect(), server.connect()
        job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=40)))
        acts: dict[str, Any] = {
            "abort": lambda: other.abort_job(job_id),
            "delete": lambda: other.delete_job(job_id),
            "drop": lambda: server.faults.drop("site-1"),
            "partition": server.faults.partition,
            "crash": server.faults.crash,
        }

        def act(what: str) -> None:
            with suppress(Exception):
                acts[what]()

        # A job whose clients are away for good ends with nobody's doing.
        server.faults.kill_job(job_id, after=150)
        for seconds, what in calls:
            (clock.call_later if on_clock else server.call_later)(seconds, partial(act, what))
        try:
            end: Any = session.monitor_job(job_id, timeout, interval, cb)  # type: ignore[arg-type]
        except Exception as problem:  # noqa: BLE001  (it is what it ends with)
            end = (type(problem), str(problem))
        return end, server.clock.time(), list(server.trace), list(server.requests)

    slow = play(lambda *_: True, SlowClock())
    assert play(lambda *_: True, VirtualClock()) == slow
    assert play(None, VirtualClock()) == slow


def test_who_only_waits_goes_to_the_look_at_which_there_is_something_to_see(
    server: SimulatedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day of looks two seconds apart is three requests: before the job runs, while it does, and at its end."""
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=86_400)))
    asked: list[str] = []
    request = server.request

    def noted(login: Any, command: Any) -> Any:
        asked.append(command.name)
        return request(login, command)

    monkeypatch.setattr(server, "request", noted)

    assert session.monitor_job(job_id) is FINISHED
    assert asked == ["get_job_meta"] * 3


@pytest.mark.parametrize("end", ["close the server", "close the session", "lose the session", "partition"])
def test_what_the_callback_breaks_is_seen_at_the_next_look(server: SimulatedServer, session: Session, end: str) -> None:
    """In the middle of a long run too, when nothing has happened for a while."""
    job_id = session.submit_definition(LONG)
    looks = 0

    def act(*_: Any) -> bool:
        nonlocal looks
        looks += 1
        if looks == 10:
            {
                "close the server": server.close,
                "close the session": session.close,
                "lose the session": server.faults.lose_sessions,
                "partition": server.faults.partition,
            }[end]()
        return True

    with pytest.raises((SessionClosed, NoConnection)):
        session.monitor_job(job_id, cb=act)
    assert looks == 10


def test_every_look_has_a_meta_of_its_own(session: Session) -> None:
    """All that is in it, too: what is done to one shows in no other."""
    deep = {"a": [{"b": [1]}], "c": {"d": []}, "e": [[]]}
    job_id = session.submit_definition(definition(custom_props={**behaving(run_seconds=50), "deep": deep}))
    seen: list[dict[str, Any]] = []

    def keep(_session: Any, _job_id: str, meta: dict[str, Any]) -> bool:
        seen.append(copy.deepcopy(meta))
        _spoil(meta)
        return True

    session.monitor_job(job_id, cb=keep)

    running = [meta for meta in seen if meta["status"] == "RUNNING"]
    assert len(running) == 25
    assert all(meta == running[0] for meta in running)
    assert running[0]["custom_props"]["deep"] == deep


def _spoil(value: Any) -> None:
    """Change every dict and list in something."""
    for inner in list(value.values() if isinstance(value, dict) else value):
        if isinstance(inner, (dict, list)):
            _spoil(inner)
    if isinstance(value, dict):
        value["spoiled"] = True
    else:
        value.append("spoiled")


def test_a_fault_that_the_callback_plans_is_seen_in_time(server: SimulatedServer, session: Session) -> None:
    """Nothing but the plan has changed when it is made."""
    job_id = session.submit_definition(LONG)
    cb = Looks(session)

    def plan(*args: Any) -> bool:
        cb(*args)
        if len(cb.times) == 10:
            server.faults.kill_job(job_id, after=3)
        return True

    assert session.monitor_job(job_id, cb=plan) is FINISHED
    assert cb.times[-1] == 22
