"""Sessions whose delete_job, or what is told of deleted jobs, is wrong on some occasions only."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    MISSING_KINDS,
    OF_CALLS_ABOUT_A_JOB,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.toolkit.wrong_errors import Noting, declare
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_CALLS_ABOUT_A_JOB,
    _GENERATOR,
    "DeleteJobOtherType",
    "delete.returns-none",
    "returns True from delete_job",
    "delete_job",
    lambda answer: True,
)


def _was_there(session: Noting, args: Any) -> bool:
    return bool(args) and args[0] in session.system.memory.get("made", ())


class _Remembering(Noting):
    """Remembers what jobs were made."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job = super().submit_job(job_definition_path)
        self.system.memory.setdefault("made", set()).add(job)
        self.system.memory.setdefault("began", self.system.server.clock.time())
        return job


declare(_GENERATOR, "Gone", JOB_METHODS, MISSING_KINDS[::-1], JobNotFound, "delete.then", _was_there, base=_Remembering)

bound_to_threads(_GENERATOR, "delete.waiting", "delete_job")
