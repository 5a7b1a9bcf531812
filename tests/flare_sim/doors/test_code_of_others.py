"""Code that a caller asks to be called: what it raises comes out as it is, and the next call is as good as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InternalError, Session, SimulatedServer, VirtualClock
from flare_sim.clock import LATEST
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable


class Mine(Exception):
    """What nobody else knows."""


RAISED = [
    Mine("mine"),
    ValueError("mine"),
    OSError("mine"),
    RecursionError("mine"),
    InternalError("mine"),
    KeyboardInterrupt("mine"),
    SystemExit(3),
]


def raising(problem: BaseException) -> Callable[..., Any]:
    """A function that raises."""

    def call(*_: Any, **__: Any) -> Any:
        raise problem

    return call


class Untrue:
    """An answer that can't be asked whether it is true."""

    def __init__(self, problem: BaseException) -> None:
        self.problem = problem

    def __bool__(self) -> bool:
        raise self.problem


@pytest.mark.parametrize("problem", RAISED, ids=repr)
def test_what_a_callback_raises_comes_out_as_it_is(
    server: SimulatedServer, session: Session, problem: BaseException
) -> None:
    """The very exception, also of an answer that raises when it is looked at; monitoring has changed nothing."""
    job_id = session.submit_definition(definition())
    before = server.trace.digest()
    for callback in (raising(problem), lambda *_: Untrue(problem)):
        with pytest.raises(type(problem)) as caught:
            session.monitor_job(job_id, cb=callback)
        assert caught.value is problem

    assert server.trace.digest() == before
    assert session.monitor_job(job_id).name == "JOB_FINISHED"


@pytest.mark.parametrize("problem", RAISED, ids=repr)
def test_what_happens_meanwhile_may_raise(problem: BaseException) -> None:
    """What somebody asked the clock or the server to call raises out of the call that brings it about, once."""
    clock = VirtualClock()
    server = SimulatedServer(clock=clock)
    session = server.connect()
    job_id = session.submit_definition(definition())
    clock.call_later(0.5, raising(problem))
    server.call_later(1, raising(problem))
    calls: list[Callable[[], object]] = [lambda: session.monitor_job(job_id), lambda: server.advance(2)]
    for call in calls:
        with pytest.raises(type(problem)) as caught:
            call()
        assert caught.value is problem

    assert session.monitor_job(job_id).name == "JOB_FINISHED"


class Odd:
    """A clock that shows what it is told to."""

    def __init__(self) -> None:
        self.shows: Any = 1e9

    def time(self) -> Any:
        """What it was told."""
        return self.shows

    def sleep(self, seconds: float, /) -> None:
        """Go on, if that is possible."""
        self.shows += seconds


def test_a_clock_that_shows_no_time_is_an_internal_error() -> None:
    """A server is not built with one, and one that stops showing times stops nothing for good."""
    clock = Odd()
    server = SimulatedServer(clock=clock)
    session = server.connect()
    job_id = session.submit_definition(definition())
    calls: list[Callable[[], object]] = [
        session.list_jobs,
        server.connect,
        server.catch_up,
        lambda: session.monitor_job(job_id),
    ]
    for shown in (None, "noon", float("nan"), float("inf"), 10**400, True, 1e300):
        clock.shows = shown
        with pytest.raises(ValueError, match="shows"):
            SimulatedServer(clock=clock)
        for call in calls:
            with pytest.raises(InternalError, match="no time in seconds"):
                call()
    clock.shows = 1e9

    assert session.monitor_job(job_id).name == "JOB_FINISHED"


def test_what_is_no_clock_is_refused() -> None:
    """It has to show a time and to be slept on."""

    class NoSleep:
        def time(self) -> float:
            return 0.0

    class Broken(NoSleep):
        def time(self) -> float:
            raise Mine

    for no_clock in (3, "noon", NoSleep(), Broken(), VirtualClock):
        with pytest.raises(ValueError, match="clock must have"):
            SimulatedServer(clock=no_clock)  # type: ignore[arg-type]


def test_a_server_outlives_its_clock() -> None:
    """Where time ends nothing can be waited for, and all that takes none still works; a huge step is refused."""
    server = SimulatedServer()
    session = server.connect()
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot sleep"):
            server.advance(1.7e308)
    server.advance(10)
    assert server.clock.time() == 1767225610.0

    server.faults.hold()
    job_id = session.submit_definition(definition())
    server.advance(LATEST - server.clock.time())
    calls: list[Callable[[], object]] = [
        lambda: session.monitor_job(job_id),
        lambda: session.monitor_job(job_id, timeout=5),
    ]
    for call in calls:
        with pytest.raises(InternalError, match="its time ends"):
            call()
    server.faults.release()
    with pytest.raises(RuntimeError, match="nothing more can happen"):
        server.run_until_idle()
    with pytest.raises(ValueError, match="its time ends"):
        server.advance(1)

    session.abort_job(job_id)
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
    assert server.advance(0) is None  # type: ignore[func-returns-value]


def test_far_from_the_epoch_jobs_still_end() -> None:
    """A clock's float seconds do not show every tick there; waiting until all is done ends all the same."""
    for start in (1e10, 1e11, 9e11, -9e11):
        server = SimulatedServer(clock=VirtualClock(start))
        session = server.connect()
        job_id = session.submit_definition(definition())
        server.run_until_idle()

        assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
