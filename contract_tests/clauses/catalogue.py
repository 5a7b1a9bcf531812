"""The catalogue: every promise of the FLARE API 2.3, one clause each, and the places where it is silent.

The sentences stand in the module `clauses` of each subject, next to the checks that hold a session to them.
"""

from __future__ import annotations

from typing import Final

from contract_tests.clauses.abort_job import clauses as abort_job
from contract_tests.clauses.clone_job import clauses as clone_job
from contract_tests.clauses.close import clauses as close
from contract_tests.clauses.delete_job import clauses as delete_job
from contract_tests.clauses.download_job_result import clauses as download_job_result
from contract_tests.clauses.errors import clauses as errors
from contract_tests.clauses.get_job_meta import clauses as get_job_meta
from contract_tests.clauses.get_system_info import clauses as get_system_info
from contract_tests.clauses.job_life import clauses as job_life
from contract_tests.clauses.list_jobs import clauses as list_jobs
from contract_tests.clauses.monitor_job import clauses as monitor_job
from contract_tests.clauses.shape import clauses as shape
from contract_tests.clauses.submit_job import clauses as submit_job
from contract_tests.contract.clause import Catalogue, Clause

SUBJECTS: Final[dict[str, tuple[Clause, ...]]] = {
    "shape": shape.CLAUSES,
    "submit_job": submit_job.CLAUSES,
    "clone_job": clone_job.CLAUSES,
    "get_job_meta": get_job_meta.CLAUSES,
    "list_jobs": list_jobs.CLAUSES,
    "download_job_result": download_job_result.CLAUSES,
    "abort_job": abort_job.CLAUSES,
    "delete_job": delete_job.CLAUSES,
    "get_system_info": get_system_info.CLAUSES,
    "monitor_job": monitor_job.CLAUSES,
    "close": close.CLAUSES,
    "errors": errors.CLAUSES,
    "job_life": job_life.CLAUSES,
}
"""The clauses of every subject, by the name of its package: here, and among the mutants."""

CATALOGUE: Final = Catalogue(clause for clauses in SUBJECTS.values() for clause in clauses)
"""Every clause, in the order of the interface."""
