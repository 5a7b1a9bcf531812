"""Sessions that clone wrongly: ids, definitions and beginnings of clones."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator, Renaming, count, noted
from contract_tests.mutants.toolkit.kinds import Cloning
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotDone, JobNotFound

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


# --- the id ----------------------------------------------------------------------------------------------------------


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


# --- the definition --------------------------------------------------------------------------------------------------


def _without(key: str, value: Any) -> Any:
    def told(self: Cloning, meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, key: value} if key in meta else meta

    return told


for _key, _value in {
    "name": "clone of a job",
    "deploy_map": {},
    "resource_spec": {"site-1": {}},
    "min_clients": 1,
    "mandatory_clients": ["site-1", "site-2"],
}.items():
    _GENERATE.session(
        f"CloneLoses{_key.title().replace('_', '')}",
        "clone.definition",
        f"does not carry {_key} over",
        {"told": _without(_key, _value)},
        Cloning,
    )


@MUTANTS.mutant("clone.definition", "calls the clone of a clone after its original with a number")
class NumbersNames(Cloning):
    """Changes the name now and then."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Change the name of a clone's clone."""
        again = self.origins[meta["job_id"]] in self.origins
        return {**meta, "name": f"{meta['name']} (2)"} if again and "name" in meta else meta


@MUTANTS.mutant("clone.definition", "gives a clone the name of the job that was cloned first")
class NameOfFirstCloned(Cloning):
    """Remembers one definition."""

    def returned(self, clone: str, job: str) -> Any:
        """Remember the first name."""
        self.system.memory.setdefault("first", self.inner.get_job_meta(job)["name"])
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell it."""
        return {**meta, "name": self.system.memory["first"]} if "name" in meta else meta


@MUTANTS.mutant("clone.definition", "loses the name of a job that failed")
class NameLostInFailure(Cloning):
    """Takes the name from the run."""

    def returned(self, clone: str, job: str) -> Any:
        """Note a failed original."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            noted(self, "nameless").append(clone)
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Have no name."""
        return {**meta, "name": ""} if meta["job_id"] in noted(self, "nameless") else meta


# --- its beginning ---------------------------------------------------------------------------------------------------


@MUTANTS.mutant("clone.starts-over", "takes the status over from a finished original")
class CloneTakesStatus(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        status = self.original(meta["job_id"]).get("status", "")
        return {**meta, "status": status} if status.startswith("FINISHED") else meta


@MUTANTS.mutant("clone.starts-over", "takes the status over from a running original")
class CloneTakesRunning(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        running = self.original(meta["job_id"]).get("status") == "RUNNING"
        return {**meta, "status": "RUNNING"} if running else meta


@MUTANTS.mutant("clone.starts-over", "takes the submit time over")
class CloneTakesSubmitTime(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's time."""
        return {**meta, "submit_time": self.original(meta["job_id"]).get("submit_time", 0.0)}


@MUTANTS.mutant("clone.starts-over", "takes the run times over")
class CloneTakesRunTimes(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's times."""
        original = self.original(meta["job_id"])
        return {**meta, **{key: original[key] for key in ("start_time", "duration") if key in original}}


@MUTANTS.mutant("clone.starts-over", "begins the clone of an aborted job as aborted")
class CloneOfAbortedIsAborted(Cloning):
    """Copies the signal to abort."""

    def returned(self, clone: str, job: str) -> Any:
        """Heed the signal."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:ABORTED":
            self.inner.abort_job(clone)
        return clone


@MUTANTS.mutant("clone.starts-over", "refuses to clone a job that could not be deployed")
class ClonesDeployedOnly(Wrapper):
    """Finds no run to start from."""

    def clone_job(self, job_id: str) -> str:
        """Refuse."""
        if self.inner.get_job_meta(job_id)["status"] == "FINISHED:FAILED_TO_RUN":
            raise JobNotFound(job_id)
        return super().clone_job(job_id)


@MUTANTS.mutant("clone.starts-over", "lists a clone under the status of its original")
class CloneListedAsOriginal(Cloning):
    """Joins two tables by the wrong id."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Look the status up under the original."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.original(job["job_id"]).get("status", job["status"])} for job in jobs]
