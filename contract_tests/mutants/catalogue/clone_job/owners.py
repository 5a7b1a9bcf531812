"""Sessions that name the wrong submitter of a clone."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()


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


@MUTANTS.mutant("clone.owner", "books a clone of another's clone to that other")
class OwnerOfCloneOfClone(Cloning):
    """Asks whose the original's original was."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """The other's."""
        original = self.original(meta["job_id"])
        other = original.get("submitter_name") if original.get("job_id") in self.origins else None
        return {**meta, "submitter_name": other or meta.get("submitter_name")}

    def clone_job(self, job_id: str) -> Any:
        """See the original."""
        self.get_job_meta(job_id)
        return super().clone_job(job_id)
