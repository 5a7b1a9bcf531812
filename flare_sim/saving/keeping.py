"""Servers and state files: writes the one into the other, makes it again, and keeps both alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.config import DEFAULT_CONFIG
from flare_sim.personality.quirks import NO_QUIRKS
from flare_sim.saving.journal import Journal
from flare_sim.saving.loading import load
from flare_sim.saving.parts import Parts
from flare_sim.saving.records import BadState, head
from flare_sim.saving.settings import NamedFunction
from flare_sim.saving.snapshot import write_snapshot
from flare_sim.saving.state_file import HeldFile, naming, path_of, read_records, write_file
from flare_sim.untrusted_values import shown
from flare_sim.users import DEFAULT_USERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.saving.calls import Server
    from flare_sim.saving.snapshot import Build, Whole

__all__ = ["keep", "restore", "save"]

_DEFAULTS = {"seed": 0, "progress": "time", "personality": "", "quirks": NO_QUIRKS, "config": DEFAULT_CONFIG}
"""What a server is made with that nothing is said of."""


def save(whole: Whole, path: Any) -> None:
    """Write the state of a server into a file; see ``SimulatedServer.save``."""
    file = path_of(path)
    functions = whole.functions
    if functions:
        raise ValueError(f"{functions} function(s) wait (call_later), which no file can hold")

    def fill(write: Callable[[bytes], object]) -> None:
        write(head(log=False))
        write_snapshot(whole, Parts(write))

    with naming(file):
        write_file(file, fill)


def restore(path: Any, server: Server, build: Build, behavior: BehaviorSource) -> None:
    """Make a server of a file; see ``SimulatedServer.restore``."""
    file = path_of(path)
    with naming(file, reading=True), read_records(file) as records:
        load(records, server, build, behavior)


def keep(path: Any, server: Server, build: Build, fresh: Whole, behavior: BehaviorSource) -> Journal:
    """Make a server of a file if it is there, else a fresh one, and keep its state in the file from now on.

    Args:
        path: the file.
        server: it, as calls are made on it.
        build: gives it a state and remarks.
        fresh: what it is while there is no file, and what was said of it.
        behavior: what was said that runs do.
    """
    text = path_of(path)
    with naming(text):
        file = HeldFile(text)
        try:
            whole = fresh
            if not file.is_new:
                with file.records() as records:
                    whole = load(records, server, build, behavior)
                _check_settings(fresh, whole)
            given = whole.state.behavior
            if callable(given):
                whole.runner.behave(NamedFunction(given))
            return Journal(file, whole)
        except BaseException:
            file.close()
            raise


def _check_settings(said: Whole, whole: Whole) -> None:
    """See that a server is what was said of it, where that was something else than a server is that nothing is said of.

    Raises:
        BadState: it is not.
    """
    for name, default in _DEFAULTS.items():
        wanted, found = getattr(said.state, name), getattr(whole.state, name)
        if wanted not in (default, found):
            told = f": {shown(found)}, not {shown(wanted)}" if name in ("seed", "progress", "personality") else ""
            raise BadState(f"holds the state of a server with another {name}{told}")
    given, kept = list(said.state.users.values()), list(whole.state.users.values())
    if given not in (list(DEFAULT_USERS), kept) and not whole.state.trace.of("user"):
        raise BadState("holds the state of a server with other users")
