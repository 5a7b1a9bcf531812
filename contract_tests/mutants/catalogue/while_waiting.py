"""Sessions in which a call comes while another one waits for a run to stop."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.helpers import noted
from contract_tests.mutants.toolkit.kinds import Reading
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()


class _Under(Wrapper):
    """Knows which jobs are being ended."""

    def runs(self, job_id: str) -> bool:
        """Whether a job runs."""
        return bool(self.inner.get_job_meta(job_id)["status"] == "RUNNING")

    def one_at_a_time(self, method: str, job_id: str) -> Any:
        """End a job; one that runs not while another is being ended."""
        if not self.runs(job_id):
            return getattr(self.inner, method)(job_id)
        under_way = noted(self, "under way")
        if under_way and job_id not in under_way:
            return None
        under_way.append(job_id)
        try:
            return getattr(self.inner, method)(job_id)
        finally:
            under_way.remove(job_id)


@MUTANTS.mutant("abort.running-ends", "drops the abort of a running job while it waits for another one to stop")
class OneAbortAtATime(_Under):
    """Has room for one."""

    def abort_job(self, job_id: str) -> Any:
        """Abort one."""
        return self.one_at_a_time("abort_job", job_id)


@MUTANTS.mutant("life.concurrent", "drops the deletion of a running job while it waits for another one to stop")
class OneDeletionAtATime(_Under):
    """Has room for one."""

    def delete_job(self, job_id: str) -> Any:
        """Delete one."""
        return self.one_at_a_time("delete_job", job_id)


@MUTANTS.mutant("abort.twice", "kills a run, which then is ABNORMAL, when it is aborted again before it has stopped")
class SecondAbortKills(Reading):
    """Takes the second for impatience."""

    def abort_job(self, job_id: str) -> Any:
        """Note aborts that wait."""
        under_way = noted(self, "under way")
        if job_id in under_way:
            noted(self, "killed").append(job_id)
        under_way.append(job_id)
        try:
            return super().abort_job(job_id)
        finally:
            under_way.remove(job_id)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Killed."""
        killed = meta["job_id"] in noted(self, "killed") and meta["status"] == "FINISHED:ABORTED"
        return {**meta, "status": "FINISHED:ABNORMAL"} if killed else meta
