"""Sessions that tell wrong things about the connected clients."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem
from flare_sim.spec import ClientInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Clients(TellingSystem):
    """Changes the list of clients."""

    def changed(self, info: SystemInfo) -> Any:
        """Other clients."""
        info.client_info = self.clients(info.client_info, info)
        return info

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """The clients to tell of."""
        return clients


@MUTANTS.mutant("system.clients", "leaves out the last client")
class LastClientMissing(_Clients):
    """Is off by one."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """All but one."""
        return clients[:-1]


@MUTANTS.mutant("system.clients", "counts the server among the clients")
class ServerAsClient(_Clients):
    """Takes every site for a client."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """One more."""
        return [*clients, ClientInfo("server", info.server_info.start_time)]


@MUTANTS.mutant("system.clients", "names the clients in capitals")
class CapitalClients(_Clients):
    """Changes the case of names."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Other names."""
        return [ClientInfo(client.name.upper(), client.last_connect_time) for client in clients]


@MUTANTS.mutant("system.clients", "leaves out a client that is busy with two jobs")
class BusyClientMissing(_Clients):
    """Counts only clients that could take a job."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Idle clients."""
        return clients[len(info.job_info) >= 2 :]


@MUTANTS.mutant("system.clients", "leaves out a client not heard of for more than eight seconds")
class ImpatientWithClients(_Clients):
    """Has a timeout shorter than the heartbeat."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Clients of the last eight seconds."""
        now = self.system.server.clock.time()
        return [client for client in clients if now - client.last_connect_time <= 8.0]


@MUTANTS.mutant("system.client-names", "names every client twice")
class ClientsTwice(_Clients):
    """Joins two lists."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Twice the list."""
        return clients + clients


@MUTANTS.mutant("system.client-names", "names a client once per job it takes part in")
class ClientsPerJob(_Clients):
    """Lists the clients of jobs, too."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """One more per job."""
        return clients + clients[:1] * len(info.job_info)


@MUTANTS.mutant("system.client-names", "keeps the entry of a client that comes back, besides its new one")
class KeepsOldEntries(_Clients):
    """Adds an entry when a known client has connected once more."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """The old ones of those who were away for a while."""
        seen: dict[str, ClientInfo] = self.system.memory.setdefault("seen", {})
        away = [
            seen[c.name]
            for c in clients
            if c.name in seen and c.last_connect_time > seen[c.name].last_connect_time + 15
        ]
        seen.update({client.name: client for client in clients})
        return clients + away


class _Moments(_Clients):
    """Changes when clients were heard of."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """The same clients at other times."""
        return [ClientInfo(client.name, self.moment(client, info)) for client in clients]

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The time to tell for a client."""
        return client.last_connect_time


@MUTANTS.mutant("system.connect-time", "tells last_connect_time as text")
class ConnectTimeAsText(_Moments):
    """Formats it."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """Text."""
        return f"{client.last_connect_time:.3f}"


@MUTANTS.mutant("system.connect-time", "tells when a client is expected next instead of when it was heard of")
class NextConnectTime(_Moments):
    """Adds the interval."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """Ten seconds later."""
        return client.last_connect_time + 10.0


@MUTANTS.mutant("system.connect-time", "does not know when a client that runs a job was heard of")
class NoConnectTimeWhenBusy(_Moments):
    """Leaves it open while a job is executed."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """None."""
        return None if info.job_info else client.last_connect_time


class _DatesSome(TellingSystem):
    """Changes the times of some clients."""

    def changed(self, info: SystemInfo) -> Any:
        """Another time."""
        for client in info.client_info:
            if self.wrong(client.name, info):
                client.last_connect_time = self.time(client.last_connect_time)
        return info

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """Whether the time of a client is changed."""
        raise NotImplementedError

    def time(self, seconds: float) -> float:
        """The time instead."""
        return seconds * 1000


@MUTANTS.mutant("system.connect-time", "tells the time of a client that was not there before in milliseconds")
class NewInMilliseconds(_DatesSome):
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


class _BackInMilliseconds(_DatesSome):
    """Converts only the first."""

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """It is back."""
        return name in self.system.memory.get("back", ())


class _MovesWithJobs(_DatesSome):
    """Takes the news of a job for one of every client."""

    def wrong(self, name: str, info: SystemInfo) -> bool:
        """It has gone, and a job runs."""
        return bool(info.job_info) and name in self.system.memory.get("dropped", ())

    def time(self, seconds: float) -> float:
        """Now."""
        return self.system.server.clock.time()


class _TellsLater(TellingSystem):
    """Counts the clients when it has nothing else to do."""

    def changed(self, info: SystemInfo) -> Any:
        """Those that came before the job, as long as one runs."""
        later = self.system.memory.get("later", set())
        if not info.job_info:
            later.clear()
        clients = [client for client in info.client_info if client.name not in later]
        return SystemInfo(info.server_info, clients, info.job_info)


_CLIENTS: Final[tuple[tuple[str, str, str, type], ...]] = (
    (
        "BackInMilliseconds",
        "system.connect-time",
        "tells the time of a client that is back in milliseconds",
        _BackInMilliseconds,
    ),
    (
        "MovesWithJobs",
        "system.dropped-client",
        "moves the time of a client that has gone on while a job runs",
        _MovesWithJobs,
    ),
    ("TellsLater", "system.new-client", "tells a client that came while a job ran once none does", _TellsLater),
)

for _name, _clause, _difference, _session in _CLIENTS:
    _system = type(_name, (_Watching,), {"session": _session, "__doc__": f"{_difference}."})
    _GENERATOR.named(_name, _clause, _difference, _system)


@MUTANTS.mutant("system.connect-time-moves", "tells the time a client first connected")
class FirstConnectTime(_Moments):
    """Remembers the first time for good."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The first."""
        return self.system.memory.setdefault(client.name, client.last_connect_time)


@MUTANTS.mutant("system.connect-time-moves", "stands still for one of the clients")
class OneClientStandsStill(_Moments):
    """Updates only the first."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The first time for the others."""
        first = self.system.memory.setdefault(client.name, client.last_connect_time)
        return client.last_connect_time if client.name == "site-1" else first


@MUTANTS.mutant("system.connect-time-moves", "moves once and then no more")
class MovesOnce(_Moments):
    """Keeps the second time that differs."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The second."""
        times = self.system.memory.setdefault(client.name, [])
        if client.last_connect_time not in times:
            times.append(client.last_connect_time)
        return times[:2][-1]


@MUTANTS.mutant("system.connect-time-moves", "steps back a little on every second call")
class StepsBack(_Moments):
    """Reads one of two replicas."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """Older every second time."""
        return client.last_connect_time - 3.0 * (count(self, client.name) % 2)


class _FirstTimes(TellingSystem):
    """Tells the first time it saw of clients that came back."""

    def changed(self, info: SystemInfo) -> Any:
        """The first."""
        first: dict[str, float] = self.system.memory.setdefault("first", {})
        back = self.system.memory.get("back", ())
        for client in info.client_info:
            if client.name in back:
                first.setdefault(client.name, client.last_connect_time)
        info.client_info = [
            ClientInfo(client.name, first.get(client.name, client.last_connect_time)) for client in info.client_info
        ]
        return info


@MUTANTS.mutant("system.connect-time-moves", "does not hear of a client any more that dropped out and came back")
class DeafToTheReturned(WrappedSystem):
    """Has closed that line."""

    session = _FirstTimes

    def connect_client(self, name: str) -> None:
        """Note who came."""
        super().connect_client(name)
        self.memory.setdefault("back", []).append(name)


@MUTANTS.mutant("system.dropped-client", "tells of every client that it was heard of just now")
class AllHeardNow(_Moments):
    """Takes the time of the answer."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The present."""
        return self.system.server.clock.time()


@MUTANTS.mutant("system.dropped-client", "moves the time of a client that is gone when a job is submitted")
class SubmitTouchesClients(_Moments):
    """Takes the sending of a job for a sign of life."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the time."""
        self.system.memory["sent"] = self.system.server.clock.time()
        return super().submit_job(job_definition_path)

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """The later of the two."""
        return max(client.last_connect_time, self.system.memory.get("sent", 0.0))


@MUTANTS.mutant("system.dropped-client", "moves the time of a client that is gone for a minute after")
class LingeringClient(_Moments):
    """Believes in it for a while."""

    def moment(self, client: ClientInfo, info: SystemInfo) -> Any:
        """A second per minute since, for a client that should have been heard of."""
        silent = self.system.server.clock.time() - client.last_connect_time
        return client.last_connect_time + (1.0 if silent > 60.0 else 0.0)


@MUTANTS.mutant("system.new-client", "tells only of clients that were there when the session asked first")
class CachedClients(_Clients):
    """Keeps the first list of names."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Known clients."""
        self.known = getattr(self, "known", None) or {client.name for client in clients}
        return [client for client in clients if client.name in self.known]


@MUTANTS.mutant("system.new-client", "tells of ten clients at most")
class TenClients(_Clients):
    """Has a limit."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """The first ten."""
        return clients[:10]


@MUTANTS.mutant("system.new-client", "does not take back a client that was gone")
class NoWayBack(_Clients):
    """Strikes off for good who was silent."""

    def clients(self, clients: list[ClientInfo], info: SystemInfo) -> list[ClientInfo]:
        """Without those once found silent."""
        gone: set[str] = self.system.memory.setdefault("gone", set())
        now = self.system.server.clock.time()
        gone.update(client.name for client in clients if now - client.last_connect_time > 60.0)
        return [client for client in clients if client.name not in gone]
