"""What NVFLARE's session talks to instead of the network: its ``AdminAPI``, on a simulated server.

It answers what each release's session calls and reads (2.3.12 to 2.9.0).  A command line is split by NVFLARE's own
parser; the two commands that a real ``AdminAPI`` carries out itself, because files travel with them, are carried out
here; everything else goes to the server as it is, and a command that the server does not know is said to be unknown.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds, to_ticks
from flare_sim.commands.protocol import ApiStatus, Command, MetaStatus, Refusal, Reply
from flare_sim.commands.submission import received
from flare_sim.disk.file_errors import FileErrors
from flare_sim.nvflare.login import BackgroundLogin, LoginOnDemand
from flare_sim.personality.quirks import RELATIVE_PATH
from flare_sim.spec import InternalError, InvalidJobDefinition, NoConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.commands.protocol import Endpoint, Login
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.nvflare.releases import Release

__all__ = ["SimulatedAdminAPI"]


class SimulatedAdminAPI:
    """Stands in for ``nvflare.fuel.hci.client.api.AdminAPI`` between one session and one simulated server.

    Args:
        server: the simulated server.
        release: of NVFLARE.
        user_name: who the session is for.
        upload_dir: where job folders are looked for that are not where the session says.
        download_dir: where results go.
        admin_config: from 2.7 on, where the two folders are said.
        others: what else releases pass: whether the session is ``insecure`` (``poc`` in 2.3, the ``uid_source``
            ``cert`` in the configuration from 2.7 on), so that it is the administrator's whoever it says it is for;
            the study; certificates and event handlers, which nobody needs here.

    Attributes:
        session_expired_reason: why the server has ended the session, what 2.9 asks for; None while it has not.
        command_timeout: seconds the session allows a command, None for the default; replies keep their own time.
        auto_login_max_tries: how often a login is tried that nobody answers (2.7 and later).

    Raises:
        Exception: no user is named, and no certificate says who it is (2.3.12 to 2.9.0).
    """

    def __init__(
        self,
        server: Endpoint,
        release: Release,
        *,
        user_name: str = "",
        upload_dir: str = "",
        download_dir: str = "",
        admin_config: dict[str, Any] | None = None,
        **others: Any,
    ) -> None:
        config = admin_config or {}
        by_certificate = config.get("uid_source") == "cert"
        if not (user_name or by_certificate):
            raise Exception("user_name is required.")
        insecure = others.get("poc") or others.get("insecure")
        user = _user(server, user_name, by_certificate=by_certificate, insecure=bool(insecure))
        self.session_expired_reason: str | None = None
        self.command_timeout: float | None = None
        self.auto_login_max_tries = release.login_tries
        self.study: str = others.get("study", "")
        self._closes_at: float | None = None
        self._server = server
        self._clock = server.clock
        self._release = release
        self._user = user
        self._upload_dir: str = config.get("upload_dir") or upload_dir
        self._download_dir: str = config.get("download_dir") or download_dir
        self._login_timeout: float = config.get("login_timeout", DEFAULT_TIMEOUT)
        self._refusal: dict[str, Any] | None = None
        self._entry: BackgroundLogin | LoginOnDemand
        if release.version < LOGS_IN_WHEN_TOLD:
            self._entry = BackgroundLogin(server, user, release)
        else:
            self._entry = LoginOnDemand(server, user, self.study, release)

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by whichever side."""
        return self._entry.closed or (self._closes_at is not None and self._clock.time() >= self._closes_at)

    def hurry(self) -> None:
        """Leave out the waiting in a login, so that the clock stays where it is; without a server there is no hurry."""
        self._entry.hurry()

    def is_ready(self) -> bool:
        """Tell whether the session is logged in; how 2.3 to 2.6 wait for a server."""
        return self._entry.is_ready()

    def connect(self, timeout: Any = None) -> None:
        """Wait for the server to be reachable; how 2.7 and later begin.

        Args:
            timeout: seconds, None for what the startup kit says, or 10.

        Raises:
            FLCommunicationError: of NVFLARE's: it was not, for ``timeout`` seconds.
            ValueError: ``timeout`` is no number above 0.
        """
        assert isinstance(self._entry, LoginOnDemand)
        seconds = self._login_timeout if timeout is None else timeout
        if not isinstance(seconds, (int, float)):
            raise ValueError(f"timeout must be a number but got {type(timeout)}")
        if seconds <= 0:
            raise ValueError(f"timeout must be a number > 0 but got {timeout}")
        self._entry.connect(seconds)

    def login(self) -> dict[str, Any]:
        """Log in, and return how it went: a status, and details; how 2.7 and later go on.

        There is one study, ``default``, and nobody registers others: they are refused as 2.9.0 refuses them then.
        """
        assert isinstance(self._entry, LoginOnDemand)
        answer = self._entry.log_in(self.auto_login_max_tries, self.command_timeout or ANSWER_SECONDS)
        self._refusal = answer if answer["status"] == ApiStatus.ERROR_AUTHENTICATION else None
        return answer

    def logout(self) -> dict[str, Any] | None:
        """End the session, and return what the server says; None when it has ended already (2.7 and later)."""
        if isinstance(self._entry, BackgroundLogin):
            self.close()
            return {"status": ApiStatus.SUCCESS, "details": "session is logging out"}
        if self.closed:
            return None
        self._entry.unanswered(self.command_timeout or ANSWER_SECONDS)
        goodbye = self._entry.login is not None and self._server.reachable
        self.close()
        if not goodbye:
            return {"status": ApiStatus.ERROR_SERVER_CONNECTION, "details": "Server did not respond"}
        now = to_ticks(self._clock.time())
        return Reply(ApiStatus.SUCCESS, MetaStatus.OK, data=(("string", "OK"),), bare=True, time=now).as_dict()

    def close(self) -> None:
        """End the session, without a word to the server."""
        self._entry.close()

    def set_command_timeout(self, timeout: float) -> None:
        """Set how long the session waits for replies.

        Raises:
            TypeError: not a number.
            ValueError: not above 0 (2.5.2 to 2.9.0 check alike).
        """
        if not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout must be a number but got {type(timeout)}")
        if timeout <= 0:
            raise ValueError(f"invalid timeout value {float(timeout)} - must be > 0.0")
        self.command_timeout = float(timeout)

    def unset_command_timeout(self) -> None:
        """Let the session wait for replies as long as it does by default."""
        self.command_timeout = None

    def do_command(self, command: str, props: Any = None) -> dict[str, Any]:
        """Carry out a command line and return the reply as the dict that NVFLARE's session reads.

        Raises:
            ValueError: what NVFLARE's own parser raises, for a quotation that does not end.
        """
        from nvflare.fuel.hci.cmd_arg_utils import split_to_args

        name, *args = split_to_args(command)
        login = self._entry.login
        if login is None:
            if self._refusal is not None and self._release.version < HEEDS_REFUSALS:
                return self._refusal
            return {"status": ApiStatus.ERROR_SYNTAX, "details": f"Command {name} not found"}
        carry_out = self._client_commands.get(name)
        if carry_out is not None:
            return carry_out(self, login, Command(name, tuple(args)))
        return self._ask(login, Command(name, tuple(args))).as_dict()

    def _ask(self, login: Login, command: Command) -> Reply:
        """Send a command and wait for the reply, which may get lost on its way."""
        if self.closed:
            return Reply(ApiStatus.ERROR_INACTIVE_SESSION, info="Session is inactive, please try later")
        reply = self._server.request(login, command)
        if reply.delay:
            self._clock.sleep(to_seconds(reply.delay))
            if not self._server.delivers(reply):
                return Reply(ApiStatus.ERROR_SERVER_CONNECTION, info="the connection was lost before the reply came")
        if reply.api_status == ApiStatus.ERROR_INACTIVE_SESSION:
            self.close()
        if self._release.version < LEAVES_OPEN and any(kind == "shutdown" for kind, _ in reply.data):
            self._closes_at = self._clock.time() + SHUTDOWN_SECONDS
        return reply

    def _submit(self, login: Login, command: Command) -> dict[str, Any]:
        """Send a job folder; what is wrong with it is for the server to say, after it has looked at the user."""
        folder = command.args[0] if command.args else ""
        if RELATIVE_PATH in self._server.quirks or not os.path.isdir(folder):
            folder = os.path.join(self._upload_dir, folder)
            if len(command.args) == 1 and not os.path.isdir(folder):
                return {"status": "ERROR_RUNTIME", "details": f"'{folder}' is not a valid folder."}
        payload: JobDefinition | InvalidJobDefinition | Refusal
        try:
            payload = received(self._server.examine(folder))
        except InvalidJobDefinition as problem:
            payload = problem
        return self._ask(login, command._replace(payload=payload)).as_dict()

    def _download(self, login: Login, command: Command) -> dict[str, Any]:
        """Ask for a result and write it where results go."""
        reply = self._ask(login, command)
        answer = reply.as_dict()
        if reply.status != MetaStatus.OK:
            return answer
        url = reply.payload.get("job_download_url")
        if url is not None:
            answer["meta"]["location"] = url
            return answer
        try:
            with FileErrors("the result cannot be written"):
                answer["meta"]["location"] = self._server.folders.write_result(
                    reply.payload["job_id"], reply.content, self._download_dir, numbered=self._release.new_folders
                )
        except (InternalError, NoConnection) as problem:
            return {"status": "ERROR_RUNTIME", "details": str(problem)}
        return answer

    _client_commands: dict[str, Callable[[SimulatedAdminAPI, Login, Command], dict[str, Any]]] = {  # noqa: RUF012
        "submit_job": _submit,
        "download_job": _download,
    }

    def __repr__(self) -> str:
        return f"<SimulatedAdminAPI of {self._user} on {self._server!r} ({'closed' if self.closed else 'open'})>"


def _user(server: Endpoint, name: str, *, by_certificate: bool, insecure: bool) -> str:
    """Return whose a session is.

    One that a certificate tells, which insecure ones are from 2.7 on, is the administrator's: ``admin``'s, or the
    project administrator's where there is no such user.  So is an insecure one of ``admin`` before; a proof of concept
    of those releases has no other user.
    """
    if insecure and name != POC_USER:
        return ""
    if not (by_certificate or insecure):
        return name
    names = [user.name for user in server.users if user.name == POC_USER or user.role == "project_admin"]
    return POC_USER if POC_USER in names else (*names, POC_USER)[0]


POC_USER = "admin"
"""The one user of a proof of concept (2.3.12 to 2.6.3)."""
DEFAULT_TIMEOUT = 10.0
"""Seconds a session tries to connect when it does not say how long."""
LEAVES_OPEN = (2, 7)
"""From this release on a session that has shut the server down stays open (2.9.0); before, it closes itself"""
SHUTDOWN_SECONDS = 0.05
"""so many seconds later (2.3.12)."""
ANSWER_SECONDS = 5.0
"""Seconds a session waits for an answer when nobody has told it how long (2.9.0)."""
LOGS_IN_WHEN_TOLD = (2, 7)
"""From this release on a session logs in when it is told to; before, by itself."""
HEEDS_REFUSALS = (2, 8)
"""From this release on a session that is refused says so at once; 2.7 lets the first command say it."""
