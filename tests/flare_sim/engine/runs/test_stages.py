"""How far a run is: what its clients and its engine say, to the tick at which they begin to say something else."""

from __future__ import annotations

from itertools import groupby

import pytest

from flare_sim.clock import to_ticks
from flare_sim.engine.job import Job, Progress
from flare_sim.engine.runs.stages import abort_part, client_says, engine_holds, is_closing, orphan_says
from flare_sim.jobs.lifecycle import JobEvent, JobState
from flare_sim.personality.quirks import ABORT_LINGERS, RUN_STAGES, WORKSPACE_LATE
from tests.flare_sim.job_samples import new_job

STAGES = frozenset({RUN_STAGES})
LINGERING = frozenset({RUN_STAGES, ABORT_LINGERS})
SECOND = to_ticks(1)
BEGAN = to_ticks(1000)


def a_run(seconds: float, *, ending: JobEvent | None = JobEvent.COMPLETED) -> Job:
    """A job whose run began at ``BEGAN`` and takes so long; without an ending it never ends."""
    job = new_job()
    job.state, job.started = JobState.RUNNING, BEGAN
    job.progress = Progress(to_ticks(seconds), BEGAN, ending=ending)
    return job


def an_abort(after: float, seconds: float) -> Job:
    """A job whose run is aborted so long after it began, and will have stopped so long after that."""
    job = a_run(10_000)
    job.state, job.progress = JobState.STOPPING, Progress(stop_at=BEGAN + to_ticks(after + seconds))
    return job


def said(job: Job, seconds: float, quirks: frozenset[str], start: float = 0.0) -> list[tuple[str, float]]:
    """What a client says of a run, and how many seconds after its beginning it says so for the last time."""
    edges = {0.0, start, seconds - 1e-6}
    for edge in (0.25, 0.5, 1, 1.5, seconds / 2, seconds / 4, seconds * 3 / 4, *(seconds - x for x in (4.5, 3, 0.75))):
        edges |= {edge - 1e-6, edge, edge + 1e-6}
    words = [
        (client_says(job, BEGAN + to_ticks(edge), quirks), round(edge, 6))
        for edge in sorted(edges)
        if start <= edge < seconds
    ]
    return [(word, list(group)[-1][1]) for word, group in groupby(words, key=lambda item: item[0])]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (20, [("starting", 0.999999), ("started", 15.499999), ("stopped", 19.249999), ("", 19.999999)]),
        (2, [("starting", 0.499999), ("started", 0.999999), ("stopped", 1.499999), ("", 1.999999)]),
    ],
)
def test_a_client_says_how_far_a_run_is(seconds: float, expected: list[tuple[str, float]]) -> None:
    """A second to start, four and a half to stop, and nothing at last; all less in a run that is short."""
    assert said(a_run(seconds), seconds, STAGES) == expected


def test_a_quarter_of_a_run_is_whole_ticks() -> None:
    """Of one that takes ten of them, two."""
    words = [client_says(a_run(1e-5), BEGAN + tick, STAGES) for tick in range(11)]

    assert words == ["starting"] * 2 + ["started"] * 3 + ["stopped"] * 3 + [""] * 3


def test_a_client_of_a_run_that_never_ends_says_that_it_has_started() -> None:
    """After the second that it takes to start."""
    assert said(a_run(50, ending=None), 50, STAGES) == [("starting", 0.999999), ("started", 49.999999)]


@pytest.mark.parametrize(
    ("quirks", "expected"),
    [
        (STAGES, [("stopped", 13.999999)]),
        (LINGERING, [("stopped", 10.999999), ("", 13.999999)]),
    ],
)
def test_a_client_forgets_an_aborted_run(quirks: frozenset[str], expected: list[tuple[str, float]]) -> None:
    """It says that it has stopped until the status is final, or until three seconds before that."""
    assert said(an_abort(5, 9), 14, quirks, start=5) == expected


def test_a_client_forgets_a_short_run_that_is_aborted_in_half_its_time() -> None:
    """When the run is over before the three seconds are."""
    assert said(an_abort(1, 3), 4, LINGERING, start=1) == [("stopped", 1.999999), ("", 3.999999)]


def test_without_the_quirk_a_client_has_always_started() -> None:
    """Whatever the run does."""
    assert said(a_run(20), 20, frozenset()) == [("started", 19.999999)]
    assert client_says(new_job(), BEGAN, STAGES) == "started"


@pytest.mark.parametrize(("seconds", "let_go"), [(20, 0.75), (3, 0.75), (2, 0.5), (1, 0.25)])
def test_the_engine_lets_go_of_a_run_before_its_status_is_final(seconds: float, let_go: float) -> None:
    """Three quarters of a second before, or a quarter of a run that is short."""
    job = a_run(seconds)
    edge = BEGAN + to_ticks(seconds - let_go)

    assert [engine_holds(job, now, STAGES) for now in (BEGAN, edge - 1, edge)] == [True, True, False]
    assert engine_holds(job, edge, frozenset())
    assert engine_holds(a_run(seconds, ending=None), edge, STAGES)


@pytest.mark.parametrize("state", [JobState.SUBMITTED, JobState.DISPATCHED, JobState.COMPLETED])
def test_the_engine_holds_no_job_that_does_not_run(state: JobState) -> None:
    """Neither one that waits nor one that is done."""
    job = a_run(20)
    job.state = state

    assert not engine_holds(job, BEGAN, STAGES)


def test_an_aborted_run_is_held_for_two_seconds_more() -> None:
    """By a server that saves its workspace late, and by no other; a job that never ran has none."""
    late = frozenset({WORKSPACE_LATE})
    job = a_run(20)
    job.state, job.ended = JobState.ABORTED, BEGAN + 5 * SECOND
    times = [job.ended, job.ended + 2 * SECOND - 1, job.ended + 2 * SECOND]

    assert [is_closing(job, now, late) for now in times] == [True, True, False]
    assert [engine_holds(job, now, late) for now in times] == [True, True, False]
    assert not is_closing(job, job.ended, frozenset())
    job.state = JobState.COMPLETED
    assert not is_closing(job, job.ended, late)
    job.state, job.started = JobState.ABORTED, None
    assert not is_closing(job, job.ended, late)


def test_an_abort_waits_for_the_processes_there_are() -> None:
    """The clients' take two thirds of the time, the server's a third once it has begun."""
    job = a_run(20)
    begun = [BEGAN, BEGAN + SECOND - 1, BEGAN + SECOND]

    assert [abort_part(job, now, STAGES, everywhere=True) for now in begun] == pytest.approx([2 / 3, 2 / 3, 1])
    assert [abort_part(job, now, STAGES, everywhere=False) for now in begun] == pytest.approx([0, 0, 1 / 3])
    assert [abort_part(job, now, LINGERING, everywhere=True) for now in begun] == pytest.approx([0, 0, 1])
    assert abort_part(job, BEGAN, frozenset(), everywhere=False) == 1
    assert abort_part(new_job(), BEGAN, STAGES, everywhere=False) == 1


def test_an_abort_does_not_wait_for_clients_that_failed() -> None:
    """A run whose clients fail has none from the moment they do."""
    job = a_run(5, ending=None)
    fails = BEGAN + 5 * SECOND

    assert [abort_part(job, now, STAGES, everywhere=True) for now in (fails - 1, fails)] == pytest.approx([1, 1 / 3])


def test_a_second_abort_waits_for_the_clients() -> None:
    """The server's process is stopping already."""
    assert abort_part(an_abort(5, 3), BEGAN, frozenset(), everywhere=False) == pytest.approx(2 / 3)


def test_a_client_gets_rid_of_a_run_its_server_has_lost() -> None:
    """It goes on for a second and a half, and has stopped until it is rid of it, after five."""
    times = [0, 1.5 - 1e-6, 1.5, 5 - 1e-6, 5]

    assert [orphan_says(BEGAN, BEGAN + to_ticks(seconds)) for seconds in times] == [
        "started",
        "started",
        "stopped",
        "stopped",
        "",
    ]
