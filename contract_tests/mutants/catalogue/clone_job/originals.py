"""Sessions in which cloning changes the original."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()


@MUTANTS.mutant("clone.original-untouched", "aborts the original, as the clone takes its place")
class CloneReplaces(Cloning):
    """Has room for one of them."""

    def returned(self, clone: str, job: str) -> Any:
        """Abort the original."""
        self.inner.abort_job(job)
        return clone


@MUTANTS.mutant("clone.original-untouched", "deletes a finished original, as the clone takes its place")
class CloneMoves(Cloning):
    """Moves where it should copy."""

    def returned(self, clone: str, job: str) -> Any:
        """Delete the original."""
        if self.inner.get_job_meta(job)["status"].startswith("FINISHED"):
            self.inner.delete_job(job)
        return clone


@MUTANTS.mutant("clone.original-untouched", "notes in the original that it was cloned")
class CloneNotesInOriginal(Cloning):
    """Writes into the original's meta."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Show the note."""
        meta = super().get_job_meta(job_id)
        clones = list(self.origins.values()).count(job_id)
        return {**meta, "name": f"{meta['name']} (cloned)"} if clones else meta


@MUTANTS.mutant("clone.original-untouched", "gives the original to whoever cloned it")
class CloneTakesOver(Cloning):
    """Writes the submitter into both."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the new owner."""
        self.system.memory[("owner", job)] = self.user
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the new owner."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submitter_name": self.system.memory.get(("owner", job_id), meta["submitter_name"])}


@MUTANTS.mutant("clone.original-untouched", "dates the original anew")
class CloneDatesOriginal(Cloning):
    """Writes the time into both."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the time."""
        self.system.memory[("date", job)] = self.inner.get_job_meta(clone)["submit_time"]
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the new time."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submit_time": self.system.memory.get(("date", job_id), meta["submit_time"])}


@MUTANTS.mutant("clone.original-untouched", "aborts a job that is cloned ten times")
class TenClonesAbort(Cloning):
    """Has a limit and the wrong way to enforce it."""

    def returned(self, clone: str, job: str) -> Any:
        """Abort what has too many clones."""
        if list(self.origins.values()).count(job) == 10:
            self.inner.abort_job(job)
        return clone


@MUTANTS.mutant("clone.original-untouched", "aborts a dispatched job when it is cloned")
class CloneAbortsDispatched(Cloning):
    """Takes it out of the queue to copy it."""

    def returned(self, clone: str, job: str) -> Any:
        """Forget to put it back."""
        if self.inner.get_job_meta(job)["status"] == "DISPATCHED":
            self.inner.abort_job(job)
        return clone


@MUTANTS.mutant("clone.original-untouched", "takes the original out of the list")
class CloneHidesOriginal(Cloning):
    """Replaces the entry."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide originals."""
        return job["job_id"] in self.origins.values()


@MUTANTS.mutant("clone.original-untouched", "stops a job that runs later when it was cloned before")
class CloneStopsLater(Cloning):
    """Runs one of the two only."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Stop an original once it runs."""
        meta = super().get_job_meta(job_id)
        if job_id in self.origins.values() and meta["status"] == "RUNNING":
            before = count(self, job_id)
            if before > 3:
                self.inner.abort_job(job_id)
        return meta


@MUTANTS.mutant("clone.original-untouched", "moves what a job left to its clone")
class CloneTakesResult(Emptying):
    """Does not copy where it can move."""

    def clone_job(self, job_id: str) -> str:
        """Empty the original."""
        clone = super().clone_job(job_id)
        self.empty(job_id)
        return clone
