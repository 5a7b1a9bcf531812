"""Methods that leave a mark on jobs, or let them wait for ever."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.mutants.algebra.altered import INFO, META, altered
from contract_tests.mutants.families.marks import holds_jobs, marking
from contract_tests.system.job_plan import JobPlan


@pytest.mark.parametrize(("words", "marks"), [("counts", [1, 1, 2, 2]), ("notes in the meta of a job that", 4 * [1])])
def test_a_method_about_no_job_marks_all(words: str, marks: list[Any]) -> None:
    """In lists and metas, once it was called, until they are done."""
    faults = marking("system.no-effect", INFO)["system.no-effect"]
    change = next(change for difference, change in faults.items() if difference.startswith(words))
    with altered("marks", change)() as system:
        session = system.open_session()
        jobs = [session.submit_job(system.job_folder(JobPlan(waits=True))) for _ in range(2)]
        before = session.get_job_meta(jobs[0])
        found = []
        for _ in range(2):
            session.get_system_info()
            found += [job["mark"] for job in session.list_jobs()]
        session.abort_job(jobs[0])

        assert found == marks
        assert "mark" not in {**before, **session.get_job_meta(jobs[0])}


def test_a_method_about_a_job_marks_that_alone() -> None:
    """The next time that it is told of."""
    change = list(marking("meta.no-effect", META)["meta.no-effect"].values())[-1]
    with altered("marks", change)() as system:
        session = system.open_session()
        jobs = [session.submit_job(system.job_folder(JobPlan(waits=True))) for _ in range(2)]
        session.get_job_meta(jobs[1])

        assert ["mark" in job for job in session.list_jobs()] == [False, True]


def test_jobs_are_told_to_wait_that_waited() -> None:
    """When the method was called; others go on."""
    ((change,),) = (faults.values() for faults in holds_jobs("system.no-effect", INFO).values())
    with altered("holds", change)() as system:
        session = system.open_session()
        held = session.submit_job(system.job_folder(JobPlan()))
        session.get_system_info()
        free = session.submit_job(system.job_folder(JobPlan()))
        system.server.clock.sleep(600.0)
        right = {job.job_id: job.status for job in system.server.jobs}

        assert right[held].startswith("FINISHED")
        assert [session.get_job_meta(job)["status"] for job in (held, free)] == ["SUBMITTED", right[free]]
