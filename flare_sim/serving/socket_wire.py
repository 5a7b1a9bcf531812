"""The wire of NVFLARE 2.3 to 2.6: one command and its reply for each connection, by mutual TLS.

Jobs and results travel as words of the command and of the reply, until releases have other ways for them: results are
pulled, a file a command, since 2.4, and jobs are pushed in binary since 2.5.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nvflare.fuel.hci import file_transfer_defs as ways
from nvflare.fuel.hci.reg import CommandModule
from nvflare.fuel.hci.server.builtin import new_command_register_with_builtin_module
from nvflare.fuel.hci.server.constants import ConnProps
from nvflare.fuel.hci.server.hci import AdminServer
from nvflare.fuel.hci.server.login import LoginModule, SessionManager, SimpleAuthenticator

from flare_sim.commands.protocol import MetaStatus
from flare_sim.serving.listener import PatientServer, server_context
from flare_sim.serving.transfers import pack, packed_parts
from flare_sim.serving.wire import command_of, command_specs, write_reply
from flare_sim.spec import AuthenticationError, NoConnection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.serving.gate import Gate
    from flare_sim.serving.wire import Place

__all__ = ["SocketWire"]

_PUSHED = hasattr(ways, "PUSH_FOLDER_FQN")
_PULLED = hasattr(ways, "PULL_FOLDER_FQN")
_PULL = "pull_result_file"
"""The command by which a client pulls a file of a result."""
_CLIENT_COMMANDS = {
    "submit_job": ways.PUSH_FOLDER_FQN if _PUSHED else ways.UPLOAD_FOLDER_FQN,
    "download_job": ways.PULL_FOLDER_FQN if _PULLED else ways.DOWNLOAD_FOLDER_FQN,
    **({_PULL: ways.PULL_BINARY_FQN} if _PULLED else {}),
}
_LONGEST = 2 << 30
"""No command has more bytes than this, with the job that is in it."""


class SocketWire:
    """Serves a simulated server to clients of 2.3 to 2.6.

    Args:
        gate: where their sessions meet the server.
        place: where to serve it.
    """

    def __init__(self, gate: Gate, place: Place) -> None:
        sessions = _Sessions(gate)
        login = _Login(sessions, gate)
        register = new_command_register_with_builtin_module(app_ctx=None)
        for module in (login, sessions, _Commands(gate, place.folder)):
            register.register_module(module)
        register.add_filter(login)
        address = place.listening.getsockname()[:2]
        self._commands = _Server(register, *address, extra_conn_props={ConnProps.DOWNLOAD_DIR: place.folder})
        self._server = PatientServer(
            place.listening, server_context(place.files), self._commands.answer, lambda: gate.open
        )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="flare-sim-serve", daemon=True)

    def start(self) -> None:
        """Answer clients from now on, in threads."""
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more; returns when all connections are closed."""
        self._server.stop()
        self._thread.join()
        self._commands.cmd_reg.close()
        self._commands.server_close()


class _Server(AdminServer):
    """NVFLARE's command server, but that others listen for it: it would listen at every address."""

    def server_bind(self) -> None:
        self.use_ssl = True

    def server_activate(self) -> None:
        pass

    def answer(self, client: Any) -> None:
        """Read a command from a client that has shown its certificate, and answer it."""
        self.finish_request(_Client(client), client.getpeername())


class _Client:
    """A client's connection that ends when the client does: 2.3 and 2.4 would wait for the rest of a command."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._left = _LONGEST

    def recv(self, size: int) -> bytes:
        received: bytes = self._connection.recv(size)
        self._left -= len(received)
        if not received or self._left < 0:
            raise ConnectionError("the client is gone" if not received else "the command does not end")
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _Sessions(SessionManager):
    """NVFLARE's sessions, each of which is one of the simulated server's as well."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        super().__init__()

    def create_session(self, user_name: str, *args: Any, **others: Any) -> Any:
        session = super().create_session(user_name, *args, **others)
        try:
            self._gate.enter(session.token, user_name)
        except (AuthenticationError, NoConnection):
            super().end_session(session.token)
            raise
        return session

    def end_session(self, token: str) -> None:
        self._gate.leave(token)
        super().end_session(token)


class _Login(LoginModule):
    """NVFLARE's login, which nobody passes who is no user of the simulated server."""

    def __init__(self, sessions: Any, gate: Gate) -> None:
        super().__init__(SimpleAuthenticator(users={}), sessions)
        self._gate = gate

    def handle_cert_login(self, conn: Any, args: list[str]) -> None:
        if len(args) > 1 and not self._gate.knows(args[1]):
            conn.append_string("REJECT")
        else:
            super().handle_cert_login(conn, args)


class _Commands(CommandModule):
    """All commands of the simulated server."""

    def __init__(self, gate: Gate, folder: str) -> None:
        self._gate = gate
        self._folder = folder

    def get_spec(self) -> Any:
        return command_specs(self._do, _CLIENT_COMMANDS, {_PULL: self._pull} if _PULLED else {})

    def _do(self, conn: Any, words: list[str]) -> None:
        command = command_of(words)
        session, user = conn.get_prop(ConnProps.TOKEN), conn.get_prop(ConnProps.USER_NAME)
        with self._arrived(conn, command) as (own, archive):
            reply = self._gate.ask(session, user, own, archive)
        if reply is None:
            conn.ended = True  # so that it is closed without a word
        elif reply.content and reply.status == MetaStatus.OK:
            self._send(conn, reply)
        else:
            url = reply.payload.get("job_download_url")
            if url is not None:
                mark = f"{ways.DOWNLOAD_URL_MARKER}{url}"
                reply = reply._replace(data=(("string", mark),), payload={**reply.payload, "location": url})
            write_reply(reply, conn.buffer)

    @contextmanager
    def _arrived(self, conn: Any, command: Command) -> Iterator[tuple[Command, str | None]]:
        """Give a command without the job that came in it, and the zip file of that, which is gone afterwards."""
        archive: str | None = getattr(conn, "extra", None)
        if command.name == "submit_job" and not _PUSHED and len(command.args) > 1:
            archive = os.path.join(self._folder, str(uuid4()))
            command, text = command._replace(args=command.args[:1]), command.args[1]
            with open(archive, "xb") as file, suppress(NotBase64):  # what is none is no zip file, either
                file.write(b64decode(text, validate=True))
        try:
            yield command, archive
        finally:
            if archive is not None:
                with suppress(OSError):
                    os.unlink(archive)

    def _send(self, conn: Any, reply: Reply) -> None:
        job_id, transfer = reply.payload["job_id"], str(uuid4())
        if _PULLED:
            from nvflare.fuel.hci.server.binary_transfer import BinaryTransfer

            packed_parts(reply.content, os.path.join(self._folder, transfer, job_id))
            BinaryTransfer().download_folder(conn, transfer, job_id, _PULL)
            return
        archive = os.path.join(self._folder, transfer)
        try:
            pack(reply.content, archive, f"{job_id}/")
            with open(archive, "rb") as file:
                text = b64encode(file.read()).decode()
        finally:
            with suppress(OSError):
                os.unlink(archive)
        write_reply(reply._replace(data=(("string", text),)), conn.buffer)

    def _pull(self, conn: Any, words: list[str]) -> None:
        """Send a file of a result; with the last one the result goes."""
        from nvflare.fuel.hci.server.binary_transfer import BinaryTransfer

        from flare_sim.disk.trees import remove_tree

        _, transfer, job_id, name, *last = words
        if any(word in ("", ".", "..") or not {"/", "\\"}.isdisjoint(word) for word in (transfer, job_id, name)):
            conn.append_error("there is no such file")
            return
        BinaryTransfer().download_file(conn, transfer, job_id, name)
        if last:
            with suppress(OSError):
                remove_tree(os.path.join(self._folder, transfer))
