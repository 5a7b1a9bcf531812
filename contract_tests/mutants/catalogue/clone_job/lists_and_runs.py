"""Sessions that do not list clones, or in which clones do not run."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()


@MUTANTS.mutant("clone.listed", "lists no clones")
class HidesClones(Cloning):
    """Lists what was submitted."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide clones."""
        return job["job_id"] in self.origins


@MUTANTS.mutant("clone.listed", "lists no clone whose original is deleted")
class HidesOrphans(Cloning):
    """Joins with a table the original is gone from."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Look for the original."""
        origin = self.origins.get(job["job_id"])
        return origin is not None and all(job["job_id"] != origin for job in self.inner.list_jobs(False, True))


@MUTANTS.mutant("clone.listed", "lists no clones of clones")
class HidesClonesOfClones(Cloning):
    """Follows originals one step."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide what is two steps away."""
        return self.origins.get(job["job_id"]) in self.origins


@MUTANTS.mutant("clone.listed", "lists one clone of each job")
class ListsOneCloneEach(Cloning):
    """Lists clones in a dict by their original."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide all but the last."""
        origin = self.origins.get(job["job_id"])
        return origin is not None and [c for c, o in self.origins.items() if o == origin][-1] != job["job_id"]


@MUTANTS.mutant("clone.listed", "lists clones in the session that made them")
class ListsClonesInOneSession(Cloning):
    """Keeps clones in the session."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.mine: list[str] = []

    def returned(self, clone: str, job: str) -> Any:
        """Keep it here."""
        self.mine.append(clone)
        return clone

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide clones of other sessions."""
        return job["job_id"] in self.origins and job["job_id"] not in self.mine


@MUTANTS.mutant("clone.listed", "does not list clones in detail")
class HidesClonesInDetail(Cloning):
    """Has two queries, one of them wrong."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hide clones from one list."""
        return [job for job in super().list_jobs(detailed, all) if not detailed or job["job_id"] not in self.origins]


class _StuckClones(Cloning):
    """Has clones that never run."""

    def returned(self, clone: str, job: str) -> Any:
        """Take it out if it is one of those."""
        if self.stuck(clone, job):
            self.inner.abort_job(clone)
            noted(self, "stuck").append(clone)
        return clone

    def stuck(self, clone: str, job: str) -> bool:
        """Whether this clone never runs."""
        return True

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell that it waits."""
        return {**meta, "status": "SUBMITTED"} if meta["job_id"] in noted(self, "stuck") else meta


@MUTANTS.mutant("clone.runs", "never runs clones")
class ClonesNeverRun(_StuckClones):
    """Forgets to put them into the queue."""


@MUTANTS.mutant("clone.runs", "never runs clones of a job that failed")
class ClonesOfFailedNeverRun(_StuckClones):
    """Thinks that they would fail again."""

    def stuck(self, clone: str, job: str) -> bool:
        """Look at the original."""
        return bool(self.inner.get_job_meta(job)["status"] == "FINISHED:EXECUTION_EXCEPTION")


@MUTANTS.mutant("clone.runs", "runs the first clone of a job only")
class FirstCloneRuns(_StuckClones):
    """Takes the others for duplicates."""

    def stuck(self, clone: str, job: str) -> bool:
        """Count the clones."""
        return list(self.origins.values()).count(job) > 1


@MUTANTS.mutant("clone.runs", "never runs a clone whose original is deleted before")
class OrphansNeverRun(_StuckClones):
    """Reads the app from the original."""

    def stuck(self, clone: str, job: str) -> bool:
        """Run it for now."""
        return False

    def delete_job(self, job_id: str) -> Any:
        """Take its clones out."""
        result = super().delete_job(job_id)
        for clone, origin in self.origins.items():
            if origin == job_id and not self.inner.get_job_meta(clone)["status"].startswith("FINISHED"):
                self.inner.abort_job(clone)
                noted(self, "stuck").append(clone)
        return result


@MUTANTS.mutant("clone.runs", "never runs the clone of a clone")
class ClonesOfClonesNeverRun(_StuckClones):
    """Follows originals one step."""

    def stuck(self, clone: str, job: str) -> bool:
        """Look at the original."""
        return job in self.origins
