"""The reference system: the simulated server, plugged in. The only module here that knows the simulator.

It offers everything a check may ask for, so it is also the example to look at when writing a system of one's own; wrap
its sessions to see what the suite says of a change:

    class Patient(SimulatedSystem):
        def open_session(self, user=None):
            return MyWrapper(super().open_session(user))
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from contract_tests.system.system import NotClaimed, System
from flare_sim import Scenario, ServerConfig, SimulatedServer, VirtualClock, spec
from flare_sim.config import DEFAULT_CLIENTS, DEFAULT_CONFIG

LARGEST_META = 16 << 20
"""The files that a job of the suite leaves stand in its meta, however large they are; bytes."""


class SimulatedSystem(System):
    """A `flare_sim.SimulatedServer` on a virtual clock, with two clients; nothing on it ever really sleeps.

    Attributes:
        server: the simulated server.
        clock: its virtual clock.
        personality: the release whose servers it is like (a key of ``flare_sim.PERSONALITIES``), deviations included;
            None for a server that keeps the contract.
        scenario: the situation the server is in: a `flare_sim.Scenario`, the path of a file of one, or a name in the
            gallery; None for none. Its clients are the system's then, and its users are there beside the system's own.
            A server in trouble does not keep every promise: what is found is to be read beside what is said here, and
            a wrapper that hides trouble can be held to the contract in it.
    """

    personality: str | None = None
    scenario: Any = None

    users: tuple[str, ...] = ("admin@nvidia.com", "lead@nvidia.com")
    restricted_user: str | None = "member@nvidia.com"
    unknown_user: str | None = "stranger@nowhere.org"
    client_names: tuple[str, ...] = DEFAULT_CLIENTS
    isolated = True
    threads = True
    simulated_jobs = True
    spec: ModuleType | None = spec

    def __init__(self, seed: int = 0, *, server: SimulatedServer | None = None) -> None:
        """Begin with a fresh server, or with one that there is, whose clients and users may be others."""
        self.server = self._fresh(seed) if server is None else server
        self.clock = self.server.clock

    def _fresh(self, seed: int) -> SimulatedServer:
        # The suite waits as long as it likes, and has limits of its own.
        if self.scenario is None:
            return SimulatedServer(
                seed=seed,
                clock=VirtualClock(max_seconds=None),
                clients=self.client_names,
                config=_config(DEFAULT_CONFIG, self.download_limit),
                personality=self.personality,
            )
        scenario = _scenario(self.scenario)
        start = VirtualClock().time() if scenario.start is None else scenario.start
        like = {} if self.personality is None else {"personality": self.personality}
        server = scenario.server(
            seed=seed,
            clock=VirtualClock(start, max_seconds=None),
            config=_config(scenario.config, self.download_limit),
            **like,
        )
        self.client_names = tuple(client.name for client in server.connect().get_system_info().client_info)
        return server

    def open_session(self, user: str | None = None) -> Any:
        """A session of ``user``, by default the project's administrator."""
        return self.server.connect(user or (self.users or SimulatedSystem.users)[0])

    def outage(self) -> None:
        """Cut the server off; it goes on running."""
        self.server.faults.partition()

    def recover(self) -> None:
        """Let the server be reached again."""
        self.server.faults.repair()

    def lose_sessions(self) -> None:
        """Let the server forget every session."""
        self.server.faults.lose_sessions()

    def misbehave(self) -> None:
        """Let every command fail inside the server."""
        self.server.faults.malfunction()

    def behave(self) -> None:
        """Let commands work again."""
        self.server.faults.mend()

    def drop_client(self, name: str) -> None:
        """Let a client fall silent."""
        self.server.faults.drop(name)

    def connect_client(self, name: str) -> None:
        """Connect a new client, or one that fell silent."""
        if name in self.client_names:
            self.server.faults.reconnect(name)
        else:
            self.server.add_client(name)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act()`` in the sleep in which the server's clock gets there."""
        clock = self.server.clock
        if not isinstance(clock, VirtualClock):
            raise NotClaimed("somebody who acts while a call waits", "meanwhile")
        clock.call_later(seconds, act)

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What the server's store holds for a job."""
        return tuple(self.server.stored_files(job_id))

    def close(self) -> None:
        """Close the server and remove what was downloaded from it."""
        self.server.close()


@cache
def _config(given: ServerConfig, download_limit: int) -> ServerConfig:
    return given._replace(max_download_bytes=download_limit, max_meta_bytes=LARGEST_META)


def _scenario(given: Any) -> Scenario:
    return given if isinstance(given, Scenario) else _named_scenario(given)


@cache
def _named_scenario(name: Any) -> Scenario:
    """A scenario by its name or path, which is read once, however many systems there are."""
    return Scenario.of(name)
