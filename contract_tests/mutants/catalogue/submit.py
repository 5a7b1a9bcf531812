"""Sessions that submit wrongly: ids, lists and metas of new jobs."""

from __future__ import annotations

import os
import uuid
from typing import Any

from contract_tests.mutants.toolkit.helpers import Renaming, count, noted
from contract_tests.mutants.toolkit.kinds import Hiding, Submitting
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()


# --- the id ----------------------------------------------------------------------------------------------------------


@MUTANTS.mutant("submit.returns-id", "returns nothing")
class SubmitReturnsNone(Submitting):
    """Forgets the return statement."""

    def returned(self, job: str) -> Any:
        """Return nothing."""


@MUTANTS.mutant("submit.returns-id", "returns the server's reply instead of the id in it")
class SubmitReturnsReply(Submitting):
    """Gives a dict."""

    def returned(self, job: str) -> Any:
        """Return a reply."""
        return {"status": "ok", "job_id": job}


@MUTANTS.mutant("submit.returns-id", "returns a UUID, not its text")
class SubmitReturnsUuid(Submitting):
    """Gives an object that prints well."""

    def returned(self, job: str) -> Any:
        """Return an object."""
        return uuid.UUID(job)


@MUTANTS.mutant("submit.returns-id", "returns bytes")
class SubmitReturnsBytes(Submitting):
    """Hands out what came over the wire."""

    def returned(self, job: str) -> Any:
        """Return bytes."""
        return job.encode()


@MUTANTS.mutant("submit.returns-id", "returns a number from the eleventh job on")
class SubmitReturnsNumberLater(Submitting):
    """Changes the kind of its ids."""

    def returned(self, job: str) -> Any:
        """Count the later jobs."""
        number = count(self, "submitted")
        return number if number > 10 else job


@MUTANTS.mutant("submit.returns-id", "returns empty text once something was refused")
class SubmitReturnsEmptyAfterRefusal(Submitting):
    """Is never the same after an error."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember a refusal."""
        try:
            job = super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["refused"] = True
            raise
        return "" if self.system.memory.get("refused") else job


@MUTANTS.mutant("submit.returns-id", "returns nothing to every user but the first")
class SubmitReturnsNoneToOthers(Submitting):
    """Returns the id on one of two ways only."""

    def returned(self, job: str) -> Any:
        """Serve the first user."""
        return job if self.user == self.system.users[0] else None


@MUTANTS.mutant("submit.returns-id", "returns None for the second submission of a folder")
class SubmitReturnsNoneForKnown(Submitting):
    """Thinks that a known folder needs no answer."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Answer once."""
        job = super().submit_job(job_definition_path)
        known = noted(self, "paths")
        known.append(job_definition_path)
        return job if known.count(job_definition_path) == 1 else None


@MUTANTS.mutant("submit.returns-id", "returns None for a path that is not written as it would write it itself")
class SubmitReturnsNoneForUntidy(Submitting):
    """Looks the job up by its folder."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Know tidy paths only."""
        job = super().submit_job(job_definition_path)
        return job if job_definition_path == os.path.realpath(job_definition_path) else None


@MUTANTS.mutant("submit.returns-id", "returns a line with the id and what it is the id of, the third time")
class SubmitReturnsLine(Submitting):
    """Gives what it would print."""

    def returned(self, job: str) -> Any:
        """Return a line."""
        return f"{job}\tcontract-job\n" if count(self, "submitted") == 3 else job


@MUTANTS.mutant("submit.new-id", "returns the first job's id for every submission of a folder")
class SameFolderSameId(Submitting):
    """Remembers ids by path."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember the id."""
        job = super().submit_job(job_definition_path)
        return self.system.memory.setdefault(("path", job_definition_path), job)


@MUTANTS.mutant("submit.new-id", "makes ids of the second they are made in")
class IdOfTheSecond(Renaming):
    """Two jobs of one second share an id."""

    def rename(self, real: str) -> str:
        """Tell the time."""
        return f"job-{self.system.server.clock.time():.0f}"


@MUTANTS.mutant("submit.new-id", "counts ids anew in every session")
class IdsCountedPerSession(Renaming):
    """Keeps its counter in the session."""

    made = 0

    def rename(self, real: str) -> str:
        """Count in this session."""
        self.made += 1
        return f"job-{self.made}"


@MUTANTS.mutant("submit.new-id", "counts ids anew for every user")
class IdsCountedPerUser(Renaming):
    """Keeps its counter by user."""

    def rename(self, real: str) -> str:
        """Count for this user."""
        return f"job-{count(self, self.user)}"


@MUTANTS.mutant("submit.new-id", "numbers a job by how many there are, so a deleted job's id comes again")
class IdsReusedAfterDelete(Renaming):
    """Has one id too few after a deletion."""

    def rename(self, real: str) -> str:
        """Count what is there."""
        return f"job-{len(self.inner.list_jobs(False, True))}"


@MUTANTS.mutant("submit.new-id", "has ids of one hexadecimal digit")
class IdsRunOut(Renaming):
    """Starts over after ten jobs."""

    def rename(self, real: str) -> str:
        """Wrap round."""
        return f"job-{count(self, 'made') % 10}"


@MUTANTS.mutant("submit.new-id", "gives an aborted job's id to the next job")
class IdsReusedAfterAbort(Renaming):
    """Thinks an id is free once its job is aborted."""

    def abort_job(self, job_id: str) -> Any:
        """Remember the id."""
        result = super().abort_job(job_id)
        noted(self, "free").append(job_id)
        return result

    def rename(self, real: str) -> str:
        """Take a free one."""
        free = noted(self, "free")
        return str(free.pop()) if free else super().rename(real)


@MUTANTS.mutant("submit.new-id", "makes ids of the job's name and a count of its own session's jobs of that name")
class IdsByName(Renaming):
    """Unique within a name only, and drops the name when it is long."""

    def rename(self, real: str) -> str:
        """Count within the name."""
        name = self.inner.get_job_meta(real)["name"]
        return f"job-{count(self, name)}"


# --- the list and the meta -------------------------------------------------------------------------------------------


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
