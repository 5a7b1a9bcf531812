"""Sessions in which submitted jobs live wrongly: their runs, their owners, their times."""

from __future__ import annotations

import time
from typing import Any

from contract_tests.mutants.toolkit.helpers import count, noted
from contract_tests.mutants.toolkit.kinds import Reading, Submitting
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()


# --- its life --------------------------------------------------------------------------------------------------------


@MUTANTS.mutant("submit.not-done", "tells of a new job that it is done until it was looked at")
class DoneUntilLookedAt(Reading):
    """Has another status at first."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Spoil the first look."""
        first = count(self, meta["job_id"]) == 1
        return {**meta, "status": "FINISHED:COMPLETED"} if first else meta


@MUTANTS.mutant("submit.not-done", "gives a job the end of an earlier job of the same folder")
class DoneAsBefore(Reading):
    """Thinks that it has run this before."""

    def submit_job(self, job_definition_path: str) -> str:
        """Look for an earlier job of this folder."""
        job = super().submit_job(job_definition_path)
        jobs = self.system.memory.setdefault(("of", job_definition_path), [])
        if any(self._done(earlier) for earlier in jobs):
            noted(self, "done").append(job)
        jobs.append(job)
        return job

    def _done(self, job: str) -> bool:
        try:
            return str(self.inner.get_job_meta(job)["status"]).startswith("FINISHED")
        except JobNotFound:
            return False

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the earlier end."""
        return {**meta, "status": "FINISHED:COMPLETED"} if meta["job_id"] in noted(self, "done") else meta


@MUTANTS.mutant("submit.not-done", "begins with the status FINISHED:NONE")
class DoneBeforeBegun(Reading):
    """Has an unlucky name for the first status."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Rename a status."""
        return {**meta, "status": "FINISHED:NONE"} if meta["status"] == "SUBMITTED" else meta


@MUTANTS.mutant("submit.not-done", "aborts the job that is submitted after an abort")
class AbortsNextToo(Submitting):
    """Forgets to take back the signal to abort."""

    def abort_job(self, job_id: str) -> Any:
        """Leave the signal."""
        self.system.memory["abort"] = True
        return super().abort_job(job_id)

    def returned(self, job: str) -> Any:
        """Heed it."""
        if self.system.memory.pop("abort", False):
            self.inner.abort_job(job)
        return job


@MUTANTS.mutant("submit.not-done", "aborts every eleventh job")
class AbortsEleventh(Submitting):
    """Has room for ten."""

    def returned(self, job: str) -> Any:
        """Abort what does not fit."""
        if count(self, "submitted") == 11:
            self.inner.abort_job(job)
        return job


class _RunsNot(Submitting):
    """Has jobs that wait for ever: they are told to be SUBMITTED and aborted behind the scenes."""

    def returned(self, job: str) -> Any:
        """Take the job out if it is one of those."""
        if self.stuck():
            self.inner.abort_job(job)
            noted(self, "stuck").append(job)
        return job

    def stuck(self) -> bool:
        """Whether the job that was just submitted is stuck."""
        return True

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell that it waits."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": "SUBMITTED"} if job_id in noted(self, "stuck") else meta


@MUTANTS.mutant("submit.runs", "never runs a job")
class RunsNothing(_RunsNot):
    """Has no scheduler."""


@MUTANTS.mutant("submit.runs", "runs one job only")
class RunsOneOnly(_RunsNot):
    """Its scheduler stops after the first job."""

    def stuck(self) -> bool:
        """Run the first."""
        return count(self, "submitted") > 1


@MUTANTS.mutant("submit.runs", "runs jobs of the first user only")
class RunsForFirstUser(_RunsNot):
    """Does not look at the others' jobs."""

    def stuck(self) -> bool:
        """Serve one user."""
        return self.user != self.system.users[0]


@MUTANTS.mutant("submit.runs", "runs nothing more once a job was deleted")
class RunsNothingAfterDeletion(_RunsNot):
    """Its scheduler trips over a deleted job."""

    def delete_job(self, job_id: str) -> Any:
        """Trip."""
        self.system.memory["tripped"] = True
        return super().delete_job(job_id)

    def stuck(self) -> bool:
        """Stay down."""
        return bool(self.system.memory.get("tripped"))


@MUTANTS.mutant("submit.runs", "ends jobs that run for more than ten minutes")
class RunsTenMinutes(Wrapper):
    """Has a limit that nobody asked for."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Abort what takes too long."""
        meta = super().get_job_meta(job_id)
        now = self.system.server.clock.time()
        since = self.system.memory.setdefault(("running", job_id), now) if meta["status"] == "RUNNING" else now
        if now - since > 600.0:
            self.inner.abort_job(job_id)
        return meta


@MUTANTS.mutant("submit.runs", "runs nothing more for a while after an error")
class RunsNothingAfterRefusal(_RunsNot):
    """Keeps its queue locked."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Lock on a refusal."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["locked"] = True
            raise

    def stuck(self) -> bool:
        """Wait for the lock."""
        return bool(self.system.memory.get("locked"))


# --- whose it is, and since when -------------------------------------------------------------------------------------


@MUTANTS.mutant("submit.owner", "calls the first user the submitter of everything")
class OwnerIsFirstUser(Reading):
    """Has one login for all."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name one user."""
        return {**meta, "submitter_name": self.system.users[0]}


@MUTANTS.mutant("submit.owner", "calls whoever reads the meta the submitter")
class OwnerIsReader(Reading):
    """Mixes up who asks and who asked."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name the reader."""
        return {**meta, "submitter_name": self.user}


@MUTANTS.mutant("submit.owner", "calls the user of the last session opened the submitter of new jobs")
class OwnerIsLastLogin(Reading):
    """Keeps the login in a global."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory["login"] = self.user

    def submit_job(self, job_definition_path: str) -> str:
        """Note the global."""
        job = super().submit_job(job_definition_path)
        self.system.memory[("owner", job)] = self.system.memory["login"]
        return job

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name what was noted."""
        return {**meta, "submitter_name": self.system.memory.get(("owner", meta["job_id"]), self.user)}


@MUTANTS.mutant("submit.owner", "gives all jobs to whoever submitted last")
class OwnerIsLastSubmitter(Reading):
    """Shares one record between the jobs."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the submitter."""
        self.system.memory["last"] = self.user
        return super().submit_job(job_definition_path)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name the last one."""
        return {**meta, "submitter_name": self.system.memory.get("last", self.user)}


@MUTANTS.mutant("submit.owner", "names the role in place of the user from the third job on")
class OwnerIsRoleLater(Reading):
    """Reads another column."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the later jobs."""
        job = super().submit_job(job_definition_path)
        if count(self, "submitted") > 2:
            noted(self, "later").append(job)
        return job

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name a role."""
        return {**meta, "submitter_name": "project_admin"} if meta["job_id"] in noted(self, "later") else meta


class _Dating(Wrapper):
    """Changes the submit_time of metas."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Date it otherwise."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submit_time": self.dated(meta)}

    def dated(self, meta: dict[str, Any]) -> Any:
        """The time to tell."""
        return meta["submit_time"]

    def now(self) -> float:
        """The time on the system's clock."""
        return self.system.server.clock.time()


@MUTANTS.mutant("submit.time", "dates jobs by the machine's clock, not the server's")
class TimeOfMachine(_Dating):
    """Looks at the wrong clock."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the wall clock's time."""
        return time.time()  # noqa: TID251


@MUTANTS.mutant("submit.time", "tells the submit time as text")
class TimeAsText(_Dating):
    """Gives another type."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell it in words."""
        return meta.get("submit_time_iso", "")


@MUTANTS.mutant("submit.time", "tells the submit time in milliseconds")
class TimeInMilliseconds(_Dating):
    """Has another unit."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell a thousand times as much."""
        return meta["submit_time"] * 1000


@MUTANTS.mutant("submit.time", "tells the time of reading as the submit time")
class TimeOfReading(_Dating):
    """Makes it up when asked."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the present."""
        return self.now()


@MUTANTS.mutant("submit.time", "dates a job by the opening of its session")
class TimeOfLogin(_Dating):
    """Looked at the clock too early."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.opened = self.now()

    def submit_job(self, job_definition_path: str) -> str:
        """Date the job."""
        job = super().submit_job(job_definition_path)
        self.system.memory[("date", job)] = self.opened
        return job

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell that date."""
        return self.system.memory.get(("date", meta["job_id"]), meta["submit_time"])


@MUTANTS.mutant("submit.time", "dates a job anew when it is done")
class TimeOfEnd(_Dating):
    """Overwrites the time with the last change."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the time the end was first seen."""
        if not meta["status"].startswith("FINISHED"):
            return meta["submit_time"]
        return self.system.memory.setdefault(("end", meta["job_id"]), self.now())


@MUTANTS.mutant("submit.time", "is an hour off, as it mixes local time and Greenwich time")
class TimeAnHourOff(_Dating):
    """Converts once too often."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell an hour more."""
        return meta["submit_time"] + 3600


@MUTANTS.mutant("submit.time", "dates every job of a folder like the first one")
class TimeOfFirst(_Dating):
    """Remembers metas by folder."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the first time."""
        job = super().submit_job(job_definition_path)
        self.system.memory[("date", job)] = self.system.memory.setdefault(("first", job_definition_path), self.now())
        return job

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the first time."""
        return self.system.memory.get(("date", meta["job_id"]), meta["submit_time"])
