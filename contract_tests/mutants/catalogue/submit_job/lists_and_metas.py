"""Sessions that do not list new jobs, or know no meta of them."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_answers import Hiding
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()


class _HidingNew(Hiding):
    """Knows the jobs that were submitted, in order."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the job."""
        job = super().submit_job(job_definition_path)
        noted(self, "new").append(job)
        return job

    def new(self, job: str) -> bool:
        """Whether it is the last one submitted."""
        return noted(self, "new")[-1:] == [job]


@MUTANTS.mutant("submit.listed", "lists a job only when the next one was submitted")
class ListsAllButNewest(_HidingNew):
    """Is one behind."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest."""
        return self.new(job)


@MUTANTS.mutant("submit.listed", "does not list the newest job in detail")
class ListsAllButNewestInDetail(_HidingNew):
    """Is one behind in one of its two lists."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest from one list."""
        return detailed and self.new(job)


@MUTANTS.mutant("submit.listed", "does not list the newest job for everyone")
class ListsAllButNewestForAll(_HidingNew):
    """Is one behind in one of its two lists."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest from one list."""
        return everyone and self.new(job)


@MUTANTS.mutant("submit.listed", "never lists the eleventh job")
class ListsAllButEleventh(_HidingNew):
    """Has a hole in its table."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide one."""
        return noted(self, "new")[10:11] == [job]


@MUTANTS.mutant("submit.listed", "does not list the job submitted after a deletion")
class ListsNoneAfterDeletion(Hiding):
    """Puts a new job where the deleted one was, and hides both."""

    def delete_job(self, job_id: str) -> Any:
        """Remember that there is a gap."""
        result = super().delete_job(job_id)
        self.system.memory["gap"] = True
        return result

    def submit_job(self, job_definition_path: str) -> str:
        """Fill the gap."""
        job = super().submit_job(job_definition_path)
        if self.system.memory.pop("gap", False):
            noted(self, "hidden").append(job)
        return job

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide what filled a gap."""
        return job in noted(self, "hidden")


@MUTANTS.mutant("submit.listed", "keeps a list per session until that session changes something")
class ListCachedPerSession(Wrapper):
    """Does not see what other sessions do."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.lists: dict[tuple[bool, bool], list[dict[str, Any]]] = {}

    def submit_job(self, job_definition_path: str) -> str:
        """Forget the lists."""
        self.lists.clear()
        return super().submit_job(job_definition_path)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Remember the list."""
        key = (detailed, all)
        if key not in self.lists:
            self.lists[key] = super().list_jobs(detailed, all)
        return [dict(entry) for entry in self.lists[key]]


@MUTANTS.mutant("submit.listed", "lists no job that came after a refused one")
class ListsNothingAfterRefusal(Hiding):
    """Leaves the refused job's lock in place."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember a refusal for good."""
        try:
            job = super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["locked"] = True
            raise
        if self.system.memory.get("locked"):
            noted(self, "hidden").append(job)
        return job

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide what came after it."""
        return job in noted(self, "hidden")


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


@MUTANTS.mutant("submit.meta", "knows a job's meta only once the job was listed")
class MetaOnlyOnceListed(Wrapper):
    """Looks jobs up in the last list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Learn what there is."""
        jobs = super().list_jobs(detailed, all)
        noted(self, "listed").extend(job["job_id"] for job in jobs)
        return jobs

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Know what was learned."""
        meta = super().get_job_meta(job_id)
        if job_id not in noted(self, "listed"):
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.meta", "knows a job's meta only in the session that submitted it")
class MetaOnlyInOwnSession(Wrapper):
    """Looks jobs up in the session."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.mine: list[str] = []

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the job here."""
        self.mine.append(super().submit_job(job_definition_path))
        return self.mine[-1]

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Know one's own."""
        meta = super().get_job_meta(job_id)
        if job_id not in self.mine:
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.meta", "knows the metas of the last ten jobs")
class MetaOfLastTen(Wrapper):
    """Has a table of ten rows."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the job."""
        job = super().submit_job(job_definition_path)
        noted(self, "jobs").append(job)
        return job

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Know ten."""
        meta = super().get_job_meta(job_id)
        jobs = noted(self, "jobs")
        if job_id in jobs and job_id not in jobs[-10:]:
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.meta", "fails to read the meta of a job that came after a deleted one")
class MetaLostAfterDeletion(MetaOfLastTen.session):  # type: ignore[name-defined, misc]
    """Takes the place of a deleted job in the table for empty."""

    def delete_job(self, job_id: str) -> Any:
        """Leave a gap."""
        result = super().delete_job(job_id)
        self.system.memory["gap"] = True
        return result

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Stop at the gap."""
        meta = self.inner.get_job_meta(job_id)
        if self.system.memory.get("gap") and noted(self, "jobs")[-1:] == [job_id]:
            raise KeyError(job_id)
        return dict(meta)


@MUTANTS.mutant("submit.meta", "knows no meta of a job that was submitted more than an hour ago")
class ForgetsOldMetas(Wrapper):
    """Keeps metas for an hour."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not that of an old one."""
        meta = super().get_job_meta(job_id)
        if self.system.server.clock.time() - meta["submit_time"] > 3_600:
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.meta", "lets nobody read the meta of another user's job")
class MetasAreSecret(Wrapper):
    """Takes users' jobs apart."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """One's own."""
        meta = super().get_job_meta(job_id)
        if meta["submitter_name"] != self.user:
            raise JobNotFound(f"no such job: {job_id}")
        return meta
