"""Where sessions of other processes meet the simulated server, whatever wire they come by.

Each command goes to the server as one of a session in this process does; what the reply takes is waited for here, as
the client is somewhere else.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from flare_sim.clock import to_seconds
from flare_sim.commands.protocol import ApiStatus, Command, MetaStatus, Refusal, Reply
from flare_sim.commands.submission import received
from flare_sim.serving.transfers import unpacked
from flare_sim.spec import AuthenticationError, InternalError, InvalidJobDefinition, NoConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.protocol import Login
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.server import SimulatedServer

__all__ = ["Gate"]


class Gate:
    """Lets sessions in, and hands their commands to a server.

    Args:
        server: the simulated server.
        wait: lets so many seconds of the server's time pass for a client, while others go on.
        folder: where jobs are unpacked that arrive; nobody else's.
        told: called with the user, the command and the reply of each that is answered.
    """

    def __init__(
        self,
        server: SimulatedServer,
        wait: Callable[[float], None],
        folder: str,
        told: Callable[[str, Command, Reply], None] | None = None,
    ) -> None:
        self.server = server
        self._wait = wait
        self._folder = folder
        self._told = told
        self._lock = Lock()
        self._users: dict[str, str] = {}
        """Who each open session is of,"""
        self._logins: dict[str, Login] = {}
        """and what it has to show to the server there is."""

    def exchange(self, server: SimulatedServer) -> None:
        """Meet another server from now on, which open sessions log in at, with a later command if it keeps them out."""
        with self._lock:
            self.server = server
            self._logins.clear()
            open_sessions = [*self._users.items()]
        for session, user in open_sessions:
            with suppress(AuthenticationError, NoConnection):
                login = server.login(user)
                with self._lock:
                    if session in self._users and self.server is server:
                        self._logins.setdefault(session, login)

    @property
    def open(self) -> bool:
        """Whether anybody gets through to the server by now."""
        return self.server.reachable

    def knows(self, user: str) -> bool:
        """Tell whether somebody is one of the users by now."""
        return any(known.name == user for known in self.server.users)

    def enter(self, session: str, user: str) -> None:
        """Log in, with what a wire calls a session by.

        Raises:
            AuthenticationError: no such user.
            NoConnection: the server can't be reached.
        """
        login = self.server.login(user)
        with self._lock:
            self._users[session] = user
            self._logins[session] = login

    def leave(self, session: str) -> None:
        """Forget a session that is over."""
        with self._lock:
            self._users.pop(session, None)
            self._logins.pop(session, None)

    def ask(self, session: str, user: str, command: Command, archive: str | None = None) -> Reply | None:
        """Carry out a command, and return the reply when it is there; None when none gets through.

        Args:
            session: what the wire calls the session by; one that it goes on with from before logs in here.
            user: who it is of.
            command: its name and words.
            archive: the zip file of the job that came with it.
        """
        try:
            login = self._login(session, user)
        except NoConnection:
            return None
        except AuthenticationError as problem:
            return Reply(ApiStatus.ERROR_AUTHENTICATION, MetaStatus.NOT_AUTHENTICATED, str(problem))
        try:
            reply = self._answer(login, command, archive)
        except InternalError as problem:
            reply = Reply(ApiStatus.SUCCESS, MetaStatus.INTERNAL_ERROR, str(problem))
        if self._told is not None:
            self._told(user, command, reply)
        if reply.delay:
            self._wait(to_seconds(reply.delay))
            if not self.server.delivers(reply):
                return None
        return None if reply.api_status == ApiStatus.ERROR_SERVER_CONNECTION and not reply.status else reply

    def _login(self, session: str, user: str) -> Login:
        with self._lock:
            known = self._logins.get(session)
        if known is None:
            self.enter(session, user)
            return self._login(session, user)
        return known

    def _answer(self, login: Login, command: Command, archive: str | None) -> Reply:
        if archive is None:
            return self.server.request(login, command)
        payload: JobDefinition | InvalidJobDefinition | Refusal
        try:
            name = command.args[0] if command.args else ""
            with unpacked(archive, name, self._folder, self.server.config.job_limits) as job:
                payload = received(self.server.examine(job))
        except InvalidJobDefinition as problem:
            payload = problem
        return self.server.request(login, command._replace(payload=payload))
