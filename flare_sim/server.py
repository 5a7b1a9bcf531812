"""A simulated FLARE server: puts the parts together and lets sessions in.

It is lazy: nothing happens until somebody looks.  Every command first brings the server up to its clock's time, by
doing everything that was due, in order; then the command is carried out.  So a day passes in no time on a virtual
clock, in a day on the system's, and nobody needs a thread.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

from flare_sim.clock import VirtualClock, to_seconds, to_ticks
from flare_sim.commands.job_result import stored_names
from flare_sim.commands.protocol import BROKEN_SERVER, Command, Login, Reply, no_server, no_session
from flare_sim.commands.request import Request
from flare_sim.commands.table import answer
from flare_sim.config import ServerConfig
from flare_sim.engine.clients.sites import Client, client_list
from flare_sim.engine.clients.wishes import with_wishes
from flare_sim.engine.run_behavior import checked_behavior
from flare_sim.engine.runner import Runner
from flare_sim.engine.state import PROGRESS, ServerState
from flare_sim.faults import Faults
from flare_sim.jobs.definition import JobDefinition, examine
from flare_sim.personality.personalities import personality_of
from flare_sim.personality.quirks import NO_LATE_LOGIN, UNKNOWN_USER_WAITS
from flare_sim.session import Session
from flare_sim.spec import AuthenticationError, JobNotFound, NoConnection
from flare_sim.untrusted_values import plain_text, shown
from flare_sim.users import DEFAULT_USERS, User, user_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from flare_sim.clock import Clock
    from flare_sim.engine.job_view import JobView
    from flare_sim.engine.run_behavior import BehaviorSource
    from flare_sim.engine.trace import Trace
    from flare_sim.jobs.definition import Examination
    from flare_sim.jobs.problems import Problem
    from flare_sim.temporary_folders import Folders

__all__ = ["Login", "SimulatedServer"]


class SimulatedServer:
    """One offline FLARE system: a server, its clients and its users.

    Two servers never see each other.  With the same seed, the same calls and the same times on its clock, a server
    gives the same ids, metas, results and trace, everywhere.

    Args:
        seed: where identifiers come from.
        clock: the time it lives by; a ``VirtualClock`` of its own unless given.
        clients: how many, or their names, or ``Client`` objects with resources.
        users: who may connect; a bare name is a lead of ``nvidia``.
        config: latencies and limits.
        behavior: what runs do when their job does not say: a ``JobBehavior``; one for each name of a job, where ``"*"``
            has what else goes for every job; or a function from ``Run`` to one (or to None) that is called when a job
            starts to run and may write result files.
        personality: whose servers it is like, a key of ``PERSONALITIES``; None keeps the contract.
        quirks: names of single quirks on top (keys of ``QUIRKS``).
        progress: ``"time"``: jobs get on as the clock does.  ``"immediate"``: a job that can run has run by the next
            call.  ``"manual"``: a job gets on when ``step`` is called.

    Attributes:
        remarks: what was wrong with jobs that were submitted, by their paths, warnings too.

    Raises:
        ValueError: an argument makes no sense.

    Example:
        >>> server = SimulatedServer()
        >>> session = server.connect("admin@nvidia.com")
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Clock | None = None,
        clients: int | Iterable[Client | str] = ("site-1", "site-2"),
        users: Iterable[User | str] = DEFAULT_USERS,
        config: ServerConfig = ServerConfig(),  # noqa: B008  (immutable)
        behavior: BehaviorSource = None,
        progress: str = "time",
        personality: str | None = None,
        quirks: Iterable[str] = (),
    ) -> None:
        if type(seed) is not int:
            raise ValueError(f"seed must be a whole number, not {shown(seed)}")
        if progress not in PROGRESS:
            raise ValueError(f"progress must be one of {', '.join(PROGRESS)}, not {shown(progress)}")
        self.clock: Clock = VirtualClock() if clock is None else clock
        self._users = _DEFAULT_TABLE if users is DEFAULT_USERS else user_table(users)
        like = personality_of(personality, quirks)
        self._state = ServerState(
            seed,
            to_ticks(self.clock.time()),
            client_list(clients),
            config.checked(),
            checked_behavior(behavior),
            progress,
            like,
        )
        self._no_server = like.cannot_connect or f"cannot connect to {config.project}: no server there"
        self._runner = Runner(self._state)
        self._lock = RLock()
        self._folders: Folders | None = None
        self._closed = False
        self.remarks: dict[str, tuple[Problem, ...]] = {}
        self.faults = Faults(self._state, self._runner, self._apply)

    @property
    def seed(self) -> int:
        """Where identifiers come from."""
        return self._state.seed

    @property
    def config(self) -> ServerConfig:
        """Latencies and limits."""
        return self._state.config

    @property
    def progress(self) -> str:
        """How jobs get on: ``"time"``, ``"immediate"`` or ``"manual"``."""
        return self._state.progress

    @property
    def quirks(self) -> frozenset[str]:
        """Names of what it does differently from what the contract says (keys of ``QUIRKS``)."""
        return self._state.quirks

    @property
    def users(self) -> tuple[User, ...]:
        """Who may connect, in the order they were given."""
        return tuple(self._users.values())

    @property
    def trace(self) -> Trace:
        """What has happened up to the clock's time."""
        self.catch_up()
        return self._state.trace

    @property
    def jobs(self) -> tuple[JobView, ...]:
        """All jobs at the clock's time, in the order they were submitted."""
        from flare_sim.engine.job_view import view

        with self._lock:
            self._catch_up()
            return tuple(map(view, self._state.store))

    def examine(self, path: Any) -> Examination:
        """Look at the job folder or zip file at ``path`` as at one that is submitted now.

        What is wrong with it is kept in ``remarks``.
        """
        examination = examine(path, self._state.rules, self.config.job_limits)
        with self._lock:
            self._catch_up()
            examination = with_wishes(examination, self._state.sites.listed(self._state.now), self.quirks)
            if examination.problems:
                self.remarks[plain_text(path) or shown(path)] = examination.problems
        return examination

    def connect(self, user: str = "admin@nvidia.com", *, download_dir: str | None = None) -> Session:
        """Open a session.

        Args:
            user: who it is for.
            download_dir: where results go, each into a folder named like its job; a temporary folder that goes with
                the server unless given.

        Raises:
            AuthenticationError: no such user.
            NoConnection: the server can't be reached.
        """
        try:
            return Session(self, self.login(user), download_dir)
        except AuthenticationError:
            if UNKNOWN_USER_WAITS in self.quirks:
                raise NoConnection(self._no_server) from None
            raise

    def login(self, user: str) -> Login:
        """Let a session in and return what it has to show with each ``request``; for those who bring their own.

        Raises:
            AuthenticationError: no such user.
            NoConnection: the server can't be reached.
        """
        with self._lock:
            self._catch_up()
            if not self._reachable() or (self._state.ending and NO_LATE_LOGIN in self.quirks):
                raise NoConnection(self._no_server)
            known = self._users.get(plain_text(user) or "")
            if known is None:
                raise AuthenticationError(f"unknown user {shown(user)}")
            self._state.sessions += 1
            return Login(known, self._state.sessions)

    @property
    def reachable(self) -> bool:
        """Whether anybody can get through to it by now."""
        with self._lock:
            self._catch_up()
            return self._reachable()

    @property
    def reply_seconds(self) -> float:
        """How long every reply takes, beyond what its command does."""
        return to_seconds(self._state.reply_delay)

    def catch_up(self) -> None:
        """Let everything happen that is due by now; whoever asks the server for something brings that about too."""
        with self._lock:
            self._catch_up()

    def call_later(self, seconds: float, effect: Callable[[], None]) -> None:
        """Let something happen in so many seconds; whoever looks at the server then brings it about."""
        self._apply(lambda: self._state.timeline.after(to_ticks(seconds), lambda _: effect()))

    def request(self, login: Login, command: Command) -> Reply:
        """Carry out a command of a session and return the reply (which may have to be waited for: ``delay``)."""
        with self._lock:
            self._catch_up()
            state = self._state
            if not self._reachable():
                return no_server(state.quirks)
            lost = state.lost
            if lost and login.number <= max(lost.get(None, 0), lost.get(login.user.name, 0)):
                reply = no_session(state.quirks)._replace(time=state.now)
            elif state.malfunctioning:
                reply = BROKEN_SERVER._replace(time=state.now)
            else:
                reply = answer(Request(state, self._runner, login.user, command))
            return reply._replace(delay=reply.delay + state.reply_delay) if state.reply_delay else reply

    def delivers(self, reply: Reply) -> bool:
        """Tell whether a reply that had to be waited for gets through.

        It does not when the server can't be reached by now, or is no longer the process that sent it.
        """
        with self._lock:
            self._catch_up()
            return self._reachable() and reply.time >= self._state.started

    def submit(self, definition: JobDefinition, user: str = "admin@nvidia.com") -> str:
        """Submit a job that is in memory already; returns its id.

        Raises:
            AuthenticationError: no such user.
            AuthorizationError: the user may not submit jobs.
            InvalidJobDefinition: not a ``JobDefinition``.
            NoConnection: the server can't be reached.
            InternalError: the server malfunctions.
        """
        return self.connect(user).submit_definition(definition)

    def add_client(self, client: Client | str) -> None:
        """Let a new client register.

        Raises:
            ValueError: a name that is empty, reserved or taken.
        """
        (new,) = client_list([client])
        if new.name in self._state.sites:
            raise ValueError(f"there is already a client {new.name!r}")
        self._apply(lambda: self._add_client(new))

    def remove_client(self, name: str) -> None:
        """Let a client leave for good; it is no longer listed at once.

        Raises:
            ValueError: no such client.
        """
        if name not in self._state.sites:
            raise ValueError(f"there is no client {shown(name)}")
        self._apply(lambda: self._remove_client(name))

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass on the server's clock, and everything happen that is due then.

        Raises:
            ValueError: not a time that can pass.
        """
        self.clock.sleep(seconds)
        self.catch_up()

    def run_until_idle(self) -> None:
        """Let time pass until nothing more is going to happen by itself.

        Raises:
            RuntimeError: sleeping does not move the clock (a frozen one), so that time never comes.
        """
        while (wait := self._idle_in()) is not None:
            before = self.clock.time()
            self.clock.sleep(to_seconds(wait))
            if wait and self.clock.time() <= before:
                raise RuntimeError("sleeping does not move the server's clock, so nothing more can happen")

    def step(self, job_id: str) -> str:
        """Move a job on to its next status by hand, or try once to schedule it; returns its status then.

        Raises:
            JobNotFound: no such job.
            RuntimeError: the server's ``progress`` is not ``"manual"``.
        """
        if self.progress != "manual":
            raise RuntimeError(f"jobs are stepped by hand with progress='manual', not with {self.progress!r}")
        with self._lock:
            self._catch_up()
            job = self._state.store.get(plain_text(job_id) or "")
            if job is None:
                raise JobNotFound(f"no such job: {shown(job_id)}")
            self._runner.step(job)
            return job.state.status

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """Return the names of the files the server holds for a job, none when there is no such job (any more)."""
        with self._lock:
            self._catch_up()
            job = self._state.store.get(plain_text(job_id) or "")
            return () if job is None else stored_names(job)

    def download_folder(self) -> str:
        """Return the folder results go to that were not told another; it goes with the server."""
        return self.folder("downloads")

    def folder(self, name: str) -> str:
        """Return a folder that goes with the server; it is made when it is first asked for."""
        with self._lock:
            if self._folders is None:
                from flare_sim.temporary_folders import Folders

                self._folders = Folders(self)
            return self._folders.named(name)

    def close(self) -> None:
        """Shut down for good: sessions get ``NoConnection``, and the folders that go with the server go."""
        with self._lock:
            self._closed = True
            if self._folders is not None:
                self._folders.remove()
                self._folders = None

    def __enter__(self) -> SimulatedServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        clients = sum(site.connected for site in self._state.sites)
        state = "closed" if self._closed else "up" if self._reachable() else "unreachable"
        jobs = ", ".join(f"{count} {status}" for status, count in self._state.store.counts.items() if count)
        return f"<SimulatedServer {self.config.project} ({state}), {clients} clients; {jobs or 'no jobs'}>"

    def _reachable(self) -> bool:
        return self._state.alive and self._state.reachable and not self._closed

    def _catch_up(self) -> None:
        """Do everything due by the clock's time; a clock that went back counts as standing still."""
        timeline = self._state.timeline
        if not timeline.busy:
            timeline.run(max(to_ticks(self.clock.time()), timeline.now))

    def _apply(self, effect: Callable[[], None]) -> None:
        with self._lock:
            self._catch_up()
            effect()

    def _idle_in(self) -> int | None:
        """Return how long it is until something happens, in ticks; None when nothing will."""
        with self._lock:
            self._catch_up()
            return self._state.timeline.next_in(self._runner.is_stale)

    def _add_client(self, client: Client) -> None:
        state = self._state
        if not state.alive:
            state.away.append(client.name)
        state.sites.add(client, state.now, present=state.alive)
        state.note("client", client.name, "registered")
        self._runner.clients_changed()

    def _remove_client(self, name: str) -> None:
        self._state.sites.remove(name)
        self._state.note("client", name, "left")
        self._runner.clients_changed()


_DEFAULT_TABLE = user_table(DEFAULT_USERS)
