"""Sessions that submit wrongly: ids, lists and metas of new jobs, what becomes of them, and of their folders."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from pathlib import Path
from typing import Any, NoReturn

from contract_tests.proof.faulty.tools import Renaming, count, noted
from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

FAULTS = VariantTable()


class _Submitting(Wrapper):
    """Changes what submit_job returns."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Submit, and return something else."""
        return self.returned(super().submit_job(job_definition_path))

    def returned(self, job: str) -> Any:
        """What to return for a new job."""
        return job


class _Reading(Wrapper):
    """Changes what is read of jobs, in metas and in lists alike."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell something else."""
        return self.told(super().get_job_meta(job_id))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell something else of every job."""
        return [self.told(entry) for entry in super().list_jobs(detailed, all)]

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a job."""
        return meta


# --- the id ---------------------------------------------------------------------------------------------------------


@FAULTS.fault("submit.returns-id", "returns nothing")
class SubmitReturnsNone(_Submitting):
    """Forgets the return statement."""

    def returned(self, job: str) -> Any:
        """Return nothing."""


@FAULTS.fault("submit.returns-id", "returns the server's reply instead of the id in it")
class SubmitReturnsReply(_Submitting):
    """Gives a dict."""

    def returned(self, job: str) -> Any:
        """Return a reply."""
        return {"status": "ok", "job_id": job}


@FAULTS.fault("submit.returns-id", "returns a UUID, not its text")
class SubmitReturnsUuid(_Submitting):
    """Gives an object that prints well."""

    def returned(self, job: str) -> Any:
        """Return an object."""
        return uuid.UUID(job)


@FAULTS.fault("submit.returns-id", "returns bytes")
class SubmitReturnsBytes(_Submitting):
    """Hands out what came over the wire."""

    def returned(self, job: str) -> Any:
        """Return bytes."""
        return job.encode()


@FAULTS.fault("submit.returns-id", "returns a number from the eleventh job on")
class SubmitReturnsNumberLater(_Submitting):
    """Changes the kind of its ids."""

    def returned(self, job: str) -> Any:
        """Count the later jobs."""
        number = count(self, "submitted")
        return number if number > 10 else job


@FAULTS.fault("submit.returns-id", "returns empty text once something was refused")
class SubmitReturnsEmptyAfterRefusal(_Submitting):
    """Is never the same after an error."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember a refusal."""
        try:
            job = super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["refused"] = True
            raise
        return "" if self.system.memory.get("refused") else job


@FAULTS.fault("submit.returns-id", "returns nothing to every user but the first")
class SubmitReturnsNoneToOthers(_Submitting):
    """Returns the id on one of two ways only."""

    def returned(self, job: str) -> Any:
        """Serve the first user."""
        return job if self.user == self.system.users[0] else None


@FAULTS.fault("submit.returns-id", "returns None for the second submission of a folder")
class SubmitReturnsNoneForKnown(_Submitting):
    """Thinks that a known folder needs no answer."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Answer once."""
        job = super().submit_job(job_definition_path)
        known = noted(self, "paths")
        known.append(job_definition_path)
        return job if known.count(job_definition_path) == 1 else None


@FAULTS.fault("submit.new-id", "returns the first job's id for every submission of a folder")
class SameFolderSameId(_Submitting):
    """Remembers ids by path."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember the id."""
        job = super().submit_job(job_definition_path)
        return self.system.memory.setdefault(("path", job_definition_path), job)


@FAULTS.fault("submit.new-id", "makes ids of the second they are made in")
class IdOfTheSecond(Renaming):
    """Two jobs of one second share an id."""

    def rename(self, real: str) -> str:
        """Tell the time."""
        return f"job-{self.system.server.clock.time():.0f}"


@FAULTS.fault("submit.new-id", "counts ids anew in every session")
class IdsCountedPerSession(Renaming):
    """Keeps its counter in the session."""

    made = 0

    def rename(self, real: str) -> str:
        """Count in this session."""
        self.made += 1
        return f"job-{self.made}"


@FAULTS.fault("submit.new-id", "counts ids anew for every user")
class IdsCountedPerUser(Renaming):
    """Keeps its counter by user."""

    def rename(self, real: str) -> str:
        """Count for this user."""
        return f"job-{count(self, self.user)}"


@FAULTS.fault("submit.new-id", "numbers a job by how many there are, so a deleted job's id comes again")
class IdsReusedAfterDelete(Renaming):
    """Has one id too few after a deletion."""

    def rename(self, real: str) -> str:
        """Count what is there."""
        return f"job-{len(self.inner.list_jobs(False, True))}"


@FAULTS.fault("submit.new-id", "has ids of one hexadecimal digit")
class IdsRunOut(Renaming):
    """Starts over after ten jobs."""

    def rename(self, real: str) -> str:
        """Wrap round."""
        return f"job-{count(self, 'made') % 10}"


@FAULTS.fault("submit.new-id", "gives an aborted job's id to the next job")
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


@FAULTS.fault("submit.new-id", "makes ids of the job's name and a count of its own session's jobs of that name")
class IdsByName(Renaming):
    """Unique within a name only, and drops the name when it is long."""

    def rename(self, real: str) -> str:
        """Count within the name."""
        name = self.inner.get_job_meta(real)["name"]
        return f"job-{count(self, name)}"


# --- the list and the meta ------------------------------------------------------------------------------------------


class _Hiding(Wrapper):
    """Leaves jobs out of lists."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Leave some out."""
        return [job for job in super().list_jobs(detailed, all) if not self.hidden(job["job_id"], detailed, all)]

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Whether a job is left out."""
        return False


class _HidingNew(_Hiding):
    """Knows the jobs that were submitted, in order."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the job."""
        job = super().submit_job(job_definition_path)
        noted(self, "new").append(job)
        return job

    def new(self, job: str) -> bool:
        """Whether it is the last one submitted."""
        return noted(self, "new")[-1:] == [job]


@FAULTS.fault("submit.listed", "lists a job only when the next one was submitted")
class ListsAllButNewest(_HidingNew):
    """Is one behind."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest."""
        return self.new(job)


@FAULTS.fault("submit.listed", "does not list the newest job in detail")
class ListsAllButNewestInDetail(_HidingNew):
    """Is one behind in one of its two lists."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest from one list."""
        return detailed and self.new(job)


@FAULTS.fault("submit.listed", "does not list the newest job for everyone")
class ListsAllButNewestForAll(_HidingNew):
    """Is one behind in one of its two lists."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide the newest from one list."""
        return everyone and self.new(job)


@FAULTS.fault("submit.listed", "never lists the eleventh job")
class ListsAllButEleventh(_HidingNew):
    """Has a hole in its table."""

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide one."""
        return noted(self, "new")[10:11] == [job]


@FAULTS.fault("submit.listed", "does not list the job submitted after a deletion")
class ListsNoneAfterDeletion(_Hiding):
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


@FAULTS.fault("submit.listed", "keeps a list per session until that session changes something")
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


@FAULTS.fault("submit.listed", "lists no job that came after a refused one")
class ListsNothingAfterRefusal(_Hiding):
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


@FAULTS.fault("submit.meta", "knows a job's meta only once the job was listed")
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


@FAULTS.fault("submit.meta", "knows a job's meta only in the session that submitted it")
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


@FAULTS.fault("submit.meta", "knows the metas of the last ten jobs")
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


@FAULTS.fault("submit.meta", "fails to read the meta of a job that came after a deleted one")
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


# --- its life -------------------------------------------------------------------------------------------------------


@FAULTS.fault("submit.not-done", "tells of a new job that it is done until it was looked at")
class DoneUntilLookedAt(_Reading):
    """Has another status at first."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Spoil the first look."""
        first = count(self, meta["job_id"]) == 1
        return {**meta, "status": "FINISHED:COMPLETED"} if first else meta


@FAULTS.fault("submit.not-done", "gives a job the end of an earlier job of the same folder")
class DoneAsBefore(_Reading):
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


@FAULTS.fault("submit.not-done", "begins with the status FINISHED:NONE")
class DoneBeforeBegun(_Reading):
    """Has an unlucky name for the first status."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Rename a status."""
        return {**meta, "status": "FINISHED:NONE"} if meta["status"] == "SUBMITTED" else meta


@FAULTS.fault("submit.not-done", "aborts the job that is submitted after an abort")
class AbortsNextToo(_Submitting):
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


@FAULTS.fault("submit.not-done", "aborts every eleventh job")
class AbortsEleventh(_Submitting):
    """Has room for ten."""

    def returned(self, job: str) -> Any:
        """Abort what does not fit."""
        if count(self, "submitted") == 11:
            self.inner.abort_job(job)
        return job


class _RunsNot(_Submitting):
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


@FAULTS.fault("submit.runs", "never runs a job")
class RunsNothing(_RunsNot):
    """Has no scheduler."""


@FAULTS.fault("submit.runs", "runs one job only")
class RunsOneOnly(_RunsNot):
    """Its scheduler stops after the first job."""

    def stuck(self) -> bool:
        """Run the first."""
        return count(self, "submitted") > 1


@FAULTS.fault("submit.runs", "runs jobs of the first user only")
class RunsForFirstUser(_RunsNot):
    """Does not look at the others' jobs."""

    def stuck(self) -> bool:
        """Serve one user."""
        return self.user != self.system.users[0]


@FAULTS.fault("submit.runs", "runs nothing more once a job was deleted")
class RunsNothingAfterDeletion(_RunsNot):
    """Its scheduler trips over a deleted job."""

    def delete_job(self, job_id: str) -> Any:
        """Trip."""
        self.system.memory["tripped"] = True
        return super().delete_job(job_id)

    def stuck(self) -> bool:
        """Stay down."""
        return bool(self.system.memory.get("tripped"))


@FAULTS.fault("submit.runs", "ends jobs that run for more than ten minutes")
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


@FAULTS.fault("submit.runs", "runs nothing more for a while after an error")
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


# --- the folder -----------------------------------------------------------------------------------------------------


class _Remembering(Wrapper):
    """Remembers the folder of every job."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the folder."""
        job = super().submit_job(job_definition_path)
        self.system.memory[("folder", job)] = job_definition_path
        return job

    def clone_job(self, job_id: str) -> str:
        """Remember it for the clone."""
        clone = super().clone_job(job_id)
        self.system.memory[("folder", clone)] = self.folder(job_id)
        return clone

    def folder(self, job: str) -> str:
        """The folder of a job."""
        return str(self.system.memory.get(("folder", job), ""))


@FAULTS.fault("submit.copy", "reads a job's name from its folder every time")
class NameReadAgain(_Remembering):
    """Never copied the meta."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look into the folder."""
        meta = super().get_job_meta(job_id)
        try:
            text = Path(self.folder(job_id), "meta.json").read_text(encoding="utf-8")
        except OSError:
            return meta
        return {**meta, "name": json.loads(text).get("name")}


@FAULTS.fault("submit.copy", "submits the folder again to clone a job")
class ClonesFromFolder(_Remembering):
    """Never copied the app."""

    def clone_job(self, job_id: str) -> str:
        """Submit once more."""
        self.inner.get_job_meta(job_id)
        return self.submit_job(self.folder(job_id))


@FAULTS.fault("submit.copy", "loses a job whose folder is gone")
class LosesJobWithFolder(_Remembering):
    """Is a view on the folder."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look for the folder."""
        meta = super().get_job_meta(job_id)
        if self.folder(job_id) and not os.path.isdir(self.folder(job_id)):
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@FAULTS.fault("submit.copy", "reads the app when the job is about to run")
class AppReadLate(_Remembering):
    """Copied the meta only."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Abort a job whose app is gone before it ran."""
        meta = super().get_job_meta(job_id)
        folder = self.folder(job_id)
        if folder and meta["status"] in ("SUBMITTED", "DISPATCHED") and not Path(folder, "app").is_dir():
            self.inner.abort_job(job_id)
        return meta


@FAULTS.fault("submit.copy", "keeps clones by reference to the folder")
class ClonesKeepFolder(_Remembering):
    """Copies on submission, but not on cloning."""

    def clone_job(self, job_id: str) -> str:
        """Know which job is a clone."""
        clone = super().clone_job(job_id)
        noted(self, "clones").append(clone)
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look into the folder of a clone."""
        meta = super().get_job_meta(job_id)
        if job_id in noted(self, "clones") and not Path(self.folder(job_id), "app").is_dir():
            return {**meta, "name": ""}
        return meta


@FAULTS.fault("submit.folder-untouched", "leaves a signature in the submitted folder, as secure systems of NVFLARE do")
class SignsFolder(Wrapper):
    """Signs in place."""

    def submit_job(self, job_definition_path: str) -> str:
        """Leave a file."""
        job = super().submit_job(job_definition_path)
        Path(job_definition_path, ".__nvfl_sig.json").write_text("{}", encoding="utf-8")
        return job


@FAULTS.fault("submit.folder-untouched", "writes the job's id into its meta.json")
class StampsMeta(Wrapper):
    """Keeps its books in the user's file."""

    def submit_job(self, job_definition_path: str) -> str:
        """Edit a file."""
        job = super().submit_job(job_definition_path)
        path = Path(job_definition_path, "meta.json")
        path.write_text(json.dumps({**json.loads(path.read_bytes()), "job_id": job}), encoding="utf-8")
        return job


@FAULTS.fault("submit.folder-untouched", "writes meta.json anew, with what it held before")
class RewritesMeta(Wrapper):
    """Changes no byte, but the file."""

    def submit_job(self, job_definition_path: str) -> str:
        """Write a file."""
        job = super().submit_job(job_definition_path)
        path = Path(job_definition_path, "meta.json")
        path.write_bytes(path.read_bytes())
        return job


@FAULTS.fault("submit.folder-untouched", "makes the submitted folder read-only")
class ProtectsFolder(Wrapper):
    """Does not want the user to change it."""

    def submit_job(self, job_definition_path: str) -> str:
        """Change modes."""
        job = super().submit_job(job_definition_path)
        Path(job_definition_path, "meta.json").chmod(0o444)
        return job


@FAULTS.fault("submit.folder-untouched", "removes a folder that was submitted a second time")
class MovesFolder(_Remembering):
    """Tidies up what it knows already."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remove it the second time."""
        job = super().submit_job(job_definition_path)
        if count(self, job_definition_path) == 2:
            shutil.rmtree(job_definition_path)
        return job


@FAULTS.fault("submit.folder-untouched", "puts the result into the submitted folder when it is downloaded")
class ResultIntoFolder(_Remembering):
    """Takes the folder for a workspace."""

    def download_job_result(self, job_id: str) -> str:
        """Write beside the app."""
        path = super().download_job_result(job_id)
        if os.path.isdir(self.folder(job_id)):
            Path(self.folder(job_id), "result.txt").write_text(path, encoding="utf-8")
        return path


@FAULTS.fault("submit.folder-untouched", "removes the app from the submitted folder when the job is deleted")
class DeletesFolderToo(_Remembering):
    """Takes the folder for the server's own."""

    def delete_job(self, job_id: str) -> Any:
        """Remove more than the job."""
        result = super().delete_job(job_id)
        shutil.rmtree(Path(self.folder(job_id), "app"), ignore_errors=True)
        return result


@FAULTS.fault("submit.folder-untouched", "notes in a refused folder why it was refused")
class ExplainsRefusal(Wrapper):
    """Means well."""

    def submit_job(self, job_definition_path: str) -> str:
        """Leave a note."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition as error:
            if os.path.isfile(os.path.join(str(job_definition_path), "meta.json")):
                Path(job_definition_path, "errors.txt").write_text(str(error), encoding="utf-8")
            raise


# --- whose it is, and since when ------------------------------------------------------------------------------------


@FAULTS.fault("submit.owner", "calls the first user the submitter of everything")
class OwnerIsFirstUser(_Reading):
    """Has one login for all."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name one user."""
        return {**meta, "submitter_name": self.system.users[0]}


@FAULTS.fault("submit.owner", "calls whoever reads the meta the submitter")
class OwnerIsReader(_Reading):
    """Mixes up who asks and who asked."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name the reader."""
        return {**meta, "submitter_name": self.user}


@FAULTS.fault("submit.owner", "calls the user of the last session opened the submitter of new jobs")
class OwnerIsLastLogin(_Reading):
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


@FAULTS.fault("submit.owner", "gives all jobs to whoever submitted last")
class OwnerIsLastSubmitter(_Reading):
    """Shares one record between the jobs."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the submitter."""
        self.system.memory["last"] = self.user
        return super().submit_job(job_definition_path)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Name the last one."""
        return {**meta, "submitter_name": self.system.memory.get("last", self.user)}


@FAULTS.fault("submit.owner", "names the role in place of the user from the third job on")
class OwnerIsRoleLater(_Reading):
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


@FAULTS.fault("submit.time", "dates jobs by the machine's clock, not the server's")
class TimeOfMachine(_Dating):
    """Looks at the wrong clock."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the wall clock's time."""
        return time.time()  # noqa: TID251


@FAULTS.fault("submit.time", "tells the submit time as text")
class TimeAsText(_Dating):
    """Gives another type."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell it in words."""
        return meta.get("submit_time_iso", "")


@FAULTS.fault("submit.time", "tells the submit time in milliseconds")
class TimeInMilliseconds(_Dating):
    """Has another unit."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell a thousand times as much."""
        return meta["submit_time"] * 1000


@FAULTS.fault("submit.time", "tells the time of reading as the submit time")
class TimeOfReading(_Dating):
    """Makes it up when asked."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the present."""
        return self.now()


@FAULTS.fault("submit.time", "dates a job by the opening of its session")
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


@FAULTS.fault("submit.time", "dates a job anew when it is done")
class TimeOfEnd(_Dating):
    """Overwrites the time with the last change."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell the time the end was first seen."""
        if not meta["status"].startswith("FINISHED"):
            return meta["submit_time"]
        return self.system.memory.setdefault(("end", meta["job_id"]), self.now())


@FAULTS.fault("submit.time", "is an hour off, as it mixes local time and Greenwich time")
class TimeAnHourOff(_Dating):
    """Converts once too often."""

    def dated(self, meta: dict[str, Any]) -> Any:
        """Tell an hour more."""
        return meta["submit_time"] + 3600


@FAULTS.fault("submit.time", "dates every job of a folder like the first one")
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


# --- several threads ------------------------------------------------------------------------------------------------


def _switch() -> None:
    """Let another thread in."""
    time.sleep(0.002)  # noqa: TID251


@FAULTS.fault("submit.concurrent", "counts ids in two steps, so two threads can take the same one")
class IdsCountedInTwoSteps(Renaming):
    """Reads, and writes later."""

    def rename(self, real: str) -> str:
        """Count without a lock."""
        number = self.system.memory.get("number", 0) + 1
        _switch()
        self.system.memory["number"] = number
        return f"job-{number}"


@FAULTS.fault("submit.concurrent", "keeps the list of jobs in two steps, so that one of two can be lost")
class ListKeptInTwoSteps(_Hiding):
    """Loses updates."""

    def submit_job(self, job_definition_path: str) -> str:
        """Copy, add, and store."""
        job = super().submit_job(job_definition_path)
        known = [*self.system.memory.get("known", ()), job]
        _switch()
        self.system.memory["known"] = known
        return job

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide what was lost."""
        return job not in self.system.memory.get("known", ())


@FAULTS.fault("submit.concurrent", "keeps the last reply in the session, so that threads get each other's")
class ReplyKeptInSession(Wrapper):
    """Has room for one reply."""

    reply = ""

    def submit_job(self, job_definition_path: str) -> str:
        """Store the reply, and read it later."""
        self.reply = super().submit_job(job_definition_path)
        _switch()
        return self.reply


@FAULTS.fault("submit.concurrent", "refuses a submission while another is under way")
class BusyWhileSubmitting(Wrapper):
    """Raises where it should wait."""

    def submit_job(self, job_definition_path: str) -> str:
        """Take one at a time."""
        if self.system.memory.get("busy"):
            self._busy()
        self.system.memory["busy"] = True
        try:
            _switch()
            return super().submit_job(job_definition_path)
        finally:
            self.system.memory["busy"] = False

    def _busy(self) -> NoReturn:
        raise InvalidJobDefinition("another submission is under way")


@FAULTS.fault("submit.concurrent", "keeps the login of the last caller, so that users get each other's jobs")
class LoginSharedByThreads(Wrapper):
    """Has one connection for all users."""

    def submit_job(self, job_definition_path: str) -> str:
        """Log in, and submit later."""
        self.system.memory["session"] = self.inner
        _switch()
        return str(self.system.memory["session"].submit_job(job_definition_path))
