"""Sessions in which reading a meta changes something."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()


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


_DONE: Final = "FINISHED"


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


@MUTANTS.mutant("meta.no-effect", "counts how often a job is read, and marks one that is read often")
class ReadsLeaveAMark(_Acting):
    """Has a counter that moves with every read, and a mark that does not."""

    def act(self, meta: dict[str, Any], reads: int) -> None:
        """Tell both."""
        meta.update({"reads": reads, **({"popular": True} if reads > 6 else {})})


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
