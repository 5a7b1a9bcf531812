"""Sessions in which clones share a fate with their originals, or belong to the wrong user."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contract_tests.mutants.toolkit.helpers import count, noted
from contract_tests.mutants.toolkit.kinds import Cloning
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()


# --- apart -----------------------------------------------------------------------------------------------------------


class _Together(Cloning):
    """Does to a relation of a job what is done to it."""

    def related(self, job: str) -> list[str]:
        """The jobs that it is also done to."""
        return []

    def _spread(self, act: Any, job: str) -> None:
        for other in self.related(job):
            with suppress(JobNotFound):
                act(other)

    def clones(self, job: str) -> list[str]:
        """The clones of a job."""
        return [clone for clone, origin in self.origins.items() if origin == job]

    def origin(self, job: str) -> list[str]:
        """The original of a job, if it has one."""
        return [self.origins[job]] if job in self.origins else []


class _AbortsTogether(_Together):
    """Aborts relations, too."""

    def abort_job(self, job_id: str) -> Any:
        """Abort more than one."""
        result = super().abort_job(job_id)
        self._spread(self.inner.abort_job, job_id)
        return result


class _DeletesTogether(_Together):
    """Deletes relations, too."""

    def delete_job(self, job_id: str) -> Any:
        """Delete more than one."""
        result = super().delete_job(job_id)
        self._spread(self.inner.delete_job, job_id)
        return result


@MUTANTS.mutant("clone.apart-on-abort", "aborts a job's clones with it")
class AbortsClonesToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@MUTANTS.mutant("clone.apart-on-abort", "aborts a clone's original with it")
class AbortsOriginalToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@MUTANTS.mutant("clone.apart-on-abort", "aborts the clone of a clone with the clone")
class AbortsGrandchildrenToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@MUTANTS.mutant("clone.apart-on-abort", "aborts the original on the second abort of a clone")
class SecondAbortSpreads(_AbortsTogether):
    """Takes the next of the same kind."""

    def related(self, job: str) -> list[str]:
        """Its original, the second time."""
        return self.origin(job) if count(self, ("aborted " + job)) > 1 else []


@MUTANTS.mutant("clone.apart-on-abort", "aborts a clone with its original as soon as it runs")
class AbortsCloneLater(_Together):
    """Leaves the signal to abort where the clone finds it."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)

    def abort_job(self, job_id: str) -> Any:
        """Leave the signal."""
        noted(self, "signals").extend(self.related(job_id))
        return super().abort_job(job_id)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Heed it once it runs."""
        meta = super().get_job_meta(job_id)
        if job_id in noted(self, "signals") and meta["status"] == "RUNNING":
            self.inner.abort_job(job_id)
        return meta


@MUTANTS.mutant("clone.apart-on-delete", "deletes a job's clones with it")
class DeletesClonesToo(_DeletesTogether):
    """Deletes in cascade."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@MUTANTS.mutant("clone.apart-on-delete", "deletes a clone's original with it")
class DeletesOriginalToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@MUTANTS.mutant("clone.apart-on-delete", "deletes the clones of a clone with it")
class DeletesGrandchildrenToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@MUTANTS.mutant("clone.apart-on-delete", "can't clone a clone any more when its original is deleted")
class OrphansCantBeCloned(Cloning):
    """Keeps the definition with the original."""

    def clone_job(self, job_id: str) -> Any:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(job_id)
            self.inner.get_job_meta(self.origins[job_id])
        return super().clone_job(job_id)


@MUTANTS.mutant("clone.apart-on-delete", "loses the result of a clone when its original is deleted")
class OrphansHaveNoResult(Cloning):
    """Keeps results with the original."""

    def download_job_result(self, job_id: str) -> str:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(self.origins[job_id])
        return super().download_job_result(job_id)


@MUTANTS.mutant("clone.apart-on-delete", "stops a clone when its original is deleted before it ran")
class OrphansStop(Cloning):
    """Shares the app with the original."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Stop a clone that runs without its original."""
        meta = super().get_job_meta(job_id)
        if job_id in self.origins and meta["status"] == "RUNNING":
            try:
                self.inner.get_job_meta(self.origins[job_id])
            except JobNotFound:
                self.inner.abort_job(job_id)
        return meta


# --- its owner -------------------------------------------------------------------------------------------------------


class _Owning(Cloning):
    """Changes who is told to be a clone's submitter."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name another."""
        return {**meta, "submitter_name": self.owner(meta)} if "submitter_name" in meta else meta

    def owner(self, meta: dict[str, Any]) -> str:
        """Whom to name."""
        return str(meta["submitter_name"])


@MUTANTS.mutant("clone.owner", "leaves a clone with the owner of its original")
class CloneKeepsOwner(_Owning):
    """Copies too much."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the owner."""
        self.system.memory[("owner", clone)] = self.inner.get_job_meta(job)["submitter_name"]
        return clone

    def owner(self, meta: dict[str, Any]) -> str:
        """Name the original's."""
        return str(self.system.memory[("owner", meta["job_id"])])


@MUTANTS.mutant("clone.owner", "names no submitter for a clone")
class CloneHasNoOwner(_Owning):
    """Copies too little."""

    def owner(self, meta: dict[str, Any]) -> str:
        """Name nobody."""
        return ""


@MUTANTS.mutant("clone.owner", "names whoever reads a clone's meta")
class CloneBelongsToReader(_Owning):
    """Mixes up who asks and who asked."""

    def owner(self, meta: dict[str, Any]) -> str:
        """Name the reader."""
        return self.user


@MUTANTS.mutant("clone.owner", "gives a clone of a clone to whoever submitted the original")
class CloneOfCloneKeepsOwner(CloneKeepsOwner.session):  # type: ignore[name-defined, misc]
    """Follows originals to the first."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the first owner."""
        first = job
        while first in self.origins:
            first = self.origins[first]
        whose = first if job in self.origins else clone
        self.system.memory[("owner", clone)] = self.inner.get_job_meta(whose)["submitter_name"]
        return clone


@MUTANTS.mutant("clone.owner", "lists the clone of another's job among that user's jobs only")
class CloneListedForOther(Cloning):
    """Asks the original whose it is."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the original's owner."""
        if self.inner.get_job_meta(job)["submitter_name"] != self.user:
            noted(self, "others").append(clone)
        return clone

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide it."""
        return job["job_id"] in noted(self, "others")
