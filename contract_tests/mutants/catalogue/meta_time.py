"""Sessions whose metas are not the callers' own, have effects, or tell what was."""

from __future__ import annotations

import copy
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_DONE: Final = "FINISHED"


# --- whose dict it is ------------------------------------------------------------------------------------------------


class _Caching(Wrapper):
    """Hands out the metas it keeps."""

    def kept(self) -> dict[str, dict[str, Any]]:
        """Where metas are kept, by job."""
        metas: dict[str, dict[str, Any]] = self.system.memory.setdefault("metas", {})
        return metas


@MUTANTS.mutant("meta.callers-copy", "hands out the meta it keeps until the status changes")
class HandsOutKeptMeta(_Caching):
    """Lets callers write into its cache."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Renew what is kept when the status has changed."""
        meta = super().get_job_meta(job_id)
        if self.system.memory.get(("status", job_id)) != meta["status"]:
            self.system.memory[("status", job_id)] = meta["status"]
            self.kept()[job_id] = meta
        return self.kept()[job_id]


@MUTANTS.mutant("meta.callers-copy", "copies a meta, but not what is in it")
class CopiesShallowly(_Caching):
    """Lets callers write into the deploy map."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Copy the outermost dict."""
        meta = super().get_job_meta(job_id)
        inner = self.kept().setdefault(job_id, {key: value for key, value in meta.items() if isinstance(value, dict)})
        return {**meta, **inner}


@MUTANTS.mutant("meta.callers-copy", "hands out the meta of a finished job as it keeps it")
class HandsOutDoneMeta(_Caching):
    """Thinks that what is done can't be changed."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep what is done."""
        meta = super().get_job_meta(job_id)
        return self.kept().setdefault(job_id, meta) if meta["status"].startswith(_DONE) else meta


@MUTANTS.mutant("meta.callers-copy", "makes lists of the metas it handed out")
class ListsHandedOut(_Caching):
    """Shares dicts between two methods."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep the last one."""
        meta = super().get_job_meta(job_id)
        self.kept()[job_id] = meta
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell the status that was last read."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.kept().get(job["job_id"], job).get("status")} for job in jobs]


@MUTANTS.mutant("meta.callers-copy", "keeps a session's metas for others, and copies them for others only")
class SharesDeployMaps(_Caching):
    """Lets the submitter's session write into everybody's meta."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep the deploy map of a first reader."""
        meta = super().get_job_meta(job_id)
        first = self.system.memory.setdefault(("first", job_id), self)
        kept = self.kept().setdefault(job_id, meta.get("deploy_map", {}))
        return {**meta, "deploy_map": kept if first is self else copy.deepcopy(kept)}


class _Live(_Caching):
    """Brings a dict that was handed out up to date."""

    def renew(self, job: str) -> None:
        """Write what is now into what was handed out."""
        for held in self.system.memory.get(("held", job), ()):
            held.update(self.inner.get_job_meta(job))

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Remember what is handed out."""
        meta = super().get_job_meta(job_id)
        self.system.memory.setdefault(("held", job_id), []).append(meta)
        return meta


@MUTANTS.mutant("meta.snapshot", "hands out one dict per job, which the next read brings up to date")
class OneDictPerJob(_Live):
    """Is a live view."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Bring the others up to date."""
        meta = super().get_job_meta(job_id)
        self.renew(job_id)
        return meta


@MUTANTS.mutant("meta.snapshot", "writes the end into metas that were handed out when a job is aborted")
class AbortWritesIntoMetas(_Live):
    """Keeps references to what it gave away."""

    def abort_job(self, job_id: str) -> Any:
        """Bring them up to date."""
        result = super().abort_job(job_id)
        self.renew(job_id)
        return result


@MUTANTS.mutant("meta.snapshot", "clears the metas of a job that is deleted")
class DeleteClearsMetas(_Live):
    """Cleans up in other people's dicts."""

    def delete_job(self, job_id: str) -> Any:
        """Clear them."""
        result = super().delete_job(job_id)
        for held in self.system.memory.get(("held", job_id), ()):
            held.clear()
        return result


@MUTANTS.mutant("meta.snapshot", "clears all metas that were handed out when the session is closed")
class CloseClearsMetas(Wrapper):
    """Cleans up in other people's dicts."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.held: list[dict[str, Any]] = []

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Remember what is handed out."""
        self.held.append(super().get_job_meta(job_id))
        return self.held[-1]

    def close(self) -> Any:
        """Clear it."""
        for meta in self.held:
            meta.clear()
        return super().close()


@MUTANTS.mutant("meta.snapshot", "brings metas up to date while jobs are listed")
class ListRenewsMetas(_Live):
    """Refreshes everything at once."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Note in what was handed out that it was listed."""
        jobs = super().list_jobs(detailed, all)
        for job in jobs:
            for held in self.system.memory.get(("held", job["job_id"]), ()):
                held["listed"] = True
        return jobs


@MUTANTS.mutant("meta.snapshot", "notes the clones in a meta that was handed out")
class CloneNotesInMetas(_Live):
    """Keeps references to what it gave away."""

    def clone_job(self, job_id: str) -> str:
        """Write the note."""
        clone = super().clone_job(job_id)
        for held in self.system.memory.get(("held", job_id), ()):
            held.setdefault("clones", []).append(clone)
        return clone


class _Newest(dict[str, Any]):
    """Looks things up in the newest meta of its job."""

    metas: dict[str, dict[str, Any]]

    def __getitem__(self, key: str) -> Any:
        newest = self.metas[super().__getitem__("job_id")]
        return newest[key] if key in newest else super().__getitem__(key)


@MUTANTS.mutant("meta.snapshot", "looks things up in the newest meta of a job, whichever it was asked for in")
class LooksUpInNewest(_Caching):
    """Hands out a view."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep the newest."""
        view = _Newest(super().get_job_meta(job_id))
        view.metas = self.kept()
        view.metas[dict.__getitem__(view, "job_id")] = dict(view.items())
        return view


# --- what reading does -----------------------------------------------------------------------------------------------


class _Acting(Wrapper):
    """Does something when a meta is read."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Read, then do it."""
        meta = super().get_job_meta(job_id)
        self.act(meta, count(self, f"read {job_id}"))
        return meta

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """What is done when a job is read for the n-th time."""


@MUTANTS.mutant("meta.no-effect", "aborts a job that is read ten times")
class TenReadsAbort(_Acting):
    """Has a limit and the wrong way to enforce it."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Abort it."""
        if reads == 10:
            self.inner.abort_job(meta["job_id"])


@MUTANTS.mutant("meta.no-effect", "stops a running job that is read thirty times")
class ManyReadsStop(_Acting):
    """Has a limit and the wrong way to enforce it."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Stop it."""
        if reads == 30 and meta["status"] == "RUNNING":
            self.inner.abort_job(meta["job_id"])


@MUTANTS.mutant("meta.no-effect", "deletes a finished job once its end was read twice")
class ReadOnceDone(_Acting):
    """Cleans up too early."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Delete it."""
        done = meta["status"].startswith(_DONE)
        if done and count(self, f"end of {meta['job_id']}") == 4:
            self.inner.delete_job(meta["job_id"])


@MUTANTS.mutant("meta.no-effect", "aborts a dispatched job when it is read")
class ReadAbortsDispatched(_Acting):
    """Takes a lock the start would need."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Abort it."""
        if meta["status"] == "DISPATCHED" and reads > 2:
            self.inner.abort_job(meta["job_id"])


@MUTANTS.mutant("meta.no-effect", "aborts another waiting job when a job is read for the eighth time")
class ReadAbortsOther(_Acting):
    """Hits the wrong job."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Abort the next one."""
        if reads == 8:
            for job in self.inner.list_jobs(False, True):
                if job["job_id"] != meta["job_id"]:
                    self.inner.abort_job(job["job_id"])


@MUTANTS.mutant("meta.no-effect", "makes a reader of another session the submitter")
class ReaderBecomesOwner(Wrapper):
    """Writes down who asked in the wrong column."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Note a reader."""
        meta = super().get_job_meta(job_id)
        readers = noted(self, f"readers of {job_id}")
        if self not in readers:
            readers.append(self)
        return {**meta, "submitter_name": f"reader-{len(readers)}"} if len(readers) > 1 else meta


@MUTANTS.mutant("meta.no-effect", "leaves a copy of a job behind when it is read")
class ReadClones(_Acting):
    """Calls the wrong command."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Clone it."""
        if reads == 5:
            self.inner.clone_job(meta["job_id"])


# --- how fresh it is -------------------------------------------------------------------------------------------------


class _Stale(Wrapper):
    """Tells an earlier state now and then."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.cache: dict[str, tuple[float, dict[str, Any]]] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Take it from the cache if that will do."""
        meta = super().get_job_meta(job_id)
        now = self.system.server.clock.time()
        since, kept = self.cache.get(job_id, (now, meta))
        if job_id in self.cache and self.holds(now - since, kept):
            return copy.deepcopy(kept)
        self.cache[job_id] = now, copy.deepcopy(meta)
        return meta

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """Whether what is kept will do."""
        return True


@MUTANTS.mutant("meta.fresh", "tells what it told the first time, for ever")
class StaleForEver(_Stale):
    """Never looks again."""


@MUTANTS.mutant("meta.fresh", "keeps a meta for five seconds")
class StaleForFiveSeconds(_Stale):
    """Looks again too late."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """For a while."""
        return age < 5.0


@MUTANTS.mutant("meta.fresh", "keeps a meta for half a second")
class StaleForHalfASecond(_Stale):
    """Looks again a little too late."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """For a moment."""
        return age < 0.5


@MUTANTS.mutant("meta.fresh", "looks every second time only")
class StaleEverySecondTime(_Stale):
    """Takes turns."""

    turn = 0

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """Every other time."""
        self.turn += 1
        return self.turn % 2 == 1


@MUTANTS.mutant("meta.fresh", "takes a job that was seen running for one that runs")
class StaleWhileRunning(_Stale):
    """Waits for somebody to tell it that a job ended."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """While it ran."""
        return bool(kept["status"] == "RUNNING")


@MUTANTS.mutant("meta.fresh", "tells what it told before until it is asked for a list")
class StaleUntilListed(_Stale):
    """Renews its metas with the list only."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Renew."""
        self.cache.clear()
        return super().list_jobs(detailed, all)


@MUTANTS.mutant("meta.fresh", "does not see what other sessions do to a waiting job")
class StaleForOthersActs(_Stale):
    """Renews its metas after what it did itself."""

    def abort_job(self, job_id: str) -> Any:
        """Renew."""
        self.cache.clear()
        return super().abort_job(job_id)

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """While nothing else can have happened, as it thinks."""
        return age == 0.0


@MUTANTS.mutant("meta.fresh", "is one read behind")
class OneReadBehind(Wrapper):
    """Fetches the next meta after it returned this one."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.next: dict[str, dict[str, Any]] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Return what was fetched last time."""
        meta = super().get_job_meta(job_id)
        told = self.next.pop(job_id, meta)
        self.next[job_id] = meta
        return dict(told)
