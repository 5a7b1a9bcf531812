"""Ids of a mutant's own are as good as the server's, as long as they differ."""

from __future__ import annotations

import pytest

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants.algebra.altered import altered
from contract_tests.mutants.families.renaming import renames
from contract_tests.system.job_plan import JobPlan


@pytest.mark.parametrize(
    "clause",
    [
        *("submit.new-id", "clone.new-id", "clone.definition", "meta.job-id", "list.ids", "download.own-result"),
        *("abort.others", "delete.then.monitor-job", "system.jobs", "monitor.callback-job-id", "monitor.callback-meta"),
    ],
)
def test_other_ids_break_nothing(clause: str) -> None:
    """Whatever is asked and told is translated, in a callback of a monitor, too."""
    system = altered("renamed", renames())

    assert run_check(check_called(clause), system, RunSettings(1)).verdict is Verdict.MET


def test_a_name_is_made_of_the_call_that_made_the_job() -> None:
    """And of the job itself, which is there already."""
    with altered("renamed", renames(lambda call: f"{call.point} of {len(call.jobs)}"))() as system:
        session = system.open_session()
        job = session.submit_job(system.job_folder(JobPlan()))
        clone = session.clone_job(job)

        assert [job, clone] == ["submit_job of 1", "clone_job of 2"]
        assert session.get_job_meta(clone)["cloned_from"] == job
        assert [entry["job_id"] for entry in session.list_jobs()] == [job, clone]
