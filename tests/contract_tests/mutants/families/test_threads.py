"""What is kept in one place, or noted in two steps, when another call comes in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, META, Change, altered, on
from contract_tests.mutants.families import threads
from contract_tests.system.job_plan import JobPlan

Between = Callable[[Callable[[], object]], None]


@pytest.fixture
def between(monkeypatch: Any) -> Between:
    """Has something done once, the next time that a mutant lets other threads in."""

    def put(act: Callable[[], object]) -> None:
        acts = [act]
        monkeypatch.setattr(threads, "lets_in", lambda call: acts.pop()() if acts else None)

    return put


def started(change: Change) -> tuple[Any, list[Any], list[str]]:
    """A system, two sessions of it, and two jobs that wait."""
    system = altered("altered", change)()
    sessions = [system.open_session() for _ in range(2)]
    return system, sessions, [sessions[0].submit_job(system.job_folder(JobPlan(waits=True))) for _ in range(2)]


def statuses(system: Any) -> list[str]:
    """Those of all jobs."""
    return [job.status for job in system.server.jobs]


@pytest.mark.parametrize(("kept", "caller", "mixed"), [(threads.shared, 1, True), (threads.own, 1, False)])
def test_a_job_is_done_what_was_asked_for_another(between: Between, kept: Any, caller: int, mixed: bool) -> None:
    """Where all sessions keep it in one place, not where each has its own."""
    system, sessions, jobs = started(on(ABORT, threads.keeps_job(kept)))
    with system:
        between(lambda: sessions[caller].abort_job(jobs[1]))
        sessions[0].abort_job(jobs[0])

        assert statuses(system) == [("SUBMITTED" if mixed else "FINISHED:ABORTED"), "FINISHED:ABORTED"]


def test_an_answer_is_that_to_another_call_of_the_session(between: Between) -> None:
    """When it comes after the question and before the answer; else it is right."""
    system, (session, _), jobs = started(on(META, threads.keeps_answer()))
    with system:
        between(lambda: session.get_job_meta(jobs[1]))

        assert [session.get_job_meta(jobs[0])["job_id"] for _ in range(2)] == [jobs[1], jobs[0]]


def test_of_two_notes_at_once_one_is_lost(between: Between) -> None:
    """That of the call that came in between."""
    system, (session, _), jobs = started(on(CLONE, do.then(lambda call: threads.notes(call, call.answer))))
    with system:
        inner: list[str] = []
        between(lambda: inner.append(session.clone_job(jobs[1])))
        outer, last = session.clone_job(jobs[0]), session.clone_job(jobs[0])

        assert threads.noted(system.history[-1], CLONE) == [outer, last]
        assert inner
