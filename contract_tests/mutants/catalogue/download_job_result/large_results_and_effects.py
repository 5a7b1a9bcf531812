"""Sessions that fail on large results, or do more than to download."""

from __future__ import annotations

import os
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.results import Downloads
from contract_tests.mutants.toolkit.wrong_answers import holds_jobs, marking
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import InternalError

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("download.oversize", "makes an empty folder for a result that is too large")
class FolderForOversize(Downloads):
    """Promises a folder always."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """An empty folder."""
        if not os.path.isdir(path):
            place = self.scratch() / meta["job_id"]
            place.mkdir(exist_ok=True)
            return str(place)
        return path


@MUTANTS.mutant("download.oversize", "returns empty text for a result that is too large")
class NothingForOversize(Downloads):
    """Drops the location."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty text."""
        return path if os.path.isdir(path) else ""


@MUTANTS.mutant("download.oversize", "raises InternalError for a clone whose result is too large")
class OversizeCloneFails(Downloads):
    """Has no location for clones."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail."""
        if not os.path.isdir(path) and "cloned_from" in meta:
            raise InternalError("result is too large")
        return path


@MUTANTS.mutant("download.oversize", "gives the folder of the last small result for one that is too large")
class LastFolderForOversize(Downloads):
    """Has a variable left over."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The last folder there was."""
        if os.path.isdir(path):
            self.system.memory["last"] = path
        return self.system.memory.get("last", path)


class _Acts(Downloads):
    """Does something to the job it downloads."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Act."""
        self.act(meta)
        return path

    def act(self, meta: dict[str, Any]) -> None:
        """What is done."""


@MUTANTS.mutant("download.no-effect", "deletes a completed job when its result is downloaded")
class DownloadDeletes(_Acts):
    """Takes downloading for collecting."""

    def act(self, meta: dict[str, Any]) -> None:
        """Delete it."""
        if meta["status"] == "FINISHED:COMPLETED":
            self.inner.delete_job(meta["job_id"])


@MUTANTS.mutant("download.no-effect", "aborts a running job when its result is downloaded")
class DownloadAborts(_Acts):
    """Wants the job to be done."""

    def download_job_result(self, job_id: str) -> Any:
        """Abort first."""
        if self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            self.inner.abort_job(job_id)
        return super().download_job_result(job_id)


@MUTANTS.mutant("download.no-effect", "aborts the jobs that wait when it downloads")
class DownloadAbortsWaiting(_Acts):
    """Needs the server for itself."""

    def act(self, meta: dict[str, Any]) -> None:
        """Abort what waits."""
        for job in self.inner.list_jobs():
            if job["status"] == "SUBMITTED" and job["job_id"] != meta["job_id"]:
                self.inner.abort_job(job["job_id"])


@MUTANTS.mutant("download.no-effect", "counts the downloads of a job in its meta")
class CountsDownloads(_Acts):
    """Keeps statistics."""

    def act(self, meta: dict[str, Any]) -> None:
        """Count."""
        count(self, meta["job_id"])

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the number."""
        meta = super().get_job_meta(job_id)
        return {**meta, "downloads": self.system.memory.get(meta["job_id"], 0)}


@MUTANTS.mutant("download.no-effect", "submits a clone once more when its result is downloaded")
class DownloadResubmitsClone(_Acts):
    """Reruns what it serves."""

    def act(self, meta: dict[str, Any]) -> None:
        """Clone a clone."""
        if "cloned_from" in meta:
            self.inner.clone_job(meta["job_id"])


holds_jobs(_GENERATOR, "download", "download_job_result")

marking(_GENERATOR, "download", "download_job_result")
