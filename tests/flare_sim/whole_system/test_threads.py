"""Calls from several threads: each takes effect once, and nothing else happens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Session, SimulatedServer


def together(work: Callable[[int], None], threads: int = 8) -> None:
    """Do work in several threads at once; what one raises is raised here."""
    problems: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as problem:  # noqa: BLE001  (it is raised again below)
            problems.append(problem)

    crew = [threading.Thread(target=guarded, args=(number,)) for number in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    for problem in problems:
        raise problem


def test_concurrent_submissions_each_get_their_own_id(server: SimulatedServer, session: Session) -> None:
    """No id is given twice and no job is lost, through one session and through several."""
    made: list[str] = []

    def submit(number: int) -> None:
        mine = session if number % 2 else server.connect()
        made.extend(mine.submit_definition(definition()) for _ in range(50))

    together(submit)

    assert len(set(made)) == 400
    assert {job["job_id"] for job in session.list_jobs()} == set(made)


def test_concurrent_lives_all_end(server: SimulatedServer) -> None:
    """Submitting, monitoring, aborting, downloading and deleting at once leaves every job where it belongs."""

    def live(number: int) -> None:
        with server.connect() as session:
            for turn in range(5):
                job_id = session.submit_definition(definition())
                if (number + turn) % 2:
                    session.abort_job(job_id)
                session.monitor_job(job_id)
                session.download_job_result(job_id)
                if turn == 4:
                    session.delete_job(job_id)

    together(live)

    assert len(server.jobs) == 32
    assert {job.status for job in server.jobs} <= {"FINISHED:COMPLETED", "FINISHED:ABORTED"}
    assert len(server.trace.of("deleted")) == 8
