"""Sessions that keep the submitted folder instead of a copy, write into it, or mix up what threads submit."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any, NoReturn

from contract_tests.mutants.toolkit.helpers import Renaming, count, noted
from contract_tests.mutants.toolkit.kinds import Hiding
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()


# --- the folder ------------------------------------------------------------------------------------------------------


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


@MUTANTS.mutant("submit.copy", "reads a job's name from its folder every time")
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


@MUTANTS.mutant("submit.copy", "submits the folder again to clone a job")
class ClonesFromFolder(_Remembering):
    """Never copied the app."""

    def clone_job(self, job_id: str) -> str:
        """Submit once more."""
        self.inner.get_job_meta(job_id)
        return self.submit_job(self.folder(job_id))


@MUTANTS.mutant("submit.copy", "loses a job whose folder is gone")
class LosesJobWithFolder(_Remembering):
    """Is a view on the folder."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look for the folder."""
        meta = super().get_job_meta(job_id)
        if self.folder(job_id) and not os.path.isdir(self.folder(job_id)):
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.copy", "reads the app when the job is about to run")
class AppReadLate(_Remembering):
    """Copied the meta only."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Abort a job whose app is gone before it ran."""
        meta = super().get_job_meta(job_id)
        folder = self.folder(job_id)
        if folder and meta["status"] in ("SUBMITTED", "DISPATCHED") and not Path(folder, "app").is_dir():
            self.inner.abort_job(job_id)
        return meta


@MUTANTS.mutant("submit.copy", "keeps clones by reference to the folder")
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


@MUTANTS.mutant("submit.copy", "puts the apps that are in the folder now into a result")
class ResultWithAppsOfNow(_Remembering):
    """Completes what came back."""

    def download_job_result(self, job_id: str) -> str:
        """Copy the apps that are there."""
        path = super().download_job_result(job_id)
        apps = Path(self.folder(job_id) or path).glob("*/config") if Path(path).is_dir() else ()
        for app in apps:
            shutil.copytree(app.parent, Path(path, "apps", app.parent.name), dirs_exist_ok=True)
        return path


@MUTANTS.mutant("clone.definition", "looks for the clients that a clone must have in the original's folder")
class ClonesClientsOfNow(_Remembering):
    """Reads one key again."""

    def clone_job(self, job_id: str) -> str:
        """Look into the folder."""
        clone = super().clone_job(job_id)
        path = Path(self.folder(clone), "meta.json")
        if self.folder(clone) and path.is_file():
            now = json.loads(path.read_text(encoding="utf-8"))
            self.system.memory[("clients", clone)] = now.get("mandatory_clients", [])
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell them."""
        meta = super().get_job_meta(job_id)
        wanted = self.system.memory.get(("clients", meta["job_id"]), meta.get("mandatory_clients"))
        return {**meta, "mandatory_clients": wanted} if "mandatory_clients" in meta else meta


@MUTANTS.mutant(
    "submit.folder-untouched", "leaves a signature in the submitted folder, as secure systems of NVFLARE do"
)
class SignsFolder(Wrapper):
    """Signs in place."""

    def submit_job(self, job_definition_path: str) -> str:
        """Leave a file."""
        job = super().submit_job(job_definition_path)
        Path(job_definition_path, ".__nvfl_sig.json").write_text("{}", encoding="utf-8")
        return job


@MUTANTS.mutant("submit.folder-untouched", "writes the job's id into its meta.json")
class StampsMeta(Wrapper):
    """Keeps its books in the user's file."""

    def submit_job(self, job_definition_path: str) -> str:
        """Edit a file."""
        job = super().submit_job(job_definition_path)
        path = Path(job_definition_path, "meta.json")
        path.write_text(json.dumps({**json.loads(path.read_bytes()), "job_id": job}), encoding="utf-8")
        return job


@MUTANTS.mutant("submit.folder-untouched", "writes meta.json anew, with what it held before")
class RewritesMeta(Wrapper):
    """Changes no byte, but the file."""

    def submit_job(self, job_definition_path: str) -> str:
        """Write a file."""
        job = super().submit_job(job_definition_path)
        path = Path(job_definition_path, "meta.json")
        path.write_bytes(path.read_bytes())
        return job


@MUTANTS.mutant("submit.folder-untouched", "makes the submitted folder read-only")
class ProtectsFolder(Wrapper):
    """Does not want the user to change it."""

    def submit_job(self, job_definition_path: str) -> str:
        """Change modes."""
        job = super().submit_job(job_definition_path)
        Path(job_definition_path, "meta.json").chmod(0o444)
        return job


@MUTANTS.mutant("submit.folder-untouched", "removes a folder that was submitted a second time")
class MovesFolder(_Remembering):
    """Tidies up what it knows already."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remove it the second time."""
        job = super().submit_job(job_definition_path)
        if count(self, job_definition_path) == 2:
            shutil.rmtree(job_definition_path)
        return job


@MUTANTS.mutant("submit.folder-untouched", "puts the result into the submitted folder when it is downloaded")
class ResultIntoFolder(_Remembering):
    """Takes the folder for a workspace."""

    def download_job_result(self, job_id: str) -> str:
        """Write beside the app."""
        path = super().download_job_result(job_id)
        if os.path.isdir(self.folder(job_id)):
            Path(self.folder(job_id), "result.txt").write_text(path, encoding="utf-8")
        return path


@MUTANTS.mutant("submit.folder-untouched", "removes the app from the submitted folder when the job is deleted")
class DeletesFolderToo(_Remembering):
    """Takes the folder for the server's own."""

    def delete_job(self, job_id: str) -> Any:
        """Remove more than the job."""
        result = super().delete_job(job_id)
        shutil.rmtree(Path(self.folder(job_id), "app"), ignore_errors=True)
        return result


@MUTANTS.mutant("submit.folder-untouched", "notes in a refused folder why it was refused")
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


# --- several threads -------------------------------------------------------------------------------------------------


def _switch() -> None:
    """Let another thread in."""
    time.sleep(0.002)  # noqa: TID251


@MUTANTS.mutant("submit.concurrent", "counts ids in two steps, so two threads can take the same one")
class IdsCountedInTwoSteps(Renaming):
    """Reads, and writes later."""

    def rename(self, real: str) -> str:
        """Count without a lock."""
        number = self.system.memory.get("number", 0) + 1
        _switch()
        self.system.memory["number"] = number
        return f"job-{number}"


@MUTANTS.mutant("submit.concurrent", "keeps the list of jobs in two steps, so that one of two can be lost")
class ListKeptInTwoSteps(Hiding):
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


@MUTANTS.mutant("submit.concurrent", "keeps the last reply in the session, so that threads get each other's")
class ReplyKeptInSession(Wrapper):
    """Has room for one reply."""

    reply = ""

    def submit_job(self, job_definition_path: str) -> str:
        """Store the reply, and read it later."""
        self.reply = super().submit_job(job_definition_path)
        _switch()
        return self.reply


@MUTANTS.mutant("submit.concurrent", "refuses a submission while another is under way")
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


@MUTANTS.mutant("submit.concurrent", "keeps the login of the last caller, so that users get each other's jobs")
class LoginSharedByThreads(Wrapper):
    """Has one connection for all users."""

    def submit_job(self, job_definition_path: str) -> str:
        """Log in, and submit later."""
        self.system.memory["session"] = self.inner
        _switch()
        return str(self.system.memory["session"].submit_job(job_definition_path))
