"""The server as a session sees it: what it may be asked, and the login that is shown with each command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from flare_sim.clock import Clock
    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.config import ServerConfig
    from flare_sim.users import User

__all__ = ["Endpoint", "Login"]


class Login(NamedTuple):
    """What the server knows a session by."""

    user: User
    number: int


class Endpoint(Protocol):
    """What a session needs of a server; ``SimulatedServer`` is one, and says more about each."""

    clock: Clock

    @property
    def config(self) -> ServerConfig:
        """Latencies and limits."""

    @property
    def quirks(self) -> frozenset[str]:
        """Names of what it does differently from what the contract says."""

    @property
    def users(self) -> tuple[User, ...]:
        """Who may connect."""

    def login(self, user: str) -> Login:
        """Let a session in."""

    def request(self, login: Login, command: Command) -> Reply:
        """Carry out a command of a session and return the reply."""

    def delivers(self, reply: Reply) -> bool:
        """Tell whether a reply that had to be waited for gets through."""

    def download_folder(self) -> str:
        """Return the folder results go to that were not told another."""

    def folder(self, name: str) -> str:
        """Return a folder that goes with the server."""
