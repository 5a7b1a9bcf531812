"""What NVFLARE's session talks to instead of the network: its ``AdminAPI``, on a simulated server.

It answers what each release's session calls and reads (2.3.12 to 2.9.0).  A command line is split by NVFLARE's own
parser; the two commands that a real ``AdminAPI`` carries out itself, because files travel with them, are carried out
here; everything else goes to the server as it is, and a command that the server does not know is said to be unknown.
"""

from __future__ import annotations

import os
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.commands.job_meta import STUDY
from flare_sim.commands.protocol import ApiStatus, Command, MetaStatus, Refusal, Reply
from flare_sim.commands.submission import received
from flare_sim.jobs.result_folder import write_tree
from flare_sim.personality.quirks import RELATIVE_PATH
from flare_sim.spec import AuthenticationError, InternalError, InvalidJobDefinition, NoConnection
from flare_sim.untrusted_values import plain_name, shown

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
        session_expired_reason: what 2.8 and later ask for; empty, because the server ends sessions without a reason.
        command_timeout: seconds the session allows a command, None for the default; replies keep their own time.
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
        self._closes_at: float | None = None
        self.session_expired_reason = ""
        self.command_timeout: float | None = None
        self.study: str = others.get("study", "")
        self._server = server
        self._clock = server.clock
        self._release = release
        insecure = others.get("poc") or others.get("insecure") or config.get("uid_source") == "cert"
        self._user = _administrator(server) if insecure else user_name
        self._upload_dir: str = config.get("upload_dir") or upload_dir
        self._download_dir: str = config.get("download_dir") or download_dir
        self._login: Login | None = None

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by whichever side."""
        return self._closes_at is not None and self._clock.time() >= self._closes_at

    def is_ready(self) -> bool:
        """Log in unless that is done, and tell whether it worked; how 2.3 to 2.6 wait for a server."""
        return bool(self.login()["status"] == ApiStatus.SUCCESS)

    def connect(self, timeout: float | None = None) -> None:
        """Wait for the server to be reachable; how 2.7 and later begin.

        Raises:
            FLCommunicationError: of NVFLARE's: it was not, for ``timeout`` seconds.
        """
        from nvflare.apis.fl_exception import FLCommunicationError

        deadline = self._clock.time() + (DEFAULT_TIMEOUT if timeout is None else timeout)
        while self.login()["status"] == ApiStatus.ERROR_SERVER_CONNECTION:
            if self._clock.time() >= deadline:
                raise FLCommunicationError("cannot connect to server: no server there")
            self._clock.sleep(RETRY_INTERVAL)

    def login(self) -> dict[str, Any]:
        """Log in unless that is done; returns how it went: a status, and details when it is not ``SUCCESS``.

        There is one study, ``default``, and another one can't be registered: it is refused as 2.9.0 refuses one that
        nobody registered.
        """
        if self.study not in ("", STUDY):
            return {"status": ApiStatus.ERROR_AUTHENTICATION, "details": f"unknown study {self.study!r}"}
        if self._login is None:
            try:
                self._login = self._server.login(self._user)
            except AuthenticationError as problem:
                return {"status": ApiStatus.ERROR_AUTHENTICATION, "details": str(problem)}
            except NoConnection as problem:
                return {"status": ApiStatus.ERROR_SERVER_CONNECTION, "details": str(problem)}
        return {"status": ApiStatus.SUCCESS, "details": ""}

    def logout(self) -> dict[str, Any] | None:
        """End the session; None when it has ended already."""
        if self.closed:
            return None
        self.close()
        return {"status": ApiStatus.SUCCESS, "details": ""}

    def close(self) -> None:
        """End the session, without a word to the server."""
        self._closes_at = self._clock.time()

    def set_command_timeout(self, timeout: float) -> None:
        """Set how long the session waits for replies.

        Raises:
            TypeError: not a number.
            ValueError: not above 0 (2.5.2 to 2.9.0 check alike).
        """
        if not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout must be a number, not a {plain_name(timeout)}")
        if timeout <= 0:
            raise ValueError(f"timeout must be above 0 seconds, not {shown(timeout)}")
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
        login = self._login
        if login is None:
            status = self.login()
            login = self._login
            if login is None:
                return status
        carry_out = self._client_commands.get(name)
        if carry_out is not None:
            return carry_out(self, login, Command(name, tuple(args)))
        return self._ask(login, Command(name, tuple(args))).as_dict()

    def _ask(self, login: Login, command: Command) -> Reply:
        """Send a command and wait for the reply, which may get lost on its way."""
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
            answer["meta"]["location"] = self._write(reply.payload["job_id"], reply)
        except (InternalError, OSError) as problem:
            return {"status": "ERROR_RUNTIME", "details": str(problem)}
        return answer

    def _write(self, name: str, reply: Reply) -> str:
        folder = os.path.join(self._download_dir, name)
        if not self._release.new_folders:
            write_tree(folder, reply.content)
            return folder
        arrived = mkdtemp(prefix=f"{name}__arriving-", dir=self._download_dir)
        write_tree(arrived, reply.content)
        number = 0
        while True:
            target = f"{folder}__{number}" if number else folder
            try:
                os.rename(arrived, target)
            except OSError:
                if not os.path.exists(target):
                    raise
                number += 1
            else:
                return target

    _client_commands: dict[str, Callable[[SimulatedAdminAPI, Login, Command], dict[str, Any]]] = {  # noqa: RUF012
        "submit_job": _submit,
        "download_job": _download,
    }

    def __repr__(self) -> str:
        return f"<SimulatedAdminAPI of {self._user} on {self._server!r} ({'closed' if self.closed else 'open'})>"


def _administrator(server: Endpoint) -> str:
    """Return whose an insecure session is: ``admin``'s, or the project administrator's where there is no such user."""
    names = [user.name for user in server.users if user.name == "admin" or user.role == "project_admin"]
    return "admin" if "admin" in names else (*names, "admin")[0]


DEFAULT_TIMEOUT = 10.0
"""Seconds a session tries to connect when it does not say how long."""
LEAVES_OPEN = (2, 7)
"""From this release on a session that has shut the server down stays open (2.9.0); before, it closes itself"""
SHUTDOWN_SECONDS = 0.05
"""so many seconds later (2.3.12)."""
RETRY_INTERVAL = 0.5
"""Seconds between two attempts to connect."""
