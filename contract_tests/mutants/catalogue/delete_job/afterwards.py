"""Sessions in which a method answers for a deleted job, or raises another error than JobNotFound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.ending_jobs import Deletes
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_errors import declare_with_timeout
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidArgumentError, JobNotFound, MonitorReturnCode

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class NotFound(Exception):
    """An exception of this module's own."""


class _RemembersDeleted(Deletes):
    """Keeps the metas of deleted jobs."""

    def then(self, meta: dict[str, Any]) -> None:
        """Keep the meta."""
        noted(self, "deleted").append(meta)

    def remembered(self, job_id: str) -> dict[str, Any] | None:
        """The meta of a deleted job."""
        return next((meta for meta in noted(self, "deleted") if meta["job_id"] == job_id), None)


_ANSWERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "clone_job": lambda meta: f"clone-of-{meta['job_id']}",
    "get_job_meta": dict,
    "download_job_result": lambda meta: "/nowhere",
    "abort_job": lambda meta: None,
    "delete_job": lambda meta: None,
    "monitor_job": lambda meta: MonitorReturnCode.JOB_FINISHED,
}
"""What a method says of a deleted job, by what is remembered of it."""


def _answer_when(name: str, condition: Callable[[Any, dict[str, Any]], bool]) -> Callable[[Any, dict[str, Any]], Any]:
    """Answer only when a condition on session and meta holds."""

    def act(self: Any, meta: dict[str, Any]) -> Any:
        if condition(self, meta):
            return _ANSWERS[name](meta)
        raise JobNotFound(f"no such job: {meta['job_id']}")

    return act


def _fail(error: type[Exception]) -> Callable[[Any, dict[str, Any]], Any]:
    def act(self: Any, meta: dict[str, Any]) -> Any:
        raise error(f"job {meta['job_id']} was deleted")

    return act


def _of_deleted(name: str, act: Callable[[Any, dict[str, Any]], Any]) -> Callable[..., Any]:
    """A method that does something else for a deleted job."""

    def method(self: Any, job_id: Any, *args: Any, **kwargs: Any) -> Any:
        meta = self.remembered(job_id) if isinstance(job_id, str) else None
        if meta is None:
            return getattr(super(type(self), self), name)(job_id, *args, **kwargs)
        return act(self, meta)

    return method


def _declare(name: str) -> None:
    clause = f"delete.then.{name.replace('_', '-')}"
    called = camel(name)
    always = _answer_when(name, lambda self, meta: True)
    kinds: dict[str, tuple[str, Callable[[Any, dict[str, Any]], Any]]] = {
        "AnswersForDeleted": (f"{name} answers for a deleted job", always),
        "RaisesOwnForDeleted": (f"{name} of a deleted job raises an exception of its own", _fail(NotFound)),
        "RaisesArgumentForDeleted": (
            f"{name} of a deleted job raises another of the interface",
            _fail(InvalidArgumentError),
        ),
        "AnswersForDeletedClone": (
            f"{name} answers for a deleted clone",
            _answer_when(name, lambda self, meta: "cloned_from" in meta),
        ),
        "AnswersForEleventhDeleted": (
            f"{name} answers for the eleventh job that was deleted",
            _answer_when(name, lambda self, meta: noted(self, "deleted").index(meta) == 10),
        ),
        "AnswersForKilledDeleted": (
            f"{name} answers for a deleted job that had been killed",
            _answer_when(name, lambda self, meta: meta["status"] == "FINISHED:ABNORMAL"),
        ),
        "AnswersForLastDeleted": (
            f"{name} answers for the job deleted last, until the next one is submitted",
            _answer_when(name, lambda self, meta: len(self.inner.list_jobs()) == 0),
        ),
    }
    for kind, (difference, act) in kinds.items():
        _GENERATOR.session(f"{called}{kind}", clause, difference, {name: _of_deleted(name, act)}, _RemembersDeleted)


for _name in JOB_METHODS:
    _declare(_name)


@MUTANTS.mutant("delete.then.clone-job", "clones a deleted job from its clone")
class ClonesFromClone(Deletes):
    """Looks for the definition wherever it may be."""

    def clone_job(self, job_id: str) -> str:
        """Clone a clone of it."""
        try:
            return super().clone_job(job_id)
        except JobNotFound:
            for other in self.inner.list_jobs(True, True):
                if other.get("cloned_from") == job_id:
                    return super().clone_job(other["job_id"])
            raise


@MUTANTS.mutant("delete.then.clone-job", "clones a job that another session has deleted from the folder it was made of")
class ClonesDeletedFromFolder(Wrapper):
    """Knows the folder."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember it."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("_folders", {})[job] = job_definition_path
        return job

    def delete_job(self, job_id: str) -> Any:
        """Forget it."""
        result = super().delete_job(job_id)
        self.__dict__.get("_folders", {}).pop(job_id, None)
        return result

    def clone_job(self, job_id: str) -> str:
        """Submit the folder again."""
        try:
            return super().clone_job(job_id)
        except JobNotFound:
            folder = self.__dict__.get("_folders", {}).get(str(job_id))
            if folder is None:
                raise
            return str(self.inner.submit_job(folder))


@MUTANTS.mutant("delete.then.get-job-meta", "serves the meta of a deleted job to sessions that have read it before")
class ServesCachedMeta(Deletes):
    """Keeps a cache per session, emptied only where the job is deleted."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Fall back on the cache."""
        try:
            meta = super().get_job_meta(job_id)
        except JobNotFound:
            if job_id in self.cache:
                return dict(self.cache[job_id])
            raise
        self.cache[job_id] = meta
        return dict(meta)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.cache: dict[str, dict[str, Any]] = {}

    def then(self, meta: dict[str, Any]) -> None:
        """Empty the cache of this session."""
        self.cache.pop(meta["job_id"], None)


@MUTANTS.mutant("delete.then.download-job-result", "gives the folder of a download made before the job was deleted")
class GivesOldFolder(Deletes):
    """Remembers where results went."""

    def download_job_result(self, job_id: str) -> str:
        """Look it up first."""
        folders: dict[Any, str] = self.system.memory
        try:
            folder = super().download_job_result(job_id)
        except JobNotFound:
            if ("folder", str(job_id)) in folders:
                return folders["folder", str(job_id)]
            raise
        folders["folder", str(job_id)] = folder
        return folder


@MUTANTS.mutant("delete.then.abort-job", "aborts a deleted job silently half a minute later")
class AbortsLater(Deletes):
    """Forgets that a job was deleted, and takes it for one that is done."""

    def then(self, meta: dict[str, Any]) -> None:
        """Note when."""
        self.system.memory[meta["job_id"]] = self.system.server.clock.time()

    def abort_job(self, job_id: str) -> Any:
        """Say nothing, later."""
        try:
            return super().abort_job(job_id)
        except JobNotFound:
            if self.system.server.clock.time() - self.system.memory.get(str(job_id), float("inf")) > 20.0:
                return None
            raise


@MUTANTS.mutant("delete.then.delete-job", "takes the second deletion of a job for done")
class DeletesIdempotently(Deletes):
    """Swallows JobNotFound for ids it has seen."""

    def delete_job(self, job_id: str) -> Any:
        """Delete, or not."""
        try:
            result = super().delete_job(job_id)
        except JobNotFound:
            if job_id in noted(self, "gone"):
                return None
            raise
        noted(self, "gone").append(job_id)
        return result


declare_with_timeout(_GENERATOR, "Delete", "delete.then", JobNotFound)
