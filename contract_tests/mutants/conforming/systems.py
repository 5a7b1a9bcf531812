"""Conforming variants that offer less, or otherwise, of what a `System` can offer; one lives on real time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer
from typing import Any, Final

from contract_tests.mutants.variant import Differences, conforming
from contract_tests.mutants.wrapper import WrappedSystem
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, RealClock, System
from flare_sim import ServerConfig, SimulatedServer, SystemClock


def _offers(**members: Any) -> type[WrappedSystem]:
    return type("_Offers", (WrappedSystem,), members)


def _offers_no(**what: str) -> type[WrappedSystem]:
    """A system without some methods, by what they would have offered."""

    def refusing(what: str) -> Callable[..., None]:
        def method(self: object, *args: object) -> None:
            raise NotClaimed(what)

        return method

    return _offers(**{name: refusing(told) for name, told in what.items()})


class _NoFailingJobs(WrappedSystem):
    def job_folder(self, plan: JobPlan) -> str:
        if plan.ends != "COMPLETED" or plan.oversize:
            raise NotClaimed(str(plan))
        return super().job_folder(plan)


class _OutageEndsSessions(WrappedSystem):
    def recover(self) -> None:
        super().recover()
        self.server.faults.lose_sessions()


class _ForgetsDroppedClients(WrappedSystem):
    def drop_client(self, name: str) -> None:
        self.server.remove_client(name)

    def connect_client(self, name: str) -> None:
        """Let a client register, be it a new one or one that left."""
        self.server.add_client(name)


class _NoClients(WrappedSystem):
    def __init__(self, seed: int = 0, *, server: Any = None) -> None:
        super().__init__(seed, server=server)
        self.client_names = ()


# --- systems that are not the reference -------------------------------------------------------------------------------


class _Sessions(System):
    """Offers nothing but sessions; nobody sees its clock."""

    arguments: dict[str, Any] = {}  # noqa: RUF012 - read only

    def __init__(self) -> None:
        self.server = SimulatedServer(**self.arguments)

    def open_session(self, user: str = "admin@nvidia.com") -> Any:
        return self.server.connect(user)


def _sessions(**members: Any) -> type[_Sessions]:
    return type("_MoreThanSessions", (_Sessions,), members)


_CLOCK: Final = property(lambda self: self.server.clock)


class _RealTime(_Sessions):
    """The simulated server on the machine's clock."""

    users = ("admin@nvidia.com", "lead@nvidia.com")
    restricted_user = "member@nvidia.com"
    unknown_user = "stranger@nowhere.org"
    client_names = ("site-1", "site-2")
    simulated_jobs = True
    clock = RealClock()
    time_unit = 0.005
    tolerance = 0.1  # a machine that is busy wakes nobody up on time
    patience = 60.0
    longest = 20.0
    examples = 1

    def __init__(self) -> None:
        unit = self.time_unit
        config = ServerConfig(
            max_download_bytes=self.download_limit,
            tick_seconds=unit,
            deploy_seconds=unit / 20,
            start_seconds=unit / 10,
            run_seconds=7 * unit,
            abort_seconds=unit,
            heartbeat_seconds=10 * unit,
            min_schedule_interval=10 * unit,
            max_schedule_interval=100 * unit,
        )
        self.server = SimulatedServer(clock=SystemClock(), clients=self.client_names, config=config)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        timer = Timer(seconds, act)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        self.server.close()


_OFFERED: Final[dict[str, Differences]] = {
    "has one user only": _offers(users=("admin@nvidia.com",), restricted_user=None, unknown_user=None),
    "has two leads of two organisations as its users": _offers(users=("admin@nvidia.com", "lead2@other.com")),
    "can't be made to fail": _offers_no(outage="an outage", lose_sessions="lost sessions", misbehave="misbehavior"),
    "can't be used from several threads": _offers(threads=False),
    "knows no job that fails": _NoFailingJobs,
    "ends sessions for good in an outage": _OutageEndsSessions,
    "forgets clients that drop out at once": _ForgetsDroppedClients,
    "knows nothing of its clients, nor of its storage": (
        _NoClients,
        _offers_no(
            drop_client="a client that drops out",
            connect_client="a client that connects",
            stored_files="a look into the server's storage",
        ),
    ),
    "offers nothing but sessions": _Sessions,
    "offers sessions and a clock": _sessions(clock=_CLOCK),
    "offers a clock, two users and no more": _sessions(clock=_CLOCK, users=("admin@nvidia.com", "lead@nvidia.com")),
    "wants to be told the user": _sessions(
        arguments={"users": ["alice", "bob"]}, open_session=lambda self, user: self.server.connect(user)
    ),
    "serves one user, who need not be named": _sessions(
        open_session=lambda self: self.server.connect("admin@nvidia.com")
    ),
}

CONFORMING: Final = (
    *conforming(__name__, "systems", _OFFERED),
    *conforming(
        __name__,
        "systems",
        {"runs in real time, two hundred times faster than the clauses speak of": _RealTime},
        ("shape", "submit", "abort", "monitor", "credentials", "lost"),  # the rest takes minutes
    ),
)
