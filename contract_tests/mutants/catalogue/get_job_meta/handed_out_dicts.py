"""Sessions whose metas are not the caller's own, or change after they were handed out."""

from __future__ import annotations

import copy
from copy import deepcopy
from typing import Any, Final

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper

MUTANTS = VariantTable()


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


_DONE: Final = "FINISHED"


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


@MUTANTS.mutant("meta.snapshot", "empties and refills the dict that it gave to the callback")
class RefillsOneDict(MonitorLoop):
    """Saves memory."""

    given: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the same dict."""
        self.given = {} if polls == 1 else self.given
        self.given.clear()
        self.given.update(meta)
        return cb(self, job_id, self.given, *args, **kwargs)


@MUTANTS.mutant("meta.snapshot", "brings metas that were read in the callback up to date at every poll")
class PollsUpdateMetas(MonitorLoop):
    """Thinks that nobody wants an old one."""

    depth = 0

    def poll(self, job_id: str) -> dict[str, Any]:
        """Read, and bring what was read before up to date."""
        meta: dict[str, Any] = self.inner.get_job_meta(job_id)
        for old in self.__dict__.setdefault("_read", []):
            if old["job_id"] == job_id:
                old.update(deepcopy(meta))
        return meta

    def call(self, *args: Any) -> Any:
        """Note that a callback is under way."""
        self.depth += 1
        try:
            return super().call(*args)
        finally:
            self.depth -= 1

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Note what is read in one."""
        meta = super().get_job_meta(job_id)
        if self.depth:
            self.__dict__.setdefault("_read", []).append(meta)
        return meta
