"""Sessions that name the wrong submitter of a job, or the wrong time of its submission."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Reading, Telling
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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


@MUTANTS.mutant("submit.owner", "names whoever aborted a job last as its submitter")
class OwnedByWhoAborted(Wrapper):
    """Notes the last user."""

    def abort_job(self, job_id: str) -> Any:
        """Note it."""
        answer = super().abort_job(job_id)
        self.system.memory[job_id] = self.user
        return answer

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With whoever it was."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submitter_name": self.system.memory.get(job_id, meta["submitter_name"])}


@MUTANTS.mutant("submit.owner", "lists every job as one of the user who lists")
class ListsAsOwn(Wrapper):
    """Fills in the user."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """As one's own."""
        return [{**entry, "submitter_name": self.user} for entry in super().list_jobs(detailed, all)]


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


def _timed(changed: Callable[[float], float]) -> Callable[..., Any]:
    def told(self: Any, meta: dict[str, Any]) -> Any:
        return {**meta, "submit_time": changed(meta["submit_time"])}

    return told


for _name, _difference, _round in (
    ("CutsSubmitTime", "cuts a fraction of a second off submit_time", lambda seconds: float(int(seconds))),
    ("RoundsSubmitTime", "rounds submit_time to whole seconds", lambda seconds: float(round(seconds))),
):
    _GENERATOR.session(_name, "submit.time", _difference, {"told": _timed(_round)}, base=Telling)
