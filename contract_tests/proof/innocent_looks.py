"""Innocent systems that look different: other classes, signatures, ids, metas, orders, wording, folders."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import MonitorLoop, WrappedSystem, Wrapper
from flare_sim import spec

INNOCENT = VariantTable()


@INNOCENT.innocent("hands every call on")
class PlainWrapper(Wrapper):
    """Changes nothing."""


@INNOCENT.innocent("has a monitor loop of its own")
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


@INNOCENT.innocent("is a facade that does not inherit from SessionSpec")
class Facade(WrappedSystem):
    """Hands out facades."""

    session = _Facade


@INNOCENT.innocent("takes whatever it is given and passes it on")
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


@INNOCENT.innocent("counts its calls with a decorator")
class Decorated(Wrapper):
    """Every method goes through functools.wraps."""

    clone_job = _counted(Wrapper.clone_job)
    get_job_meta = _counted(Wrapper.get_job_meta)
    list_jobs = _counted(Wrapper.list_jobs)
    abort_job = _counted(Wrapper.abort_job)
    delete_job = _counted(Wrapper.delete_job)
    monitor_job = _counted(Wrapper.monitor_job)


@INNOCENT.innocent("writes a log")
class Logging(Wrapper):
    """Logs every look at a job."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Log, then read."""
        logging.getLogger(__name__).debug("meta of %r", job_id)
        return super().get_job_meta(job_id)


@INNOCENT.innocent("takes further optional parameters, as later releases do")
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


@INNOCENT.innocent("has methods the interface does not know")
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


@INNOCENT.innocent("lists jobs newest first")
class NewestFirst(Wrapper):
    """Reverses the list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List backwards."""
        return super().list_jobs(detailed, all)[::-1]


@INNOCENT.innocent("lists jobs by id")
class SortedById(Wrapper):
    """Sorts the list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in the order of ids."""
        return sorted(super().list_jobs(detailed, all), key=lambda job: str(job["job_id"]))


@INNOCENT.innocent("lists jobs by status")
class SortedByStatus(Wrapper):
    """Sorts the list by what may change."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in the order of statuses."""
        return sorted(super().list_jobs(detailed, all), key=lambda job: (job["status"], job["job_id"]))


@INNOCENT.innocent("always lists in detail")
class AlwaysDetailed(Wrapper):
    """Tells as much without detailed=True."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in detail; what is wrong with the argument is for the wrapped session to say."""
        return super().list_jobs(detailed is False or detailed, all)


@INNOCENT.innocent("lists dicts of a subclass, in another order of keys")
class OrderedDicts(Wrapper):
    """Returns OrderedDicts."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List OrderedDicts."""
        return [OrderedDict(sorted(job.items())) for job in super().list_jobs(detailed, all)]

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Return an OrderedDict."""
        return OrderedDict(sorted(super().get_job_meta(job_id).items()))


@INNOCENT.innocent("adds keys to metas and entries")
class ExtraKeys(Wrapper):
    """Tells a little more, consistently."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Add two keys."""
        return {**super().get_job_meta(job_id), "study": "default", "data_storage_format": 2}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Add a key."""
        return [{**job, "study": "default"} for job in super().list_jobs(detailed, all)]


@INNOCENT.innocent("leaves out of metas what the contract does not name")
class FewKeys(Wrapper):
    """Returns the five keys and those of the definition."""

    _KEYS = ("job_id", "name", "status", "submitter_name", "submit_time")
    _DEFINITION = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Keep the keys that matter."""
        meta = super().get_job_meta(job_id)
        return {key: meta[key] for key in (*self._KEYS, *self._DEFINITION) if key in meta}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Keep id and status, and a name in detail."""
        kept = ("job_id", "status", "name") if detailed else ("job_id", "status")
        return [{key: job[key] for key in kept if key in job} for job in super().list_jobs(detailed, all)]


@INNOCENT.innocent("gives submit_time as whole seconds kept in a float")
class RoundSubmitTime(Wrapper):
    """Rounds submit_time to the millisecond."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Round."""
        meta = super().get_job_meta(job_id)
        return {**meta, "submit_time": round(meta["submit_time"], 3)}


class _OtherIds(Wrapper):
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
        return self._out(super().submit_job(job_definition_path))

    def clone_job(self, job_id: str) -> str:
        return self._out(super().clone_job(self._in(job_id)))

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        return self._meta(super().get_job_meta(self._in(job_id)))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        return [self._meta(job) for job in super().list_jobs(detailed, all)]

    def download_job_result(self, job_id: str) -> str:
        return super().download_job_result(self._in(job_id))

    def abort_job(self, job_id: str) -> Any:
        return super().abort_job(self._in(job_id))

    def delete_job(self, job_id: str) -> Any:
        return super().delete_job(self._in(job_id))

    def get_system_info(self) -> spec.SystemInfo:
        info = super().get_system_info()
        jobs = [spec.JobInfo(self._out(job.job_id), job.app_name) for job in info.job_info]
        return spec.SystemInfo(info.server_info, info.client_info, jobs)

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> spec.MonitorReturnCode:
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


def _other_ids(name: str, story: str, shape: Callable[[int], str]) -> None:
    session = type(name, (_OtherIds,), {"shape": lambda self, number: shape(number)})
    system = type(name, (OtherIdsSystem,), {"session": session, "__module__": __name__, "__qualname__": name})
    globals()[name] = INNOCENT.innocent(story)(system)


_other_ids("NumberedIds", "numbers its jobs", lambda number: f"{number:06d}")
_other_ids("PrefixedIds", "has ids with a prefix and capitals", lambda number: f"JOB-2026-{number:04X}")
_other_ids("PathlikeIds", "has ids with slashes and colons", lambda number: f"jobs/2026:{number}")
_other_ids("LongIds", "has ids of 200 characters", lambda number: f"{number}-".ljust(200, "x"))


@INNOCENT.innocent("has ids of a str subclass")
class SubclassedIds(Wrapper):
    """Returns ids that know more than a str."""

    class JobId(str):
        """An id."""

        __slots__ = ()

    def submit_job(self, job_definition_path: str) -> str:
        """Return a JobId."""
        return self.JobId(super().submit_job(job_definition_path))


class _NoSuchJob(spec.JobNotFound, KeyError):
    """A more particular JobNotFound."""

    def __str__(self) -> str:
        return "nothing is known of that job"


class _Offline(spec.NoConnection, ConnectionError):
    """A more particular NoConnection."""


class _Over(spec.SessionClosed):
    """A more particular SessionClosed."""


_PARTICULAR: dict[type[Exception], type[Exception]] = {
    spec.JobNotFound: _NoSuchJob,
    spec.NoConnection: _Offline,
    spec.SessionClosed: _Over,
}


def _translated(translate: Callable[[Exception], Exception]) -> Callable[[type[Wrapper]], type[Wrapper]]:
    """A class decorator: what a method raises of the interface's exceptions goes through ``translate``.

    monitor_job is left alone, for what a callback raises comes out unchanged.
    """

    def wrap(cls: type[Wrapper]) -> type[Wrapper]:
        names = [name for name in vars(spec.SessionSpec) if not name.startswith(("_", "monitor"))]
        for name in names:
            method = getattr(cls, name)

            def calling(self: Any, *args: Any, _method: Any = method, **kwargs: Any) -> Any:
                try:
                    return _method(self, *args, **kwargs)
                except tuple(_PARTICULAR) as error:
                    raise translate(error) from None

            setattr(cls, name, functools.wraps(method)(calling))
        return cls

    return wrap


def _particular(error: Exception) -> Exception:
    for general, particular in _PARTICULAR.items():
        if type(error) is general:
            return particular(*error.args)
    return error


@INNOCENT.innocent("raises subclasses of the interface's exceptions")
@_translated(_particular)
class SubclassedExceptions(Wrapper):
    """Is more particular about what is wrong."""


@INNOCENT.innocent("words its errors differently")
@_translated(lambda error: type(error)("das geht leider nicht"))
class OtherWording(Wrapper):
    """Speaks another language."""


@INNOCENT.innocent("raises its errors without any text")
@_translated(lambda error: type(error)())
class NoWording(Wrapper):
    """Says nothing."""


@INNOCENT.innocent("puts results in folders of its own")
class OtherFolders(Wrapper):
    """Moves a downloaded result elsewhere, under another name."""

    def download_job_result(self, job_id: str) -> str:
        """Copy to a folder of its own."""
        place = super().download_job_result(job_id)
        if not os.path.isdir(place):
            return place
        target = Path(tempfile.mkdtemp(prefix="result-", dir=self.system.server.download_folder()))
        shutil.copytree(place, target, dirs_exist_ok=True)
        return str(target)


@INNOCENT.innocent("adds a file to every result")
class AddsReadme(Wrapper):
    """Leaves a note in the folder."""

    def download_job_result(self, job_id: str) -> str:
        """Write a note."""
        place = super().download_job_result(job_id)
        if os.path.isdir(place):
            Path(place, "README.txt").write_text("the result of a job\n", encoding="utf-8")
        return place


@INNOCENT.innocent("names another location for results that are too large")
class OtherLocation(Wrapper):
    """Gives a URL."""

    def download_job_result(self, job_id: str) -> str:
        """Replace the location."""
        place = super().download_job_result(job_id)
        return place if os.path.isdir(place) else f"https://results.example.org/{job_id}.zip"


@INNOCENT.innocent("refuses to download what is not done")
class RefusesUnfinished(Wrapper):
    """Raises JobNotDone, as NVFLARE 2.9 does."""

    def download_job_result(self, job_id: str) -> str:
        """Look at the status first."""
        place = super().download_job_result(job_id)
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            raise spec.JobNotDone(f"job {job_id} is not done")
        return place


@INNOCENT.innocent("lists clients in reverse")
class ReversedClients(Wrapper):
    """Another order in system info."""

    def get_system_info(self) -> spec.SystemInfo:
        """Reverse clients and jobs."""
        info = super().get_system_info()
        return spec.SystemInfo(info.server_info, info.client_info[::-1], info.job_info[::-1])


@INNOCENT.innocent("has info classes of its own")
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


@INNOCENT.innocent("calls the server's status something else")
class OtherServerStatus(Wrapper):
    """Says running instead of started."""

    def get_system_info(self) -> spec.SystemInfo:
        """Rename the status."""
        info = super().get_system_info()
        server = spec.ServerInfo("ready" if info.job_info else "idle", info.server_info.start_time)
        return spec.SystemInfo(server, info.client_info, info.job_info)


@INNOCENT.innocent("gives whole seconds for the times of server and clients")
class WholeSeconds(Wrapper):
    """Cuts off fractions."""

    def get_system_info(self) -> spec.SystemInfo:
        """Make the times int."""
        info = super().get_system_info()
        server = spec.ServerInfo(info.server_info.status, int(info.server_info.start_time))
        clients = [spec.ClientInfo(client.name, int(client.last_connect_time)) for client in info.client_info]
        return spec.SystemInfo(server, clients, info.job_info)


@INNOCENT.innocent("locks around every call")
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


@INNOCENT.innocent("remembers metas of finished jobs until they are deleted")
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


@INNOCENT.innocent("uses another status for a job that waits, as later releases might")
class LaterStatuses(Wrapper):
    """Says FINISHED:COMPLETED_WITH_WARNINGS nowhere, but keeps the text of statuses in a str subclass."""

    class Status(str):
        """A status."""

        __slots__ = ()

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Give the status its own type."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.Status(meta["status"])}


@INNOCENT.innocent("stores a copy of every submitted folder elsewhere first")
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


@INNOCENT.innocent("is the simulator's own session, subclassed")
class BareSession(WrappedSystem):
    """Hands out the sessions of the server as they are."""

    def open_session(self, user: str | None = None) -> Any:
        """Open a plain session."""
        return self.server.connect(user or self.users[0])
