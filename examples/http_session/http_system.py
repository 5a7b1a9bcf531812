"""The HTTP session, plugged into the contract suite: all an implementer has to write."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache

from http_session import HttpSession
from web_server import Realm, WebServer

from contract_tests import System
from flare_sim import ServerConfig, SimulatedServer, VirtualClock

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
        self.clock = VirtualClock()
        self.server = SimulatedServer(
            clock=self.clock,
            clients=self.client_names,
            config=ServerConfig(max_download_bytes=self.download_limit),
        )
        self.name = f"realm-{next(_NUMBERS)}"
        self.realm = web_server().realms[self.name] = Realm(self.server)
        self.downloads = tempfile.mkdtemp(prefix="http-session-")

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
        self.clock.call_later(seconds, act)

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What the server holds for a job."""
        return self.server.stored_files(job_id)

    def close(self) -> None:
        """Leave nothing behind."""
        del web_server().realms[self.name]
        self.server.close()
        shutil.rmtree(self.downloads, ignore_errors=True)
