"""Sessions that clone another definition, or clones that do not start over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.clones import Cloning
from contract_tests.mutants.toolkit.folders import RemembersFolders
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _without(key: str, value: Any) -> Any:
    def told(self: Cloning, meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, key: value} if key in meta else meta

    return told


for _key, _value in {
    "name": "clone of a job",
    "deploy_map": {},
    "resource_spec": {"site-1": {}},
    "min_clients": 1,
    "mandatory_clients": ["site-1", "site-2"],
}.items():
    _GENERATOR.session(
        f"CloneLoses{_key.title().replace('_', '')}",
        "clone.definition",
        f"does not carry {_key} over",
        {"told": _without(_key, _value)},
        Cloning,
    )


@MUTANTS.mutant("clone.definition", "calls the clone of a clone after its original with a number")
class NumbersNames(Cloning):
    """Changes the name now and then."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Change the name of a clone's clone."""
        again = self.origins[meta["job_id"]] in self.origins
        return {**meta, "name": f"{meta['name']} (2)"} if again and "name" in meta else meta


@MUTANTS.mutant("clone.definition", "gives a clone the name of the job that was cloned first")
class NameOfFirstCloned(Cloning):
    """Remembers one definition."""

    def returned(self, clone: str, job: str) -> Any:
        """Remember the first name."""
        self.system.memory.setdefault("first", self.inner.get_job_meta(job)["name"])
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell it."""
        return {**meta, "name": self.system.memory["first"]} if "name" in meta else meta


@MUTANTS.mutant("clone.definition", "loses the name of a job that failed")
class NameLostInFailure(Cloning):
    """Takes the name from the run."""

    def returned(self, clone: str, job: str) -> Any:
        """Note a failed original."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:EXECUTION_EXCEPTION":
            noted(self, "nameless").append(clone)
        return clone

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Have no name."""
        return {**meta, "name": ""} if meta["job_id"] in noted(self, "nameless") else meta


@MUTANTS.mutant("clone.definition", "looks for the clients that a clone must have in the original's folder")
class ClonesClientsOfNow(RemembersFolders):
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


@MUTANTS.mutant("clone.starts-over", "takes the status over from a finished original")
class CloneTakesStatus(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        status = self.original(meta["job_id"]).get("status", "")
        return {**meta, "status": status} if status.startswith("FINISHED") else meta


@MUTANTS.mutant("clone.starts-over", "takes the status over from a running original")
class CloneTakesRunning(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's status."""
        running = self.original(meta["job_id"]).get("status") == "RUNNING"
        return {**meta, "status": "RUNNING"} if running else meta


@MUTANTS.mutant("clone.starts-over", "takes the submit time over")
class CloneTakesSubmitTime(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's time."""
        return {**meta, "submit_time": self.original(meta["job_id"]).get("submit_time", 0.0)}


@MUTANTS.mutant("clone.starts-over", "takes the run times over")
class CloneTakesRunTimes(Cloning):
    """Copies too much."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Tell the original's times."""
        original = self.original(meta["job_id"])
        return {**meta, **{key: original[key] for key in ("start_time", "duration") if key in original}}


@MUTANTS.mutant("clone.starts-over", "begins the clone of an aborted job as aborted")
class CloneOfAbortedIsAborted(Cloning):
    """Copies the signal to abort."""

    def returned(self, clone: str, job: str) -> Any:
        """Heed the signal."""
        if self.inner.get_job_meta(job)["status"] == "FINISHED:ABORTED":
            self.inner.abort_job(clone)
        return clone


@MUTANTS.mutant("clone.starts-over", "refuses to clone a job that could not be deployed")
class ClonesDeployedOnly(Wrapper):
    """Finds no run to start from."""

    def clone_job(self, job_id: str) -> str:
        """Refuse."""
        if self.inner.get_job_meta(job_id)["status"] == "FINISHED:FAILED_TO_RUN":
            raise JobNotFound(job_id)
        return super().clone_job(job_id)


@MUTANTS.mutant("clone.starts-over", "lists a clone under the status of its original")
class CloneListedAsOriginal(Cloning):
    """Joins two tables by the wrong id."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Look the status up under the original."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.original(job["job_id"]).get("status", job["status"])} for job in jobs]
