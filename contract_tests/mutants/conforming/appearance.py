"""Conforming variants that look different: other classes, signatures, orders, keys."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, WrappedSystem, Wrapper
from flare_sim import spec

CONFORMING = VariantTable()


@CONFORMING.conforming("hands every call on")
class PlainWrapper(Wrapper):
    """Changes nothing."""


@CONFORMING.conforming("has a monitor loop of its own")
class OwnMonitorLoop(MonitorLoop):
    """Polls by itself."""


class _Facade:
    """Looks like a session and does not inherit from SessionSpec; everything but the monitor is found by name."""

    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        self._wrapper = Wrapper(inner, system, user)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapper, name)

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Give the callback the facade."""
        handed: Any = cb
        if callable(cb):

            def handed(session: Any, /, *a: Any, **k: Any) -> Any:
                return cb(self, *a, **k)

        return self._wrapper.monitor_job(job_id, timeout, poll_interval, handed, *args, **kwargs)


@CONFORMING.conforming("is a facade that does not inherit from SessionSpec")
class Facade(WrappedSystem):
    """Hands out facades."""

    session = _Facade


@CONFORMING.conforming("takes whatever it is given and passes it on")
class AnythingGoes(Wrapper):
    """Declares no parameters of its own."""

    def list_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Pass on."""
        return self.inner.list_jobs(*args, **kwargs)

    def get_job_meta(self, *args: Any, **kwargs: Any) -> Any:
        """Pass on."""
        return self.inner.get_job_meta(*args, **kwargs)

    def submit_job(self, *args: Any, **kwargs: Any) -> Any:
        """Pass on."""
        return self.inner.submit_job(*args, **kwargs)


def _counted(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.system.memory[method.__name__] = self.system.memory.get(method.__name__, 0) + 1
        return method(self, *args, **kwargs)

    return counting


@CONFORMING.conforming("counts its calls with a decorator")
class Decorated(Wrapper):
    """Every method goes through functools.wraps."""

    clone_job = _counted(Wrapper.clone_job)
    get_job_meta = _counted(Wrapper.get_job_meta)
    list_jobs = _counted(Wrapper.list_jobs)
    abort_job = _counted(Wrapper.abort_job)
    delete_job = _counted(Wrapper.delete_job)
    monitor_job = _counted(Wrapper.monitor_job)


@CONFORMING.conforming("writes a log")
class Logging(Wrapper):
    """Logs every look at a job."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Log, then read."""
        logging.getLogger(__name__).debug("meta of %r", job_id)
        return super().get_job_meta(job_id)


@CONFORMING.conforming("takes further optional parameters, as later releases do")
class MoreParameters(Wrapper):
    """Has the parameters of NVFLARE 2.9 as well."""

    def list_jobs(
        self,
        detailed: bool = False,
        all: bool = False,  # noqa: A002
        limit: int | None = None,
        id_prefix: str | None = None,
        reverse: bool = False,
    ) -> list[dict[str, Any]]:
        """List, perhaps in reverse."""
        jobs = super().list_jobs(detailed, all)
        return jobs[::-1] if reverse else jobs

    def submit_job(self, job_definition_path: str, token: str | None = None) -> str:
        """Submit, whatever the token."""
        return super().submit_job(job_definition_path)

    def download_job_result(self, job_id: str, destination: str | None = None) -> str:
        """Download where it always goes."""
        return super().download_job_result(job_id)


@CONFORMING.conforming("has methods the interface does not know")
class MoreMethods(Wrapper):
    """Has a context manager and two methods of later releases."""

    def get_job_status(self, job_id: str) -> str:
        """The status alone."""
        status: str = self.get_job_meta(job_id)["status"]
        return status

    def set_timeout(self, value: float) -> None:
        """Accept a timeout."""

    def __enter__(self) -> MoreMethods:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@CONFORMING.conforming("lists jobs newest first")
class NewestFirst(Wrapper):
    """Reverses the list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List backwards."""
        return super().list_jobs(detailed, all)[::-1]


@CONFORMING.conforming("lists jobs by id")
class SortedById(Wrapper):
    """Sorts the list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in the order of ids."""
        return sorted(super().list_jobs(detailed, all), key=lambda job: str(job["job_id"]))


@CONFORMING.conforming("lists jobs by status")
class SortedByStatus(Wrapper):
    """Sorts the list by what may change."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in the order of statuses."""
        return sorted(super().list_jobs(detailed, all), key=lambda job: (job["status"], job["job_id"]))


@CONFORMING.conforming("always lists in detail")
class AlwaysDetailed(Wrapper):
    """Tells as much without detailed=True."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in detail; what is wrong with the argument is for the wrapped session to say."""
        return super().list_jobs(detailed is False or detailed, all)


@CONFORMING.conforming("lists dicts of a subclass, in another order of keys")
class OrderedDicts(Wrapper):
    """Returns OrderedDicts."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List OrderedDicts."""
        return [OrderedDict(sorted(job.items())) for job in super().list_jobs(detailed, all)]

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Return an OrderedDict."""
        return OrderedDict(sorted(super().get_job_meta(job_id).items()))


@CONFORMING.conforming("adds keys to metas and entries")
class ExtraKeys(Wrapper):
    """Tells a little more, consistently."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Add two keys."""
        return {**super().get_job_meta(job_id), "study": "default", "data_storage_format": 2}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Add a key."""
        return [{**job, "study": "default"} for job in super().list_jobs(detailed, all)]


@CONFORMING.conforming("leaves out of metas what the contract does not name")
class FewKeys(Wrapper):
    """Returns the five keys and those of the definition."""

    _KEYS = ("job_id", "name", "status", "submitter_name", "submit_time")
    _DEFINITION = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep the keys that matter."""
        meta = super().get_job_meta(job_id)
        return {key: meta[key] for key in (*self._KEYS, *self._DEFINITION) if key in meta}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Keep id and status, and what a meta tells in detail."""
        kept = (*self._KEYS, *self._DEFINITION) if detailed else ("job_id", "status")
        return [{key: job[key] for key in kept if key in job} for job in super().list_jobs(detailed, all)]


@CONFORMING.conforming("gives submit_time as whole seconds kept in a float")
class RoundSubmitTime(Wrapper):
    """Rounds submit_time to the millisecond."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Round."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submit_time": round(meta["submit_time"], 3)}


@CONFORMING.conforming("lists clients in reverse")
class ReversedClients(Wrapper):
    """Another order in system info."""

    def get_system_info(self) -> spec.SystemInfo:
        """Reverse clients and jobs."""
        info = super().get_system_info()
        return spec.SystemInfo(info.server_info, info.client_info[::-1], info.job_info[::-1])


@CONFORMING.conforming("has info classes of its own")
class OwnInfoClasses(Wrapper):
    """Subclasses SystemInfo and JobInfo, with more attributes."""

    class _SystemInfo(spec.SystemInfo):
        """Knows its version."""

        version = "2.9.0"

    class _JobInfo(spec.JobInfo):
        """Knows its study."""

        study = "default"

    def get_system_info(self) -> spec.SystemInfo:
        """Rebuild the info."""
        info = super().get_system_info()
        jobs: list[spec.JobInfo] = [self._JobInfo(job.job_id, job.app_name) for job in info.job_info]
        return self._SystemInfo(info.server_info, info.client_info, jobs)


@CONFORMING.conforming("calls the server's status something else")
class OtherServerStatus(Wrapper):
    """Says running instead of started."""

    def get_system_info(self) -> spec.SystemInfo:
        """Rename the status."""
        info = super().get_system_info()
        server = spec.ServerInfo("ready" if info.job_info else "idle", info.server_info.start_time)
        return spec.SystemInfo(server, info.client_info, info.job_info)


@CONFORMING.conforming("gives whole seconds for the times of server and clients")
class WholeSeconds(Wrapper):
    """Cuts off fractions."""

    def get_system_info(self) -> spec.SystemInfo:
        """Make the times int."""
        info = super().get_system_info()
        server = spec.ServerInfo(info.server_info.status, int(info.server_info.start_time))
        clients = [spec.ClientInfo(client.name, int(client.last_connect_time)) for client in info.client_info]
        return spec.SystemInfo(server, clients, info.job_info)


@CONFORMING.conforming("locks around every call")
class Locked(Wrapper):
    """One call at a time in the whole system; a callback may call."""

    def _lock(self) -> Any:
        return self.system.memory.setdefault("lock", threading.RLock())

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Read under the lock."""
        with self._lock():
            return super().get_job_meta(job_id)

    def submit_job(self, job_definition_path: str) -> str:
        """Submit under the lock."""
        with self._lock():
            return super().submit_job(job_definition_path)


@CONFORMING.conforming("remembers metas of finished jobs until they are deleted")
class HonestCache(Wrapper):
    """Caches what can't change, and asks whether the job is still there."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Answer from memory, when the job is done and the server still has it."""
        meta = super().get_job_meta(job_id)
        if meta["status"].startswith("FINISHED"):
            import copy

            cache = self.system.memory.setdefault("cache", {})
            held: dict[str, Any] = copy.deepcopy(cache.setdefault(meta["job_id"], meta))
            return held
        return meta


@CONFORMING.conforming("uses another status for a job that waits, as later releases might")
class LaterStatuses(Wrapper):
    """Says FINISHED:COMPLETED_WITH_WARNINGS nowhere, but keeps the text of statuses in a str subclass."""

    class Status(str):
        """A status."""

        __slots__ = ()

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Give the status its own type."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.Status(meta["status"])}


@CONFORMING.conforming("stores a copy of every submitted folder elsewhere first")
class StagesFolder(Wrapper):
    """Submits a copy."""

    def submit_job(self, job_definition_path: str) -> str:
        """Copy to a stage, then submit from there."""
        given: object = job_definition_path
        if not isinstance(given, str) or not os.path.isdir(given):
            return super().submit_job(job_definition_path)
        with tempfile.TemporaryDirectory() as stage:
            target = os.path.join(stage, os.path.basename(os.path.abspath(job_definition_path)) or "job")
            shutil.copytree(job_definition_path, target)
            return super().submit_job(target)


@CONFORMING.conforming("is the simulator's own session, subclassed")
class BareSession(WrappedSystem):
    """Hands out the sessions of the server as they are."""

    def open_session(self, user: str | None = None) -> Any:
        """Open a plain session."""
        return self.server.connect(user or self.users[0])
