"""What all wires have in common: the commands a server of NVFLARE says it knows, and how a reply is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from flare_sim.commands.protocol import ApiStatus, Command
from flare_sim.commands.table import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nvflare.fuel.hci.reg import CommandModuleSpec

    from flare_sim.commands.protocol import Reply
    from flare_sim.serving.gate import Gate
    from flare_sim.serving.kits import ServerFiles

__all__ = ["Place", "Wire", "command_of", "command_specs", "write_reply"]

SCOPE = "job"
"""What NVFLARE calls the module that the commands are of."""


class Place(NamedTuple):
    """What a wire is given to serve at."""

    listening: Any
    """The bound socket."""
    files: ServerFiles
    """The server's credentials."""
    folder: str
    """Where files lie on their way; nobody else's."""


class Wire(Protocol):
    """One way in which clients of a release reach their server."""

    def __init__(self, gate: Gate, place: Place) -> None: ...

    def start(self) -> None:
        """Answer clients from now on, in threads."""

    def stop(self) -> None:
        """Answer nobody any more; returns when all connections are closed."""


def command_specs(
    handler: Callable[[Any, list[str]], None],
    client_commands: Mapping[str, str],
    others: Mapping[str, Callable[[Any, list[str]], None]] | None = None,
) -> CommandModuleSpec:
    """Return the module of all commands a simulated server knows, as NVFLARE registers one.

    Args:
        handler: carries a command out, given NVFLARE's connection and the words.
        client_commands: what the client does when it is given one of these, as files travel with them.
        others: commands that are the wire's own, by their names.
    """
    from nvflare.fuel.hci.reg import CommandModuleSpec, CommandSpec

    handlers = {**dict.fromkeys(COMMANDS, handler), **(others or {})}
    specs = [
        CommandSpec(name, name.replace("_", " "), name, act, visible=True, client_cmd=client_commands.get(name))
        for name, act in handlers.items()
    ]
    return CommandModuleSpec(SCOPE, specs)


def command_of(words: list[str]) -> Command:
    """Return the command that NVFLARE's words are, without the module it is of."""
    return Command(words[0].rpartition(".")[2], tuple(words[1:]))


def write_reply(reply: Reply, buffer: Any) -> None:
    """Write a reply into NVFLARE's buffer of what goes to a client.

    The client makes out of it how the call went: by the meta or, where there is none, by words that it looks for.
    """
    if reply.api_status in _WORDS and not reply.status:
        items = (("error", _WORDS[reply.api_status]), ("string", reply.info))
        buffer.data.extend({"type": kind, "data": text} for kind, text in items)
        return
    if not reply.status:
        buffer.append_error(reply.info)
        return
    answer = reply.as_dict()
    buffer.output["time"] = answer["time"]
    buffer.data.extend(answer["data"])
    buffer.meta.update(answer["meta"])


_WORDS = {
    ApiStatus.ERROR_INACTIVE_SESSION: "session_inactive",
    ApiStatus.ERROR_AUTHORIZATION: "not authorized",
    ApiStatus.ERROR_INVALID_CLIENT: "invalid client",
}
"""How a call went that was not carried out -> the word that says so to a client (2.3.12 to 2.9.0)."""
