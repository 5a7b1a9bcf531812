"""Sessions that go wrong when several threads call them at once."""

from __future__ import annotations

import threading
from typing import Any

from contract_tests.mutants.toolkit.ending_jobs import OneAtATime
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InternalError

MUTANTS = VariantTable()


def _pause() -> None:
    """Let other threads run, long enough to meet."""
    threading.Event().wait(0.001)


@MUTANTS.mutant("life.concurrent", "loses a deletion when two come at once")
class LosesDeletions(Wrapper):
    """Reads, changes and writes back a set of deleted jobs."""

    def delete_job(self, job_id: str) -> Any:
        """Note it, for others to hide it."""
        self.inner.get_job_meta(job_id)
        deleted = set(self.system.memory.get("deleted", ()))
        _pause()
        self.system.memory["deleted"] = deleted | {job_id}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without what is noted."""
        deleted = self.system.memory.get("deleted", ())
        return [job for job in super().list_jobs(detailed, all) if job["job_id"] not in deleted]


@MUTANTS.mutant("life.concurrent", "loses a clone in lists when two come at once")
class LosesClones(Wrapper):
    """Reads, changes and writes back a list of clones; clones that are not in it are not told."""

    def clone_job(self, job_id: str) -> str:
        """Note it."""
        clone = super().clone_job(job_id)
        clones = list(self.system.memory.get("clones", ()))
        _pause()
        self.system.memory["clones"] = [*clones, clone]
        return clone

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without clones that were lost."""
        clones = self.system.memory.get("clones", ())
        real = {view.job_id: view.cloned_from for view in self.system.server.jobs}
        return [job for job in super().list_jobs(detailed, all) if not real[job["job_id"]] or job["job_id"] in clones]


@MUTANTS.mutant("life.concurrent", "aborts the job another thread has asked for")
class AbortsWhatCameLast(Wrapper):
    """Keeps the job in a place that all sessions share."""

    def abort_job(self, job_id: str) -> Any:
        """The one that is kept."""
        self.inner.get_job_meta(job_id)
        self.system.memory["job"] = job_id
        _pause()
        return super().abort_job(self.system.memory["job"])


@MUTANTS.mutant("life.concurrent", "deletes what another thread of the same session has asked for")
class OneDeletionASession(Wrapper):
    """Keeps the job on the session."""

    job = ""

    def delete_job(self, job_id: str) -> Any:
        """The one that is kept."""
        self.inner.get_job_meta(job_id)
        self.job = job_id
        _pause()
        return super().delete_job(self.job)


@MUTANTS.mutant("life.concurrent", "refuses a call while another is under way")
class OneCallAtATime(Wrapper):
    """Has a flag instead of a lock."""

    def _alone(self, method: str, job_id: str) -> Any:
        if self.system.memory.get("busy"):
            raise InternalError("busy")
        self.system.memory["busy"] = True
        try:
            _pause()
            return getattr(Wrapper, method)(self, job_id)
        finally:
            self.system.memory["busy"] = False

    def abort_job(self, job_id: str) -> Any:
        """Alone."""
        return self._alone("abort_job", job_id)

    def clone_job(self, job_id: str) -> str:
        """Alone."""
        return self._alone("clone_job", job_id)  # type: ignore[no-any-return]


@MUTANTS.mutant("life.concurrent", "gives two threads that clone in one session the same id")
class OneCloneASession(Wrapper):
    """Keeps the new id on the session."""

    clone = ""

    def clone_job(self, job_id: str) -> str:
        """The one that is kept."""
        self.clone = super().clone_job(job_id)
        _pause()
        return self.clone


@MUTANTS.mutant("life.concurrent", "reads the meta of the job another thread has asked for")
class OneMetaASession(Wrapper):
    """Keeps the answer on the session."""

    answer: Any = None

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """The one that is kept."""
        self.answer = super().get_job_meta(job_id)
        _pause()
        return dict(self.answer)


@MUTANTS.mutant("life.concurrent", "drops every abort that meets another one")
class DropsAborts(Wrapper):
    """Thinks that the other call will do."""

    def abort_job(self, job_id: str) -> Any:
        """Only when nobody else is at it."""
        self.inner.get_job_meta(job_id)
        if self.system.memory.get("aborting"):
            return None
        self.system.memory["aborting"] = True
        try:
            _pause()
            return super().abort_job(job_id)
        finally:
            self.system.memory["aborting"] = False


@MUTANTS.mutant("life.concurrent", "drops the deletion of a running job while it waits for another one to stop")
class OneDeletionAtATime(OneAtATime):
    """Has room for one."""

    def delete_job(self, job_id: str) -> Any:
        """Delete one."""
        return self.one_at_a_time("delete_job", job_id)
