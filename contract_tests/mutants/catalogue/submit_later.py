"""Sessions that take what they should refuse once they are busy, and that confuse folders they have seen."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.catalogue.refusals import Lenient
from contract_tests.mutants.toolkit.helpers import Generator, camel, count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.system import job_folders
from flare_sim.spec import InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())


# --- refusals that are forgotten ------------------------------------------------------------------------------------


class _LenientWhileRunning(Lenient):
    """Has no time to look while a job runs."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if any(job.status == "RUNNING" for job in self.system.server.jobs):
            return super().refused(path, error)
        raise error


class _LenientToSecondUser(Lenient):
    """Trusts the second user."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if self.user == self.system.users[1]:
            return super().refused(path, error)
        raise error


class _LenientTheSeventhTime(Lenient):
    """Gives in."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if count(self, "refused") == 7:
            return super().refused(path, error)
        raise error


_LENIENT: Final = (
    ("WhileRunning", "while a job runs", _LenientWhileRunning),
    ("ToSecondUser", "from the second user", _LenientToSecondUser),
    ("TheSeventhTime", "the seventh time", _LenientTheSeventhTime),
)

for _index, _kind in enumerate(job_folders.FAULTS):
    for _name, _story, _base in (_LENIENT[_index % 3], _LENIENT[(_index + 1) % 3]):
        _GENERATOR.session(
            f"Accepts{camel(_kind)}{_name}",
            f"submit.refuses.{_kind}",
            f"accepts a bad definition ({_kind}) {_story}",
            {"kind": _kind},
            _base,
        )


# --- folders that are taken for others ------------------------------------------------------------------------------


class _Keeping(Wrapper):
    """Keeps a copy of every folder, and submits the one it has kept under a key."""

    def key(self, path: Path) -> str:
        """What it takes for the same folder."""
        return str(path)

    def submit_job(self, job_definition_path: Any) -> str:
        """Submit what was kept, if anything was."""
        job = super().submit_job(job_definition_path)
        kept: dict[str, str] = self.system.memory.setdefault("kept", {})
        key = self.key(Path(job_definition_path))
        if key not in kept:
            kept[key] = shutil.copytree(job_definition_path, f"{tempfile.mkdtemp(dir=job_folders.scratch())}/job")
            return job
        self.inner.delete_job(job)
        return super().submit_job(kept[key])


@MUTANTS.mutant("submit.copy", "submits a folder as it was when it was first submitted")
class SubmitsFirstVersion(_Keeping):
    """Keeps definitions by path."""


@MUTANTS.mutant("life.model", "takes folders of one name for one")
class KeepsByFolderName(_Keeping):
    """Keeps definitions by the last part of the path."""

    def key(self, path: Path) -> str:
        """The last part."""
        return path.name


class _Dropping(Wrapper):
    """Loses a key of every meta.json."""

    lost = ""

    def submit_job(self, job_definition_path: Any) -> str:
        """Submit a copy without it."""
        try:
            meta = json.loads((Path(job_definition_path) / "meta.json").read_text(encoding="utf-8"))
            copy = shutil.copytree(job_definition_path, f"{tempfile.mkdtemp(dir=job_folders.scratch())}/job")
        except (OSError, TypeError, ValueError, RecursionError):
            return super().submit_job(job_definition_path)
        if not isinstance(meta, dict) or self.lost not in meta:
            return super().submit_job(job_definition_path)
        del meta[self.lost]
        (Path(copy) / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return super().submit_job(copy)


for _lost, _clause in (
    ("name", "meta.name"),
    ("min_clients", "submit.refuses.min-clients"),
    ("mandatory_clients", "submit.refuses.mandatory-client"),
    ("resource_spec", "submit.refuses.resource-spec"),
):
    _GENERATOR.session(
        f"Drops{camel(_lost)}", _clause, f"submits jobs without their {_lost}", {"lost": _lost}, _Dropping
    )


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


@MUTANTS.mutant("submit.runs", "gives up every sixth job")
class RunsFiveOfSix(Wrapper):
    """Counts jobs."""

    def submit_job(self, job_definition_path: str) -> str:
        """Abort the sixth."""
        job = super().submit_job(job_definition_path)
        if count(self, "jobs") % 6 == 0:
            self.inner.abort_job(job)
        return job


@MUTANTS.mutant("submit.new-id", "gives the fifth job the first one's id")
class IdsInARing(Wrapper):
    """Has four ids."""

    def submit_job(self, job_definition_path: str) -> str:
        """An id of the ring."""
        ring = self.system.memory.setdefault("ring", [])
        ring.append(super().submit_job(job_definition_path))
        return str(ring[(len(ring) - 1) % 4])


@MUTANTS.mutant("submit.new-id", "returns the last clone's id for the submission after it")
class IdOfTheClone(Wrapper):
    """Keeps the last reply."""

    def clone_job(self, job_id: str) -> str:
        """Keep it."""
        self.system.memory["clone"] = super().clone_job(job_id)
        return str(self.system.memory["clone"])

    def submit_job(self, job_definition_path: str) -> str:
        """What was kept."""
        job = super().submit_job(job_definition_path)
        return str(self.system.memory.pop("clone", job))


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
