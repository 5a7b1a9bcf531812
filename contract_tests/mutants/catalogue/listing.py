"""Sessions that list wrongly: what is not there, not what is there, or what was there."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator, count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())
Jobs = list[dict[str, Any]]


class Lists(Wrapper):
    """Changes a list before it is handed out."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """List, then change the answer."""
        return self.changed(super().list_jobs(detailed, all), detailed, all)

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The list to give; ``detailed`` and ``everyone`` are the flags."""
        return jobs


# --- lists of dicts -------------------------------------------------------------------------------------------------


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


# --- ids and statuses -----------------------------------------------------------------------------------------------


class _Entries(Lists):
    """Changes entries one by one."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Every entry, changed."""
        return [self.entry(dict(job), place, jobs) for place, job in enumerate(jobs)]

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The entry to give; ``place`` is its index in ``jobs``."""
        return job


@MUTANTS.mutant("list.ids", "shortens ids")
class ShortIdsInList(_Entries):
    """Makes room."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The first eight characters."""
        return {**job, "job_id": job["job_id"][:8]}


@MUTANTS.mutant("list.ids", "calls the key of the id 'id'")
class IdUnderOtherKey(_Entries):
    """Has other names."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Rename the key."""
        job["id"] = job.pop("job_id")
        return job


@MUTANTS.mutant("list.ids", "names the original's id in the entry of a clone")
class ClonesUnderOriginalId(_Entries):
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


@MUTANTS.mutant("list.status-agrees", "lists DISPATCHED jobs as RUNNING")
class DispatchedAsRunning(_Entries):
    """Does not tell them apart."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Another status."""
        return {**job, "status": "RUNNING"} if job["status"] == "DISPATCHED" else job


@MUTANTS.mutant("list.status-agrees", "lists every finished job as FINISHED:COMPLETED")
class AllCompleted(_Entries):
    """Loses how it ended."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """One status for all."""
        return {**job, "status": "FINISHED:COMPLETED"} if job["status"].startswith("FINISHED") else job


@MUTANTS.mutant("list.status-agrees", "lists the status a job had when it was first listed")
class FirstStatus(_Entries):
    """Caches entries."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The first."""
        return {**job, "status": self.system.memory.setdefault(job["job_id"], job["status"])}


@MUTANTS.mutant("list.status-agrees", "lists statuses that are up to a second old")
class StatusesOfLastSecond(_Entries):
    """Caches entries for a while."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """One from the cache."""
        now = self.system.server.clock.time()
        when, status = self.system.memory.get(job["job_id"], (0.0, ""))
        if now - when > 1.0:
            when, status = self.system.memory[job["job_id"]] = now, job["status"]
        return {**job, "status": status}


@MUTANTS.mutant("list.status-agrees", "lists the eleventh job with the status of the first")
class EleventhHasFirstStatus(_Entries):
    """Wraps around."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The status ten places before."""
        return {**job, "status": "FINISHED:COMPLETED"} if place >= 10 else job


# --- what is listed -------------------------------------------------------------------------------------------------


def _limited(most: int) -> Callable[..., Any]:
    def changed(self: Lists, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        return jobs[:most]

    return changed


_LIMITS: Final = {"TenJobs": 10, "HundredJobs": 100}

for _called, _most in _LIMITS.items():
    _GENERATE.session(_called, "list.complete", f"lists {_most} jobs at most", {"changed": _limited(_most)}, Lists)


class _Leaves(Lists):
    """Leaves jobs out."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """What is kept."""
        return [job for job in jobs if not self.leaves(job, self.inner.get_job_meta(job["job_id"]), detailed)]

    def leaves(self, job: dict[str, Any], meta: dict[str, Any], detailed: bool) -> bool:
        """Whether a job is left out; ``meta`` is the job's."""
        return False


@MUTANTS.mutant("list.complete", "leaves out jobs that are done")
class LeavesOutDone(_Leaves):
    """Lists the queue."""

    def leaves(self, job: dict[str, Any], meta: dict[str, Any], detailed: bool) -> bool:
        """Done jobs."""
        return bool(job["status"].startswith("FINISHED"))


@MUTANTS.mutant("list.complete", "leaves out jobs that were given up, from detailed lists")
class LeavesOutGivenUp(_Leaves):
    """Has no details of them."""

    def leaves(self, job: dict[str, Any], meta: dict[str, Any], detailed: bool) -> bool:
        """Jobs that could not be scheduled."""
        return detailed and job["status"] == "FINISHED:CAN_NOT_SCHEDULE"


@MUTANTS.mutant("list.complete", "leaves out a job that is dispatched")
class LeavesOutDispatched(_Leaves):
    """Moves it from table to table."""

    def leaves(self, job: dict[str, Any], meta: dict[str, Any], detailed: bool) -> bool:
        """Dispatched jobs."""
        return bool(job["status"] == "DISPATCHED")


@MUTANTS.mutant("list.complete", "leaves out the clones of deleted jobs")
class LeavesOutOrphans(_Leaves):
    """Joins clones with their originals."""

    def leaves(self, job: dict[str, Any], meta: dict[str, Any], detailed: bool) -> bool:
        """Clones whose original is gone."""
        ids = {other["job_id"] for other in self.inner.list_jobs(False, True)}
        return "cloned_from" in meta and meta["cloned_from"] not in ids


@MUTANTS.mutant("list.complete", "leaves out jobs submitted after the session has listed, once")
class ListsWhatItKnew(Lists):
    """Serves the list before the last."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Jobs known at the first call, if it was with other flags."""
        known = self.__dict__.setdefault("known", {job["job_id"] for job in jobs})
        return [job for job in jobs if job["job_id"] in known]


@MUTANTS.mutant("list.no-deleted", "goes on listing deleted jobs, as DELETED")
class ListsDeleted(Lists):
    """Marks what is gone."""

    def delete_job(self, job_id: str) -> Any:
        """Keep the entry."""
        result = super().delete_job(job_id)
        noted(self, "deleted").append({"job_id": job_id, "status": "DELETED"})
        return result

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """With what is gone."""
        return jobs + noted(self, "deleted")


class _ListsSome(ListsDeleted.session):  # type: ignore[name-defined,misc]
    """Goes on listing some deleted jobs."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """With some that are gone."""
        return jobs + [job for place, job in enumerate(noted(self, "deleted")) if self.lists(place, detailed, everyone)]

    def lists(self, place: int, detailed: bool, everyone: bool) -> bool:
        """Whether the job deleted as number ``place`` (from 0) is listed."""
        return False


@MUTANTS.mutant("list.no-deleted", "lists deleted jobs in the detailed list of everybody's jobs")
class DetailsOfDeleted(_ListsSome):
    """Reads that from the archive."""

    def lists(self, place: int, detailed: bool, everyone: bool) -> bool:
        """With both flags."""
        return detailed and everyone


@MUTANTS.mutant("list.no-deleted", "lists the eleventh job that was deleted")
class EleventhDeletedListed(_ListsSome):
    """Has room for ten marks."""

    def lists(self, place: int, detailed: bool, everyone: bool) -> bool:
        """The eleventh."""
        return place == 10


@MUTANTS.mutant("list.no-deleted", "lists a job deleted in another session, where it was listed before")
class ListsFromCache(Lists):
    """Empties its cache only for its own deletions."""

    def delete_job(self, job_id: str) -> Any:
        """Forget the job, here."""
        result = super().delete_job(job_id)
        self.__dict__.setdefault("cache", {}).pop(job_id, None)
        return result

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """What is cached, too."""
        cache = self.__dict__.setdefault("cache", {})
        cache.update({job["job_id"]: job for job in jobs})
        return [job for job in cache.values() if everyone or job in jobs or not detailed]


# --- aliasing, and looking on ---------------------------------------------------------------------------------------


@MUTANTS.mutant("list.callers-copy", "hands out the entries it keeps of finished jobs")
class SharesFinishedEntries(_Entries):
    """Caches them."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The cached one."""
        if not job["status"].startswith("FINISHED"):
            return job
        shared: dict[str, Any] = self.system.memory.setdefault((job["job_id"], len(job)), job)
        return shared


@MUTANTS.mutant("list.callers-copy", "hands out copies that share what is nested")
class SharesNested(_Entries):
    """Copies one level."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Nested values that are shared."""
        return {
            key: self.system.memory.setdefault((job["job_id"], key), value)
            if isinstance(value, (dict, list))
            else value
            for key, value in job.items()
        }


@MUTANTS.mutant("list.callers-copy", "adds to one and the same list on every call")
class SameListObject(Lists):
    """Keeps its list, and only adds what is new."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The list it keeps."""
        kept: Jobs = self.__dict__.setdefault(("kept", detailed, everyone).__repr__(), [])
        known = [job.get("job_id") for job in kept]
        for job in jobs:
            if job["job_id"] in known:
                continue
            kept.append(job)
        return kept


@MUTANTS.mutant("list.callers-copy", "reads metas from the entries it has handed out")
class MetaFromEntries(Lists):
    """Keeps what it has listed in detail, to save calls."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Keep the entries of jobs that are done."""
        if detailed:
            for job in jobs:
                if job["status"].startswith("FINISHED"):
                    self.system.memory[job["job_id"]] = job
        return jobs

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """From what is kept."""
        meta = super().get_job_meta(job_id)
        return copy.deepcopy(self.system.memory.get(meta["job_id"], meta))


class _Acts(Lists):
    """Does something to the jobs it lists."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Act."""
        for job in jobs:
            self.act(job, detailed, everyone)
        return jobs

    def act(self, job: dict[str, Any], detailed: bool, everyone: bool) -> None:
        """What is done to a job."""


@MUTANTS.mutant("list.no-effect", "removes failed jobs when it lists")
class ListRemovesFailed(_Acts):
    """Cleans up."""

    def act(self, job: dict[str, Any], detailed: bool, everyone: bool) -> None:
        """Delete a failed job."""
        if job["status"] == "FINISHED:EXECUTION_EXCEPTION":
            self.inner.delete_job(job["job_id"])


@MUTANTS.mutant("list.no-effect", "aborts waiting jobs when it lists everybody's in detail")
class ListAbortsWaiting(_Acts):
    """Looks too closely."""

    def act(self, job: dict[str, Any], detailed: bool, everyone: bool) -> None:
        """Abort a waiting job."""
        if detailed and everyone and job["status"] == "SUBMITTED":
            self.inner.abort_job(job["job_id"])


@MUTANTS.mutant("list.no-effect", "aborts what runs on the tenth list")
class TenthListAborts(_Acts):
    """Takes many calls for an overload."""

    def act(self, job: dict[str, Any], detailed: bool, everyone: bool) -> None:
        """Abort a running job."""
        if job["status"] == "RUNNING" and count(self, "lists") == 10:
            self.inner.abort_job(job["job_id"])


@MUTANTS.mutant("list.no-effect", "takes over the jobs of others that it lists")
class ListAborts(_Acts):
    """Aborts jobs of other users that wait."""

    def act(self, job: dict[str, Any], detailed: bool, everyone: bool) -> None:
        """Abort it."""
        meta = self.inner.get_job_meta(job["job_id"])
        if meta["status"] == "SUBMITTED" and meta["submitter_name"] != self.user:
            self.inner.abort_job(job["job_id"])
