"""What carries a cell's frames: NVFLARE's framing over TCP, on a listener that nobody can hold up.

NVFLARE's cells are given their drivers by the scheme of their address, which others may add to.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from nvflare.fuel.f3.comm_error import CommError
from nvflare.fuel.f3.communicator import driver_mgr
from nvflare.fuel.f3.drivers.base_driver import BaseDriver
from nvflare.fuel.f3.drivers.driver_params import DriverCap
from nvflare.fuel.f3.drivers.net_utils import get_tcp_urls
from nvflare.fuel.f3.drivers.socket_conn import SocketConnection
from nvflare.fuel.f3.sfm.prefix import PREFIX_LEN, Prefix

from flare_sim.serving.listener import PatientServer, server_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.serving.wire import Place

__all__ = ["add_driver", "remove_driver"]

_LONGEST_FRAME = 64 << 20
"""No client sends as many bytes at once: files go in pieces of a mebibyte."""
_PIECE = 1 << 20
"""So many bytes are read at once."""


class _Connection(SocketConnection):
    """A client's connection, which takes no memory for what is only said to come, and loses nothing that comes early.

    NVFLARE hands each frame to a thread. The one that is greeted answers before it notes who has come, so that what a
    client says at once upon that may be read before, and is lost then.
    """

    _greeted = False

    def process_frame(self, frame: Any) -> None:
        """Hand a frame over; the first one is dealt with before the next is read."""
        if self._greeted:
            super().process_frame(frame)
            return
        self._greeted = True
        receiver = self.frame_receiver
        receiver.conn_manager.process_frame_task(receiver.conn, frame)

    def read_frame(self) -> bytearray:
        """Read a frame.

        Raises:
            CommError: NVFLARE's: what comes is none.
        """
        prefix = bytearray(PREFIX_LEN)
        self.read_into(prefix, 0, PREFIX_LEN)
        length = Prefix.from_bytes(prefix).length
        if not PREFIX_LEN <= length <= _LONGEST_FRAME:
            raise CommError(CommError.BAD_DATA, f"a frame of {length} bytes")
        frame = prefix
        while len(frame) < length:
            piece = self.sock.recv(min(length - len(frame), _PIECE))
            if not piece:
                raise CommError(CommError.CLOSED, "the client is gone")
            frame += piece
        return frame


def add_driver(place: Place, is_open: Callable[[], bool]) -> str:
    """Add a driver to NVFLARE's that listens at a place, and return the address that leads to it.

    Args:
        place: where to listen.
        is_open: whether anybody gets through by now.
    """
    host, port = place.listening.getsockname()[:2]
    scheme = f"flare-sim-{port}"

    class Driver(BaseDriver):
        """Hands the frames of clients to a cell."""

        def __init__(self) -> None:
            super().__init__()
            self._server = PatientServer(place.listening, server_context(place.files), self._read, is_open)
            self._listens = Event()

        @staticmethod
        def supported_transports() -> list[str]:
            return [scheme]

        @staticmethod
        def capabilities() -> dict[str, Any]:
            return {DriverCap.SEND_HEARTBEAT.value: True, DriverCap.SUPPORT_SSL.value: True}

        @staticmethod
        def get_urls(scheme: str, resources: dict[str, Any]) -> tuple[str, str]:
            return get_tcp_urls(scheme, resources)  # type: ignore[no-any-return,unused-ignore]

        def listen(self, connector: Any) -> None:
            self.connector = connector
            self._listens.set()
            self._server.serve_forever(poll_interval=0.05)

        def connect(self, connector: Any) -> None:
            raise NotImplementedError("it only listens")

        def shutdown(self) -> None:
            self.close_all()
            if self._listens.is_set():
                self._server.stop()

        def _read(self, client: Any) -> None:
            connection = _Connection(client, self.connector, secure=True)
            self.add_connection(connection)
            try:
                connection.read_loop()
            finally:
                self.close_connection(connection)

    driver_mgr.register(Driver)
    return f"{scheme}://{host}:{port}?admin_listener=true"


def remove_driver(address: str) -> None:
    """Remove the driver again that was added for an address."""
    driver_mgr.drivers.pop(address.partition(":")[0], None)
