"""The wire of NVFLARE 2.7 to 2.9: a cell that is called ``server``, and NVFLARE's own command server in it.

A client's cell connects by mutual TLS, and gets in as ``CellEntry`` says.  Then its session logs in; files travel as
streams, both ways.
"""

from __future__ import annotations

import os
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nvflare.apis.fl_constant import FLContextKey, ProcessType, ReturnCode
from nvflare.apis.fl_context import FLContextManager
from nvflare.apis.streaming import StreamableEngine, StreamContextKey
from nvflare.apis.utils.decomposers import flare_decomposers
from nvflare.app_common.streamers.file_streamer import FileStreamer
from nvflare.fuel.f3.cellnet.cell import Cell
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.cellnet.defs import ReturnCode as CellReturnCode
from nvflare.fuel.f3.cellnet.utils import make_reply
from nvflare.fuel.f3.drivers.driver_params import DriverParams
from nvflare.fuel.f3.stats_pool import StatsPoolManager
from nvflare.fuel.hci.file_transfer_defs import PULL_FOLDER_FQN, PUSH_FOLDER_FQN
from nvflare.fuel.hci.proto import StreamChannel
from nvflare.fuel.hci.reg import CommandModule
from nvflare.fuel.hci.server.binary_transfer import BinaryTransfer
from nvflare.fuel.hci.server.builtin import new_command_register_with_builtin_module
from nvflare.fuel.hci.server.constants import ConnProps
from nvflare.fuel.hci.server.hci import AdminServer
from nvflare.fuel.hci.server.login import LoginModule, SessionManager
from nvflare.private.aux_runner import AuxRunner
from nvflare.private.stream_runner import ObjectStreamer

from flare_sim.commands.protocol import MetaStatus
from flare_sim.serving.cell_driver import add_driver, remove_driver
from flare_sim.serving.cell_entry import CellEntry, forget_who_is_gone
from flare_sim.serving.kits import SERVER_NAME
from flare_sim.serving.transfers import packed_parts
from flare_sim.serving.wire import command_of, command_specs, write_reply
from flare_sim.spec import AuthenticationError, NoConnection

if TYPE_CHECKING:
    from flare_sim.serving.gate import Gate
    from flare_sim.serving.wire import Place

__all__ = ["CellWire"]

_CREDENTIALS = ("ssl_root_cert", "ssl_cert", "ssl_private_key")
"""What a server's configuration calls the paths of ``ServerFiles``."""


class CellWire:
    """Serves a simulated server to clients of 2.7 to 2.9.

    Args:
        gate: where their sessions meet the server.
        place: where to serve it.

    Raises:
        ValueError: this process has such a cell already; NVFLARE lets it have one.
    """

    def __init__(self, gate: Gate, place: Place) -> None:
        if SERVER_NAME in CoreCell.ALL_CELLS:
            raise ValueError("a process can serve one system at a time to clients of NVFLARE 2.7 and later")
        flare_decomposers.register()
        credentials = {
            DriverParams.CA_CERT.value: place.files.root,
            DriverParams.SERVER_CERT.value: place.files.certificate,
            DriverParams.SERVER_KEY.value: place.files.key,
            DriverParams.CONNECTION_SECURITY.value: "mtls",
        }
        self._address = add_driver(place, lambda: gate.open)
        pools = {*StatsPoolManager.pools}
        self._cell = Cell(fqcn=SERVER_NAME, root_url=self._address, secure=True, credentials=credentials)
        self._pools = {*StatsPoolManager.pools} - pools
        forget_who_is_gone(self._cell)
        self._entry = CellEntry(self._cell, place.files)
        self._engine = _Engine(self._cell, place)
        sessions = _Sessions(self._cell, gate)
        login = _Login(sessions, gate)
        register = new_command_register_with_builtin_module(app_ctx=self._engine)
        for module in (login, sessions, _Commands(gate)):
            register.register_module(module)
        register.add_filter(login)
        properties = {
            ConnProps.ADMIN_SERVER: SimpleNamespace(sess_mgr=sessions, timeout=_TRANSFER_SECONDS),
            ConnProps.DOWNLOAD_DIR: place.folder,
            ConnProps.UPLOAD_DIR: place.folder,
        }
        self._server = _Server(self._cell, register, self._engine, properties, place.folder)

    def start(self) -> None:
        """Answer clients from now on, in threads."""
        self._cell.start()

    def stop(self) -> None:
        """Answer nobody any more; returns when all connections are closed."""
        self._server.stop()
        self._engine.shutdown_streamer()
        self._cell.stop()
        # What NVFLARE keeps for the rest of the process would be in the way of the next service.
        CoreCell.ALL_CELLS.pop(SERVER_NAME, None)
        for name in sorted(self._pools):
            StatsPoolManager.delete_pool(name)
        remove_driver(self._address)


_TRANSFER_SECONDS = 60.0
"""A download that nobody goes on with for so long is given up."""


class _Engine(StreamableEngine):
    """What NVFLARE's server side asks of an engine: a context, a cell, and streams that arrive."""

    def __init__(self, cell: Any, place: Place) -> None:
        stickers = {
            FLContextKey.PROCESS_TYPE: ProcessType.SERVER_PARENT,
            FLContextKey.SERVER_CONFIG: [dict(zip(_CREDENTIALS, place.files, strict=True))],
        }
        self._cell = cell
        self._contexts = FLContextManager(engine=self, identity_name=SERVER_NAME, private_stickers=stickers)
        self._aux = AuxRunner(self)
        self._streams = ObjectStreamer(self._aux)
        cell.register_request_cb(channel=CellChannel.AUX_COMMUNICATION, topic="*", cb=self._dispatch)

    def new_context(self) -> Any:
        return self._contexts.new_context()

    def get_cell(self) -> Any:
        return self._cell

    def fire_event(self, *_: Any, **__: Any) -> None:
        """Nobody waits for events."""

    def stream_objects(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("a simulated server sends no streams by itself")

    def register_stream_processing(self, *args: Any, **settings: Any) -> None:
        self._streams.register_stream_processing(*args, **settings)

    def shutdown_streamer(self) -> None:
        self._streams.shutdown()

    def _dispatch(self, request: Any) -> Any:
        topic = request.get_header(MessageHeaderKey.TOPIC)
        with self.new_context() as context:
            reply = self._aux.dispatch(topic=topic, request=request.payload, fl_ctx=context)
        return make_reply(CellReturnCode.OK, body=reply)


class _Server(AdminServer):
    """NVFLARE's command server, whose uploads go where nobody else looks, and are gone when they were dealt with."""

    def __init__(self, cell: Any, register: Any, engine: Any, properties: dict[str, Any], folder: str) -> None:
        super().__init__(cell, register, engine, extra_conn_props=properties)
        FileStreamer.register_stream_processing(
            fl_ctx=self.fl_ctx,
            channel=StreamChannel.UPLOAD,
            topic="*",
            dest_dir=folder,
            stream_done_cb=self._process_upload,
        )

    def _process_upload(self, stream_ctx: Any, fl_ctx: Any, **extra: Any) -> Any:
        try:
            if stream_ctx.get(StreamContextKey.RC) == ReturnCode.OK:
                return super()._process_upload(stream_ctx, fl_ctx, **extra)
        finally:
            with suppress(OSError):
                os.unlink(FileStreamer.get_file_location(stream_ctx))
        return None

    def _process_admin_request(self, request: Any) -> Any:
        reply = super()._process_admin_request(request)
        return None if reply.payload is None else reply  # so that a client waits that nobody answers


class _Sessions(SessionManager):
    """NVFLARE's sessions, each of which is one of the simulated server's as well."""

    def __init__(self, cell: Any, gate: Gate) -> None:
        self._gate = gate
        super().__init__(cell)

    def create_session(self, user_name: str, *args: Any, **others: Any) -> Any:
        session = super().create_session(user_name, *args, **others)
        try:
            self._gate.enter(session.sess_id, user_name)
        except (AuthenticationError, NoConnection):
            self.end_session_by_id(session.sess_id)
            raise
        return session

    def end_session_by_id(self, sess_id: str, reason: Any = None) -> None:
        self._gate.leave(sess_id)
        super().end_session_by_id(sess_id, reason)


class _Login(LoginModule):
    """NVFLARE's login, which nobody passes who is no user of the simulated server."""

    def __init__(self, sessions: Any, gate: Gate) -> None:
        super().__init__(sessions)
        self._gate = gate

    def handle_cert_login(self, conn: Any, args: list[str]) -> None:
        if len(args) > 1 and not self._gate.knows(args[1]):
            conn.append_string("REJECT")
        else:
            super().handle_cert_login(conn, args)


class _Commands(CommandModule, BinaryTransfer):
    """All commands of the simulated server."""

    def __init__(self, gate: Gate) -> None:
        BinaryTransfer.__init__(self)
        self._gate = gate

    def get_spec(self) -> Any:
        return command_specs(self._do, {"submit_job": PUSH_FOLDER_FQN, "download_job": PULL_FOLDER_FQN})

    def _do(self, conn: Any, words: list[str]) -> None:
        command = command_of(words)
        session, user = conn.get_prop(ConnProps.SESSION), conn.get_prop(ConnProps.USER_NAME)
        reply = self._gate.ask(session.sess_id, user, command, conn.get_prop(ConnProps.FILE_LOCATION))
        if reply is None:
            return
        if reply.content and reply.status == MetaStatus.OK:
            transfer, job_id = str(uuid4()), reply.payload["job_id"]
            packed_parts(reply.content, self.tx_path(conn, transfer, job_id))
            self.download_folder(conn, transfer, job_id)
            return
        if "job_download_url" in reply.payload:
            reply = reply._replace(payload={**reply.payload, "location": reply.payload["job_download_url"]})
        write_reply(reply, conn.buffer)

    def _cleanup_tx(self, *args: Any, tx_path: str, **others: Any) -> None:
        super()._cleanup_tx(*args, tx_path=tx_path, **others)
        with suppress(OSError):
            os.rmdir(os.path.dirname(tx_path))
