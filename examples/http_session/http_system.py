"""The HTTP session, plugged into the contract suite, on virtual time and on the time of this machine."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import lru_cache

from http_session import HttpSession
from web_server import Realm, WebServer

from contract_tests import System
from flare_sim import Clock, ServerConfig, SimulatedServer, SystemClock, VirtualClock

_NUMBERS = itertools.count(1)


@lru_cache(maxsize=1)
def web_server() -> WebServer:
    """One service for the whole run; every system is a realm of its own in it."""
    return WebServer()


class HttpSystem(System):
    """A FLARE system behind a web service."""

    users = ("admin@nvidia.com", "lead@nvidia.com")
    restricted_user = "member@nvidia.com"
    unknown_user = "nobody@nowhere.org"
    client_names = ("site-1", "site-2")
    isolated = True
    threads = True
    simulated_jobs = True
    examples = 4

    def __init__(self) -> None:
        self.clock = self.new_clock()
        self.server = SimulatedServer(clock=self.clock, clients=self.client_names, config=self.config())
        self.name = f"realm-{next(_NUMBERS)}"
        self.realm = web_server().realms[self.name] = Realm(self.server)
        self.downloads = tempfile.mkdtemp(prefix="http-session-")

    def new_clock(self) -> Clock:
        """What sessions and server live on."""
        return VirtualClock()

    def config(self) -> ServerConfig:
        """How the server behind the service is set up."""
        return ServerConfig(max_download_bytes=self.download_limit)

    def open_session(self, user: str = "admin@nvidia.com") -> HttpSession:
        """Log in over HTTP."""
        service = web_server()
        return HttpSession(service.host, service.port, self.name, user, self.downloads, self.server.clock)

    def outage(self) -> None:
        """Drop every connection."""
        self.realm.down = True

    def recover(self) -> None:
        """Answer again."""
        self.realm.down = False

    def lose_sessions(self) -> None:
        """Forget who is logged in."""
        self.realm.forget_sessions()

    def misbehave(self) -> None:
        """Answer nonsense."""
        self.realm.mad = True

    def behave(self) -> None:
        """Answer properly again."""
        self.realm.mad = False

    def drop_client(self, name: str) -> None:
        """Let a client fall silent."""
        self.server.faults.drop(name)

    def connect_client(self, name: str) -> None:
        """Let a new client join, or one that fell silent come back."""
        if name in self.client_names:
            self.server.faults.reconnect(name)
        else:
            self.server.add_client(name)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Act in the sleep that gets there; the clock is virtual."""
        assert isinstance(self.clock, VirtualClock)
        self.clock.call_later(seconds, act)

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What the server holds for a job."""
        return self.server.stored_files(job_id)

    def close(self) -> None:
        """Leave nothing behind."""
        del web_server().realms[self.name]
        self.server.close()
        shutil.rmtree(self.downloads, ignore_errors=True)


class RealTimeHttpSystem(HttpSystem):
    """The same on the time of this machine: nothing waits but by waiting.

    A second of the contract takes 20 ms, and so do the seconds that the server is set up with. A thread that is to
    wake up at a certain moment does so within 50 ms, also when the machine is busy.
    """

    time_unit = 0.02
    tolerance = 0.05
    longest = 100.0
    examples = 1
    combinations = 6

    def new_clock(self) -> Clock:
        """The machine's."""
        return SystemClock()

    def config(self) -> ServerConfig:
        """Its times are those of the contract."""
        set_up = super().config()._asdict()
        for name in set_up:
            if name.endswith(("_seconds", "_interval", "_timeout")):
                set_up[name] *= self.time_unit
        return ServerConfig(**set_up)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Act in another thread."""
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()
