"""Sessions that clone wrongly."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.proof.faulty.tools import Generator, Renaming, count, noted
from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import Wrapper
from flare_sim.spec import JobNotDone, JobNotFound

FAULTS = VariantTable()
_GENERATE: Final = Generator(FAULTS, globals())


class _Cloning(Wrapper):
    """Changes what clone_job returns, and remembers which job is the clone of which."""

    def clone_job(self, job_id: str) -> Any:
        """Clone, and return something else."""
        clone = super().clone_job(job_id)
        self.origins[clone] = job_id
        return self.returned(clone, job_id)

    @property
    def origins(self) -> dict[str, str]:
        """The original of every clone."""
        origins: dict[str, str] = self.system.memory.setdefault("origins", {})
        return origins

    def original(self, clone: str) -> dict[str, Any]:
        """The meta of a clone's original, as it was when it was last seen; empty for what is no clone."""
        return dict(self.system.memory.get(("seen", self.origins.get(clone, "")), {}))

    def returned(self, clone: str, job: str) -> Any:
        """What to return for a new clone."""
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell something else of a clone."""
        meta = super().get_job_meta(job_id)
        self.system.memory[("seen", job_id)] = dict(meta)
        return self.told(meta) if job_id in self.origins else meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell something else of clones."""
        jobs = super().list_jobs(detailed, all)
        return [self.told(job) if job["job_id"] in self.origins else job for job in jobs if not self.hidden(job)]

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a clone."""
        return meta

    def hidden(self, job: dict[str, Any]) -> bool:
        """Whether a job is left out of lists."""
        return False


# --- the id ---------------------------------------------------------------------------------------------------------


@FAULTS.fault("clone.returns-id", "returns nothing")
class CloneReturnsNone(_Cloning):
    """Forgets the return statement."""

    def returned(self, clone: str, job: str) -> Any:
        """Return nothing."""


@FAULTS.fault("clone.returns-id", "returns the clone's meta")
class CloneReturnsMeta(_Cloning):
    """Gives a dict."""

    def returned(self, clone: str, job: str) -> Any:
        """Return a meta."""
        return self.inner.get_job_meta(clone)


@FAULTS.fault("clone.returns-id", "returns the ids of original and clone for the clone of a clone")
class CloneReturnsPair(_Cloning):
    """Gives a tuple."""

    def returned(self, clone: str, job: str) -> Any:
        """Return two."""
        return (job, clone) if job in self.origins else clone


@FAULTS.fault("clone.returns-id", "returns nothing for a job that is running")
class CloneReturnsNoneWhenRunning(_Cloning):
    """Returns on one of two ways only."""

    def returned(self, clone: str, job: str) -> Any:
        """Look at the original."""
        return None if self.inner.get_job_meta(job)["status"] == "RUNNING" else clone


@FAULTS.fault("clone.returns-id", "returns empty text for a job that could not be scheduled")
class CloneReturnsEmptyForGivenUp(_Cloning):
    """Has no answer for one state."""

    def returned(self, clone: str, job: str) -> Any:
        """Look at the original."""
        return "" if self.inner.get_job_meta(job)["status"] == "FINISHED:CAN_NOT_SCHEDULE" else clone


@FAULTS.fault("clone.returns-id", "raises JobNotDone for a job that is not done")
class ClonesDoneOnly(Wrapper):
    """Wants to know how it ended first."""

    def clone_job(self, job_id: str) -> str:
        """Refuse."""
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            raise JobNotDone(job_id)
        return super().clone_job(job_id)


@FAULTS.fault("clone.new-id", "returns the original's id")
class CloneReturnsOriginal(_Cloning):
    """Returns the wrong variable."""

    def returned(self, clone: str, job: str) -> Any:
        """Return what was asked for."""
        return job


@FAULTS.fault("clone.new-id", "returns the same clone every time a job is cloned")
class OneClonePerJob(_Cloning):
    """Thinks that a job needs one clone only."""

    def returned(self, clone: str, job: str) -> Any:
        """Remember the first."""
        return self.system.memory.setdefault(("clone", job), clone)


@FAULTS.fault("clone.new-id", "names a clone by its original and how many clones there are")
class ClonesCountedByPresence(Renaming):
    """Uses an id twice once a clone was deleted."""

    def rename(self, real: str) -> str:
        """Count what is there."""
        meta = self.inner.get_job_meta(real)
        if "cloned_from" not in meta:
            return super().rename(real)
        there = sum("cloned_from" in job for job in self.inner.list_jobs(True, True))
        return f"clone-{there}"


@FAULTS.fault("clone.new-id", "gives the first clone of a deleted job's clone the deleted job's id")
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


@FAULTS.fault("clone.new-id", "has names for ten clones")
class TenCloneNames(Renaming):
    """Starts over with the eleventh."""

    def rename(self, real: str) -> str:
        """Wrap round."""
        if "cloned_from" not in self.inner.get_job_meta(real):
            return super().rename(real)
        return f"clone-{(count(self, 'clones') - 1) % 10}"


@FAULTS.fault("clone.new-id", "counts clones anew in every session")
class ClonesCountedPerSession(Renaming):
    """Keeps its counter in the session."""

    made = 0

    def rename(self, real: str) -> str:
        """Count in this session."""
        if "cloned_from" not in self.inner.get_job_meta(real):
            return super().rename(real)
        self.made += 1
        return f"clone-{self.made}"


# --- the definition -------------------------------------------------------------------------------------------------


def _without(key: str, value: Any) -> Any:
    def told(self: _Cloning, meta: dict[str, Any]) -> dict[str, Any]:
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
        _Cloning,
    )


@FAULTS.fault("clone.definition", "calls the clone of a clone after its original with a number")
class NumbersNames(_Cloning):
    """Changes the name now and then."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Change the name of a clone's clone."""
        again = self.origins[meta["job_id"]] in self.origins
        return {**meta, "name": f"{meta['name']} (2)"} if again and "name" in meta else meta


@FAULTS.fault("clone.definition", "gives a clone the name of the job that was cloned first")
class NameOfFirstCloned(_Cloning):
    """Remembers one definition."""

    def returned(self, clone: str, job: str) -> Any:
        """Remember the first name."""
        self.system.memory.setdefault("first", self.inner.get_job_meta(job)["name"])
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell it."""
        return {**meta, "name": self.system.memory["first"]} if "name" in meta else meta


@FAULTS.fault("clone.definition", "loses the name of a job that failed")
class NameLostInFailure(_Cloning):
    """Takes the name from the run."""

    def returned(self, clone: str, job: str) -> Any:
        """Note a failed original."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            noted(self, "nameless").append(clone)
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Have no name."""
        return {**meta, "name": ""} if meta["job_id"] in noted(self, "nameless") else meta


# --- its beginning --------------------------------------------------------------------------------------------------


@FAULTS.fault("clone.starts-over", "takes the status over from a finished original")
class CloneTakesStatus(_Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        status = self.original(meta["job_id"]).get("status", "")
        return {**meta, "status": status} if status.startswith("FINISHED") else meta


@FAULTS.fault("clone.starts-over", "takes the status over from a running original")
class CloneTakesRunning(_Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        running = self.original(meta["job_id"]).get("status") == "RUNNING"
        return {**meta, "status": "RUNNING"} if running else meta


@FAULTS.fault("clone.starts-over", "takes the submit time over")
class CloneTakesSubmitTime(_Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's time."""
        return {**meta, "submit_time": self.original(meta["job_id"]).get("submit_time", 0.0)}


@FAULTS.fault("clone.starts-over", "takes the run times over")
class CloneTakesRunTimes(_Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's times."""
        original = self.original(meta["job_id"])
        return {**meta, **{key: original[key] for key in ("start_time", "duration") if key in original}}


@FAULTS.fault("clone.starts-over", "begins the clone of an aborted job as aborted")
class CloneOfAbortedIsAborted(_Cloning):
    """Copies the signal to abort."""

    def returned(self, clone: str, job: str) -> Any:
        """Heed the signal."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:ABORTED":
            self.inner.abort_job(clone)
        return clone


@FAULTS.fault("clone.starts-over", "refuses to clone a job that could not be deployed")
class ClonesDeployedOnly(Wrapper):
    """Finds no run to start from."""

    def clone_job(self, job_id: str) -> str:
        """Refuse."""
        if self.inner.get_job_meta(job_id)["status"] == "FINISHED:FAILED_TO_RUN":
            raise JobNotFound(job_id)
        return super().clone_job(job_id)


@FAULTS.fault("clone.starts-over", "lists a clone under the status of its original")
class CloneListedAsOriginal(_Cloning):
    """Joins two tables by the wrong id."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Look the status up under the original."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.original(job["job_id"]).get("status", job["status"])} for job in jobs]


# --- the list -------------------------------------------------------------------------------------------------------


@FAULTS.fault("clone.listed", "lists no clones")
class HidesClones(_Cloning):
    """Lists what was submitted."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide clones."""
        return job["job_id"] in self.origins


@FAULTS.fault("clone.listed", "lists no clone whose original is deleted")
class HidesOrphans(_Cloning):
    """Joins with a table the original is gone from."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Look for the original."""
        origin = self.origins.get(job["job_id"])
        return origin is not None and all(job["job_id"] != origin for job in self.inner.list_jobs(False, True))


@FAULTS.fault("clone.listed", "lists no clones of clones")
class HidesClonesOfClones(_Cloning):
    """Follows originals one step."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide what is two steps away."""
        return self.origins.get(job["job_id"]) in self.origins


@FAULTS.fault("clone.listed", "lists one clone of each job")
class ListsOneCloneEach(_Cloning):
    """Lists clones in a dict by their original."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide all but the last."""
        origin = self.origins.get(job["job_id"])
        return origin is not None and [c for c, o in self.origins.items() if o == origin][-1] != job["job_id"]


@FAULTS.fault("clone.listed", "lists clones in the session that made them")
class ListsClonesInOneSession(_Cloning):
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


@FAULTS.fault("clone.listed", "does not list clones in detail")
class HidesClonesInDetail(_Cloning):
    """Has two queries, one of them wrong."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hide clones from one list."""
        return [job for job in super().list_jobs(detailed, all) if not detailed or job["job_id"] not in self.origins]


# --- the original ---------------------------------------------------------------------------------------------------


@FAULTS.fault("clone.original-untouched", "aborts the original, as the clone takes its place")
class CloneReplaces(_Cloning):
    """Has room for one of them."""

    def returned(self, clone: str, job: str) -> Any:
        """Abort the original."""
        self.inner.abort_job(job)
        return clone


@FAULTS.fault("clone.original-untouched", "deletes a finished original, as the clone takes its place")
class CloneMoves(_Cloning):
    """Moves where it should copy."""

    def returned(self, clone: str, job: str) -> Any:
        """Delete the original."""
        if self.inner.get_job_meta(job)["status"].startswith("FINISHED"):
            self.inner.delete_job(job)
        return clone


@FAULTS.fault("clone.original-untouched", "notes in the original that it was cloned")
class CloneNotesInOriginal(_Cloning):
    """Writes into the original's meta."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Show the note."""
        meta = super().get_job_meta(job_id)
        clones = list(self.origins.values()).count(job_id)
        return {**meta, "name": f"{meta['name']} (cloned)"} if clones else meta


@FAULTS.fault("clone.original-untouched", "gives the original to whoever cloned it")
class CloneTakesOver(_Cloning):
    """Writes the submitter into both."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the new owner."""
        self.system.memory[("owner", job)] = self.user
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the new owner."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submitter_name": self.system.memory.get(("owner", job_id), meta["submitter_name"])}


@FAULTS.fault("clone.original-untouched", "dates the original anew")
class CloneDatesOriginal(_Cloning):
    """Writes the time into both."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the time."""
        self.system.memory[("date", job)] = self.inner.get_job_meta(clone)["submit_time"]
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the new time."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submit_time": self.system.memory.get(("date", job_id), meta["submit_time"])}


@FAULTS.fault("clone.original-untouched", "aborts a job that is cloned ten times")
class TenClonesAbort(_Cloning):
    """Has a limit and the wrong way to enforce it."""

    def returned(self, clone: str, job: str) -> Any:
        """Abort what has too many clones."""
        if list(self.origins.values()).count(job) == 10:
            self.inner.abort_job(job)
        return clone


@FAULTS.fault("clone.original-untouched", "aborts a dispatched job when it is cloned")
class CloneAbortsDispatched(_Cloning):
    """Takes it out of the queue to copy it."""

    def returned(self, clone: str, job: str) -> Any:
        """Forget to put it back."""
        if self.inner.get_job_meta(job)["status"] == "DISPATCHED":
            self.inner.abort_job(job)
        return clone


@FAULTS.fault("clone.original-untouched", "takes the original out of the list")
class CloneHidesOriginal(_Cloning):
    """Replaces the entry."""

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide originals."""
        return job["job_id"] in self.origins.values()


@FAULTS.fault("clone.original-untouched", "stops a job that runs later when it was cloned before")
class CloneStopsLater(_Cloning):
    """Runs one of the two only."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Stop an original once it runs."""
        meta = super().get_job_meta(job_id)
        if job_id in self.origins.values() and meta["status"] == "RUNNING":
            before = count(self, job_id)
            if before > 3:
                self.inner.abort_job(job_id)
        return meta


# --- its run --------------------------------------------------------------------------------------------------------


class _StuckClones(_Cloning):
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


@FAULTS.fault("clone.runs", "never runs clones")
class ClonesNeverRun(_StuckClones):
    """Forgets to put them into the queue."""


@FAULTS.fault("clone.runs", "never runs clones of a job that failed")
class ClonesOfFailedNeverRun(_StuckClones):
    """Thinks that they would fail again."""

    def stuck(self, clone: str, job: str) -> bool:
        """Look at the original."""
        return bool(self.inner.get_job_meta(job)["status"] == "FINISHED:EXECUTION_EXCEPTION")


@FAULTS.fault("clone.runs", "runs the first clone of a job only")
class FirstCloneRuns(_StuckClones):
    """Takes the others for duplicates."""

    def stuck(self, clone: str, job: str) -> bool:
        """Count the clones."""
        return list(self.origins.values()).count(job) > 1


@FAULTS.fault("clone.runs", "never runs a clone whose original is deleted before")
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


@FAULTS.fault("clone.runs", "never runs the clone of a clone")
class ClonesOfClonesNeverRun(_StuckClones):
    """Follows originals one step."""

    def stuck(self, clone: str, job: str) -> bool:
        """Look at the original."""
        return job in self.origins


# --- apart ----------------------------------------------------------------------------------------------------------


class _Together(_Cloning):
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


@FAULTS.fault("clone.apart-on-abort", "aborts a job's clones with it")
class AbortsClonesToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@FAULTS.fault("clone.apart-on-abort", "aborts a clone's original with it")
class AbortsOriginalToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@FAULTS.fault("clone.apart-on-abort", "aborts the clone of a clone with the clone")
class AbortsGrandchildrenToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@FAULTS.fault("clone.apart-on-abort", "aborts the original on the second abort of a clone")
class SecondAbortSpreads(_AbortsTogether):
    """Takes the next of the same kind."""

    def related(self, job: str) -> list[str]:
        """Its original, the second time."""
        return self.origin(job) if count(self, ("aborted " + job)) > 1 else []


@FAULTS.fault("clone.apart-on-abort", "aborts a clone with its original as soon as it runs")
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


@FAULTS.fault("clone.apart-on-delete", "deletes a job's clones with it")
class DeletesClonesToo(_DeletesTogether):
    """Deletes in cascade."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@FAULTS.fault("clone.apart-on-delete", "deletes a clone's original with it")
class DeletesOriginalToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@FAULTS.fault("clone.apart-on-delete", "deletes the clones of a clone with it")
class DeletesGrandchildrenToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@FAULTS.fault("clone.apart-on-delete", "can't clone a clone any more when its original is deleted")
class OrphansCantBeCloned(_Cloning):
    """Keeps the definition with the original."""

    def clone_job(self, job_id: str) -> Any:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(job_id)
            self.inner.get_job_meta(self.origins[job_id])
        return super().clone_job(job_id)


@FAULTS.fault("clone.apart-on-delete", "loses the result of a clone when its original is deleted")
class OrphansHaveNoResult(_Cloning):
    """Keeps results with the original."""

    def download_job_result(self, job_id: str) -> str:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(self.origins[job_id])
        return super().download_job_result(job_id)


@FAULTS.fault("clone.apart-on-delete", "stops a clone when its original is deleted before it ran")
class OrphansStop(_Cloning):
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


# --- its owner ------------------------------------------------------------------------------------------------------


class _Owning(_Cloning):
    """Changes who is told to be a clone's submitter."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name another."""
        return {**meta, "submitter_name": self.owner(meta)} if "submitter_name" in meta else meta

    def owner(self, meta: dict[str, Any]) -> str:
        """Whom to name."""
        return str(meta["submitter_name"])


@FAULTS.fault("clone.owner", "leaves a clone with the owner of its original")
class CloneKeepsOwner(_Owning):
    """Copies too much."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the owner."""
        self.system.memory[("owner", clone)] = self.inner.get_job_meta(job)["submitter_name"]
        return clone

    def owner(self, meta: dict[str, Any]) -> str:
        """Name the original's."""
        return str(self.system.memory[("owner", meta["job_id"])])


@FAULTS.fault("clone.owner", "names no submitter for a clone")
class CloneHasNoOwner(_Owning):
    """Copies too little."""

    def owner(self, meta: dict[str, Any]) -> str:
        """Name nobody."""
        return ""


@FAULTS.fault("clone.owner", "names whoever reads a clone's meta")
class CloneBelongsToReader(_Owning):
    """Mixes up who asks and who asked."""

    def owner(self, meta: dict[str, Any]) -> str:
        """Name the reader."""
        return self.user


@FAULTS.fault("clone.owner", "gives a clone of a clone to whoever submitted the original")
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


@FAULTS.fault("clone.owner", "lists the clone of another's job among that user's jobs only")
class CloneListedForOther(_Cloning):
    """Asks the original whose it is."""

    def returned(self, clone: str, job: str) -> Any:
        """Note the original's owner."""
        if self.inner.get_job_meta(job)["submitter_name"] != self.user:
            noted(self, "others").append(clone)
        return clone

    def hidden(self, job: dict[str, Any]) -> bool:
        """Hide it."""
        return job["job_id"] in noted(self, "others")
