"""One caller at a time, with everything due done, as a whole: told on a server and on a lock of its own."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest

from flare_sim import JobBehavior, Run, SimulatedServer, VirtualClock
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interrupts.points import is_free
from tests.flare_sim.job_samples import definition


def test_what_raises_is_taken_back(server: SimulatedServer) -> None:
    """Whatever a call has changed when it raises; the next one finds the server as it was, number and all."""
    session = server.connect()
    first = session.submit_definition(definition())
    before = (server.trace.digest(), server.jobs, books(server._state))

    def half() -> None:
        server._state.touch()
        server._state.new_job(definition(), server.users[0])
        server._state.note("command", "half")
        raise KeyError("half")

    with pytest.raises(KeyError):
        server._transactions.run(half)

    assert (server.trace.digest(), server.jobs, books(server._state)) == before
    second = session.submit_definition(definition())
    assert [job.job_id for job in server.jobs] == [first, second]


def test_what_another_call_left_is_taken_back_first(server: SimulatedServer) -> None:
    """When even taking back was interrupted: whoever comes next does it."""
    server.submit(definition())
    before = books(server._state)
    server._state.touch_all()
    server._state.new_job(definition(), server.users[0])
    server._state.timeline.doing = server._state.timeline.head()

    server.catch_up()

    assert books(server._state) == before == made_anew(server._state)
    server.run_until_idle()
    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]


def test_a_function_may_ask_its_own_server() -> None:
    """It is in the middle of an event: time stands, what it asks for is done at once, and what fails is taken back.

    To download something, which is none of the server's state, leaves it there.
    """
    seen: list[Any] = []

    def behave(run: Run) -> JobBehavior:
        session = server.connect()
        session.download_job_result(run.job_id)
        seen.append((server._transactions.is_mine, session.get_job_meta(run.job_id)["status"]))
        if run.name == "parent":
            session.submit_definition(definition(name="child"))
            with pytest.raises(ValueError, match="already a client"):
                server.add_client("site-1")
        return JobBehavior(run_seconds=1)

    server = SimulatedServer(behavior=behave)
    server.submit(definition(name="parent"))
    server.run_until_idle()

    assert seen == [(True, "DISPATCHED")] * 2
    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"] * 2
    assert is_free(server.catch_up)
    assert not server._transactions.is_mine


def test_what_is_due_happens_although_the_clock_went_back() -> None:
    """A server's time does not go back with it."""

    class Set(VirtualClock):
        back = 0.0

        def time(self) -> float:
            return super().time() - self.back

    clock, done = Set(), list[str]()
    server = SimulatedServer(clock=clock)
    server.advance(10)
    server._state.timeline.at(server._state.now, done.append, "due")
    clock.back = 5.0
    server.catch_up()

    assert done == ["due"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process can't be forked")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_does_not_wait_for_threads_it_does_not_have() -> None:
    """A behavior function that another thread was in the middle of was interrupted there, and goes on here."""
    begun, forked, here = threading.Event(), threading.Event(), os.getpid()

    def behave(run: Run) -> JobBehavior:
        if os.getpid() == here:
            begun.set()
            forked.wait()
        return JobBehavior(run_seconds=5.0)

    server = SimulatedServer(behavior=behave)
    server.submit(definition())
    other = threading.Thread(target=server.run_until_idle)
    other.start()
    begun.wait()

    child = os.fork()
    if not child:
        signal.alarm(20)  # ends it, should it wait
        server.submit(definition())
        server.run_until_idle()
        os._exit([job.status for job in server.jobs] != ["FINISHED:EXECUTION_EXCEPTION", "FINISHED:COMPLETED"])
    forked.set()
    other.join()

    assert os.waitpid(child, 0)[1] == 0
    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process can't be forked")
def test_what_forks_in_the_middle_of_something_goes_on_in_both() -> None:
    """A behavior function's thread is there in the child as well, and still in the middle of it."""
    children: list[int] = []

    def behave(run: Run) -> JobBehavior:
        children.append(os.fork())
        signal.alarm(0 if children[0] else 20)
        assert [job.status for job in server.jobs] == ["DISPATCHED"]
        return JobBehavior()

    server = SimulatedServer(behavior=behave)
    server.submit(definition())

    server.run_until_idle()
    if not children[0]:
        os._exit([job.status for job in server.jobs] != ["FINISHED:COMPLETED"])

    assert os.waitpid(children[0], 0)[1] == 0
    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]
