"""Mutants on a simulated server of one's own: what connects to it from then on gets broken sessions."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.algebra.altered import ACTS, Change
from contract_tests.mutants.variant import Variant
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import SimulatedServer


def fits(mutant: Variant) -> bool:
    """Whether a mutant is one of sessions alone, so that any server's can be broken like it."""
    return all(
        not set(one.points) & set(ACTS) if isinstance(one, Change) else issubclass(one, Wrapper)
        for one in mutant.differences
    )


def break_server(server: SimulatedServer, mutant: Variant) -> None:
    """Break every session that is opened with ``server.connect`` from now on.

    Sessions that are open go on as they were; what the server does by itself is right.

    Raises:
        ValueError: the mutant is one of whole systems (`fits`).
    """
    if not fits(mutant):
        raise ValueError(f"{mutant.name} is a mutant of systems, not of their sessions")
    front = _Front(server)
    kind: Any = mutant.system
    system = type(mutant.name, (kind,), {"session": _usable(kind.session)})(server=front)

    def connect(user: str = WrappedSystem.users[0], **options: Any) -> Any:
        front.options = options
        return system.open_session(user)

    server.connect = connect  # type: ignore[method-assign]


class _Front:
    """The server as the broken system sees it: its own sessions are right, and opened as the caller asked for."""

    def __init__(self, server: SimulatedServer) -> None:
        self._server = server
        self._connect = server.connect
        self.options: dict[str, Any] = {}

    def connect(self, user: str) -> Any:
        """A session as it should be."""
        options, self.options = self.options, {}
        return self._connect(user, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


def _usable(kind: type[Any]) -> type[Any]:
    """A session that can be used in a ``with`` statement, and has what the simulator's sessions have besides."""

    def leave(self: Any, *error: object) -> None:
        self.close()

    extra = {"__enter__": lambda self: self, "__exit__": leave}
    return type(kind.__name__, (kind,), {**extra, "__getattr__": lambda self, name: getattr(self.inner, name)})
