"""Sessions whose lists are no lists of dicts, or have entries with the wrong id or status."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import Entries, Jobs, Lists, ghost
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()


@MUTANTS.mutant("list.dicts", "returns a generator")
class ListsLazily(Lists):
    """Saves memory."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """A generator."""
        return (job for job in jobs)


@MUTANTS.mutant("list.dicts", "returns a tuple when there is more than one page of ten")
class PagesAsTuple(Lists):
    """Joins pages."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """A tuple of many."""
        return tuple(jobs) if len(jobs) > 10 else jobs


@MUTANTS.mutant("list.dicts", "returns None for the detailed list of nothing")
class NoneForNothing(Lists):
    """Has nothing to detail."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """None."""
        return None if detailed and not jobs else jobs


@MUTANTS.mutant("list.dicts", "gives ids only to a session that lists for the second time")
class SecondListIsIds(Lists):
    """Thinks the rest is known."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Ids."""
        return [job["job_id"] for job in jobs] if count(self, f"lists of {id(self)}") == 2 else jobs


@MUTANTS.mutant("list.dicts", "gives metas of clones as lists of pairs")
class ClonesAsPairs(Lists):
    """Has two formats."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Pairs for clones."""
        return [list(job.items()) if "cloned_from" in job else job for job in jobs]


@MUTANTS.mutant("list.empty", "lists a heading")
class HeadingInList(Lists):
    """Prints a table."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """A heading, if there is nothing else."""
        return jobs or [{"job_id": "JOB ID", "status": "STATUS"}]


@MUTANTS.mutant("list.empty", "raises KeyError when all jobs are gone")
class FailsWhenAllAreGone(Lists):
    """Looks up the last one."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Fail when there were jobs."""
        if jobs:
            self.system.memory["had"] = True
        elif self.system.memory.get("had"):
            raise KeyError("last")
        return jobs


@MUTANTS.mutant("list.empty", "returns False for an empty list of everybody's jobs")
class FalseForEmpty(Lists):
    """Answers whether there are any."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """False."""
        return jobs if jobs or not everyone else False


@MUTANTS.mutant("list.ids", "shortens ids")
class ShortIdsInList(Entries):
    """Makes room."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The first eight characters."""
        return {**job, "job_id": job["job_id"][:8]}


@MUTANTS.mutant("list.ids", "calls the key of the id 'id'")
class IdUnderOtherKey(Entries):
    """Has other names."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Rename the key."""
        job["id"] = job.pop("job_id")
        return job


@MUTANTS.mutant("list.ids", "names the original's id in the entry of a clone")
class ClonesUnderOriginalId(Entries):
    """Reads the wrong key."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The original's id."""
        original = self.inner.get_job_meta(job["job_id"]).get("cloned_from")
        return {**job, "job_id": original or job["job_id"]}


@MUTANTS.mutant("list.ids", "lists the last of a page of ten on the next page as well")
class PagesOverlap(Lists):
    """Is off by one."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Repeat the tenth."""
        return jobs[:10] + jobs[9:] if len(jobs) > 10 else jobs


@MUTANTS.mutant("list.ids", "lists running jobs twice")
class RunningTwice(Lists):
    """Joins two tables."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """What runs, once more."""
        return jobs + [job for job in jobs if job["status"] == "RUNNING"]


@MUTANTS.mutant("list.ids", "lists a job that nobody made to the second user")
class GhostForSecondUser(Wrapper):
    """Shows it to one only."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With a ghost."""
        entries = super().list_jobs(detailed, all)
        second = self.user == self.system.users[1]
        return entries + [ghost(entry) for entry in entries[:1]] if second else entries


@MUTANTS.mutant("list.status-agrees", "lists DISPATCHED jobs as RUNNING")
class DispatchedAsRunning(Entries):
    """Does not tell them apart."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Another status."""
        return {**job, "status": "RUNNING"} if job["status"] == "DISPATCHED" else job


@MUTANTS.mutant("list.status-agrees", "lists every finished job as FINISHED:COMPLETED")
class AllCompleted(Entries):
    """Loses how it ended."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """One status for all."""
        return {**job, "status": "FINISHED:COMPLETED"} if job["status"].startswith("FINISHED") else job


@MUTANTS.mutant("list.status-agrees", "lists the status a job had when it was first listed")
class FirstStatus(Entries):
    """Caches entries."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The first."""
        return {**job, "status": self.system.memory.setdefault(job["job_id"], job["status"])}


@MUTANTS.mutant("list.status-agrees", "lists statuses that are up to a second old")
class StatusesOfLastSecond(Entries):
    """Caches entries for a while."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """One from the cache."""
        now = self.system.server.clock.time()
        when, status = self.system.memory.get(job["job_id"], (0.0, ""))
        if now - when > 1.0:
            when, status = self.system.memory[job["job_id"]] = now, job["status"]
        return {**job, "status": status}


@MUTANTS.mutant("list.status-agrees", "lists the eleventh job with the status of the first")
class EleventhHasFirstStatus(Entries):
    """Wraps around."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The status ten places before."""
        return {**job, "status": "FINISHED:COMPLETED"} if place >= 10 else job


@MUTANTS.mutant("list.status-agrees", "lists the dispatched jobs of other users as SUBMITTED")
class OthersDispatched(Wrapper):
    """Shows others no more than they need."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Less."""
        jobs = super().list_jobs(detailed, all)
        for job in jobs:
            meta = self.inner.get_job_meta(job["job_id"])
            if job["status"] == "DISPATCHED" and meta["submitter_name"] != self.user:
                job["status"] = "SUBMITTED"
        return jobs
