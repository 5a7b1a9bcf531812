"""What an implementer supplies: a `System`, the world around the session under test.

Only `System.open_session` is required. Everything else a check may need is optional: what is not offered raises
`NotClaimed`, and the clauses that need it are reported as not claimed; what is offered has to work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from contract_tests.system.job_plan import JobPlan

_S = TypeVar("_S", bound="System")


class NotClaimed(Exception):
    """Raised by a `System` for what it does not offer; the clauses that need it are not judged.

    Attributes:
        need: what of `System` would offer it, as `contract_tests.system.needs` calls it; empty where that is not known.
    """

    def __init__(self, what: str = "", need: str = "") -> None:
        super().__init__(what)
        self.need = need


class Clock(Protocol):
    """The clock that the session under test runs on."""

    def time(self) -> float:
        """Seconds since the epoch."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass; on a virtual clock in no time."""
        ...


class RealClock:
    """The machine's own clock, for systems that run in real time."""

    def time(self) -> float:
        """Seconds since the epoch, by the wall clock."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block for ``seconds``."""
        time.sleep(seconds)


class System:
    """A server with users, clients and jobs, seen through sessions; a fresh one is made for every example.

    Subclass it and define `open_session`; override what else your system can offer. A check that needs what you did
    not override reports its clause as not claimed.

    Attributes:
        clock: the clock the sessions run on; None when the suite can't see or move it. Clauses about time are claimed
            by setting it: to your virtual clock, or to ``RealClock()``.
        time_unit: real seconds that a contract second takes. The checks speak of jobs that run 10 s and timeouts of
            5 s; with ``time_unit=0.05`` they become 0.5 s and 0.25 s.
        tolerance: seconds on `clock` by which a measured time may be off, for a clock that is coarse or oversleeps.
            What replies take need not be counted in: the checks see it, and allow for it.
        patience: contract seconds a job may take to reach the state it was planned to reach, beyond its own durations.
        longest: contract seconds of the longest job that checks may ask for, and that they wait for a job to be given
            up; systems on real time set it low.
        call_limit: real seconds after which a call that has not returned counts as one that never will.
        examples: the most examples a property is tried on, or None for the number the run asks for; systems on real
            time set it low; with a single one the inputs of a failure are not made smaller. What is listed is tried
            whole, however few.
        combinations: the most combinations of its listed inputs (states of a job, histories, flags) that a check is
            tried on, or None for all of them; systems on which an example takes seconds set it low.
        expected_failures: the clauses that the system is known to break, each with the reason why that is tolerated:
            ``{"delete.running": "the server does not stop jobs yet"}``. They count as known deviations as long as
            they fail, and fail the run when they are kept.
        users: the names of two users who may do everything with their own jobs and see all jobs; the first may do
            everything with the jobs of the second as well, and is
            whom ``open_session()`` without a user serves. Empty: one user only.
        restricted_user: the name of a user who may look at jobs and do nothing else.
        unknown_user: a name for which `open_session` is to raise AuthenticationError.
        client_names: the names of the connected clients.
        isolated: whether systems made in several processes at once share nothing, such as a server or its port; then
            ``flare-contract run`` uses all cores unless told otherwise, and tries as many checks at once as their
            waiting allows.
        threads: whether sessions and the system may be used from several threads at once.
        simulated_jobs: whether jobs are run by a `flare_sim` server behind the sessions, which lets a job's own meta
            say how its run is to go; then `job_folder` serves every plan as it is.
        download_limit: bytes above which that server hands out a location instead of a folder.
        spec: the module that defines the exceptions and classes of the interface, when it is neither NVFLARE's own
            nor `flare_sim.spec`; classes of other modules that only have their names are not the interface's.
    """

    clock: Clock | None = None
    time_unit: float = 1.0
    tolerance: float = 1e-3
    patience: float = 120.0
    longest: float = 100_000.0
    call_limit: float = 20.0
    examples: int | None = None
    combinations: int | None = None
    expected_failures: Mapping[str, str] = MappingProxyType({})
    users: tuple[str, ...] = ()
    restricted_user: str | None = None
    unknown_user: str | None = None
    client_names: tuple[str, ...] = ()
    isolated: bool = False
    threads: bool = False
    simulated_jobs: bool = False
    download_limit: int = 64 * 1024 * 1024
    spec: ModuleType | None = None

    def open_session(self, user: str = "") -> Any:
        """A new session of ``user`` (the first user when none is named): the object under test.

        Raises:
            NotImplementedError: the subclass does not define it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define open_session")

    def job_folder(self, plan: JobPlan) -> str:
        """The path of a job folder that behaves as ``plan`` says when it is submitted to this system.

        The plan's durations are in seconds of `clock`: `time_unit` is counted in.

        The default writes a portable job, which is enough for plans that ask for nothing special, and for a job that
        waits, for ten contract minutes at least: it asks for more clients than there can be. With ``simulated_jobs``
        it serves every plan.

        Raises:
            NotClaimed: this system can't bring about what the plan asks for.
        """
        # What writes folders is loaded with the first: a conftest that only names its system is there quickly.
        from contract_tests.system import job_folders

        if self.simulated_jobs:
            if plan.ends == "FAILED_TO_RUN" and not self.client_names:
                raise NotClaimed(
                    "a job that can't be deployed at a client, for client_names names none", "client_names"
                )
            return job_folders.simulated_job_folder(plan, self.client_names, self.download_limit + 1)
        if plan.plain:
            return job_folders.job_folder(plan)
        raise NotClaimed(f"jobs that behave as planned: {plan}", f"job_folder: {plan.asks}")

    def normal_id(self, text: str) -> str:
        """The id that ``text`` stands for, where this system documents that it takes several texts for one id.

        By the default every text stands for itself: what only looks like the id of a job is the id of none.
        """
        return text

    def outage(self) -> None:
        """Make the server unreachable for every session, until `recover`."""
        raise NotClaimed("an outage", "outage")

    def recover(self) -> None:
        """End what `outage` began."""
        raise NotClaimed("recovery from an outage", "recover")

    def lose_sessions(self) -> None:
        """Let the server end every open session, as an expired login would."""
        raise NotClaimed("sessions ended by the server", "lose_sessions")

    def misbehave(self) -> None:
        """Let the server answer every request with nonsense, until `behave`."""
        raise NotClaimed("a server that misbehaves", "misbehave")

    def behave(self) -> None:
        """End what `misbehave` began."""
        raise NotClaimed("a server that behaves again", "behave")

    def drop_client(self, name: str) -> None:
        """Let a client vanish without a word."""
        raise NotClaimed("a client that drops out", "drop_client")

    def connect_client(self, name: str) -> None:
        """Connect a client, a new one or one that dropped out."""
        raise NotClaimed("a client that connects", "connect_client")

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Let ``act()`` be called once ``seconds`` have passed on `clock`, while a later call of a session waits.

        On a virtual clock that is in the sleep that gets there; in real time a ``threading.Timer`` does it. Without it
        the suite acts in callbacks alone, and sees less of monitors that have none.
        """
        raise NotClaimed("somebody who acts while a call waits", "meanwhile")

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """The names of everything the server still holds for a job, by a way that bypasses the session."""
        raise NotClaimed("a look into the server's storage", "stored_files")

    def close(self) -> None:
        """Give back what the system holds; called after every example, also a failed one."""

    def __enter__(self: _S) -> _S:  # noqa: PYI019 - typing.Self is younger than Python 3.10
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
