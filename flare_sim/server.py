"""A simulated FLARE server: puts the parts together and lets sessions in.

It is lazy: nothing happens until somebody looks.  Every command first brings the server up to its clock's time, by
doing everything that was due, in order; then the command is carried out.  So a day passes in no time on a virtual
clock, in a day on the system's, and nobody needs a thread.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flare_sim.clock import VirtualClock, now_on
from flare_sim.commands.protocol import Login
from flare_sim.config import (
    DEFAULT_CLIENTS,
    DEFAULT_CONFIG,
    checked_clock,
    checked_config,
    checked_progress,
    checked_seed,
)
from flare_sim.personality.quirks import UNKNOWN_USER_WAITS
from flare_sim.simulation.answering import AnsweringSimulation
from flare_sim.spec import AuthenticationError, NoConnection
from flare_sim.untrusted_values import plain_text, readable, shown
from flare_sim.users import DEFAULT_USERS, User, user_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from os import PathLike
    from types import TracebackType

    from flare_sim.clock import Clock
    from flare_sim.config import ServerConfig
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.engine.state import ServerState
    from flare_sim.jobs.definition import Examination, JobDefinition
    from flare_sim.personality.personality import Personality
    from flare_sim.session import Session
    from flare_sim.temporary_folders import Folders

__all__ = ["Login", "SimulatedServer"]


class SimulatedServer(AnsweringSimulation):
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
            starts to run, once, and again when each of its rounds is over; it may write files, metrics and log lines.
            One that raises has the job end with EXECUTION_EXCEPTION; what it raises that is no ``Exception``, as
            SystemExit, also reaches the caller.
        personality: whose servers it is like, a key of ``PERSONALITIES``; None keeps the contract.
        quirks: names of single quirks on top (keys of ``QUIRKS``).
        progress: ``"time"``: jobs get on as the clock does.  ``"immediate"``: a job that can run has run by the next
            call.  ``"manual"``: a job gets on when ``step`` is called.
        state_file: a file to keep its state in.  Whatever has changed is in there before anybody is told, so that a
            server in another process can go on with it once this one is gone.  A file that is there already says what
            the server is; of the other arguments only ``clock`` and ``behavior`` count then (as in ``restore``), and
            none may say something else.  None keeps the state in memory.

    Attributes:
        remarks: what was wrong with jobs that were submitted, by their paths, warnings too.

    Raises:
        ValueError: an argument makes no sense; or the state file is none, is damaged, in use, or of another server.
        InternalError: the state file cannot be written; so does everything that changes the state then.

    Examples:
        >>> server = SimulatedServer()
        >>> session = server.connect("admin@nvidia.com")
    """

    _folders: Folders | None = None

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Clock | None = None,
        clients: int | Iterable[Client | str] = DEFAULT_CLIENTS,
        users: Iterable[User | str] = DEFAULT_USERS,
        config: ServerConfig = DEFAULT_CONFIG,
        behavior: BehaviorSource = None,
        progress: str = "time",
        personality: str | None = None,
        quirks: Iterable[str] = (),
        state_file: str | PathLike[str] | None = None,
    ) -> None:
        state_of, client_list, checked_behavior = _parts()

        table = _DEFAULT_TABLE if users is DEFAULT_USERS else user_table(users)
        time = VirtualClock() if clock is None else checked_clock(clock)
        state = state_of(
            checked_seed(seed),
            now_on(time),
            client_list(clients),
            checked_config(config),
            checked_behavior(behavior),
            checked_progress(progress),
            _like(personality, quirks),
        )
        state.users = table
        super().__init__(time, state, {})
        if state_file is not None:
            self._keep(state_file, clock, behavior)

    def examine(self, path: Any) -> Examination:
        """Look at the job folder or zip file at ``path`` as at one that is submitted now.

        What is wrong with it is kept in ``remarks``.

        Raises:
            InternalError: the file system refuses even to look.
        """
        examine, with_wishes, file_errors = _reading()
        state = self._state
        with file_errors:
            examination = examine(path, state.rules, state.config.job_limits)
        looked = self._transact(lambda: with_wishes(examination, state.sites.listed(state.now), state.quirks))
        if looked.problems:
            self.remark(plain_text(path) or shown(path), looked.problems)
        return looked

    def connect(
        self, user: str = "admin@nvidia.com", *, download_dir: str | None = None, number: int | None = None
    ) -> Session:
        """Open a session.

        Args:
            user: who it is for.
            download_dir: where results go, each into a folder named like its job, ``<id>__1`` if that is another's
                already; a temporary folder that goes with the server unless given.
            number: that of a session that was opened before (``Session.number``), to go on with it.

        Raises:
            AuthenticationError: no such user, or no session of that number yet.
            NoConnection: the server can't be reached.
            InternalError: the server's clock shows no time.
            ValueError: ``download_dir`` is no path.
        """
        from flare_sim.session import Session, checked_download_dir

        folder = checked_download_dir(download_dir)
        try:
            return Session(self, self.login(user, number), folder)
        except AuthenticationError:
            if UNKNOWN_USER_WAITS in self.quirks:
                raise NoConnection(self._no_server()) from None
            raise

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

    def download_folder(self) -> str:
        """Return the folder results go to that were not told another; it goes with the server.

        Raises:
            InternalError: none can be made.
        """
        return self.folder("downloads")

    def folder(self, name: str) -> str:
        """Return a folder that goes with the server; it is made when it is first asked for.

        Raises:
            ValueError: no name of a folder.
            InternalError: none can be made.
            NoConnection: the server was closed, and its folders with it.
        """
        text = plain_text(name)
        if not text or text in (".", "..") or not text.isprintable() or "/" in text or "\\" in text:
            raise ValueError(f"{shown(name)} is no name of a folder")
        return self.folders.named(text)

    @property
    def folders(self) -> Folders:
        """What it keeps on the disk of this process: temporary folders, and results."""
        return self._transactions.alone(self._own_folders)

    def awaited(self) -> list[str]:
        """Return what whoever waits for something waits for, as lines."""
        return [*([f"{readable(self.config.project)} was closed"] if self._closed else []), *super().awaited()]

    def close(self) -> None:
        """Shut down for good: sessions get ``NoConnection``, and the folders that go with the server go.

        What is in its state file stays, and another server may go on with it.
        """
        self._transactions.alone(self._close)
        self.folders.remove()

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

    def _own_folders(self) -> Folders:
        if self._folders is None or not self._folders.are_ours:
            from flare_sim.temporary_folders import Folders

            self._folders = Folders(self)
        return self._folders

    def _close(self) -> None:
        self._closed = True
        if self._open is not None:
            self._open.clear()  # so that those who watch jobs ask, and hear of it
        self._let_go()


_DEFAULT_TABLE = user_table(DEFAULT_USERS)


@cache
def _parts() -> tuple[type[ServerState], Callable[..., list[Client]], Callable[[BehaviorSource], BehaviorSource]]:
    """Return what a state is made of; it is loaded with the first server, as who only names the class does without."""
    from flare_sim.engine.clients.sites import client_list
    from flare_sim.engine.runs.behavior import checked_behavior
    from flare_sim.engine.state import ServerState

    return ServerState, client_list, checked_behavior


@cache
def _reading() -> tuple[Callable[..., Examination], Callable[..., Examination], AbstractContextManager[None]]:
    """Return what reads and judges jobs; it is loaded with the first, as a server is made quickly."""
    from flare_sim.disk.file_errors import FileErrors
    from flare_sim.engine.clients.wishes import with_wishes
    from flare_sim.jobs.definition import examine

    return examine, with_wishes, FileErrors("the job cannot be read")


def _like(personality: str | None, quirks: Iterable[str]) -> Personality:
    """Return what a server is like; nothing is loaded for one that keeps the contract."""
    if personality is None and type(quirks) is tuple and not quirks:
        from flare_sim.personality.personality import KEEPS_CONTRACT

        return KEEPS_CONTRACT
    from flare_sim.personality.personalities import personality_of

    return personality_of(personality, quirks)
