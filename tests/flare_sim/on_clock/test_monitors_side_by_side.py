"""Monitors that wait together see what they would see look by look, though they take only the looks that count."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import ClockPool, Command, JobBehavior, Reply, Run, SimulatedServer
from flare_sim.commands.protocol import Login
from flare_sim.spec import JobNotFound, NoConnection
from tests.flare_sim.job_samples import definition


class Task(NamedTuple):
    """What one thread does: it submits a job, watches it, and may do something to another job then."""

    server: int
    begins: float
    runs: float
    interval: float
    timeout: int
    then: str
    about: int


class Fault(NamedTuple):
    """What is done to a server by a thread of its own."""

    server: int
    seconds: float
    verb: str


APART = 0.0001
"""Seconds between two threads, as of those that go on at the same time the one is first that came first."""
SECONDS = st.sampled_from([0, 0.3, 1, 2, 7.5, 20, 61, 300, 1_800])
TASKS = st.lists(
    st.builds(
        Task,
        st.integers(0, 1),
        SECONDS,
        SECONDS,
        st.sampled_from([0.25, 1, 2, 3.7, 60]),
        st.sampled_from([0, 5, 100, 1_000]),
        st.sampled_from(["", "abort_job", "delete_job", "clone_job"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)
FAULTS = st.lists(
    st.builds(Fault, st.integers(0, 1), SECONDS, st.sampled_from(["drop", "reconnect", "partition", "repair", "hold"])),
    max_size=4,
)


def played(tasks: list[Task], faults: list[Fault], *, look_by_look: bool) -> Any:
    """What came of it on two servers of one clock: what was told, asked, and when it ended."""
    seconds = iter([task.runs for task in tasks])

    def behave(_: Run) -> JobBehavior:
        return JobBehavior(run_seconds=next(seconds, 1))

    first = SimulatedServer(behavior=behave)
    servers = [first, SimulatedServer(behavior=behave, clock=first.clock, seed=1)]
    clock = first.clock
    jobs: list[tuple[int, str]] = []
    ends: list[tuple[int, float, str]] = []

    def watch(number: int, task: Task) -> None:
        clock.sleep(task.begins + number * APART)
        session = servers[task.server].connect()
        jobs.append((task.server, session.submit_definition(definition())))
        job_id = jobs[-1][1]
        callback = (lambda *_: True) if look_by_look else None
        code = session.monitor_job(job_id, task.timeout or 3_000, task.interval, callback)
        ends.append((number, clock.time(), code.name))
        where, other = jobs[task.about % len(jobs)]
        if task.then and where == task.server:
            getattr(session, task.then)(other)

    def trouble(number: int, fault: Fault) -> None:
        clock.sleep(fault.seconds + (number + 0.5) * APART)
        verb = getattr(servers[fault.server].faults, fault.verb)
        verb(*(("site-1",) if fault.verb in ("drop", "reconnect") else ()))

    with ClockPool(clock) as pool:
        working = [pool.submit(watch, *one) for one in enumerate(tasks)]
        working += [pool.submit(trouble, *one) for one in enumerate(faults)]
    errors = [type(future.exception()) for future in working]
    assert set(errors) <= {type(None), JobNotFound, NoConnection}
    asked = [list(server.requests) for server in servers]
    for requests in asked:
        assert [one.seconds for one in requests] == sorted(one.seconds for one in requests)
    return errors, ends, [server.story() for server in servers], [sorted(one) for one in asked], clock.time()


@pytest.mark.slow
@settings(max_examples=60)
@given(TASKS, FAULTS)
def test_it_is_the_same_as_look_by_look(tasks: list[Task], faults: list[Fault]) -> None:
    """With jobs that are aborted, deleted and cloned by others, clients that come and go, timeouts and outages."""
    assert played(tasks, faults, look_by_look=False) == played(tasks, faults, look_by_look=True)


def test_looks_that_see_nothing_new_cost_nothing() -> None:
    """Four monitors of a day, every second, take few turns: no more than so many commands reach the server."""
    with SimulatedServer(behavior=JobBehavior(run_seconds=86_400)) as server:
        session = server.connect()
        ids = [session.submit_definition(definition()) for _ in range(4)]
        answered = []
        real = server.request

        def request(login: Login, command: Command) -> Reply:
            answered.append(command)
            return real(login, command)

        server.request = request  # type: ignore[method-assign]
        with ClockPool(server.clock) as pool:
            list(pool.map(lambda job_id: session.monitor_job(job_id, poll_interval=1), ids))

        assert len(answered) < 100
        assert server.requests.counts["get_job_meta"] > 4 * 86_400
