"""Sessions in which deleting a job does something to others."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.clones import Cloning, KnowsOrphans, also_to, clones_in
from contract_tests.mutants.toolkit.ending_jobs import Deletes
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.toolkit.wrong_answers import Reading
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Reaches(Deletes):
    """Deletes others, too."""

    def then(self, meta: dict[str, Any]) -> None:
        """Delete what is reached."""
        for other in self.inner.list_jobs(True, True):
            if self.reaches(other, meta):
                self.inner.delete_job(other["job_id"])

    def reaches(self, other: dict[str, Any], meta: dict[str, Any]) -> bool:
        """Whether another job is deleted as well."""
        return False


@MUTANTS.mutant("delete.others", "deletes the clones of a deleted job")
class DeletesClones(_Reaches):
    """Thinks they belong together."""

    def reaches(self, other: dict[str, Any], meta: dict[str, Any]) -> bool:
        """Its clones."""
        return bool(other.get("cloned_from") == meta["job_id"])


@MUTANTS.mutant("delete.others", "deletes the original of a deleted clone")
class DeletesOriginal(_Reaches):
    """Follows the link back."""

    def reaches(self, other: dict[str, Any], meta: dict[str, Any]) -> bool:
        """What it was cloned from."""
        return bool(other["job_id"] == meta.get("cloned_from"))


@MUTANTS.mutant("delete.others", "deletes what was completed with a completed job")
class DeletesAllCompleted(_Reaches):
    """Clears the archive."""

    def reaches(self, other: dict[str, Any], meta: dict[str, Any]) -> bool:
        """Other completed jobs."""
        return bool(other["status"] == meta["status"] == "FINISHED:COMPLETED")


@MUTANTS.mutant("delete.others", "deletes a job whose id begins with the same character")
class DeletesByPrefix(_Reaches):
    """Matches ids by their beginning."""

    def reaches(self, other: dict[str, Any], meta: dict[str, Any]) -> bool:
        """Ids that begin alike."""
        return bool(other["job_id"][0] == meta["job_id"][0])


@MUTANTS.mutant("delete.others", "aborts what runs when a running job is deleted")
class DeleteStopsRunner(Deletes):
    """Restarts the runner."""

    def then(self, meta: dict[str, Any]) -> None:
        """Abort what runs."""
        if meta["status"] == "RUNNING":
            for job in self.inner.get_system_info().job_info:
                self.inner.abort_job(job.job_id)


@MUTANTS.mutant("delete.others", "forgets the oldest job when the eleventh is deleted")
class ForgetsOldest(Deletes):
    """Keeps a table of ten rows."""

    def then(self, meta: dict[str, Any]) -> None:
        """Delete the first of more than ten."""
        jobs = self.inner.list_jobs(False, True)
        if len(jobs) > 10:
            self.inner.delete_job(jobs[0]["job_id"])


@MUTANTS.mutant("delete.others", "puts a job that is dispatched back into the queue when another is deleted")
class DispatchesAnew(Reading):
    """Numbers the queue anew."""

    def delete_job(self, job_id: str) -> Any:
        """Note what is dispatched."""
        result = super().delete_job(job_id)
        noted(self, "back").extend(job.job_id for job in self.system.server.jobs if job.status == "DISPATCHED")
        return result

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Back in the queue."""
        back = meta["status"] == "DISPATCHED" and meta["job_id"] in noted(self, "back")
        return {**meta, "status": "SUBMITTED"} if back else meta


@MUTANTS.mutant("delete.others", "aborts all clones of a deleted job when one of them is deleted")
class DeletesOrphans(KnowsOrphans):
    """Knows them by what is no more."""

    def delete_job(self, job_id: str) -> Any:
        """Abort the others."""
        for orphan in self.orphans(job_id):
            self.inner.abort_job(orphan)
        return super().delete_job(job_id)


@MUTANTS.mutant("delete.others", "throws away what a job left when a clone of it is deleted")
class ClonesDeletionEmpties(Emptying):
    """Has one place for both."""

    def clone_job(self, job_id: str) -> str:
        """Remember the original."""
        clone = super().clone_job(job_id)
        self.system.memory[clone] = job_id
        return clone

    def delete_job(self, job_id: str) -> Any:
        """Empty the original."""
        result = super().delete_job(job_id)
        if job_id in self.system.memory:
            self.empty(self.system.memory[job_id])
        return result


_GENERATOR.session(
    "DeletesDoneClones",
    "delete.others",
    "deletes the clones of a job that are done",
    {"delete_job": also_to("delete_job", clones_in("FINISHED"))},
    Cloning,
)
