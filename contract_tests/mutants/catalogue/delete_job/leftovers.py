"""Sessions that go on with a deleted job, list it or keep its files."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.ending_jobs import Deletes, SeesOutages
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.monitors import puts_off
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem
from flare_sim.spec import JobInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _GoesOn(Deletes):
    """Lets some deleted jobs run all the same, in secret, as a clone."""

    def delete_job(self, job_id: str) -> Any:
        """Clone it first."""
        meta = self.meta(job_id)
        secret = self.inner.clone_job(job_id) if self.concerns(meta) else ""
        super().delete_job(job_id)
        if secret:
            self.system.memory.setdefault("secret", {})[secret] = job_id

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Whether a job runs all the same."""
        return False

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Leave out what is secret."""
        jobs = super().list_jobs(detailed, all)
        return [job for job in jobs if job["job_id"] not in self.system.memory.get("secret", {})]

    def get_system_info(self) -> SystemInfo:
        """Tell of jobs under their old ids."""
        info = super().get_system_info()
        for job in info.job_info:
            job.job_id = self.system.memory.get("secret", {}).get(job.job_id, job.job_id)
        return info


@MUTANTS.mutant("delete.never-runs", "executes a job that was deleted while it waited")
class RunsDeleted(_GoesOn):
    """Leaves it in the queue."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Every job that waits."""
        return bool(meta["status"] == "SUBMITTED")


@MUTANTS.mutant("delete.never-runs", "executes a job that was deleted while it was dispatched")
class RunsDeletedDispatched(_GoesOn):
    """Lets the start go on."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Dispatched jobs."""
        return bool(meta["status"] == "DISPATCHED")


@MUTANTS.mutant("delete.never-runs", "executes the clone that was deleted, and not only its original")
class RunsDeletedClone(_GoesOn):
    """Takes only originals out of the queue."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Clones that wait."""
        return meta["status"] == "SUBMITTED" and "cloned_from" in meta


@MUTANTS.mutant("delete.never-runs", "executes the eleventh job that is deleted while it waits")
class RunsEleventhDeleted(_GoesOn):
    """Has room for ten marks."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """The eleventh."""
        return meta["status"] == "SUBMITTED" and count(self, "deleted") == 11


@MUTANTS.mutant("delete.never-runs", "restarts a job that was deleted while it ran")
class RestartsDeleted(_GoesOn):
    """Takes the end for a crash."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Running jobs."""
        return bool(meta["status"] == "RUNNING")


@MUTANTS.mutant("delete.never-runs", "executes a job after an outage that was deleted before it while it waited")
class ExecutedAfterOutage(SeesOutages):
    """Reads its queue from the disk again."""

    def delete_job(self, job_id: str) -> Any:
        """Keep it in the queue."""
        if self.status(job_id) == "SUBMITTED":
            noted(self, "queued").append(job_id)
        return super().delete_job(job_id)

    def changed(self, info: SystemInfo) -> Any:
        """Run what is in it."""
        again = noted(self, "queued") if noted(self, "outages") else []
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *(JobInfo(job, "app") for job in again)])


class _StillNamed(Deletes):
    """Names deleted jobs in system info."""

    def get_system_info(self) -> SystemInfo:
        """With deleted jobs."""
        info = super().get_system_info()
        info.job_info += [JobInfo(job_id, "app") for job_id in noted(self, "deleted")]
        return info


@MUTANTS.mutant("delete.system-info", "goes on naming a job that was deleted while it ran")
class NamesDeletedRunning(_StillNamed):
    """Does not tell the runner."""

    def then(self, meta: dict[str, Any]) -> None:
        """Note a running job."""
        if meta["status"] == "RUNNING":
            noted(self, "deleted").append(meta["job_id"])


@MUTANTS.mutant("delete.system-info", "names a completed job once it is deleted")
class NamesDeletedCompleted(_StillNamed):
    """Takes every job without a meta for one that is executed."""

    def then(self, meta: dict[str, Any]) -> None:
        """Note a completed job."""
        if meta["status"] == "FINISHED:COMPLETED":
            noted(self, "deleted").append(meta["job_id"])


@MUTANTS.mutant("delete.system-info", "names a deleted job again half a minute later, if others run")
class NamesDeletedLater(_StillNamed):
    """Is told so by a late client."""

    def then(self, meta: dict[str, Any]) -> None:
        """Note when."""
        self.system.memory["when"] = self.system.server.clock.time() + 20.0, meta["job_id"]

    def get_system_info(self) -> SystemInfo:
        """With the late one."""
        info = super().get_system_info()
        when, job_id = self.system.memory.get("when", (float("inf"), ""))
        if info.job_info and self.system.server.clock.time() > when:
            info.job_info.append(JobInfo(job_id, "app"))
        return info


@MUTANTS.mutant("delete.system-info", "tells a job that another user has deleted as long as others run")
class TellsDeletedByOthers(TellingSystem):
    """Puts the list together from two."""

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        meta = self.inner.get_job_meta(job_id)
        result = super().delete_job(job_id)
        if meta["status"] == "RUNNING" and meta["submitter_name"] != self.user:
            noted(self, "deleted").append(JobInfo(job_id, "app"))
        return result

    def changed(self, info: SystemInfo) -> Any:
        """Both."""
        more = noted(self, "deleted") if info.job_info else []
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *more])


class _StillListed(Deletes):
    """Lists deleted jobs."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With deleted jobs."""
        jobs = super().list_jobs(detailed, all)
        return jobs + [dict(meta) for meta in noted(self, "listed") if self.lists(meta, detailed, all)]

    def then(self, meta: dict[str, Any]) -> None:
        """Keep the meta."""
        noted(self, "listed").append({**meta, "status": "DELETED"})

    def lists(self, meta: dict[str, Any], detailed: bool, everyone: bool) -> bool:
        """Whether a deleted job is listed."""
        return False


@MUTANTS.mutant("delete.list", "lists deleted jobs in detailed lists of everybody's jobs")
class DetailedListsDeleted(_StillListed):
    """Reads that list from the archive."""

    def lists(self, meta: dict[str, Any], detailed: bool, everyone: bool) -> bool:
        """With both flags."""
        return detailed and everyone


@MUTANTS.mutant("delete.list", "lists deleted clones")
class ListsDeletedClones(_StillListed):
    """Finds them by their original."""

    def lists(self, meta: dict[str, Any], detailed: bool, everyone: bool) -> bool:
        """Clones."""
        return "cloned_from" in meta


@MUTANTS.mutant("delete.list", "lists a deleted job in sessions that have listed it before")
class CachedList(Deletes):
    """Keeps entries once seen."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """What was seen, too."""
        jobs = super().list_jobs(detailed, all)
        if not hasattr(self, "seen"):
            self.seen: dict[str, dict[str, Any]] = {}
        if not all:
            return jobs
        self.seen.update({job["job_id"]: job for job in jobs})
        return list(self.seen.values())

    def then(self, meta: dict[str, Any]) -> None:
        """Forget it in this session."""
        getattr(self, "seen", {}).pop(meta["job_id"], None)


@MUTANTS.mutant("delete.list", "lists a job that another user deleted to its submitter, once more")
class ListsOnceMore(Deletes):
    """Refreshes the other user's list at the next look, for the look after."""

    def delete_job(self, job_id: str) -> Any:
        """Keep the entry."""
        meta = self.meta(job_id)
        entry = next(job for job in self.inner.list_jobs(False, True) if job["job_id"] == meta["job_id"])
        super().delete_job(job_id)
        if meta["submitter_name"] != self.user:
            noted(self, meta["submitter_name"]).append(entry)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With what is kept."""
        stale = noted(self, self.user)
        found = super().list_jobs(detailed, all) + stale
        stale.clear()
        return found


puts_off(_GENERATOR, "delete_job", "delete.list")


class LeftoverSystem(WrappedSystem):
    """A system whose store keeps something of some deleted jobs."""

    session = Deletes

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What is left, too."""
        left = super().stored_files(job_id)
        return left or tuple(self.memory.get("left", {}).get(job_id, ()))


class _LeavesResult(Deletes):
    """Forgets the results of jobs that ran."""

    def then(self, meta: dict[str, Any]) -> None:
        """Leave them."""
        if meta["status"] == "FINISHED:COMPLETED":
            self.system.memory.setdefault("left", {})[meta["job_id"]] = ("workspace",)


@MUTANTS.mutant("delete.files", "leaves the result of a completed job in the store")
class LeavesResult(LeftoverSystem):
    """Removes the definition only."""

    session = _LeavesResult


class _LeavesClone(Deletes):
    """Keeps the definition of clones, as another job's."""

    def then(self, meta: dict[str, Any]) -> None:
        """Leave it."""
        if "cloned_from" in meta:
            self.system.memory.setdefault("left", {})[meta["job_id"]] = ("data", "meta")


@MUTANTS.mutant("delete.files", "leaves the definition of a deleted clone in the store")
class LeavesClone(LeftoverSystem):
    """Counts references wrongly."""

    session = _LeavesClone


class _LeavesOfRunning(Deletes):
    """Lets a running job write its log once more."""

    def then(self, meta: dict[str, Any]) -> None:
        """Leave it."""
        if meta["status"] == "RUNNING":
            self.system.memory.setdefault("left", {})[meta["job_id"]] = ("log.txt",)


@MUTANTS.mutant("delete.files", "leaves a log of a job that was deleted while it ran")
class LeavesLog(LeftoverSystem):
    """Removes files before the job has stopped."""

    session = _LeavesOfRunning
