"""What faults are made with: counters, generated classes, other versions of the interface's module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import spec

Body = Callable[..., Any]

DONE: Final = spec.MonitorReturnCode.JOB_FINISHED
TIMEOUT: Final = spec.MonitorReturnCode.TIMEOUT
ENDED: Final = spec.MonitorReturnCode.ENDED_BY_CB


def count(session: Wrapper, what: str) -> int:
    """How often this was called with ``what``, by any session of the system, this time included."""
    memory = session.system.memory
    memory[what] = memory.get(what, 0) + 1
    number: int = memory[what]
    return number


def noted(session: Wrapper, what: str) -> list[Any]:
    """A list that all sessions of a system share under a name."""
    shared: list[Any] = session.system.memory.setdefault(what, [])
    return shared


def other_spec(**changes: Any) -> ModuleType:
    """The interface's module with some of its names bound to something else; None takes a name away."""
    module = ModuleType("flare_sim.spec")
    names = {name: value for name, value in vars(spec).items() if not name.startswith("__")}
    module.__dict__.update({**names, **changes})
    for name, value in changes.items():
        if value is None:
            delattr(module, name)
    return module


class Generator:
    """Declares mutants in a loop, each under a name of its module, so that it can be named from outside."""

    def __init__(self, table: VariantTable, module: dict[str, Any]) -> None:
        self._table = table
        self._module = module

    def session(
        self, name: str, clause: str, difference: str, methods: Mapping[str, Any], base: type = Wrapper
    ) -> None:
        """A mutant whose session class has these methods."""
        self.named(name, clause, difference, type(name, (base,), {**methods, "__doc__": f"{difference.capitalize()}."}))

    def spec(self, name: str, clause: str, difference: str, **changes: Any) -> None:
        """A mutant whose interface module has these names bound to something else."""
        members = {"spec": other_spec(**changes), "__doc__": f"{difference.capitalize()}."}
        self.named(name, clause, difference, type(name, (WrappedSystem,), members))

    def named(self, name: str, clause: str, difference: str, cls: type) -> None:
        """A mutant whose session or system is of this class, which gets the name."""
        cls.__name__ = cls.__qualname__ = name
        cls.__module__ = self._module["__name__"]
        self._module[name] = self._table.mutant(clause, difference)(cls)


def camel(name: str) -> str:
    """``get_job_meta`` or ``job-id`` as the beginning of a class's name."""
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))


def is_number(thing: Any) -> bool:
    """Whether it can be a timeout or an interval."""
    return isinstance(thing, (int, float))


class Recoding(Wrapper):
    """Changes what monitor_job returns."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Monitor, then change the code."""
        return self.recoded(super().monitor_job(job_id, *args, **kwargs), job_id)

    def recoded(self, code: spec.MonitorReturnCode, job_id: str) -> Any:
        """What to return."""
        return code


class Downloads(Wrapper):
    """Changes what a download gives."""

    def download_job_result(self, job_id: str) -> Any:
        """Download, then change the answer."""
        path = super().download_job_result(job_id)
        return self.changed(path, self.inner.get_job_meta(job_id))

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The answer to give; ``meta`` is the job's."""
        return path

    def scratch(self) -> Path:
        """A folder of this system's, removed with its other downloads."""
        return Path(self.system.server.download_folder())


class Renaming(Wrapper):
    """A wrapper that gives jobs ids of its own, and translates them in every call; honest as long as they differ."""

    def rename(self, real: str) -> str:
        """The id to give to a new job."""
        return f"job-{count(self, 'renamed')}"

    @property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = self.system.memory.setdefault("names", {})
        return names

    def _given(self, real: str) -> str:
        given = self.rename(real)
        self._names[given] = real
        return given

    def _real(self, given: Any) -> Any:
        return self._names.get(given, "no-such-job") if isinstance(given, str) else given

    def _told(self, meta: dict[str, Any]) -> dict[str, Any]:
        given = {real: name for name, real in self._names.items()}
        return {key: given.get(value, value) if isinstance(value, str) else value for key, value in meta.items()}

    def submit_job(self, job_definition_path: str) -> str:
        """Give the new job an id."""
        return self._given(super().submit_job(job_definition_path))

    def clone_job(self, job_id: str) -> str:
        """Give the clone an id."""
        return self._given(super().clone_job(self._real(job_id)))

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Translate both ways."""
        return self._told(super().get_job_meta(self._real(job_id)))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Translate every entry."""
        return [self._told(entry) for entry in super().list_jobs(detailed, all)]

    def download_job_result(self, job_id: str) -> str:
        """Translate."""
        return super().download_job_result(self._real(job_id))

    def abort_job(self, job_id: str) -> Any:
        """Translate."""
        return super().abort_job(self._real(job_id))

    def delete_job(self, job_id: str) -> Any:
        """Translate."""
        return super().delete_job(self._real(job_id))

    def get_system_info(self) -> spec.SystemInfo:
        """Translate the jobs."""
        info = super().get_system_info()
        given = {real: name for name, real in self._names.items()}
        jobs = [spec.JobInfo(given.get(job.job_id, job.job_id), job.app_name) for job in info.job_info]
        return spec.SystemInfo(info.server_info, info.client_info, jobs)
