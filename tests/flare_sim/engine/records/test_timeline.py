"""The trace as lanes: what each job, client and part of the server was, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import JobBehavior, SimulatedServer, Trace
from flare_sim.engine.records.timeline import Lane, Timeline, timeline
from flare_sim.engine.records.trace_record import KINDS
from flare_sim.jobs.lifecycle import JobState
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Sequence

Spans = list[tuple[float, float, str]]


def drawn(*rows: tuple[int | str, ...], clients: Sequence[str] = (), until: float | None = None) -> Timeline:
    """The timeline of a trace of these rows, whose first part is in seconds."""
    trace = Trace()
    for seconds, *facts in rows:
        trace.add(int(seconds) * 1_000_000, *facts)
    return timeline(trace, "title", until=until, clients=clients)


def spans(lane: Lane, begin: float = 0.0) -> Spans:
    """What it was, in seconds since the beginning."""
    return [(round(span.begin - begin, 3), round(span.end - begin, 3), span.what) for span in lane.spans]


def test_a_job_is_what_its_states_say_from_its_submission_to_its_end() -> None:
    """Its run is paused in between; what is done to it is marked."""
    server = SimulatedServer(clients=3, behavior=JobBehavior(run_seconds=60))
    session = server.connect()
    job_id = session.submit_definition(definition(min_clients=2))
    server.advance(11.15)
    server.faults.drop("site-1")
    server.faults.drop("site-2")
    server.advance(10)
    server.faults.reconnect("site-1")
    server.run_until_idle()
    session.delete_job(job_id)

    found = timeline(server.trace, "title")
    (job,) = found.jobs

    assert (job.key, job.name, job.status) == (job_id, job_id, "FINISHED:COMPLETED")
    assert spans(job, found.begin) == [
        (0.0, 1.0, "SUBMITTED"),
        (1.0, 1.05, "DEPLOYING"),
        (1.05, 1.15, "DISPATCHED"),
        (1.15, 11.15, "RUNNING"),
        (11.15, 21.15, "PAUSED"),
        (21.15, 71.15, "RUNNING"),
    ]
    assert [(mark.kind, mark.text) for mark in job.marks] == [
        ("command", "submit_job by admin@nvidia.com"),
        ("command", "delete_job by admin@nvidia.com"),
        ("deleted", "deleted"),
    ]


def test_the_rounds_of_a_run_are_marked() -> None:
    """Where each is over."""
    server = SimulatedServer(behavior=JobBehavior(rounds=3, every=10))
    server.submit(definition())
    server.run_until_idle()
    found = timeline(server.trace, "title")

    (job,) = found.jobs
    marks = [(round(mark.seconds - found.begin, 2), mark.text) for mark in job.marks if mark.kind == "round"]
    assert marks == [(11.15, "round 0 is over"), (21.15, "round 1 is over"), (31.15, "round 2 is over")]


def test_clones_and_jobs_that_find_no_sites_tell_so() -> None:
    """A clone is a job of its own, named where it was made of; what came of tries to schedule one is marked."""
    server = SimulatedServer()
    session = server.connect()
    job_id = session.submit_definition(definition(min_clients=9))
    clone = session.clone_job(job_id)
    server.advance(2)

    first, second = timeline(server.trace, "title", names={job_id: "job", clone: "job"}).jobs

    assert (first.name, second.name, second.key) == ("job", "job", clone)
    assert second.marks[0].text == "clone_job by admin@nvidia.com of job"
    assert [mark.text for mark in first.marks if mark.kind == "schedule"] == ["connected sites (2) < min_sites (9)"]
    assert first.status == "SUBMITTED"
    assert spans(first, first.spans[0].begin) == [(0.0, 1.0, "SUBMITTED")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], [(0.0, 9.0, "connected")]),
        ([(2, "dropped"), (5, "reconnected")], [(0.0, 2.0, "connected"), (5.0, 9.0, "connected")]),
        ([(3, "registered"), (7, "left")], [(3.0, 7.0, "connected")]),
        ([(4, "disabled")], [(0.0, 4.0, "connected")]),
        ([(4, "dropped"), (6, "left")], [(0.0, 4.0, "connected")]),
    ],
)
def test_a_client_is_there_unless_the_trace_says_otherwise(changes: list[tuple[int, str]], expected: Spans) -> None:
    """From the beginning, if it did not register later, and until it drops, leaves, or the trace ends."""
    rows = [(seconds, "client", "site-1", change) for seconds, change in changes]
    found = drawn((0, "fault", "hold"), *rows, clients=["site-1"], until=9)

    (client,) = found.clients
    assert spans(client) == expected
    assert [mark.text for mark in client.marks] == [change for _, change in changes]


def test_clients_are_lost_with_the_server() -> None:
    """Those that were there; they come back one by one."""
    found = drawn(
        (0, "client", "site-2", "dropped"),
        (4, "fault", "crash"),
        (6, "fault", "restart"),
        (8, "client", "site-1", "reconnected"),
        clients=["site-1", "site-2"],
        until=10,
    )
    assert [spans(client) for client in found.clients] == [
        [(0.0, 4.0, "connected"), (8.0, 10.0, "connected")],
        [(0.0, 0.0, "connected")],
    ]
    assert [client.name for client in found.clients] == ["site-1", "site-2"]
    assert [mark.text for mark in found.clients[1].marks] == ["dropped", "lost with the server"]
    assert [(lane.name, spans(lane)) for lane in found.server] == [("server", [(4.0, 6.0, "down")])]


def test_a_client_that_nobody_named_is_called_as_the_trace_does() -> None:
    """It comes after those that were named."""
    found = drawn((0, "client", "site-9", "registered"), clients=["site-1"])

    assert [(client.name, client.key) for client in found.clients] == [("site-1", "site-1"), ("site-9", "site-9")]


@pytest.mark.parametrize(
    ("begins", "ends", "part"),
    [
        ("crash", "restart", "server"),
        ("partition", "repair", "network"),
        ("malfunction", "mend", "commands"),
        ("slow_replies", "normal_replies", "replies"),
        ("hold", "release", "scheduler"),
    ],
)
def test_troubles_of_the_server_last_until_they_are_ended(begins: str, ends: str, part: str) -> None:
    """Or go on to the end of the trace; a fault that only happens is among the calls alone."""
    rows = ((1, "fault", begins), (3, "fault", ends), (5, "fault", begins), (6, "fault", "lose_sessions", ""))
    found = drawn(*rows, until=8)

    (lane,) = found.server
    assert (lane.name, [span[:2] for span in spans(lane)]) == (part, [(1.0, 3.0), (5.0, 8.0)])
    assert [mark.text for mark in found.calls] == [f"{row[2]}()" for row in rows]


def test_a_call_says_what_it_was_told() -> None:
    """A fault its arguments, a command its job, if it is about one."""
    found = drawn(
        (0, "command", "restart", "admin", ""),
        (1, "command", "abort_job", "admin", "job-1"),
        (2, "fault", "fail_deploy", "site-1", 2),
    )

    assert [mark.text for mark in found.calls] == [
        "restart by admin",
        "abort_job by admin (job-1)",
        "fail_deploy(site-1, 2)",
    ]


def test_calls_are_told_in_the_order_in_which_they_came() -> None:
    """Commands, faults with what they were told, and what became of users."""
    server = SimulatedServer()
    job_id = server.connect().submit_definition(definition())
    server.faults.slow_replies(2.5)
    server.add_user("eve@nvidia.com", "lead")
    server.revoke_user("eve@nvidia.com")

    calls = timeline(server.trace, "title", names={job_id: "hello"}).calls

    assert [mark.text for mark in calls] == [
        "submit_job by admin@nvidia.com (hello)",
        "slow_replies(2.5)",
        "eve@nvidia.com added as lead",
        "eve@nvidia.com revoked",
    ]


WORDS = st.sampled_from(["a", "b", "", "<b>", "\x00", "crash", "paused", *(state.name for state in JobState)])
ROWS = st.lists(
    st.tuples(
        st.one_of(st.integers(), st.integers(0, 10**16)),
        st.sampled_from([*KINDS, "other"]),
        *[st.one_of(WORDS, st.integers())] * 4,
    ),
    max_size=12,
)


@given(rows=ROWS, until=st.one_of(st.none(), st.floats(0, 1e9)))
def test_whatever_a_trace_says_can_be_drawn(rows: list[tuple[int | str, ...]], until: float | None) -> None:
    """In any order, with any times: what lasts ends no earlier than it begins, and all of it lies in the timeline."""
    trace = Trace()
    for row in rows:
        trace.add(*row)

    found = timeline(trace, "title", until=until, clients=["a"])

    lanes = [*found.jobs, *found.clients, *found.server]
    assert found.begin <= found.end
    assert all(found.begin <= span.begin <= span.end <= found.end for lane in lanes for span in lane.spans)
    assert all(found.begin <= mark.seconds <= found.end for lane in lanes for mark in lane.marks)
    assert len({lane.key for lane in found.jobs}) == len(found.jobs)


def test_a_client_that_only_the_trace_names_goes_by_that_name() -> None:
    """Behind those that were given."""
    found = drawn((1, "client", "site-9", "registered"), clients=["site-1"], until=3)

    assert [(lane.name, lane.key) for lane in found.clients] == [("site-1", "site-1"), ("site-9", "site-9")]
