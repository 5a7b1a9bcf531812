"""Sessions that are wrong in one constellation of states, users and relatives, and right in its neighbours."""

from __future__ import annotations

import os
import zipfile
from typing import Any, Final

from contract_tests.mutants.catalogue.delete import Deletes
from contract_tests.mutants.catalogue.life import Retelling
from contract_tests.mutants.catalogue.system_info import Told
from contract_tests.mutants.toolkit.helpers import Body, Generator, noted
from contract_tests.mutants.toolkit.kinds import Cloning, Reading
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, WrappedSystem, Wrapper
from flare_sim.spec import ClientInfo, InternalError, JobInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("submit.owner", "books a job that is submitted in a callback to the submitter of the monitored job")
class OwnerOfTheMonitored(MonitorLoop, Reading):
    """Works on behalf of somebody, while it monitors."""

    behalf = ""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """On behalf of the job's submitter."""
        before, self.behalf = self.behalf, meta["submitter_name"]
        try:
            return super().call(cb, polls, job_id, meta, args, kwargs)
        finally:
            self.behalf = before

    def submit_job(self, job_definition_path: str) -> str:
        """Book it."""
        job = super().submit_job(job_definition_path)
        self.system.memory[job] = self.behalf or self.user
        return job

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """As booked."""
        return {**meta, "submitter_name": self.system.memory.get(meta["job_id"], meta.get("submitter_name"))}


@MUTANTS.mutant("arguments.submit-job", "lets an error of the archive's reader out for a .zip that is none")
class OpensArchives(Wrapper):
    """Looks into archives itself."""

    def submit_job(self, job_definition_path: str) -> str:
        """Look into it."""
        path: Any = job_definition_path
        if isinstance(path, str) and path.endswith(".zip") and os.path.isfile(path):
            self.inner.get_system_info()
            with zipfile.ZipFile(path):
                pass
        return super().submit_job(path)


@MUTANTS.mutant("clone.owner", "books a clone of another's clone to that other")
class OwnerOfCloneOfClone(Cloning):
    """Asks whose the original's original was."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """The other's."""
        original = self.original(meta["job_id"])
        other = original.get("submitter_name") if original.get("job_id") in self.origins else None
        return {**meta, "submitter_name": other or meta.get("submitter_name")}

    def clone_job(self, job_id: str) -> Any:
        """See the original."""
        self.get_job_meta(job_id)
        return super().clone_job(job_id)


@MUTANTS.mutant("list.status-agrees", "lists the dispatched jobs of other users as SUBMITTED")
class OthersDispatched(Wrapper):
    """Shows others no more than they need."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Less."""
        jobs = super().list_jobs(detailed, all)
        for job in jobs:
            meta = self.inner.get_job_meta(job["job_id"])
            if job["status"] == "DISPATCHED" and meta["submitter_name"] != self.user:
                job["status"] = "SUBMITTED"
        return jobs


def _held(method: str) -> Body:
    """A method after which jobs that wait are told to wait for ever."""
    right = getattr(Retelling, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = right(self, *args, **kwargs)
        noted(self, "held").extend(job.job_id for job in self.system.server.jobs if job.status == "SUBMITTED")
        return answer

    body.__name__ = method
    return body


for _part, _method in (("list", "list_jobs"), ("system", "get_system_info"), ("download", "download_job_result")):
    _GENERATE.session(
        f"{_part.capitalize()}HoldsJobs",
        f"{_part}.no-effect",
        f"lets jobs wait for ever that wait when {_method} is called",
        {
            _method: _held(_method),
            "retell": lambda self, job, status: "SUBMITTED" if job in noted(self, "held") else status,
        },
        Retelling,
    )


class _Orphans(Cloning):
    """Knows the clones of a job that is gone."""

    def orphans(self, job_id: str) -> list[str]:
        """The other clones of a clone's original, once that was deleted."""
        original = self.origins.get(job_id)
        gone = original in noted(self, "gone")
        return [clone for clone, its in self.origins.items() if gone and its == original and clone != job_id]

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        noted(self, "gone").append(job_id)
        return super().delete_job(job_id)


@MUTANTS.mutant("abort.others", "aborts all clones of a deleted job when one of them is aborted")
class AbortsOrphans(_Orphans):
    """Knows them by what is no more."""

    def abort_job(self, job_id: str) -> Any:
        """Abort all."""
        for orphan in self.orphans(job_id):
            self.inner.abort_job(orphan)
        return super().abort_job(job_id)


@MUTANTS.mutant("delete.others", "aborts all clones of a deleted job when one of them is deleted")
class DeletesOrphans(_Orphans):
    """Knows them by what is no more."""

    def delete_job(self, job_id: str) -> Any:
        """Abort the others."""
        for orphan in self.orphans(job_id):
            self.inner.abort_job(orphan)
        return super().delete_job(job_id)


@MUTANTS.mutant("delete.done", "can't delete a clone that could not be run, for want of its workspace")
class FailedCloneStays(Deletes):
    """Removes the workspace first."""

    def delete_job(self, job_id: str) -> Any:
        """Look for the workspace."""
        meta = self.meta(job_id)
        if meta["status"] == "FINISHED:FAILED_TO_RUN" and "cloned_from" in meta:
            raise InternalError("there is no workspace")
        return super().delete_job(job_id)


@MUTANTS.mutant("system.only-running-jobs", "goes on naming a job that failed until no other one is executed any more")
class FailedStaysNamed(Told):
    """Cleans up when there is time."""

    def changed(self, info: SystemInfo) -> Any:
        """With those that failed."""
        named = [job.job_id for job in info.job_info]
        seen: dict[str, JobInfo] = self.system.memory.setdefault("seen", {})
        failed = [job.job_id for job in self.system.server.jobs if job.status == "FINISHED:EXECUTION_EXCEPTION"]
        left = [seen[job] for job in failed if job in seen and named]
        seen.update({job.job_id: job for job in info.job_info})
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *left])


@MUTANTS.mutant(
    "system.only-running-jobs", "names a job that it monitors among those that are executed, whatever that does"
)
class NamesTheMonitored(MonitorLoop, Told):
    """Takes its own work for the server's."""

    watched = ""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """Note what is monitored."""
        before, self.watched = self.watched, job_id
        try:
            return super().call(cb, polls, job_id, *rest)
        finally:
            self.watched = before

    def changed(self, info: SystemInfo) -> Any:
        """With it."""
        if self.watched and all(job.job_id != self.watched for job in info.job_info):
            info.job_info.append(JobInfo(self.watched, "app"))
        return info


class _FirstTimes(Told):
    """Tells the first time it saw of clients that came back."""

    def changed(self, info: SystemInfo) -> Any:
        """The first."""
        first: dict[str, float] = self.system.memory.setdefault("first", {})
        back = self.system.memory.get("back", ())
        for client in info.client_info:
            if client.name in back:
                first.setdefault(client.name, client.last_connect_time)
        info.client_info = [
            ClientInfo(client.name, first.get(client.name, client.last_connect_time)) for client in info.client_info
        ]
        return info


@MUTANTS.mutant("system.connect-time-moves", "does not hear of a client any more that dropped out and came back")
class DeafToTheReturned(WrappedSystem):
    """Has closed that line."""

    session = _FirstTimes

    def connect_client(self, name: str) -> None:
        """Note who came."""
        super().connect_client(name)
        self.memory.setdefault("back", []).append(name)
