"""A door between sessions and the server: while it is closed, the server can't be reached, and goes on running."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of the loopback address that nobody listens on."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return tuple(one.getsockname()[1] for one in held)


class Door:
    """A relay on the loopback address to a port of this machine.

    Attributes:
        port: where sessions connect to.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._missing = 0
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    @property
    def is_open(self) -> bool:
        """Whether sessions can come in."""
        return self._listener is not None

    def open(self) -> None:
        """Let sessions in, at the port they know."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and end those there are."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        _end(listener)
        with self._lock:
            pairs, self._pairs = self._pairs, []
            self._missing = len(pairs)
        for pair in pairs:
            for end in pair:
                _end(end)

    def wait(self, seconds: float) -> None:
        """Wait, for at most so many seconds, until as many connections are there as were ended."""
        end = time.monotonic() + seconds
        while len(self._pairs) < self._missing and time.monotonic() < end:
            time.sleep(0.05)
        self._missing = 0

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                outside, _ = listener.accept()
            except OSError:
                return
            try:
                inside = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _end(outside)
                continue
            with self._lock:
                if self._listener is not listener:
                    _end(outside)
                    _end(inside)
                    return
                self._pairs.append((outside, inside))
            threading.Thread(target=self._serve, args=(outside, inside), daemon=True).start()

    def _serve(self, outside: socket.socket, inside: socket.socket) -> None:
        """Hand on what comes from either side until both have ended."""
        answers = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
        answers.start()
        _copy(outside, inside)
        answers.join()
        with self._lock:
            if (outside, inside) in self._pairs:
                self._pairs.remove((outside, inside))
        _end(outside)
        _end(inside)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    """Hand on what comes, until either side ends."""
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
    except OSError:
        pass
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
