"""Jobs that are ended for show, or too late, and results without what the job left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra.altered import ABORT, DELETE, DOWNLOAD, altered, on
from contract_tests.mutants.families.ending import goes_on, puts_off
from contract_tests.mutants.families.results import emptied
from contract_tests.system.job_plan import JobPlan


def _executed(session: Any) -> list[str]:
    return [job.job_id for job in session.get_system_info().job_info]


def test_a_job_that_is_deleted_for_show_is_executed_under_its_id() -> None:
    """No list shows the clone that is executed in truth."""
    with altered("goes-on", goes_on(DELETE, when.waiting))() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(JobPlan(runs=600.0, dispatches=5.0)))
        session.delete_job(job)
        system.server.clock.sleep(60.0)

        assert _executed(session) == [job]
        assert session.list_jobs() == []


def test_what_is_put_off_is_done_after_the_outermost_monitor() -> None:
    """Outside of callbacks nothing is put off."""
    ((change,),) = (table.values() for table in puts_off("abort.running-ends", ABORT, "RUNNING").values())
    seen: list[str] = []

    def cancel(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        if meta["status"] == "RUNNING":
            session.abort_job(job_id)
            seen.append(session.get_job_meta(job_id)["status"])
        return not seen

    with altered("puts-off", change)() as system:
        session = system.open_session()
        jobs = [session.submit_job(system.job_folder(JobPlan(runs=600.0))) for _ in range(2)]
        session.monitor_job(jobs[0], cb=cancel)

        assert seen == ["RUNNING"]
        assert session.get_job_meta(jobs[0])["status"] == "FINISHED:ABORTED"
        session.abort_job(jobs[1])
        assert session.get_job_meta(jobs[1])["status"] == "FINISHED:ABORTED"


def test_an_emptied_result_lacks_what_the_job_left() -> None:
    """What was downloaded in truth is left as it is."""
    with altered("emptied", on(DOWNLOAD, emptied))() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(JobPlan(mark="left by the job")))
        session.monitor_job(job)
        whole, empty = (Path(one.download_job_result(job)) for one in (session.inner, session))

        assert [mark.read_text(encoding="utf-8").strip() for mark in whole.rglob("mark.txt")] == ["left by the job"]
        assert empty.is_dir()
        assert list(empty.rglob("mark.txt")) == []
