"""Sessions that go wrong only after a certain sequence of calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract_tests.mutants.toolkit.folders import KeepsFolders
from contract_tests.mutants.toolkit.new_jobs import Renaming
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import JobNotFound, MonitorReturnCode, SystemInfo

MUTANTS = VariantTable()


@MUTANTS.mutant("life.model", "forgets a job in lists after the clone of an aborted job")
class CloneOfAbortedHidesFirst(Wrapper):
    """Loses the first entry."""

    def clone_job(self, job_id: str) -> str:
        """Note the clone of an aborted job."""
        if self.inner.get_job_meta(job_id)["status"] == "FINISHED:ABORTED":
            self.system.memory["hide"] = True
        return super().clone_job(job_id)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without the first."""
        jobs = super().list_jobs(detailed, all)
        return jobs[1:] if self.system.memory.get("hide") else jobs


@MUTANTS.mutant("life.model", "gives the id of a deleted job to the next one")
class ReusesIds(Renaming):
    """Fills gaps."""

    def delete_job(self, job_id: str) -> Any:
        """Note the id."""
        answer = super().delete_job(job_id)
        self._names.pop(job_id, None)
        noted(self, "free").append(job_id)
        return answer

    def rename(self, real: str) -> str:
        """A free id, if there is one."""
        free = noted(self, "free")
        return free.pop() if free else super().rename(real)


@MUTANTS.mutant("life.model", "shows a deleted job in the lists of sessions that are opened afterwards")
class DeletedComesBack(Wrapper):
    """Reads an old snapshot at the start."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.ghosts = list(noted(self, "deleted"))

    def delete_job(self, job_id: str) -> Any:
        """Keep the entry."""
        entry = next((job for job in self.inner.list_jobs(False, True) if job["job_id"] == job_id), None)
        answer = super().delete_job(job_id)
        if entry is not None:
            noted(self, "deleted").append(entry)
        return answer

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the ghosts."""
        return [*super().list_jobs(detailed, all), *([] if detailed else self.ghosts)]


@MUTANTS.mutant("life.model", "tells a list from memory until the session itself does something")
class ListFromMemory(Wrapper):
    """Clears its memory only for its own calls."""

    known: dict[Any, Any]

    def _forget(self) -> None:
        self.known = {}

    def submit_job(self, job_definition_path: str) -> str:
        """Forget."""
        self._forget()
        return super().submit_job(job_definition_path)

    def clone_job(self, job_id: str) -> str:
        """Forget."""
        self._forget()
        return super().clone_job(job_id)

    def delete_job(self, job_id: str) -> Any:
        """Forget."""
        self._forget()
        return super().delete_job(job_id)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """The list that is remembered."""
        known = self.__dict__.setdefault("known", {})
        if (detailed, all) not in known:
            known[detailed, all] = super().list_jobs(detailed, all)
        return [dict(entry) for entry in known[detailed, all]]


@MUTANTS.mutant("life.model", "submits a clone in the name of the first user")
class ClonesOfFirstUser(Wrapper):
    """Clones with the rights of the administrator."""

    def clone_job(self, job_id: str) -> str:
        """By another session."""
        clone: str = SimulatedSystem.open_session(self.system).clone_job(job_id)
        return clone


@MUTANTS.mutant("life.model", "says that a job is gone when it was aborted twice")
class AbortedTwiceIsGone(Wrapper):
    """Counts down."""

    def abort_job(self, job_id: str) -> Any:
        """Count."""
        answer = super().abort_job(job_id)
        self.system.memory[job_id] = self.system.memory.get(job_id, 0) + 1
        return answer

    def _aborts(self, job_id: Any) -> int:
        return self.system.memory.get(job_id, 0) if isinstance(job_id, str) else 0

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not after two."""
        if self._aborts(job_id) > 1:
            raise JobNotFound(f"no such job: {job_id}")
        return super().get_job_meta(job_id)


@MUTANTS.mutant("life.model", "remembers by job what a monitor returned, also when the job was deleted")
class MonitorsTheDeleted(Wrapper):
    """Asks the server only once about a job that is done."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """The code that is remembered."""
        if str(job_id) in self.system.memory:
            return MonitorReturnCode.JOB_FINISHED
        code = super().monitor_job(job_id, *args, **kwargs)
        if code is MonitorReturnCode.JOB_FINISHED:
            self.system.memory[job_id] = True
        return code


@MUTANTS.mutant("life.model", "shows a user the jobs of everybody after a list with all=True")
class AllSticks(Wrapper):
    """Keeps a flag."""

    seen_all = False

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the flag."""
        self.seen_all = self.seen_all or all
        return super().list_jobs(detailed, self.seen_all)


@MUTANTS.mutant("life.model", "names a job in system info after it was deleted while it ran")
class InfoNamesDeleted(Wrapper):
    """Updates info with the next job that ends."""

    def delete_job(self, job_id: str) -> Any:
        """Keep what info says of a running job."""
        kept = [job for job in self.inner.get_system_info().job_info if job.job_id == job_id]
        answer = super().delete_job(job_id)
        noted(self, "kept").extend(kept)
        return answer

    def get_system_info(self) -> SystemInfo:
        """With what was kept."""
        info = super().get_system_info()
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *noted(self, "kept")])


@MUTANTS.mutant("life.model", "deletes the original, too, when a clone of it is deleted by another session")
class DeleteTakesOriginal(Wrapper):
    """Tidies up behind others."""

    def clone_job(self, job_id: str) -> str:
        """Note who cloned."""
        clone = super().clone_job(job_id)
        self.system.memory[clone] = (job_id, self)
        return clone

    def delete_job(self, job_id: str) -> Any:
        """With the original, when another session cloned it."""
        answer = super().delete_job(job_id)
        original, cloner = self.system.memory.pop(job_id, (None, self))
        if original is not None and cloner is not self:
            try:
                self.inner.delete_job(original)
            except JobNotFound:
                return answer
        return answer


@MUTANTS.mutant("life.model", "gives the meta of a clone for its original when the clone was aborted")
class AbortedCloneStandsForOriginal(Wrapper):
    """Follows the family the wrong way."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the status of an aborted clone."""
        meta = super().get_job_meta(job_id)
        clones = [job for job in self.system.server.jobs if job.cloned_from == job_id]
        aborted = [clone for clone in clones if clone.status == "FINISHED:ABORTED"]
        return {**meta, "status": aborted[0].status} if aborted else meta


@MUTANTS.mutant("life.model", "shows the jobs of a session that was opened anew to no other session")
class LateSessionsAreAlone(Wrapper):
    """Keeps the jobs of the fifth session and later ones apart."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.number = count(self, "sessions")

    def submit_job(self, job_definition_path: str) -> str:
        """Note jobs of later sessions."""
        job = super().submit_job(job_definition_path)
        if self.number > 4:
            self.system.memory[job] = self
        return job

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without those of other late sessions."""
        jobs = super().list_jobs(detailed, all)
        return [job for job in jobs if self.system.memory.get(job["job_id"], self) is self]


@MUTANTS.mutant("life.model", "takes folders of one name for one")
class KeepsByFolderName(KeepsFolders):
    """Keeps definitions by the last part of the path."""

    def key(self, path: Path) -> str:
        """The last part."""
        return path.name
