"""Sessions whose system info is wrong of what came, went or ended while something else went on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim.spec import JobInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())


class _Informing(Wrapper):
    """Changes the system info."""

    def get_system_info(self) -> SystemInfo:
        """Tell something else."""
        info = super().get_system_info()
        return self.told(info) or info

    def told(self, info: SystemInfo) -> SystemInfo | None:
        """What to tell, None for the given."""
        raise NotImplementedError


# --- jobs -----------------------------------------------------------------------------------------------------------


@MUTANTS.mutant("delete.system-info", "tells a job that another user has deleted as long as others run")
class TellsDeletedByOthers(_Informing):
    """Puts the list together from two."""

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        meta = self.inner.get_job_meta(job_id)
        result = super().delete_job(job_id)
        if meta["status"] == "RUNNING" and meta["submitter_name"] != self.user:
            noted(self, "deleted").append(JobInfo(job_id, "app"))
        return result

    def told(self, info: SystemInfo) -> SystemInfo | None:
        """Both."""
        more = noted(self, "deleted") if info.job_info else []
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *more])


class _Lingering(_Informing):
    """Tells jobs for some time after they were last seen to run."""

    seconds = 0.0

    def told(self, info: SystemInfo) -> SystemInfo | None:
        """Those as well."""
        now = self.system.server.clock.time()
        seen: dict[str, tuple[float, JobInfo]] = self.system.memory.setdefault("seen", {})
        seen.update({job.job_id: (now, job) for job in info.job_info})
        jobs = [job for when, job in seen.values() if now - when < self.seconds]
        return SystemInfo(info.server_info, info.client_info, jobs or info.job_info)


for _name, _seconds in (("OneSecondMore", 1.0), ("TwoSecondsMore", 2.0)):
    _GENERATOR.session(
        _name,
        "system.only-running-jobs",
        f"tells a job for {_seconds:g} s after it was last seen to run",
        {"seconds": _seconds},
        base=_Lingering,
    )


# --- clients --------------------------------------------------------------------------------------------------------


def _prints(most: int) -> Callable[..., SystemInfo]:
    class Info(SystemInfo):
        """Prints so many clients."""

        def __str__(self) -> str:
            return str(SystemInfo(self.server_info, self.client_info[:most], self.job_info))

    return lambda self, info: Info(info.server_info, info.client_info, info.job_info)


for _name, _most in (("PrintsTwoClients", 2), ("PrintsTenClients", 10)):
    _GENERATOR.session(
        _name, "system.text", f"prints {_most} clients at most", {"told": _prints(_most)}, base=_Informing
    )


class _Dating(_Informing):
    """Changes the times of some clients."""

    def told(self, info: SystemInfo) -> SystemInfo | None:
        """Another time."""
        for client in info.client_info:
            if self.wrong(client.name, info):
                client.last_connect_time = self.time(client.last_connect_time)
        return None

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """Whether the time of a client is changed."""
        raise NotImplementedError

    def time(self, seconds: float) -> float:
        """The time instead."""
        return seconds * 1000


@MUTANTS.mutant("system.connect-time", "tells the time of a client that was not there before in milliseconds")
class NewInMilliseconds(_Dating):
    """Converts only the first."""

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """It is new."""
        return name not in self.system.client_names


class _Watching(WrappedSystem):
    """A system that remembers which clients have gone and come."""

    def drop_client(self, name: str) -> None:
        """Note it."""
        super().drop_client(name)
        self.memory.setdefault("dropped", []).append(name)

    def connect_client(self, name: str) -> None:
        """Note it, and whether a job ran."""
        super().connect_client(name)
        back = name in self.memory.get("dropped", ())
        self.memory.setdefault("back" if back else "new", []).append(name)
        if back:
            self.memory["dropped"].remove(name)
        elif any(job.status == "RUNNING" for job in self.server.jobs):
            self.memory.setdefault("later", set()).add(name)


class _BackInMilliseconds(_Dating):
    """Converts only the first."""

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """It is back."""
        return name in self.system.memory.get("back", ())


class _MovesWithJobs(_Dating):
    """Takes the news of a job for one of every client."""

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """It has gone, and a job runs."""
        return bool(info.job_info) and name in self.system.memory.get("dropped", ())

    def time(self, seconds: float) -> float:
        """Now."""
        return self.system.server.clock.time()


class _TellsLater(_Informing):
    """Counts the clients when it has nothing else to do."""

    def told(self, info: SystemInfo) -> SystemInfo | None:
        """Those that came before the job, as long as one runs."""
        later = self.system.memory.get("later", set())
        if not info.job_info:
            later.clear()
        clients = [client for client in info.client_info if client.name not in later]
        return SystemInfo(info.server_info, clients, info.job_info)


_CLIENTS: Final = (
    ("BackInMilliseconds", "system.connect-time", "tells the time of a client that is back in milliseconds"),
    ("MovesWithJobs", "system.dropped-client", "moves the time of a client that has gone on while a job runs"),
    ("TellsLater", "system.new-client", "tells a client that came while a job ran once none does"),
)

for _name, _clause, _story in _CLIENTS:
    _GENERATOR.named(
        _name, _clause, _story, type(_name, (_Watching,), {"session": globals()[f"_{_name}"], "__doc__": f"{_story}."})
    )
