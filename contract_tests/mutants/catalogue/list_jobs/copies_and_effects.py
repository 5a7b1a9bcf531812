"""Sessions whose lists are not the caller's own, or in which listing changes something."""

from __future__ import annotations

import copy
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import Entries, Jobs, Lists, holds_jobs, marking
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("list.callers-copy", "hands out the entries it keeps of finished jobs")
class SharesFinishedEntries(Entries):
    """Caches them."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The cached one."""
        if not job["status"].startswith("FINISHED"):
            return job
        shared: dict[str, Any] = self.system.memory.setdefault((job["job_id"], len(job)), job)
        return shared


class SharesNestedEntries(Entries):
    """Copies one level."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Nested values that are shared."""
        return {
            key: self.system.memory.setdefault((job["job_id"], key), value)
            if isinstance(value, (dict, list))
            else value
            for key, value in job.items()
        }


@MUTANTS.mutant("list.callers-copy", "hands out copies that share what is nested")
class SharesNested(SharesNestedEntries):
    """Does nothing else."""


@MUTANTS.mutant("list.callers-copy", "numbers its entries, which share what is nested")
class SharesNestedBesideANumber(SharesNestedEntries):
    """Tells something new each time, and something shared."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """Add the number."""
        return {**super().entry(job, place, jobs), "number": count(self, "entries")}


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


class _KeptEntries(Entries):
    """Has one entry for every job, which it brings up to date for every list."""

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The one entry."""
        fresh = dict(job)
        kept: dict[str, Any] = self.entries().setdefault((job["job_id"], len(job)), job)
        self.renew(kept, fresh)
        return kept

    def entries(self) -> dict[Any, Any]:
        """Where entries are kept."""
        return self.system.memory

    def renew(self, kept: dict[str, Any], fresh: dict[str, Any]) -> None:
        """Bring an entry up to date: write into it what is new."""
        kept.update(fresh)


@MUTANTS.mutant("list.callers-copy", "hands out the same entry of a job in every list, brought up to date each time")
class RefreshesEntries(_KeptEntries):
    """Keeps its entries, and writes into them what is new."""


@MUTANTS.mutant("list.callers-copy", "fills the same entry of a job anew for every list of a session")
class RefillsEntries(_KeptEntries):
    """Keeps its entries, and makes them anew."""

    def entries(self) -> dict[Any, Any]:
        """The session's."""
        return self.__dict__.setdefault("_entries", {})  # type: ignore[no-any-return]

    def renew(self, kept: dict[str, Any], fresh: dict[str, Any]) -> None:
        """With nothing of before."""
        kept.clear()
        kept.update(fresh)


@MUTANTS.mutant("list.callers-copy", "hands out the list it has handed out before, with what is in it now")
class RefillsList(Lists):
    """Keeps one list for every form of list."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The same list."""
        kept: Jobs = self.system.memory.setdefault((detailed, everyone, self.user), [])
        kept[:] = jobs
        return kept


@MUTANTS.mutant("list.callers-copy", "lists of jobs that are done the very metas it hands out")
class MetasAreEntries(Lists):
    """Reads a job that is done once, and hands that out everywhere."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Metas that were handed out."""
        known = self.system.memory
        return [known.get(job["job_id"], job) if detailed else job for job in jobs]

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep it."""
        meta = super().get_job_meta(job_id)
        if not meta["status"].startswith("FINISHED"):
            return meta
        kept: dict[str, Any] = self.system.memory.setdefault(meta["job_id"], meta)
        fresh = dict(meta)
        kept.clear()
        kept.update(fresh)
        return kept


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


holds_jobs(_GENERATOR, "list", "list_jobs")

marking(_GENERATOR, "list", "list_jobs")
