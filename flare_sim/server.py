"""A simulated FLARE server: puts the parts together and lets sessions in.

It is lazy: nothing happens until somebody looks.  Every command first brings the server up to its clock's time, by
doing everything that was due, in order; then the command is carried out.  So a day passes in no time on a virtual
clock, in a day on the system's, and nobody needs a thread.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flare_sim.clock import VirtualClock, now_on, quiet_ticks, to_seconds
from flare_sim.commands.protocol import (
    BROKEN_SERVER,
    UNKNOWN_LOGIN,
    Command,
    Login,
    Reply,
    no_server,
    no_session,
    plain_command,
    revoked,
)
from flare_sim.commands.request import Request
from flare_sim.commands.table import answer, changes
from flare_sim.config import (
    DEFAULT_CLIENTS,
    DEFAULT_CONFIG,
    checked_clock,
    checked_config,
    checked_progress,
    checked_seed,
)
from flare_sim.personality.quirks import NO_LATE_LOGIN, UNKNOWN_USER_WAITS
from flare_sim.saved_simulation import SavedSimulation
from flare_sim.spec import AuthenticationError, NoConnection
from flare_sim.untrusted_values import plain_text, readable, shown
from flare_sim.users import DEFAULT_USERS, User, user_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from types import TracebackType

    from flare_sim.clock import Clock
    from flare_sim.config import ServerConfig
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.waiting.watch import Watch
    from flare_sim.jobs.definition import Examination, JobDefinition
    from flare_sim.personality.personality import Personality
    from flare_sim.session import Session
    from flare_sim.temporary_folders import Folders

__all__ = ["Login", "SimulatedServer"]


class SimulatedServer(SavedSimulation):
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

    Example:
        >>> server = SimulatedServer()
        >>> session = server.connect("admin@nvidia.com")
    """

    _folders: Folders | None = None
    _closed = False
    _open: list[bool] | None = None

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
        # What reads and judges jobs is loaded with the first: a server is made quickly.
        from flare_sim.disk.file_errors import FileErrors
        from flare_sim.engine.clients.wishes import with_wishes
        from flare_sim.jobs.definition import examine

        with FileErrors("the job cannot be read"):
            examination = examine(path, self._state.rules, self.config.job_limits)
        state = self._state
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

    def login(self, user: str, number: int | None = None) -> Login:
        """Let a session in and return what it has to show with each ``request``; for those who bring their own.

        Args:
            user: who it is for.
            number: that of a login of before, to go on with it; a new one unless given.

        Raises:
            AuthenticationError: no such user, or no login of that number yet.
            NoConnection: the server can't be reached.
        """
        return self._transact(self._log_in, user, number)

    @property
    def reachable(self) -> bool:
        """Whether anybody can get through to it by now."""
        return self._transact(self._reachable)

    @property
    def reply_seconds(self) -> float:
        """How long every reply takes, beyond what its command does."""
        return to_seconds(self._state.reply_delay)

    def request(self, login: Login, command: Command) -> Reply:
        """Carry out a command of a session and return the reply (which may have to be waited for: ``delay``).

        Raises:
            ValueError: not a ``Login`` and a ``Command`` of words.
        """
        if type(login) is not Login:
            raise ValueError(f"a Login is needed, not {shown(login)}")
        user, number = login
        command = plain_command(command)
        return self._transact(self._answer, user, number, command)

    def watch(self, job_id: str, login: Login | None = None) -> Watch | None:
        """Return how the meta of a job that was asked for can be seen without a request, None if it can't."""
        return self._transact(self._watch, job_id, login)

    def delivers(self, reply: Reply) -> bool:
        """Tell whether a reply that had to be waited for gets through.

        It does not when the server can't be reached by now, or is no longer the process that sent it.

        Raises:
            ValueError: not a ``Reply``.
        """
        if type(reply) is not Reply:
            raise ValueError(f"a Reply is needed, not {shown(reply)}")
        return self._transact(lambda: self._reachable() and reply.time >= self._state.started)

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

    def _no_server(self) -> str:
        from flare_sim.personality.personalities import PERSONALITIES

        like = PERSONALITIES.get(self._state.personality)
        return like.cannot_connect if like else f"cannot connect to {self.config.project}: no server there"

    def _let_in(self, user: User) -> Login:
        self._state.sessions += 1
        return Login(user, self._state.sessions)

    def _log_in(self, user: object, number: object) -> Login:
        if not self._reachable() or (self._state.ending and NO_LATE_LOGIN in self.quirks):
            raise NoConnection(self._no_server())
        known = self._state.users.get(plain_text(user) or "")
        if known is None:
            raise AuthenticationError(f"unknown user {shown(user)}")
        if number is None:
            return self._apply(lambda: self._let_in(known), "login", known.name)
        if type(number) is not int or not 1 <= number <= self._state.sessions:
            raise AuthenticationError(f"there was no session of number {shown(number)}")
        return Login(known, number)

    def _answer(self, user: User, number: int, command: Command) -> Reply:
        state = self._state
        if not self._reachable():
            return no_server(state.quirks)
        lost = state.lost
        if not (let_in := self._is_user(user) and type(number) is int and 0 < number <= state.sessions):
            reply = UNKNOWN_LOGIN._replace(time=state.now)
        elif lost and number <= max(lost.get(None, 0), lost.get(user.name, 0)):
            reply = no_session(state.quirks)._replace(time=state.now)
        elif (current := state.users.get(user.name)) is None:
            reply = revoked(user.name)._replace(time=state.now)
        elif state.malfunctioning:
            reply = BROKEN_SERVER._replace(time=state.now)
        elif self._journal is not None and changes(command):
            reply = self._journal.change(
                "request",
                (user.name, number, *command),
                lambda: answer(Request(state, self._runner, current, command)),
            )
        else:
            reply = answer(Request(state, self._runner, current, command))
        if let_in:
            self._note(user, command, reply)
        return reply._replace(delay=reply.delay + state.reply_delay) if state.reply_delay else reply

    def _watch(self, job_id: str, login: Login | None) -> Watch | None:
        state, clock = self._state, self.clock
        job = state.store.get(job_id)
        if job is None or job.blob is None or self._journal is not None or state.reply_delay or not self._reachable():
            return None
        if type(clock) is not VirtualClock or quiet_ticks(clock) <= 0:
            return None
        from flare_sim.engine.waiting.watch import Watch

        if state.timeline.doing is None:
            state.timeline.next_in(self._runner.is_stale)  # what is out of date is not worth waiting for
        self._open = self._open or [True]
        code = self._asked.code(login.user.name if login else "", "get_job_meta", None, job.serial)
        return Watch(state, clock, job.blob.copy, self._open, self._asked, code)

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

    def _reachable(self) -> bool:
        return self._state.alive and self._state.reachable and not self._closed


_DEFAULT_TABLE = user_table(DEFAULT_USERS)


@cache
def _parts() -> tuple[type[ServerState], Callable[..., list[Client]], Callable[[BehaviorSource], BehaviorSource]]:
    """Return what a state is made of; it is loaded with the first server, as who only names the class does without."""
    from flare_sim.engine.clients.sites import client_list
    from flare_sim.engine.runs.behavior import checked_behavior
    from flare_sim.engine.state import ServerState

    return ServerState, client_list, checked_behavior


def _like(personality: str | None, quirks: Iterable[str]) -> Personality:
    """Return what a server is like; nothing is loaded for one that keeps the contract."""
    if personality is None and type(quirks) is tuple and not quirks:
        from flare_sim.personality.personality import KEEPS_CONTRACT

        return KEEPS_CONTRACT
    from flare_sim.personality.personalities import personality_of

    return personality_of(personality, quirks)
