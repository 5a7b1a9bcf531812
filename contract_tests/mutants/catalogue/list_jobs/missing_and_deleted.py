"""Sessions that leave jobs out of lists, or list deleted ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_answers import Jobs, Lists
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_LIMITS: Final = {"TenJobs": 10, "HundredJobs": 100}


def _limited(most: int) -> Callable[..., Any]:
    def changed(self: Lists, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        return jobs[:most]

    return changed


for _called, _most in _LIMITS.items():
    _GENERATOR.session(_called, "list.complete", f"lists {_most} jobs at most", {"changed": _limited(_most)}, Lists)


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


class _KeepsListing(Wrapper):
    """Lists what it has listed before until it deletes it itself, as far as it is `remembered`."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Add what is gone."""
        jobs = super().list_jobs(detailed, all)
        known: dict[str, dict[str, Any]] = self.__dict__.setdefault("_known", {})
        there = [job["job_id"] for job in jobs]
        gone = [dict(job) for name, job in known.items() if name not in there and self.remembered(name)]
        known.update({job["job_id"]: dict(job) for job in jobs})
        return jobs + gone

    def delete_job(self, job_id: str) -> Any:
        """Forget it."""
        result = super().delete_job(job_id)
        self.system.memory[("deleted by", job_id)] = self.user
        self.__dict__.get("_known", {}).pop(job_id, None)
        return result

    def submit_job(self, job_definition_path: str) -> str:
        """Remember whose it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("_mine", []).append(job)
        return job

    def remembered(self, job: str) -> bool:
        """Whether a job that is gone is listed on."""
        raise NotImplementedError


@MUTANTS.mutant("list.no-deleted", "lists on what it has submitted and another session has deleted")
class ListsOwnOn(_KeepsListing):
    """Knows best about its own."""

    def remembered(self, job: str) -> bool:
        """It is its own."""
        return job in self.__dict__.get("_mine", ())


@MUTANTS.mutant("list.no-deleted", "lists on what another user has deleted")
class ListsDeletedByOthers(_KeepsListing):
    """Is only told what its own user does."""

    def remembered(self, job: str) -> bool:
        """Another user did it."""
        return bool(self.system.memory.get(("deleted by", job), self.user) != self.user)
