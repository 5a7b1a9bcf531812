"""Sessions in which submitted jobs are done at once, or never run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Reading, Submitting
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.system import job_folders, temporary_folders
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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


@MUTANTS.mutant("submit.runs", "gives up every sixth job")
class RunsFiveOfSix(Wrapper):
    """Counts jobs."""

    def submit_job(self, job_definition_path: str) -> str:
        """Abort the sixth."""
        job = super().submit_job(job_definition_path)
        if count(self, "jobs") % 6 == 0:
            self.inner.abort_job(job)
        return job


def _asks_all(meta: dict[str, Any], clients: tuple[str, ...]) -> bool:
    return bool(meta.get("min_clients") == len(clients))


def _names_all(meta: dict[str, Any], clients: tuple[str, ...]) -> bool:
    return sorted(meta.get("mandatory_clients") or ()) == sorted(clients)


_NEVER_ENOUGH: Final = (
    ("AllAreTooFew", "never schedules a job that needs as many clients as there are", _asks_all),
    ("AllByNameAreTooFew", "never schedules a job that names all clients as mandatory", _names_all),
)


def _never(holds: Callable[[dict[str, Any], tuple[str, ...]], bool]) -> Callable[..., str]:
    def submit_job(self: Any, job_definition_path: Any) -> str:
        try:
            meta = json.loads(Path(job_definition_path, "meta.json").read_bytes())
            never = holds(meta, self.system.client_names)
        except (TypeError, ValueError, AttributeError, OSError, RecursionError):
            never = False
        if not never:
            return Wrapper.submit_job(self, job_definition_path)
        copy = Path(shutil.copytree(job_definition_path, temporary_folders.scratch() / "job"))
        meta["min_clients"] = job_folders.NEVER_ENOUGH
        (copy / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return Wrapper.submit_job(self, str(copy))

    return submit_job


for _name, _difference, _holds in _NEVER_ENOUGH:
    _GENERATOR.session(_name, "submit.runs", _difference, {"submit_job": _never(_holds)})
