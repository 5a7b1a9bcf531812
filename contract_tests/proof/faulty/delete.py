"""Sessions that delete wrongly."""

from __future__ import annotations

from typing import Any

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import Wrapper
from flare_sim.spec import JobNotDone

FAULTS = VariantTable()


@FAULTS.fault("delete.running", "refuses to delete a job that runs, as servers of NVFLARE 2.3 do")
class RefusesRunning(Wrapper):
    """Wants a job to be done before it is deleted."""

    def delete_job(self, job_id: str) -> Any:
        """Refuse a running job."""
        if self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            raise JobNotDone(f"job {job_id} is still running")
        return super().delete_job(job_id)
