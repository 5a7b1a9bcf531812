"""Sessions in which a result loses the job's own files, by something else that is done to the job."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from contract_tests.mutants.toolkit.helpers import Downloads, count, noted
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import AuthorizationError, NoConnection

MUTANTS = VariantTable()


class _Emptying(Downloads):
    """Hands out a folder without what the job left there, once the job was emptied."""

    def empty(self, job_id: str) -> None:
        """Forget what the job left."""
        noted(self, "emptied").append(job_id)

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Without it."""
        if meta["job_id"] not in noted(self, "emptied") or not os.path.isdir(path):
            return path
        copy = Path(self.system.server.folder(f"emptied {count(self, 'copies')}"))
        for mark in Path(shutil.copytree(path, copy, dirs_exist_ok=True)).rglob("mark.txt"):
            mark.unlink()
        return str(copy)


@MUTANTS.mutant("denied.no-effect", "throws away what a job left when somebody who may not asks to delete it")
class DeniedDeletionEmpties(_Emptying):
    """Removes files first, and asks later."""

    def delete_job(self, job_id: str) -> Any:
        """Empty what is not deleted."""
        try:
            return super().delete_job(job_id)
        except AuthorizationError:
            self.empty(job_id)
            raise


@MUTANTS.mutant("outage.refused", "throws away what a job left when its deletion is asked for in an outage")
class DeletionInOutageEmpties(_Emptying):
    """Removes files first, and asks later."""

    def delete_job(self, job_id: str) -> Any:
        """Empty what is not deleted."""
        try:
            return super().delete_job(job_id)
        except NoConnection:
            self.empty(job_id)
            raise


@MUTANTS.mutant("abort.done-no-effect", "throws away what a job left when it is aborted once it is done")
class LateAbortEmpties(_Emptying):
    """Cleans up after aborts."""

    def abort_job(self, job_id: str) -> Any:
        """Empty what is done."""
        if self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            self.empty(job_id)
        return super().abort_job(job_id)


@MUTANTS.mutant("close.jobs", "throws away what jobs left when the session is closed that submitted them")
class CloseEmpties(_Emptying):
    """Cleans up behind itself."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember whose job it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("mine", [job])
        return job

    def close(self) -> Any:
        """Empty all that were submitted here; the first is enough."""
        for job in self.__dict__.get("mine", ()):
            self.empty(job)
        return super().close()


@MUTANTS.mutant("clone.original-untouched", "moves what a job left to its clone")
class CloneTakesResult(_Emptying):
    """Does not copy where it can move."""

    def clone_job(self, job_id: str) -> str:
        """Empty the original."""
        clone = super().clone_job(job_id)
        self.empty(job_id)
        return clone


@MUTANTS.mutant("delete.others", "throws away what a job left when a clone of it is deleted")
class ClonesDeletionEmpties(_Emptying):
    """Has one place for both."""

    def clone_job(self, job_id: str) -> str:
        """Remember the original."""
        clone = super().clone_job(job_id)
        self.system.memory[clone] = job_id
        return clone

    def delete_job(self, job_id: str) -> Any:
        """Empty the original."""
        result = super().delete_job(job_id)
        if job_id in self.system.memory:
            self.empty(self.system.memory[job_id])
        return result


@MUTANTS.mutant(
    "download.own-result", "hands out for good what there was when a result was first asked for, done or not"
)
class EarlyResultForGood(_Emptying):
    """Downloads once."""

    def download_job_result(self, job_id: str) -> Any:
        """Empty what is not done."""
        path = super().download_job_result(job_id)
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            self.empty(job_id)
        return path
