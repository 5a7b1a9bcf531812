"""Conforming variants that are slower or in real time, offer less, or have other clients and users."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Timer
from typing import Any, Final

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, RealClock, System
from flare_sim import ServerConfig, SimulatedServer, SystemClock

CONFORMING = VariantTable()


class _Configured(WrappedSystem):
    """The reference with other settings of its server."""

    settings: dict[str, Any] = {}  # noqa: RUF012 - read only
    server_arguments: dict[str, Any] = {}  # noqa: RUF012 - read only

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.close()
        arguments = {"seed": seed, "clients": self.client_names, **self.server_arguments}
        config = ServerConfig(max_download_bytes=self.download_limit)._replace(**self.settings)
        self.server = SimulatedServer(config=config, **arguments)
        self.clock = self.server.clock


@CONFORMING.conforming("runs on another seed, so every id is another")
class OtherSeed(WrappedSystem):
    """Seeds its server with 4711."""

    def __init__(self, seed: int = 4711) -> None:
        super().__init__(seed)


@CONFORMING.conforming("stops jobs at once when they are aborted")
class QuickAbort(_Configured):
    """Needs no time to abort."""

    settings = {"abort_seconds": 0.0}  # noqa: RUF012


@CONFORMING.conforming("takes a quarter of a minute to stop a job")
class SlowAbort(_Configured):
    """Needs 15 s to abort."""

    settings = {"abort_seconds": 15.0}  # noqa: RUF012


@CONFORMING.conforming("looks for jobs to schedule every five seconds")
class SlowScheduler(_Configured):
    """Schedules seldom."""

    settings = {"tick_seconds": 5.0}  # noqa: RUF012


@CONFORMING.conforming("looks for jobs to schedule ten times a second")
class QuickScheduler(_Configured):
    """Schedules often."""

    settings = {"tick_seconds": 0.1}  # noqa: RUF012


@CONFORMING.conforming("takes a while to deploy and to start a job")
class SlowDeployment(_Configured):
    """Deploys in 2 s and starts in 1 s."""

    settings = {"deploy_seconds": 2.0, "start_seconds": 1.0}  # noqa: RUF012


@CONFORMING.conforming("runs sixteen jobs at once")
class ManyJobs(_Configured):
    """Has room."""

    settings = {"max_jobs": 16}  # noqa: RUF012


@CONFORMING.conforming("has five clients")
class FiveClients(_Configured):
    """Has more sites than usual."""

    client_names = ("site-1", "site-2", "site-3", "hospital-a", "hospital-b")


@CONFORMING.conforming("has clients that report every second")
class EagerClients(_Configured):
    """Heartbeats come often."""

    settings = {"heartbeat_seconds": 1.0}  # noqa: RUF012


@CONFORMING.conforming("lives in another century")
class OtherCentury(WrappedSystem):
    """Its clock has been set to 2100."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.clock.sleep(74 * 365.25 * 86_400)


@CONFORMING.conforming("answers every request a tenth of a second later")
class SlowReplies(WrappedSystem):
    """Every reply takes its time, which the tolerance says."""

    tolerance = 1.0

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.faults.slow_replies(0.1)


class _Blocking(Wrapper):
    """Waits a little for real in every call."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        time.sleep(0.0005)  # noqa: TID251 - the point of it
        return super().get_job_meta(job_id)


@CONFORMING.conforming("takes half a millisecond of real time to read a job")
class BlockingReads(WrappedSystem):
    """Is not as fast as the simulator."""

    session = _Blocking
    examples = 2


@CONFORMING.conforming("offers nothing but sessions")
class OnlySessions(System):
    """Overrides open_session alone; nobody sees its clock."""

    def __init__(self) -> None:
        self.server = SimulatedServer()

    def open_session(self, user: str = "admin@nvidia.com") -> Any:
        """Open a session."""
        return self.server.connect(user)


@CONFORMING.conforming("wants to be told the user")
class UserRequired(System):
    """Has no default user."""

    def __init__(self) -> None:
        self.server = SimulatedServer(users=["alice", "bob"])

    def open_session(self, user: str) -> Any:  # type: ignore[override]
        """Open a session of somebody."""
        return self.server.connect(user)


@CONFORMING.conforming("offers sessions and a clock")
class SessionsAndClock(OnlySessions):
    """Lets its clock be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = self.server.clock


@CONFORMING.conforming("has one user only")
class OneUser(WrappedSystem):
    """Knows nobody else."""

    users = ("admin@nvidia.com",)
    restricted_user = None
    unknown_user = None


@CONFORMING.conforming("has two leads of two organisations as its users")
class OtherUsers(WrappedSystem):
    """Lets a project administrator and a lead of another organisation in."""

    users = ("admin@nvidia.com", "lead2@other.com")


@CONFORMING.conforming("can't be made to fail")
class NoFaults(WrappedSystem):
    """Offers no outages, no lost sessions, no misbehavior."""

    def outage(self) -> None:
        """Not offered."""
        raise NotClaimed("an outage")

    def lose_sessions(self) -> None:
        """Not offered."""
        raise NotClaimed("lost sessions")

    def misbehave(self) -> None:
        """Not offered."""
        raise NotClaimed("misbehavior")


@CONFORMING.conforming("can't be used from several threads")
class NoThreads(WrappedSystem):
    """Makes no claim about threads."""

    threads = False


@CONFORMING.conforming("knows no job that fails")
class NoFailingJobs(WrappedSystem):
    """Can plan only jobs that complete."""

    def job_folder(self, plan: JobPlan) -> str:
        """Serve plans of good jobs."""
        if plan.ends != "COMPLETED" or plan.oversize:
            raise NotClaimed(str(plan))
        return super().job_folder(plan)


@CONFORMING.conforming("ends sessions for good in an outage")
class OutageEndsSessions(WrappedSystem):
    """Every open session is lost with the connection."""

    def recover(self) -> None:
        """Forget the sessions that were open."""
        super().recover()
        self.server.faults.lose_sessions()


@CONFORMING.conforming("forgets clients that drop out at once")
class ForgetsDroppedClients(WrappedSystem):
    """Lists a client no more when it is gone."""

    def drop_client(self, name: str) -> None:
        """Let it leave."""
        self.server.remove_client(name)

    def connect_client(self, name: str) -> None:
        """Let a client register, be it a new one or one that left."""
        self.server.add_client(name)


@CONFORMING.conforming(
    "runs in real time, two hundred times faster than the clauses speak of",
    parts=("shape", "submit", "abort", "monitor", "credentials", "lost"),  # the rest takes minutes
)
class RealTime(System):
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
        config = ServerConfig(max_download_bytes=self.download_limit)
        self.server = SimulatedServer(
            clock=SystemClock(),
            clients=self.client_names,
            config=config._replace(
                tick_seconds=unit,
                deploy_seconds=unit / 20,
                start_seconds=unit / 10,
                run_seconds=7 * unit,
                abort_seconds=unit,
                heartbeat_seconds=10 * unit,
                min_schedule_interval=10 * unit,
                max_schedule_interval=100 * unit,
            ),
        )

    def open_session(self, user: str = "admin@nvidia.com") -> Any:
        """Open a session."""
        return self.server.connect(user)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Act in another thread."""
        timer = Timer(seconds, act)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """Close the server."""
        self.server.close()


_TIMES: Final = ("submit", "clone", "abort", "system", "monitor", "close", "life")
"""Where it matters when a job is run; some settings are tried on everything."""


def _configured(name: str, difference: str, parts: tuple[str, ...] = _TIMES, **members: Any) -> None:
    """Declare a system with other settings of its server, or other clients."""
    about = {"__module__": __name__, "__qualname__": name, "__doc__": f"{difference.capitalize()}."}
    globals()[name] = CONFORMING.conforming(difference, parts=parts)(type(name, (_Configured,), {**about, **members}))


_configured("OneByOne", "runs one job at a time", (), settings={"max_jobs": 1})
_configured("OneAfterOther", "runs one job after the other", (), settings={"max_jobs": 1}, patience=5e3)
_configured("TwoByTwo", "runs two jobs at a time", settings={"max_jobs": 2})
_configured("OddScheduler", "looks for jobs to schedule every 1.7 seconds", settings={"tick_seconds": 1.7})
_configured("VerySlowScheduler", "looks for jobs to schedule twice a minute", (), settings={"tick_seconds": 30.0})
_configured("NoDeployment", "deploys and starts in no time", settings={"deploy_seconds": 0.0, "start_seconds": 0.0})
_configured("LongDeployment", "takes 15 s to start a job", settings={"deploy_seconds": 10.0, "start_seconds": 5.0})
_configured("VerySlowAbort", "takes a minute and more to stop a job", settings={"abort_seconds": 100.0})
_configured("FewTries", "gives a job up after seven tries", settings={"max_schedule_count": 7})
_configured("ManyTries", "gives a job up after thirty tries", settings={"max_schedule_count": 30})
_configured("NeverGivesUp", "never gives a job up", (), settings={"max_schedule_count": 10**9})
_configured("LazyClients", "has clients that report every minute", settings={"heartbeat_seconds": 60.0})
_configured("ShortRuns", "has jobs that are done in a tenth of a second", settings={"run_seconds": 0.1})
_configured("LongRuns", "has jobs that run for a minute and a half", settings={"run_seconds": 90.0})
_configured("ShortJobsOnly", "wants no job to be longer than 20 s", (), longest=20.0)
_configured("OneClient", "has one client", client_names=("only",))
_configured("NamedClients", "has clients with odd names", client_names=("Klinik Köln", "山", "z 3"))


@CONFORMING.conforming("offers a clock, two users and no more")
class PortableJobsOnly(SessionsAndClock):
    """Can't say how a job is to run."""

    users = ("admin@nvidia.com", "lead@nvidia.com")


@CONFORMING.conforming("serves one user, who need not be named")
class Nameless(System):
    """Its open_session takes nothing."""

    def __init__(self) -> None:
        self.server = SimulatedServer()

    def open_session(self) -> Any:  # type: ignore[override]
        """Open the session."""
        return self.server.connect("admin@nvidia.com")


@CONFORMING.conforming("knows nothing of its clients, nor of its storage")
class NoClients(WrappedSystem):
    """Names no clients, though it has them, and lets nobody look."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.client_names = ()

    def drop_client(self, name: str) -> None:
        """Not offered."""
        raise NotClaimed("a client that drops out")

    def connect_client(self, name: str) -> None:
        """Not offered."""
        raise NotClaimed("a client that connects")

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """Not offered."""
        raise NotClaimed("a look into the server's storage")
