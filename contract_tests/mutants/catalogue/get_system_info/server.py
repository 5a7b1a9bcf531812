"""Sessions whose system info has the wrong parts, or tells wrong things about the server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import ServerInfo, SystemInfo

MUTANTS = VariantTable()


@MUTANTS.mutant("system.parts", "returns system info as a dict")
class InfoAsDict(TellingSystem):
    """Hands out plain data."""

    def changed(self, info: SystemInfo) -> Any:
        """A dict."""
        return dict(vars(info))


@MUTANTS.mutant("system.parts", "returns the jobs as a dict by id")
class JobsById(TellingSystem):
    """Puts the jobs into another container."""

    def changed(self, info: SystemInfo) -> Any:
        """A dict of jobs."""
        return SimpleNamespace(**{**vars(info), "job_info": {job.job_id: job for job in info.job_info}})


@MUTANTS.mutant("system.parts", "has None instead of a list when no job is executed")
class NoneForNoJobs(TellingSystem):
    """Has no empty lists."""

    def changed(self, info: SystemInfo) -> Any:
        """None for an empty list."""
        return SimpleNamespace(**{**vars(info), "job_info": info.job_info or None})


@MUTANTS.mutant("system.parts", "tells of jobs without their app once one is executed")
class JobsAsIds(TellingSystem):
    """Gives ids only."""

    def changed(self, info: SystemInfo) -> Any:
        """Strings in the list."""
        return SimpleNamespace(**{**vars(info), "job_info": [job.job_id for job in info.job_info]})


@MUTANTS.mutant("system.parts", "has no server_info on the second call of a session")
class ForgetsServer(TellingSystem):
    """Hands the server out once."""

    def changed(self, info: SystemInfo) -> Any:
        """No server the second time."""
        if count(self, f"asked-{id(self)}") == 2:
            return SystemInfo(None, info.client_info, info.job_info)  # type: ignore[arg-type]
        return info


@MUTANTS.mutant("system.parts", "gives clients as tuples after an outage")
class TuplesAfterOutage(TellingSystem):
    """Reads another format once it has reconnected."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Note an outage."""
        try:
            return super().list_jobs(detailed, all)
        except Exception:
            self.system.memory["away"] = True
            raise

    def changed(self, info: SystemInfo) -> Any:
        """Tuples of the clients."""
        if self.system.memory.get("away"):
            info.client_info = [(c.name, c.last_connect_time) for c in info.client_info]  # type: ignore[misc]
        return info


class _Server(TellingSystem):
    """Changes what is told of the server."""

    def changed(self, info: SystemInfo) -> Any:
        """Another server."""
        status, start_time = self.server(info.server_info.status, info.server_info.start_time, info)
        return SystemInfo(ServerInfo(status, start_time), info.client_info, info.job_info)

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """The status and the start time to tell."""
        return status, start_time


@MUTANTS.mutant("system.server-status", "tells the server's status as a bool")
class StatusAsBool(_Server):
    """Wants to know only whether it runs."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """A bool."""
        return status == "started", start_time


@MUTANTS.mutant("system.server-status", "has an empty status while nothing is executed")
class EmptyStatusWhenIdle(_Server):
    """Names only busy servers."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """No text."""
        return (status if info.job_info else ""), start_time


@MUTANTS.mutant("system.server-status", "has no status once a job was aborted")
class NoStatusAfterAbort(_Server):
    """Loses the status."""

    def abort_job(self, job_id: str) -> Any:
        """Note it."""
        self.system.memory["aborted"] = True
        return super().abort_job(job_id)

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """None."""
        return (None if self.system.memory.get("aborted") else status), start_time


@MUTANTS.mutant("system.start-time", "tells the start time as text")
class StartTimeAsText(_Server):
    """Formats it."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """Text."""
        return status, str(start_time)


_LATE = 3600.0


@MUTANTS.mutant("system.start-time", "tells a start time in another time zone, an hour ahead")
class StartTimeAhead(_Server):
    """Mixes up time zones."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """An hour ahead."""
        return status, start_time + _LATE


@MUTANTS.mutant("system.start-time", "tells the start time in milliseconds")
class StartTimeInMilliseconds(_Server):
    """Uses another unit."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """Milliseconds."""
        return status, start_time * 1000


@MUTANTS.mutant("system.start-time", "does not know the start time while a job runs")
class NoStartTimeWhenBusy(_Server):
    """Reads it from another place then."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """None."""
        return status, None if info.job_info else start_time


@MUTANTS.mutant("system.start-time-stays", "tells the time of the call as the start time")
class StartsNow(_Server):
    """Takes the time of the answer."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """The present."""
        return status, self.system.server.clock.time()


@MUTANTS.mutant("system.start-time-stays", "tells when the session was opened as the start time")
class StartsWithSession(_Server):
    """Means its own start."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.opened = self.system.server.clock.time()

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """The session's own time."""
        return status, self.opened


@MUTANTS.mutant("system.start-time-stays", "takes the start of the running job for that of the server")
class StartsWithJob(_Server):
    """Is a second late while a job is executed."""

    def server(self, status: str, start_time: float, info: SystemInfo) -> tuple[Any, Any]:
        """A little later."""
        return status, start_time + (0.5 if info.job_info else 0.0)
