"""Sessions whose clone_job returns no id, or the id of another job."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.new_jobs import Renaming, repeats_first_id
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotDone

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("clone.returns-id", "returns nothing")
class CloneReturnsNone(Cloning):
    """Forgets the return statement."""

    def returned(self, clone: str, job: str) -> Any:
        """Return nothing."""


@MUTANTS.mutant("clone.returns-id", "returns the clone's meta")
class CloneReturnsMeta(Cloning):
    """Gives a dict."""

    def returned(self, clone: str, job: str) -> Any:
        """Return a meta."""
        return self.inner.get_job_meta(clone)


@MUTANTS.mutant("clone.returns-id", "returns the ids of original and clone for the clone of a clone")
class CloneReturnsPair(Cloning):
    """Gives a tuple."""

    def returned(self, clone: str, job: str) -> Any:
        """Return two."""
        return (job, clone) if job in self.origins else clone


@MUTANTS.mutant("clone.returns-id", "returns nothing for a job that is running")
class CloneReturnsNoneWhenRunning(Cloning):
    """Returns on one of two ways only."""

    def returned(self, clone: str, job: str) -> Any:
        """Look at the original."""
        return None if self.inner.get_job_meta(job)["status"] == "RUNNING" else clone


@MUTANTS.mutant("clone.returns-id", "returns empty text for a job that could not be scheduled")
class CloneReturnsEmptyForGivenUp(Cloning):
    """Has no answer for one state."""

    def returned(self, clone: str, job: str) -> Any:
        """Look at the original."""
        return "" if self.inner.get_job_meta(job)["status"] == "FINISHED:CAN_NOT_SCHEDULE" else clone


@MUTANTS.mutant("clone.returns-id", "raises JobNotDone for a job that is not done")
class ClonesDoneOnly(Wrapper):
    """Wants to know how it ended first."""

    def clone_job(self, job_id: str) -> str:
        """Refuse."""
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            raise JobNotDone(job_id)
        return super().clone_job(job_id)


@MUTANTS.mutant("clone.new-id", "returns the original's id")
class CloneReturnsOriginal(Cloning):
    """Returns the wrong variable."""

    def returned(self, clone: str, job: str) -> Any:
        """Return what was asked for."""
        return job


@MUTANTS.mutant("clone.new-id", "returns the same clone every time a job is cloned")
class OneClonePerJob(Cloning):
    """Thinks that a job needs one clone only."""

    def returned(self, clone: str, job: str) -> Any:
        """Remember the first."""
        return self.system.memory.setdefault(("clone", job), clone)


@MUTANTS.mutant("clone.new-id", "names a clone by its original and how many clones there are")
class ClonesCountedByPresence(Renaming):
    """Uses an id twice once a clone was deleted."""

    def rename(self, real: str) -> str:
        """Count what is there."""
        meta = self.inner.get_job_meta(real)
        if "cloned_from" not in meta:
            return super().rename(real)
        there = sum("cloned_from" in job for job in self.inner.list_jobs(True, True))
        return f"clone-{there}"


@MUTANTS.mutant("clone.new-id", "gives the first clone of a deleted job's clone the deleted job's id")
class CloneInheritsId(Renaming):
    """Takes over the id that has become free."""

    def delete_job(self, job_id: str) -> Any:
        """Remember the free id."""
        result = super().delete_job(job_id)
        self.system.memory["free"] = job_id
        return result

    def rename(self, real: str) -> str:
        """Take the free id."""
        free = self.system.memory.pop("free", "")
        is_clone = "cloned_from" in self.inner.get_job_meta(real)
        return free if free and is_clone else super().rename(real)


@MUTANTS.mutant("clone.new-id", "has names for ten clones")
class TenCloneNames(Renaming):
    """Starts over with the eleventh."""

    def rename(self, real: str) -> str:
        """Wrap round."""
        if "cloned_from" not in self.inner.get_job_meta(real):
            return super().rename(real)
        return f"clone-{(count(self, 'clones') - 1) % 10}"


@MUTANTS.mutant("clone.new-id", "counts clones anew in every session")
class ClonesCountedPerSession(Renaming):
    """Keeps its counter in the session."""

    made = 0

    def rename(self, real: str) -> str:
        """Count in this session."""
        if "cloned_from" not in self.inner.get_job_meta(real):
            return super().rename(real)
        self.made += 1
        return f"clone-{self.made}"


repeats_first_id(_GENERATOR, "clone_job", "clone.new-id", "clone")
