"""Systems that are explored: the reference with a steady heartbeat, and with more that can go wrong with its server."""

from __future__ import annotations

from contract_tests.reference import SimulatedSystem
from flare_sim import ServerConfig, SimulatedServer

STEADY = ServerConfig(heartbeat_seconds=1.0)
"""Clients are heard of every second, so that the time since then does not tell states apart."""


class Steady(SimulatedSystem):
    """The reference."""

    def __init__(self, seed: int = 0) -> None:
        self.server = SimulatedServer(seed=seed, clients=self.client_names, config=STEADY, personality=self.personality)
        self.clock = self.server.clock


class Crashing(Steady):
    """Its outage is the end of the server's process, and its recovery a new one."""

    def outage(self) -> None:
        """Kill the process."""
        self.server.faults.crash()

    def recover(self) -> None:
        """Start it again."""
        self.server.faults.restart()


class Holding(Steady):
    """What its lost clients are is a scheduler that pauses."""

    def drop_client(self, name: str) -> None:
        """Let it pause."""
        self.server.faults.hold()

    def connect_client(self, name: str) -> None:
        """Let it go on."""
        self.server.faults.release()


class Undeployable(Steady):
    """Its lost clients are there, and refuse the next job."""

    def drop_client(self, name: str) -> None:
        """Refuse it."""
        self.server.faults.fail_deploy(name, 1)

    def connect_client(self, name: str) -> None:
        """Refuse it no more."""
        self.server.faults.fail_deploy(name, 0)


class Killing(Steady):
    """What its lost clients take with them is every run on the server."""

    def drop_client(self, name: str) -> None:
        """Kill what runs."""
        for job in self.server.jobs:
            self.server.faults.kill_job(job.job_id)

    def connect_client(self, name: str) -> None:
        """There is nothing to mend."""
