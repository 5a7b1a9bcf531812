"""Interface modules whose classes of the system info keep or print the wrong thing."""

from __future__ import annotations

import time
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.variant import VariantTable
from flare_sim import spec

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _RoundedServer(spec.ServerInfo):
    def __init__(self, status: Any, start_time: Any) -> None:
        super().__init__(status, round(start_time))


_GENERATOR.spec(
    "ServerTimeRounded", "shape.server-info", "keeps the start time to the second", ServerInfo=_RoundedServer
)


class _NumberServer(spec.ServerInfo):
    def __str__(self) -> str:
        return f"status: {self.status}, start_time: {self.start_time}"


_GENERATOR.spec(
    "ServerTimeAsNumber",
    "shape.server-info",
    "prints the server's start time as a number",
    ServerInfo=_NumberServer,
)


class _GreenwichServer(spec.ServerInfo):
    def __str__(self) -> str:
        return f"status: {self.status}, start_time: {time.asctime(time.gmtime(self.start_time))}"


_GENERATOR.spec(
    "ServerTimeInGreenwich",
    "shape.server-info",
    "prints the server's start time in Greenwich time, not local time",
    ServerInfo=_GreenwichServer,
)


class _SwappedServer(spec.ServerInfo):
    def __init__(self, start_time: Any, status: Any) -> None:
        super().__init__(status, start_time)


_GENERATOR.spec("ServerInfoSwapped", "shape.server-info", "takes the time before the status", ServerInfo=_SwappedServer)


class _AlwaysStarted(spec.ServerInfo):
    def __init__(self, status: Any, start_time: Any) -> None:
        super().__init__("started", start_time)


_GENERATOR.spec("ServerAlwaysStarted", "shape.server-info", "calls every server started", ServerInfo=_AlwaysStarted)


class _ElidedClient(spec.ClientInfo):
    def __str__(self) -> str:
        return (
            str(spec.ClientInfo(f"{self.name[:12]}...", self.last_connect_time))
            if self.name[12:]
            else super().__str__()
        )


_GENERATOR.spec("ClientElided", "shape.client-info", "prints no more than a name's beginning", ClientInfo=_ElidedClient)


class _MinuteClient(spec.ClientInfo):
    def __init__(self, name: str, last_connect_time: Any) -> None:
        super().__init__(name, last_connect_time - last_connect_time % 60)


_GENERATOR.spec("ClientTimeToMinute", "shape.client-info", "keeps a time to the minute", ClientInfo=_MinuteClient)


class _RenamedClient(spec.ClientInfo):
    def __init__(self, name: str, last_connect_time: Any) -> None:
        self.name = name
        self.last_connected = last_connect_time

    def __str__(self) -> str:
        return f"{self.name}(last_connect_time: {time.asctime(time.localtime(self.last_connected))})"


_GENERATOR.spec(
    "ClientTimeRenamed", "shape.client-info", "keeps a client's time under another name", ClientInfo=_RenamedClient
)


class _IsoClient(spec.ClientInfo):
    def __str__(self) -> str:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.last_connect_time))
        return f"{self.name}(last_connect_time: {moment})"


_GENERATOR.spec("ClientTimeIso", "shape.client-info", "prints a client's time in another form", ClientInfo=_IsoClient)


class _QuotedClient(spec.ClientInfo):
    def __str__(self) -> str:
        return f"{self.name!r}(last_connect_time: {time.asctime(time.localtime(self.last_connect_time))})"


_GENERATOR.spec("ClientQuoted", "shape.client-info", "prints a client's name in quotes", ClientInfo=_QuotedClient)


class _LowerClient(spec.ClientInfo):
    def __init__(self, name: str, last_connect_time: Any) -> None:
        super().__init__(name.lower(), last_connect_time)


_GENERATOR.spec("ClientLowered", "shape.client-info", "keeps a client's name in small letters", ClientInfo=_LowerClient)


class _ColumnsJob(spec.JobInfo):
    def __str__(self) -> str:
        return f"JobInfo:\n  job_id: {self.job_id:.36}\n  app_name: {self.app_name:.16}"


_GENERATOR.spec("JobInColumns", "shape.job-info", "cuts off what a column does not hold", JobInfo=_ColumnsJob)


class _ShortJob(spec.JobInfo):
    def __str__(self) -> str:
        return f"JobInfo:\n  job_id: {self.job_id}"


_GENERATOR.spec("JobWithoutApp", "shape.job-info", "prints a job without its app", JobInfo=_ShortJob)


class _SwappedJob(spec.JobInfo):
    def __init__(self, app_name: str, job_id: str) -> None:
        super().__init__(job_id, app_name)


_GENERATOR.spec("JobInfoSwapped", "shape.job-info", "takes the app before the job", JobInfo=_SwappedJob)


class _FirstClientSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return str(spec.SystemInfo(self.server_info, self.client_info[:1], self.job_info))


_GENERATOR.spec("PrintsOneClient", "shape.system-info", "prints the first client only", SystemInfo=_FirstClientSystem)


class _TenJobsSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return str(spec.SystemInfo(self.server_info, self.client_info, self.job_info[:10]))


_GENERATOR.spec("PrintsTenJobs", "shape.system-info", "prints ten jobs at most", SystemInfo=_TenJobsSystem)


class _SilentSystem(spec.SystemInfo):
    __str__ = object.__str__


_GENERATOR.spec("SystemPrintsNothing", "shape.system-info", "prints no more than its class", SystemInfo=_SilentSystem)


class _TupleSystem(spec.SystemInfo):
    def __init__(self, server_info: Any, client_info: Any, job_info: Any) -> None:
        super().__init__(server_info, client_info, client_info)


_GENERATOR.spec("KeepsClientsTwice", "shape.system-info", "keeps its clients as its jobs", SystemInfo=_TupleSystem)


class _NeedsClientSystem(spec.SystemInfo):
    def __str__(self) -> str:
        return f"{self.client_info[0]}" and super().__str__()


_GENERATOR.spec(
    "PrintNeedsClients", "shape.system-info", "can't be printed without clients", SystemInfo=_NeedsClientSystem
)
