"""Sessions that keep the submitted folder instead of a copy, or write into it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.folders import KeepsFolders, RemembersFolders
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("submit.copy", "reads a job's name from its folder every time")
class NameReadAgain(RemembersFolders):
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
class ClonesFromFolder(RemembersFolders):
    """Never copied the app."""

    def clone_job(self, job_id: str) -> str:
        """Submit once more."""
        self.inner.get_job_meta(job_id)
        return self.submit_job(self.folder(job_id))


@MUTANTS.mutant("submit.copy", "loses a job whose folder is gone")
class LosesJobWithFolder(RemembersFolders):
    """Is a view on the folder."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look for the folder."""
        meta = super().get_job_meta(job_id)
        if self.folder(job_id) and not os.path.isdir(self.folder(job_id)):
            raise JobNotFound(f"no such job: {job_id}")
        return meta


@MUTANTS.mutant("submit.copy", "reads the app when the job is about to run")
class AppReadLate(RemembersFolders):
    """Copied the meta only."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Abort a job whose app is gone before it ran."""
        meta = super().get_job_meta(job_id)
        folder = self.folder(job_id)
        if folder and meta["status"] in ("SUBMITTED", "DISPATCHED") and not Path(folder, "app").is_dir():
            self.inner.abort_job(job_id)
        return meta


@MUTANTS.mutant("submit.copy", "keeps clones by reference to the folder")
class ClonesKeepFolder(RemembersFolders):
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
class ResultWithAppsOfNow(RemembersFolders):
    """Completes what came back."""

    def download_job_result(self, job_id: str) -> str:
        """Copy the apps that are there."""
        path = super().download_job_result(job_id)
        apps = Path(self.folder(job_id) or path).glob("*/config") if Path(path).is_dir() else ()
        for app in apps:
            shutil.copytree(app.parent, Path(path, "apps", app.parent.name), dirs_exist_ok=True)
        return path


@MUTANTS.mutant("submit.copy", "submits a folder as it was when it was first submitted")
class SubmitsFirstVersion(KeepsFolders):
    """Keeps definitions by path."""


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
class MovesFolder(RemembersFolders):
    """Tidies up what it knows already."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remove it the second time."""
        job = super().submit_job(job_definition_path)
        if count(self, job_definition_path) == 2:
            shutil.rmtree(job_definition_path)
        return job


@MUTANTS.mutant("submit.folder-untouched", "puts the result into the submitted folder when it is downloaded")
class ResultIntoFolder(RemembersFolders):
    """Takes the folder for a workspace."""

    def download_job_result(self, job_id: str) -> str:
        """Write beside the app."""
        path = super().download_job_result(job_id)
        if os.path.isdir(self.folder(job_id)):
            Path(self.folder(job_id), "result.txt").write_text(path, encoding="utf-8")
        return path


@MUTANTS.mutant("submit.folder-untouched", "removes the app from the submitted folder when the job is deleted")
class DeletesFolderToo(RemembersFolders):
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


class _Writing(Wrapper):
    """Writes into the folder a job was submitted from when something is done with the job."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the folder."""
        job = super().submit_job(job_definition_path)
        self.system.memory[job] = job_definition_path
        return job

    def write(self, job: Any) -> None:
        """Leave a file there."""
        folder = self.system.memory.get(job) if isinstance(job, str) else None
        if folder and Path(folder).is_dir():
            (Path(folder) / ".done").touch()


def _writes_on(method: str) -> Any:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = right(self, *args, **kwargs)
        self.write(next(iter((*args, *kwargs.values())), None))
        return answer

    body.__name__ = method
    return body


for _method in ("clone_job", "get_job_meta", "abort_job", "monitor_job"):
    _GENERATOR.session(
        f"WritesOn{camel(_method)}",
        "submit.folder-untouched",
        f"writes into the submitted folder on {_method}",
        {_method: _writes_on(_method)},
        _Writing,
    )
