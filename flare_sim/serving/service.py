"""A simulated server at an address: what NVFLARE's clients in other processes need to use it, and nothing after it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from threading import TIMEOUT_MAX, Event
from typing import TYPE_CHECKING

from flare_sim.on_clock.scaled_clock import ScaledClock
from flare_sim.temporary_folders import Folders
from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.server import SimulatedServer
    from flare_sim.serving.gate import Gate
    from flare_sim.serving.kits import Kits

__all__ = ["Service"]

VALID_DAYS = 30
"""Certificates are good for so many days."""
_EARLIER = timedelta(hours=1)
"""They are good for a while before they are made, as clocks differ."""
_ANY_HOST = ("0.0.0.0", "")


class Service:
    """Serves a simulated server to unmodified clients of the NVFLARE release that is installed.

    It is a context manager: inside, clients are answered; afterwards nothing is left of it.

    Args:
        server: the simulated server, on a clock that goes on by itself, such as a ``ScaledClock``; it stays open.
        host: the address to listen at, IPv4; only processes of this machine reach the default.
        port: the port; 0 for one that is free.
        kit_host: how clients call this machine, in their startup kits; by ``host`` unless given.
        kits: a folder for the startup kits, which stay there; a temporary one unless given.
        told: called with the user, the command and the reply of each that is answered, in the thread of a client.

    Attributes:
        address: where clients find the server, when it is entered.
        kits: the startup kits by user name, when it is entered.
        expires: until when they are good.
        commands: lines for a shell that use the system, in which ``{kit}`` stands for a startup kit.
        release: of NVFLARE, which clients are of.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        ValueError: an argument makes no sense; when it is entered: a user's name fits in no certificate or folder, or
            this process serves a system already (2.7 and later).
        OSError: when it is entered: the address is taken, or is not this machine's; a kit can't be written.

    Example:
        >>> with Service(SimulatedServer(clock=ScaledClock(60)), port=0) as service:  # doctest: +SKIP
        ...     print(service.address, service.kits["admin@nvidia.com"])
    """

    def __init__(
        self,
        server: SimulatedServer,
        *,
        host: str = "127.0.0.1",
        port: int = 8002,
        kit_host: str | None = None,
        kits: str | None = None,
        told: Callable[[str, Command, Reply], None] | None = None,
    ) -> None:
        from flare_sim.nvflare.releases import installed_release

        self.release = installed_release()
        number = plain_number(port)
        if type(number) is not int or not 0 <= number < 1 << 16:
            raise ValueError(f"port must be a whole number from 0 to 65535, not {shown(port)}")
        self.server = server
        self.kits: dict[str, str] = {}
        self.expires = ""
        self.commands: tuple[str, ...] = ()
        self._listens_at = host, number
        self._kit_host = kit_host
        self._kits_folder = kits
        self._told = told
        self._made: Kits | None = None
        self._gate: Gate | None = None
        self._ended = Event()
        self._inside = ExitStack()

    def exchange(self, server: SimulatedServer) -> None:
        """Serve another server from now on, at the same address and with the same kits.

        Open sessions log in there, at once or, where it keeps them out, with a later command; who is a user there only
        gets a kit.  The one of before is left as it is.

        Raises:
            RuntimeError: the service is not entered.
            ValueError: a user's name fits in no certificate or folder; nothing has changed then.
            OSError: a kit can't be written; nothing has changed then.
        """
        if self._made is None or self._gate is None:
            raise RuntimeError("a service can exchange its server while it is entered")
        new = {user.name: self._made.user(user) for user in server.users if user.name not in self.kits}
        self.kits.update(new)
        self.server = server
        self._gate.exchange(server)

    def make_kit(self, name: str) -> str:
        """Make the startup kit of a user who came later, or one anew, and return its folder.

        Raises:
            ValueError: no such user, or one whose name fits in no certificate or folder.
            RuntimeError: the service is not entered.
            OSError: the kit can't be written.
        """
        if self._made is None:
            raise RuntimeError("a service has startup kits while it is entered")
        for user in self.server.users:
            if user.name == name:
                self.kits[name] = self._made.user(user)
                return self.kits[name]
        raise ValueError(f"there is no user {shown(name)}")

    def __enter__(self) -> Service:
        from flare_sim.serving.certificates import Authority
        from flare_sim.serving.gate import Gate
        from flare_sim.serving.kits import Address, Kits
        from flare_sim.serving.listener import bound
        from flare_sim.serving.releases import installed_wire
        from flare_sim.serving.wire import Place

        release, row, wire_class = installed_wire()
        self.commands = row.commands
        with ExitStack() as stack:
            listening = stack.enter_context(bound(*self._listens_at))
            folders = Folders(self)
            stack.callback(folders.remove)
            now = datetime.now(timezone.utc)
            expires = now + timedelta(days=VALID_DAYS)
            self.address = Address(self._kit_host or self._reached_by(), listening.getsockname()[1])
            kits_folder = self._kits_folder or folders.named("kits")
            self._made = Kits(kits_folder, self.address, Authority(now - _EARLIER, expires), release)
            files = self._made.server((self._listens_at[0], "localhost", "127.0.0.1"))
            self.kits = {user.name: self._made.user(user) for user in self.server.users}
            self.expires = f"{expires:%Y-%m-%d %H:%M} UTC"
            self._gate = Gate(self.server, self._wait, folders.named("arriving"), self._told)
            wire = wire_class(self._gate, Place(listening, files, folders.named("on-their-way")))
            wire.start()
            stack.callback(wire.stop)
            self._ended.clear()
            stack.callback(self._ended.set)  # first of all, so that nobody is waited for who waits
            self._inside = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self._inside.close()
        self._made = None

    def _reached_by(self) -> str:
        """Return how clients reach this machine that have been told nothing else."""
        host = self._listens_at[0]
        if host not in _ANY_HOST:
            return host
        from socket import gethostname

        return gethostname()

    def _wait(self, seconds: float) -> None:
        """Let a client wait; on a clock that is moved by hand its reply comes at once."""
        clock = self.server.clock
        if type(clock) is not ScaledClock:
            clock.sleep(seconds)
        elif clock.speed:
            self._ended.wait(min(seconds / clock.speed, TIMEOUT_MAX))
