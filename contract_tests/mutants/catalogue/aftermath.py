"""Sessions in which something goes wrong later, or elsewhere, than where it was caused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Body, Generator, count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())
_MINUTES: Final = 150.0


# --- once there have been many --------------------------------------------------------------------------------------


def _repeating(method: str, number: int) -> Body:
    """A method that makes jobs, and gives one of them the id of the first that it made."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        job = right(self, *args, **kwargs)
        given = noted(self, "given")
        given.append(job)
        return given[0] if len(given) == number else job

    body.__name__ = method
    return body


for _number in (16, 33, 100, 256):
    for _method, _clause, _what in (
        ("submit_job", "submit.new-id", "submission"),
        ("clone_job", "clone.new-id", "clone"),
    ):
        _GENERATE.session(
            f"Repeats{_what.capitalize()}{_number}",
            _clause,
            f"gives {_what} {_number} the id of the first",
            {_method: _repeating(_method, _number)},
        )


class _Refusals(Wrapper):
    """Does something to a job of the caller's after so many refusals."""

    after = 8

    def _handed(self, method: str, argument: str) -> Any:
        try:
            return getattr(self.inner, method)(argument)
        except (JobNotFound, InvalidJobDefinition):
            if count(self, "refused") == self.after:
                self.punish(SimulatedSystem.open_session(self.system, self.user))
            raise

    def punish(self, session: Any) -> None:
        """What is done then."""
        for entry in session.list_jobs():
            if not entry["status"].startswith("FINISHED"):
                session.abort_job(entry["job_id"])
                return


@MUTANTS.mutant("malformed.no-effect", "aborts a job of the caller's at the eighth refusal")
class EighthRefusalAborts(_Refusals):
    """Loses patience with those who ask for jobs that are not there."""

    def get_job_meta(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("get_job_meta", job_id)

    def abort_job(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("abort_job", job_id)

    def delete_job(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("delete_job", job_id)


@MUTANTS.mutant("malformed.no-effect", "aborts a job of the caller's at the eighth submission that is refused")
class EighthRefusedSubmissionAborts(_Refusals):
    """Loses patience with those who submit."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Count refusals."""
        return self._handed("submit_job", job_definition_path)


@MUTANTS.mutant("malformed.no-effect", "deletes the caller's newest job at the twentieth refusal")
class TwentiethRefusalDeletes(EighthRefusalAborts):
    """Loses patience later, and more of it."""

    after = 20

    def punish(self, session: Any) -> None:
        """Delete it."""
        for entry in session.list_jobs()[-1:]:
            session.delete_job(entry["job_id"])


# --- right after something else -------------------------------------------------------------------------------------


@MUTANTS.mutant("submit.listed", "does not list a job that was submitted right after a running one was aborted")
class LosesJobAfterStop(Wrapper):
    """Is still busy with the other one."""

    def abort_job(self, job_id: str) -> Any:
        """Note whether the job ran."""
        ran = any(job.job_id == job_id and job.status == "RUNNING" for job in self.system.server.jobs)
        self.system.memory["stopping"] = ran
        return super().abort_job(job_id)

    def submit_job(self, job_definition_path: str) -> str:
        """Forget it where it comes at once."""
        job = super().submit_job(job_definition_path)
        if self.system.memory.pop("stopping", False):
            noted(self, "hidden").append(job)
        return job

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """All but those."""
        return [entry for entry in super().list_jobs(detailed, all) if entry["job_id"] not in noted(self, "hidden")]


# --- minutes later --------------------------------------------------------------------------------------------------


class _AfterClose(Wrapper):
    """Does something to the jobs of a session minutes after it was closed."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note whose job it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("jobs", []).append(job)
        return job

    def close(self) -> Any:
        """Note when."""
        ended = super().close()
        noted(self, "orphans").extend((self._now() + _MINUTES, job) for job in self.__dict__.pop("jobs", []))
        return ended

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """See what is due first."""
        self._sweep()
        return super().get_job_meta(job_id)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """See what is due first."""
        self._sweep()
        return super().list_jobs(detailed, all)

    def _now(self) -> float:
        return self.system.server.clock.time()

    def _sweep(self) -> None:
        orphans = noted(self, "orphans")
        for due in [orphan for orphan in orphans if orphan[0] <= self._now()]:
            orphans.remove(due)
            self.end(SimulatedSystem.open_session(self.system), due[1])

    def end(self, session: Any, job: str) -> None:
        """What is done to a job, by a session of the first user."""


@MUTANTS.mutant("close.jobs", "aborts the jobs of a closed session minutes after the close")
class AbortsMinutesAfterClose(_AfterClose):
    """Collects what nobody seems to want."""

    def end(self, session: Any, job: str) -> None:
        """Abort it if it is there."""
        with suppress(JobNotFound):
            session.abort_job(job)


@MUTANTS.mutant("close.jobs", "deletes the done jobs of a closed session minutes after the close")
class DeletesMinutesAfterClose(_AfterClose):
    """Tidies up when everybody has left."""

    def end(self, session: Any, job: str) -> None:
        """Delete it if it is there and done."""
        with suppress(JobNotFound):
            if session.get_job_meta(job)["status"].startswith("FINISHED"):
                session.delete_job(job)


# --- to others only -------------------------------------------------------------------------------------------------


def _ghost(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "job_id": "0" * 8 + entry["job_id"][8:]}


class _GhostToOthers(Wrapper):
    """A refused submission leaves a job that the lists of other users show."""

    everyone = True

    def submit_job(self, job_definition_path: str) -> str:
        """Note who was refused."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["refused"] = self.user
            raise

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With a ghost."""
        entries = super().list_jobs(detailed, all)
        shown = self.system.memory.get("refused", self.user) != self.user and all is self.everyone
        return entries + [_ghost(entry) for entry in entries[:1]] if shown else entries


@MUTANTS.mutant("submit.refusal-leaves-nothing", "lists a job of a refused submission to other users, with all=True")
class RefusedListedToOthers(_GhostToOthers):
    """Hides it from the one who was refused."""


@MUTANTS.mutant("submit.refusal-leaves-nothing", "lists a job of a refused submission among those of other users")
class RefusedListedAsOthers(_GhostToOthers):
    """Gives it to somebody else."""

    everyone = False


@MUTANTS.mutant("list.ids", "lists a job that nobody made to the second user")
class GhostForSecondUser(Wrapper):
    """Shows it to one only."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With a ghost."""
        entries = super().list_jobs(detailed, all)
        second = self.user == self.system.users[1]
        return entries + [_ghost(entry) for entry in entries[:1]] if second else entries


# --- once a job was looked at ---------------------------------------------------------------------------------------


@MUTANTS.mutant("list.order", "moves a job whose meta was read to the end of the list")
class ReadComesLast(Wrapper):
    """Lists in the order of the last use."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Count the use."""
        meta = super().get_job_meta(job_id)
        self.system.memory[("used", meta["job_id"])] = count(self, "uses")
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Sort by it."""
        jobs = super().list_jobs(detailed, all)
        return sorted(jobs, key=lambda job: int(self.system.memory.get(("used", job["job_id"]), 0)))
