"""Sessions that miss what others have done meanwhile, or tell less of what is others'."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator, noted
from contract_tests.mutants.toolkit.kinds import Reading, Telling
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from contract_tests.system import job_folders
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())


# --- deleted by another session -------------------------------------------------------------------------------------


class _Remembering(Wrapper):
    """Lists what it has listed before until it deletes it itself, as far as it is `remembered`."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Add what is gone."""
        jobs = super().list_jobs(detailed, all)
        known: dict[str, dict[str, Any]] = self.__dict__.setdefault("_known", {})
        there = [job["job_id"] for job in jobs]
        gone = [dict(job) for name, job in known.items() if name not in there and self.remembered(name)]
        known.update({job["job_id"]: dict(job) for job in jobs})
        return jobs + gone

    def delete_job(self, job_id: str) -> Any:
        """Forget it."""
        result = super().delete_job(job_id)
        self.system.memory[("deleted by", job_id)] = self.user
        self.__dict__.get("_known", {}).pop(job_id, None)
        return result

    def submit_job(self, job_definition_path: str) -> str:
        """Remember whose it is."""
        job = super().submit_job(job_definition_path)
        self.__dict__.setdefault("_mine", []).append(job)
        return job

    def remembered(self, job: str) -> bool:
        """Whether a job that is gone is listed on."""
        raise NotImplementedError


@MUTANTS.mutant("list.no-deleted", "lists on what it has submitted and another session has deleted")
class ListsOwnOn(_Remembering):
    """Knows best about its own."""

    def remembered(self, job: str) -> bool:
        """It is its own."""
        return job in self.__dict__.get("_mine", ())


@MUTANTS.mutant("list.no-deleted", "lists on what another user has deleted")
class ListsDeletedByOthers(_Remembering):
    """Is only told what its own user does."""

    def remembered(self, job: str) -> bool:
        """Another user did it."""
        return bool(self.system.memory.get(("deleted by", job), self.user) != self.user)


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


@MUTANTS.mutant("meta.fresh", "reads in a callback what the poll has read")
class CallbackReadsPoll(MonitorLoop):
    """Saves a call."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Keep the meta meanwhile."""
        before = self.__dict__.get("_polled", {})
        self._polled = {job_id: dict(meta)}
        try:
            return super().call(cb, polls, job_id, meta, args, kwargs)
        finally:
            self._polled = before

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look there first."""
        polled: dict[str, dict[str, Any]] = self.__dict__.get("_polled", {})
        known = polled.get(str(job_id))
        return dict(known) if known else super().get_job_meta(job_id)


@MUTANTS.mutant("delete.others", "puts a job that is dispatched back into the queue when another is deleted")
class DispatchesAnew(Reading):
    """Numbers the queue anew."""

    def delete_job(self, job_id: str) -> Any:
        """Note what is dispatched."""
        result = super().delete_job(job_id)
        noted(self, "back").extend(job.job_id for job in self.system.server.jobs if job.status == "DISPATCHED")
        return result

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Back in the queue."""
        back = meta["status"] == "DISPATCHED" and meta["job_id"] in noted(self, "back")
        return {**meta, "status": "SUBMITTED"} if back else meta


@MUTANTS.mutant("life.ends.aborted", "abandons a job that another user aborts")
class OthersAbandon(Reading):
    """Takes it for another reason."""

    def abort_job(self, job_id: str) -> Any:
        """Note whose it was."""
        meta = self.inner.get_job_meta(job_id)
        result = super().abort_job(job_id)
        if meta["submitter_name"] != self.user and not meta["status"].startswith("FINISHED"):
            noted(self, "abandoned").append(job_id)
        return result

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Abandoned."""
        left = meta["status"].startswith("FINISHED") and meta["job_id"] in noted(self, "abandoned")
        return {**meta, "status": "FINISHED:ABANDONED"} if left else meta


# --- less detail ----------------------------------------------------------------------------------------------------


def _without(key: str) -> Callable[..., list[dict[str, Any]]]:
    """A list whose details of others' jobs lack a key."""

    def list_jobs(self: Any, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        jobs = Wrapper.list_jobs(self, detailed, all)
        for job in jobs if detailed else ():
            if job.get("submitter_name") != self.user:
                job.pop(key, None)
        return jobs

    return list_jobs


for _key in ("duration", "name"):
    _GENERATOR.session(
        f"No{_key.title().replace('_', '')}OfOthers",
        "list.detailed-more",
        f"leaves out the {_key} of others' jobs in detail",
        {"list_jobs": _without(_key)},
    )


# --- definitions ----------------------------------------------------------------------------------------------------


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
        copy = Path(shutil.copytree(job_definition_path, job_folders.scratch() / "job"))
        meta["min_clients"] = job_folders.NEVER_ENOUGH
        (copy / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return Wrapper.submit_job(self, str(copy))

    return submit_job


for _name, _story, _holds in _NEVER_ENOUGH:
    _GENERATOR.session(_name, "submit.runs", _story, {"submit_job": _never(_holds)})


def _called(changed: Callable[[str], str]) -> Callable[..., Any]:
    def told(self: Any, meta: dict[str, Any]) -> Any:
        return {**meta, "name": changed(meta["name"])}

    return told


for _name, _story, _changed in (
    ("StripsNames", "strips blanks from names", str.strip),
    ("SquashesNames", "makes one blank of several in a name", lambda name: name.replace("  ", " ")),
):
    _GENERATOR.session(_name, "meta.name", _story, {"told": _called(_changed)}, base=Telling)


def _timed(changed: Callable[[float], float]) -> Callable[..., Any]:
    def told(self: Any, meta: dict[str, Any]) -> Any:
        return {**meta, "submit_time": changed(meta["submit_time"])}

    return told


for _name, _story, _round in (
    ("CutsSubmitTime", "cuts a fraction of a second off submit_time", lambda seconds: float(int(seconds))),
    ("RoundsSubmitTime", "rounds submit_time to whole seconds", lambda seconds: float(round(seconds))),
):
    _GENERATOR.session(_name, "submit.time", _story, {"told": _timed(_round)}, base=Telling)


# --- jobs that a session has not heard of ---------------------------------------------------------------------------


@MUTANTS.mutant("meta.sessions-agree", "finds a job from before a session was opened once that session has listed jobs")
class FindsWhatItListed(Wrapper):
    """Starts with nothing, and looks nothing up."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.before = {job.job_id for job in self.system.server.jobs}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hear of jobs."""
        self.before.clear()
        return super().list_jobs(detailed, all)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Know what it has heard of."""
        if job_id in self.before:
            raise JobNotFound(f"no such job: {job_id}")
        return super().get_job_meta(job_id)
