"""Conforming variants whose jobs have ids of another shape."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import spec

CONFORMING = VariantTable()


class OtherIds(Wrapper):
    """Gives jobs ids of another shape, the same in every session of the system."""

    def _out(self, real: str) -> str:
        known: dict[str, str] = self.system.memory.setdefault("out", {})
        if real not in known:
            known[real] = self.shape(len(known) + 1)
            self.system.memory.setdefault("in", {})[known[real]] = real
        return known[real]

    def shape(self, number: int) -> str:
        """The id of the n-th job."""
        raise NotImplementedError

    def _in(self, job_id: Any) -> Any:
        if not isinstance(job_id, str):
            return job_id
        real: dict[str, str] = self.system.memory.setdefault("in", {})
        return real.get(job_id, f"unknown {job_id}" if job_id else job_id)

    def _meta(self, meta: dict[str, Any]) -> dict[str, Any]:
        meta = {**meta, "job_id": self._out(meta["job_id"])}
        if meta.get("cloned_from"):
            meta["cloned_from"] = self._out(meta["cloned_from"])
        return meta

    def submit_job(self, job_definition_path: str) -> str:
        """Tell the id."""
        return self._out(super().submit_job(job_definition_path))

    def clone_job(self, job_id: str) -> str:
        """Translate both ways."""
        return self._out(super().clone_job(self._in(job_id)))

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Translate both ways."""
        return self._meta(super().get_job_meta(self._in(job_id)))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell ids."""
        return [self._meta(job) for job in super().list_jobs(detailed, all)]

    def download_job_result(self, job_id: str) -> str:
        """Translate."""
        return super().download_job_result(self._in(job_id))

    def abort_job(self, job_id: str) -> Any:
        """Translate."""
        return super().abort_job(self._in(job_id))

    def delete_job(self, job_id: str) -> Any:
        """Translate."""
        return super().delete_job(self._in(job_id))

    def get_system_info(self) -> spec.SystemInfo:
        """Tell ids."""
        info = super().get_system_info()
        jobs = [spec.JobInfo(self._out(job.job_id), job.app_name) for job in info.job_info]
        return spec.SystemInfo(info.server_info, info.client_info, jobs)

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> spec.MonitorReturnCode:
        """Translate, also in the callback."""
        handed: Any = cb
        if callable(cb):

            def handed(session: Any, _: str, meta: Any, /, *a: Any, **k: Any) -> Any:
                return cb(self, job_id, self._meta(meta), *a, **k)

        code: spec.MonitorReturnCode = self.inner.monitor_job(
            self._in(job_id), timeout, poll_interval, handed, *args, **kwargs
        )
        return code


class OtherIdsSystem(WrappedSystem):
    """Looks into the server's storage by the real id."""

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """Translate the id."""
        return super().stored_files(self.memory.get("in", {}).get(job_id, job_id))


def _named(number: int) -> str:
    return "contract-job" if number == 1 else f"contract-job-{number}"


_PARTS: Final = ("submit", "clone", "meta", "delete", "system", "unknown", "malformed", "life")
"""Where an id of an odd shape might be taken for something else; some shapes are tried on everything."""


def _other_ids(name: str, difference: str, shape: Callable[[int], str], parts: tuple[str, ...] = _PARTS) -> None:
    session = type(name, (OtherIds,), {"shape": lambda self, number: shape(number)})
    system = type(name, (OtherIdsSystem,), {"session": session, "__module__": __name__, "__qualname__": name})
    globals()[name] = CONFORMING.conforming(difference, parts=parts)(system)


_other_ids("NumberedIds", "numbers its jobs", lambda number: f"{number:06d}")
_other_ids("PrefixedIds", "has ids with a prefix and capitals", lambda number: f"JOB-2026-{number:04X}")
_other_ids("PathlikeIds", "has ids with slashes and colons", lambda number: f"jobs/2026:{number}", parts=())
_other_ids("PlainNumbers", "calls its jobs 1, 2, 3", str, parts=())
_other_ids("FromZero", "calls its jobs 0, 1, 2", lambda number: str(number - 1))
_other_ids("NamedIds", "calls a job by its name, the next one by name and number", _named)
_other_ids("Letters", "calls its jobs a, b, c", lambda number: chr(97 + number % 26) * (number // 26 + 1))
_other_ids("CapitalIds", "has ids in capitals, with dashes", lambda number: f"{number:08X}-AAAA-4BBB-8CCC-DDDDEEEEFFFF")
_other_ids("UnicodeIds", "has ids of other scripts", lambda number: f"作業-{number}")
_other_ids("SpacedIds", "has ids of several words", lambda number: f"job no {number}")
_other_ids("QuotedIds", "has ids with quotes and braces", lambda number: f"{{job'{number}'}}")
_other_ids("LongIds", "has ids of 200 characters", lambda number: f"{number}-".ljust(200, "x"))


@CONFORMING.conforming("has ids of a str subclass")
class SubclassedIds(Wrapper):
    """Returns ids that know more than a str."""

    class JobId(str):
        """An id."""

        __slots__ = ()

    def submit_job(self, job_definition_path: str) -> str:
        """Return a JobId."""
        return self.JobId(super().submit_job(job_definition_path))


def _normalising(method: str) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, job_id: Any, *args: Any, **kwargs: Any) -> Any:
        job = self.system.normal_id(job_id) if isinstance(job_id, str) and job_id.strip() else job_id
        return right(self, job, *args, **kwargs)

    return functools.wraps(right)(body)


_Normalising: Final = type("_Normalising", (Wrapper,), {method: _normalising(method) for method in JOB_METHODS})


def _normal_ids(name: str, difference: str, normal_id: Callable[[str], str]) -> None:
    members = {"session": _Normalising, "normal_id": staticmethod(normal_id), "__module__": __name__}
    globals()[name] = CONFORMING.conforming(difference)(type(name, (WrappedSystem,), members))


_normal_ids("TrimsIds", "takes an id with blanks before it for that id, as it documents", str.lstrip)
_normal_ids("FoldsIds", "takes ids in any case, as it documents", str.casefold)
